"""Writes about what units owe: opening their duties, asking for an ad hoc report, and the moves of states.py."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.log import facts, log, log_many
from accounts.models import Agency, User
from accounts.notices import post, tell
from accounts.roles import May
from accounts.webhook_rules import REPORT_ACCEPTED
from accounts.webhooks import announce
from areas.vietnamese import day as write_day
from areas.vietnamese import tidy
from reports import checks, periods, states, unit_content
from reports.models import Duty, DutyMove, DutyRule, PartNote, Period, UnitFigure, UnitPart
from reports.states import Move, Part, State, Verdict
from targets.models import Clause, Indicator, Plan
from targets.task_people import office, workers

LOGGED = ("state", "due_on", "submitted_by", "signed_by", "accepted_by")
STALE = "Báo cáo vừa được người khác thay đổi. Tải lại trang rồi làm lại."
LONGEST_NOTE = 2000


# Opening


def owing(plan: Plan, day: date):
    """The units that the plan gives something to, on a day: groups owe by their members."""
    units = Agency.objects.existing_on(day).exclude(kind=Agency.Kind.GROUP)
    return units.filter(assignments__clause__plan=plan).distinct()


@transaction.atomic
def open_duties(*, period: Period, today: date) -> list[Duty]:
    """The duties of a period that are not there yet. Safe to repeat: one at a time, and the database refuses a second.

    A period that is over keeps the units it had: who joins the plan later owes nothing for it.
    """
    period = Period.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    if period.is_ad_hoc or (period.day < today and period.duties.exists()):
        return []
    missing = owing(period.plan, period.day).exclude(duties__period=period)
    return _give(period, list(missing.select_related("area")), None)


def _give(period: Period, agencies: Sequence[Agency], due_on: date | None, by: User | None = None) -> list[Duty]:
    """A duty with its empty parts for each; without a day of its own, due as the rules say."""
    rules = {rule.agency_id: rule for rule in DutyRule.objects.all()}
    duties = []
    for agency in agencies:
        rule = rules.get(agency.pk) or rules.get(None) or DutyRule()
        day = due_on or period.day - timedelta(days=rule.days_before)
        duty = Duty(period=period, agency=agency, due_on=day, first_due_on=day, needs_sign_off=rule.needs_sign_off)
        duties.append(duty)
    Duty.objects.bulk_create(duties)
    UnitPart.objects.bulk_create(UnitPart(duty=duty, part=part.value) for duty in duties for part in Part)
    for duty in duties:
        log(by, "duty.opened", duty, area=duty.agency.area, after={"due_on": duty.due_on.isoformat()})
    return duties


@transaction.atomic
def ask_ad_hoc(
    *,
    plan: Plan,
    name: str,
    basis: str,
    day: date,
    due_on: date,
    agencies: Sequence[Agency],
    clauses: Sequence[Clause],
    indicators: Sequence[Indicator],
    by: User,
    today: date,
) -> Period:
    """Ask chosen units for a report for a session of the city; they are told at once. ValidationError at the field."""
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied
    wrong = periods.ad_hoc_faults(year=plan.year, day=day, due_on=due_on, today=today)
    if not tidy(name):
        wrong["name"] = "Ghi báo cáo phục vụ việc gì, ví dụ kỳ họp nào."
    if plan.state != Plan.State.IN_FORCE:
        wrong["__all__"] = f"{plan} không ở tình trạng đang thực hiện."
    if not agencies:
        wrong["agencies"] = "Chọn ít nhất một đơn vị."
    elif groups := [str(one) for one in agencies if one.kind == Agency.Kind.GROUP]:
        wrong["agencies"] = f"{', '.join(groups)}: là nhóm; chọn từng đơn vị."
    if any(one.plan_id != plan.pk for one in clauses):
        wrong["clauses"] = "Có mục không thuộc kế hoạch này."
    if wrong:
        raise ValidationError(wrong)
    period = Period.objects.create(
        plan=plan,
        kind=periods.Kind.AD_HOC.value,
        day=day,
        opens_on=today,
        name=tidy(name),
        basis=tidy(basis),
        asked_by=by,
    )
    period.clauses.set(clauses)
    period.indicators.set(indicators)
    duties = _give(period, agencies, due_on, by)
    for duty in duties:
        text = f"Yêu cầu báo cáo đột xuất: {period.name}, nộp trước hoặc trong ngày {write_day(due_on)}."
        people = workers([duty.agency], May.FILE_REPORTS)
        tell(users=people, text=text, url=duty_url(duty))
        post(
            users=people,
            subject=f"Báo cáo đột xuất, hạn {write_day(due_on)}",
            body=f"Kính gửi {duty.agency},\n\n{text}",
        )
    log(by, "duty.asked", period, after={"units": len(duties), "due_on": due_on.isoformat(), "name": period.name})
    return period


# Moving


def duty_url(duty: Duty) -> str:
    return reverse("unit_report", args=[duty.pk])


@transaction.atomic
def move_duty(
    *,
    duty: Duty,
    move: str,
    by: User,
    at: datetime,
    version: int,
    note: str = "",
    due_on: date | None = None,
) -> DutyMove:
    """Make one move of the table, with its words. PermissionDenied without the right or for another unit's report;
    ValidationError at the field, and then nothing is written."""
    row = _locked(duty, version)
    _check_right(row, move, by)
    note = note.strip()
    before = facts(row, LOGGED)
    wrong = _faults(row, move, note, due_on)
    if wrong:
        raise ValidationError(wrong)
    _PREPARE.get(Move(move), lambda *_: None)(row, by, at)
    row.state = states.after(row.state, move, needs_sign_off=row.needs_sign_off).value
    if move == Move.EXTEND:
        row.due_on = due_on
    if row.state == State.SUBMITTED and move in (Move.SUBMIT, Move.SIGN):
        row.first_submitted_at = row.first_submitted_at or at
    row.version += 1
    row.save()
    done = DutyMove.objects.create(duty=row, at=at, by=by, move=move, note=note, state=row.state, due_on=row.due_on)
    after = facts(row, LOGGED) | ({"note": note} if note else {})
    log(by, f"duty.{move}", row, area=row.agency.area, before=before, after=after)
    _tell_the_other_side(row, done)
    if move == Move.ACCEPT:
        told = {"duty": row.pk, "agency": row.agency.code, "period": row.period.day.isoformat()}
        announce(event=REPORT_ACCEPTED, payload=told)
    return done


def _locked(duty: Duty, version: int) -> Duty:
    rows = Duty.objects.select_for_update(of=("self",)).select_related("period__plan", "agency__area")
    row = rows.get(pk=duty.pk)
    if row.version != version:
        raise ValidationError(STALE)
    return row


def _check_right(row: Duty, move: str, by: User) -> None:
    found = states.MOVES.get(move)
    if found is None or not by.may(found.right):
        raise PermissionDenied
    if found.right == May.FILE_REPORTS and not Duty.objects.owned_by(by).filter(pk=row.pk).exists():
        raise PermissionDenied


def _faults(row: Duty, move: str, note: str, due_on: date | None) -> dict[str, str]:
    found = states.allowed(row.state, move)
    if found is None:
        label = states.MOVE_LABELS[Move(move)]
        return {"__all__": f"{label}: không làm được khi báo cáo đang “{states.STATE_LABELS[State(row.state)]}”."}
    wrong = {}
    pending = PartNote.objects.filter(part__duty=row, sent_at=None).exists()
    if found.needs_note and not note and not (move == Move.RETURN and pending):
        wrong["note"] = "Ghi lý do, hoặc ghi ý kiến tại phần cần sửa." if move == Move.RETURN else "Ghi lý do."
    if len(note) > LONGEST_NOTE:
        wrong["note"] = f"Viết không quá {LONGEST_NOTE} ký tự."
    if move == Move.ACCEPT and pending:
        wrong["__all__"] = "Còn ý kiến chưa gửi đơn vị: gửi trả lại, hoặc bỏ ý kiến rồi duyệt."
    if move == Move.EXTEND and due_on is None:
        wrong["due_on"] = "Ghi hạn mới."
    elif move == Move.EXTEND and due_on <= row.due_on:
        wrong["due_on"] = f"Hạn mới phải sau hạn cũ {write_day(row.due_on)}."
    return wrong


def _hand_in(row: Duty, by: User, at: datetime) -> None:
    """Nothing goes that the checks hold back; what it says from now on is kept as it stands."""
    day = unit_content.as_of(row, timezone.localtime(at).date())
    figures, tasks = unit_content.figure_rows(row, day), unit_content.task_rows(row, day)
    faults = unit_content.faults_of(row, figures, tasks, dict(row.parts.values_list("part", "text")))
    explained = dict(row.explanations.values_list("key", "says"))
    wrong = [one.says for one in faults if one.is_error]
    wrong += [f"{one.says} Cần giải trình." for one in checks.unexplained(faults, explained)]
    if wrong:
        raise ValidationError(wrong)
    for figure in figures:
        kept = figure.kept or UnitFigure(duty=row, code=figure.code, name=figure.name, unit=figure.unit)
        kept.computed, kept.target, kept.unit, kept.name = figure.computed, figure.target, figure.unit, figure.name
        kept.save()
    money = [vars(one) for one in unit_content.money_rows(row, day)]
    row.frozen = {"as_of": day.isoformat(), "tasks": [vars(task) for task in tasks], "money": money}
    row.submitted_by, row.submitted_at, row.signed_by = by, at, None
    row.parts.filter(verdict=Verdict.RETURNED.value).update(verdict=Verdict.NONE.value)
    PartNote.objects.filter(part__duty=row, sent_at__isnull=False, answered_at=None).update(answered_at=at)


def _sign(row: Duty, by: User, at: datetime) -> None:
    if row.submitted_by_id == by.pk:
        raise ValidationError("Bạn đã nộp báo cáo này: người khác của đơn vị phải ký.")
    row.signed_by, row.submitted_at = by, at


def _return(row: Duty, by: User, at: datetime) -> None:
    """The remarks go out; the parts they are about may be written again, accepted ones without a remark may not."""
    notes = PartNote.objects.filter(part__duty=row, sent_at=None)
    row.parts.filter(pk__in=notes.values("part")).update(verdict=Verdict.RETURNED.value)
    notes.update(sent_at=at)


def _accept(row: Duty, by: User, at: datetime) -> None:
    if by.pk in (row.submitted_by_id, row.signed_by_id):
        raise ValidationError("Bạn đã nộp hoặc ký báo cáo này: người khác phải duyệt.")
    row.parts.update(verdict=Verdict.ACCEPTED.value)
    row.accepted_by, row.accepted_at = by, at


def _reopen(row: Duty, by: User, at: datetime) -> None:
    row.parts.update(verdict=Verdict.NONE.value)
    row.accepted_by = row.accepted_at = None


_PREPARE = {Move.SUBMIT: _hand_in, Move.SIGN: _sign, Move.RETURN: _return, Move.ACCEPT: _accept, Move.REOPEN: _reopen}


def _tell_the_other_side(row: Duty, done: DutyMove) -> None:
    """The office hears what has come in; the unit hears what became of its report."""
    label, unit = states.MOVE_LABELS[Move(done.move)].lower(), workers([row.agency], May.FILE_REPORTS)
    if row.state == State.SUBMITTED and done.move in (Move.SUBMIT, Move.SIGN):
        people, text = office(May.MAKE_REPORTS), f"{row.agency.short_name} đã nộp báo cáo {row.period}."
    elif row.state == State.SIGNING:
        people, text = unit, f"Báo cáo {row.period} của đơn vị chờ ký."
    elif done.move == Move.EXTEND:
        people, text = unit, f"Báo cáo {row.period} được gia hạn đến {write_day(row.due_on)}."
    else:
        people, text = unit, f"Báo cáo {row.period} của {row.agency.short_name}: {label}."
    tell(users=[user for user in people if user.pk != done.by_id], text=text, url=duty_url(row))
    if done.move in (Move.RETURN, Move.REOPEN):
        body = f"Kính gửi {row.agency},\n\n{text}\n{done.note}"
        post(users=[user for user in people if user.pk != done.by_id], subject=text, body=body)


@transaction.atomic
def accept_parts(*, duty: Duty, parts: Sequence[str], by: User, version: int) -> int:
    """The office accepts these parts of a report that is in; once it is returned for others, they stay locked.

    Returns how many. The report itself is accepted by its own move.
    """
    return _judge(duty, parts, by, version, Verdict.ACCEPTED, "duty.part_accepted")


@transaction.atomic
def reopen_parts(*, duty: Duty, parts: Sequence[str], by: User, version: int) -> int:
    """The office takes its acceptance of these parts back, before it has decided about the report."""
    return _judge(duty, parts, by, version, Verdict.NONE, "duty.part_opened")


def _judge(duty, parts, by, version, verdict: Verdict, action: str) -> int:
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied
    row = _locked(duty, version)
    if row.state != State.SUBMITTED:
        raise ValidationError("Chỉ duyệt từng phần khi báo cáo đã nộp.")
    if by.pk in (row.submitted_by_id, row.signed_by_id):
        raise ValidationError("Bạn đã nộp hoặc ký báo cáo này: người khác phải duyệt.")
    rows = list(row.parts.filter(part__in=parts).exclude(verdict=verdict.value))
    if verdict == Verdict.ACCEPTED and PartNote.objects.filter(part__in=rows, sent_at=None).exists():
        raise ValidationError("Phần này còn ý kiến chưa gửi: bỏ ý kiến rồi duyệt.")
    row.version += 1
    row.save(update_fields=["version"])
    UnitPart.objects.filter(pk__in=[one.pk for one in rows]).update(verdict=verdict.value)
    log_many(by, action, [(one, {"verdict": one.verdict}, {"verdict": verdict.value}) for one in rows])
    return len(rows)
