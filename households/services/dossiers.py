"""A ward's review dossier: opened with the list the system proposes, moved from step to step as the table allows.

Every service locks the dossier first. `version` is that of the dossier on the screen.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import number, tidy
from households import dossier_queries, steps
from households.models import Dossier, DossierStep, Listed, Meeting, Posting, Round
from households.sealed import seal
from households.services.calendar import due_on, sent_by
from households.steps import Move, Step

STALE = "Hồ sơ vừa được người khác cập nhật. Mở lại trang rồi làm tiếp."


@transaction.atomic
def open_dossier(*, round: Round, ward: Area, by: User, today: date) -> Dossier:
    """The ward's dossier of a round, with the list that the law proposes.

    An annual round: everybody on the current lists (Decision 24/2021 art. 4.1.a) and whoever asked; a regular one: whoever
    asked. Requests screened while no list was open join here, or when a list is opened again.
    """
    if not by.may(May.ENTER_REVIEWS) or by.area_id != ward.pk:
        raise PermissionDenied
    if today < round.starts_on:
        raise ValidationError(f"Đợt bắt đầu từ ngày {written(round.starts_on)}, chưa mở hồ sơ được.")
    if Dossier.objects.filter(round=round, ward=ward).exists():
        raise ValidationError("Phường, xã đã mở hồ sơ của đợt này.", code="exists")
    dossier = Dossier.objects.create(round=round, ward=ward, opened_by=by)
    DossierStep.objects.create(
        dossier=dossier, step=Step.LIST, cycle=1, opened_on=today, due_on=due_on(round, Step.LIST, today)
    )
    if round.kind == Round.Kind.ANNUAL:  # in a regular round only who asked is reviewed (art. 5)
        _list(dossier, dossier_queries.on_current_lists(ward), Listed.Why.ON_LIST)
    _list(dossier, dossier_queries.to_join(dossier), Listed.Why.REQUEST)
    log(by, "dossier.opened", dossier, area=ward, after={"households": dossier.listed.count()})
    return dossier


def _list(dossier: Dossier, households, why: Listed.Why) -> None:
    keys = list(households.values_list("pk", flat=True))
    Listed.objects.bulk_create((Listed(dossier=dossier, household_id=pk, why=why) for pk in keys), batch_size=1000)


@transaction.atomic
def add_to_list(*, dossier: Dossier, household, by: User, version: int | None = None) -> Listed:
    """Somebody who asked to be reviewed (Form 01, Form 04) and is not on the list yet."""
    dossier = _at(dossier, by, {Step.LIST}, May.ENTER_REVIEWS, version)
    if household.ward_id != dossier.ward_id or household.closed_on:
        raise ValidationError({"code": "Hộ không thuộc phường, xã này hoặc đã đóng hồ sơ."})
    listed, is_new = Listed.objects.get_or_create(
        dossier=dossier, household=household, defaults={"why": Listed.Why.REQUEST}
    )
    if not is_new and listed.included:
        raise ValidationError({"code": "Hộ đã có trong danh sách."})
    listed.included, listed.reason = True, ""
    listed.save(update_fields=["included", "reason"])
    log(by, "dossier.listed", dossier, area=dossier.ward, after=seal({"household": household.code}))
    _bump(dossier)
    return listed


@transaction.atomic
def leave_out(*, dossier: Dossier, listed: Collection[int], reason: str, by: User, version: int | None = None) -> int:
    """Take households off the list, with the reason that the meeting will be told; returns how many."""
    dossier = _at(dossier, by, {Step.LIST}, May.ENTER_REVIEWS, version)
    reason = tidy(reason)
    if not listed:
        raise ValidationError("Chọn ít nhất một hộ.")
    if not reason or len(reason) > 300:
        raise ValidationError({"reason": "Ghi lý do không rà soát (không quá 300 ký tự)."})
    rows = Listed.objects.filter(dossier=dossier, pk__in=listed, included=True)
    codes = list(rows.values_list("household__code", flat=True))
    rows.update(included=False, reason=reason)
    sides = {"before": {"included": True}, "after": {"included": False} | seal({"households": codes, "reason": reason})}
    log(by, "dossier.left_out", dossier, area=dossier.ward, **sides)
    _bump(dossier)
    return len(codes)


@transaction.atomic
def put_back(*, dossier: Dossier, listed: Collection[int], by: User, version: int | None = None) -> int:
    dossier = _at(dossier, by, {Step.LIST}, May.ENTER_REVIEWS, version)
    rows = Listed.objects.filter(dossier=dossier, pk__in=listed, included=False)
    reasons = dict(rows.values_list("household__code", "reason"))
    codes = list(reasons)
    rows.update(included=True, reason="")
    sides = {
        "before": {"included": False} | seal({"reasons": reasons}),
        "after": {"included": True} | seal({"households": codes}),
    }
    log(by, "dossier.put_back", dossier, area=dossier.ward, **sides)
    _bump(dossier)
    return len(codes)


@transaction.atomic
def record_meeting(
    *,
    dossier: Dossier,
    group: str,
    held_on: date,
    place: str,
    chair: str,
    secretary: str,
    present: int,
    agreed: int,
    note: str,
    by: User,
    today: date,
    version: int | None = None,
) -> Meeting:
    """The minutes of one group's meeting in this turn; recorded again, they replace what was written."""
    dossier = _at(dossier, by, {Step.MEETING}, May.ENTER_REVIEWS, version)
    wrong = {}
    if group not in dossier_queries.groups(dossier):
        wrong["group"] = "Chọn một tổ có hộ trong danh sách rà soát."
    if not dossier.round.starts_on <= held_on <= today:
        wrong["held_on"] = f"Ngày họp từ ngày {written(dossier.round.starts_on)} đến hôm nay."
    if present < 1:
        wrong["present"] = "Ghi số người dự họp."
    elif not 0 <= agreed <= present:
        wrong["agreed"] = f"Số người đồng ý không quá số người dự ({number(present)})."
    wrong |= {
        name: "Không được để trống."
        for name, text in (("place", place), ("chair", chair), ("secretary", secretary))
        if not tidy(text)
    }
    if wrong:
        raise ValidationError(wrong)
    values = {"held_on": held_on, "present": present, "agreed": agreed, "note": tidy(note), "entered_by": by}
    values |= {"place": tidy(place), "chair": tidy(chair), "secretary": tidy(secretary)}
    meeting, _ = Meeting.objects.update_or_create(dossier=dossier, cycle=dossier.cycle, group=group, defaults=values)
    told = {"group": group, "held_on": held_on.isoformat(), "present": present, "agreed": agreed}
    log(by, "dossier.meeting", dossier, area=dossier.ward, after=told)
    _bump(dossier)
    return meeting


@transaction.atomic
def record_posting(
    *, dossier: Dossier, from_on: date, places: str, by: User, to_on: date, today: date, version: int | None = None
) -> Posting:
    """Where the results hang and until when: no shorter than the law wants."""
    dossier = _at(dossier, by, {Step.POSTING}, May.ENTER_REVIEWS, version)
    least = dossier_queries.least_posting(dossier.round, from_on)
    earliest, after_what = dossier_queries.posting_from(dossier)
    wrong = {}
    if not earliest <= from_on <= today:
        wrong["from_on"] = f"Niêm yết từ {after_what} ({written(earliest)}) và không muộn hơn hôm nay."
    elif to_on < least:
        wrong["to_on"] = f"Niêm yết chưa đủ ngày: sớm nhất là đến hết ngày {written(least)}."
    if not tidy(places):
        wrong["places"] = "Ghi nơi niêm yết."
    if wrong:
        raise ValidationError(wrong)
    posting, _ = Posting.objects.update_or_create(
        dossier=dossier,
        cycle=dossier.cycle,
        defaults={"from_on": from_on, "to_on": to_on, "places": tidy(places), "entered_by": by},
    )
    standing = dossier.steps.get(done_on__isnull=True)
    standing.due_on = max(standing.due_on or to_on, sent_by(to_on))  # it cannot be sent on while it hangs
    standing.save(update_fields=["due_on"])
    told = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "places": posting.places}
    log(by, "dossier.posted", dossier, area=dossier.ward, after=told)
    _bump(dossier)
    return posting


@transaction.atomic
def move(
    *,
    dossier: Dossier,
    move: Move,
    by: User,
    today: date,
    note: str = "",
    document: str = "",
    version: int | None = None,
) -> Dossier:
    """Take a dossier to the next step, or back. The decision itself is `decisions.decide_dossier`.

    Raises PermissionDenied without the step's right or area, ValidationError with what is still missing.
    """
    dossier = locked(dossier, by, version)
    found = steps.allowed(dossier.step, move, kind=dossier.round.kind, day=dossier.round.ends_on)
    if found is None or (dossier.step == Step.DECISION and move == Move.FINISH):  # decided in services/decisions.py
        raise ValidationError("Hồ sơ không ở bước này nữa. Mở lại trang để xem.", code="stale")
    if not any(by.may(right) for right in found.rights):
        raise PermissionDenied
    if move == Move.RECHECK:
        raise ValidationError("Phúc tra mở từ đơn của hộ: nhận đơn, rồi mở phúc tra ở trang của đơn.", code="complaint")
    note, document = tidy(note), tidy(document)
    if steps.needs_note(move) and not note:
        raise ValidationError({"note": "Ghi rõ lý do hoặc kết quả, để người xem hồ sơ sau biết."})
    if move != Move.RETURN and (missing := dossier_queries.missing(dossier, move, today)):
        raise ValidationError(missing)
    take(dossier, found.to, move, by=by, today=today, note=note, document=document)
    return dossier


def take(dossier: Dossier, to: Step, move: Move, *, by: User, today: date, note: str, document: str) -> None:
    """Close the step that is open and open the next one; the caller holds the dossier locked and has checked."""
    was = dossier.step
    dossier.steps.filter(done_on__isnull=True).update(
        done_on=today, done_by=by, outcome=move, note=note, document=document
    )
    if move in (Move.REPEAT, Move.RECHECK):
        dossier.cycle += 1
    dossier.step = to
    dossier.version += 1
    dossier.save()
    if to == Step.LIST:
        _list(dossier, dossier_queries.to_join(dossier), Listed.Why.REQUEST)
    if to != Step.DONE:
        DossierStep.objects.create(
            dossier=dossier, step=to, cycle=dossier.cycle, opened_on=today, due_on=due_on(dossier.round, to, today)
        )
    log(
        by,
        "dossier.moved",
        dossier,
        area=dossier.ward,
        before={"step": was},
        after=seal({"note": note}) | {"step": to, "move": move, "document": document, "cycle": dossier.cycle},
    )


def locked(dossier: Dossier, by: User, version: int | None) -> Dossier:
    """The dossier as it is now, held until the end of the transaction. PermissionDenied outside the user's area."""
    now = (
        Dossier.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("round", "ward")
        .filter(pk=dossier.pk)
        .first()
    )
    if now is None:
        raise PermissionDenied
    if version is not None and version != now.version:
        raise ValidationError(STALE, code="stale")
    return now


def _at(dossier: Dossier, by: User, where: set[Step], right: May, version: int | None) -> Dossier:
    if not by.may(right):
        raise PermissionDenied
    dossier = locked(dossier, by, version)
    if dossier.step not in where:
        raise ValidationError("Hồ sơ không ở bước này nữa. Mở lại trang để xem.", code="stale")
    return dossier


def _bump(dossier: Dossier) -> None:
    dossier.version += 1
    dossier.save(update_fields=["version"])
