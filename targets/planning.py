"""Writes about a plan's life: next year's draft as a copy, amendments of the plan in force, what units said of it.

A draft is written freely. Once issued, a plan's words change only by an amendment with its basis and its day.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max

from accounts.log import log
from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import tidy
from targets.models import Amendment, Assignment, Clause, Plan, PlanComment
from targets.refs import next_letter, next_number

State = Plan.State
SECTIONS = {Clause.Kind.OBJECTIVE: "II", Clause.Kind.SOLUTION: "III", Clause.Kind.AGENCY: "IV"}
STALE = "Kế hoạch vừa được người khác sửa. Mở lại trang để xem rồi làm lại."


@transaction.atomic
def open_draft(*, year: int, by: User) -> Plan:
    """Next year's plan as a copy of the newest issued one: its clauses in force and who owes them; targets are not
    copied, they are set anew. ValidationError when there is nothing to copy or the year has a plan already.
    """
    _refuse_others(by)
    last = Plan.objects.select_for_update().exclude(state=State.DRAFT).order_by("-year").first()
    if last is None:
        raise ValidationError("Chưa có kế hoạch nào để chép.")
    if year != last.year + 1 or Plan.objects.filter(year=year).exists():
        raise ValidationError({"year": f"Chỉ mở được dự thảo của năm {last.year + 1}, mỗi năm một lần."})
    draft = Plan.objects.create(
        number=f"Dự thảo kế hoạch năm {year}",
        year=year,
        title=last.title.replace(str(last.year), str(year)),
        general_goal=last.general_goal,
        funding=last.funding,
        reporting=last.reporting,
        recipients=last.recipients,
        state=State.DRAFT,
        copied_from=last,
    )
    copies: dict[int, Clause] = {}
    old = list(last.clauses.filter(repealed_on=None).order_by("order"))
    for parents in (True, False):  # headings first: tasks point at them
        some = [clause for clause in old if (clause.parent_id is None) == parents]
        made = Clause.objects.bulk_create(
            Clause(
                plan=draft,
                ref=clause.ref,
                kind=clause.kind,
                text=clause.text,
                order=clause.order,
                parent=copies.get(clause.parent_id),
                copied_from=clause,
            )
            for clause in some
        )
        copies |= dict(zip((clause.pk for clause in some), made, strict=True))
    owed = Assignment.objects.filter(clause__in=old)
    Assignment.objects.bulk_create(
        Assignment(clause=copies[one.clause_id], agency_id=one.agency_id, role=one.role, via_group_id=one.via_group_id)
        for one in owed
    )
    _log(by, "plan.draft_opened", draft, after={"copied_from": last.number, "clauses": len(copies)})
    return draft


@transaction.atomic
def write_clause(*, clause: Clause, text: str, by: User, version: int) -> Clause:
    """Change the words of a clause of a draft."""
    plan = _held(clause.plan, by, version, State.DRAFT)
    clause, text = Clause.objects.get(pk=clause.pk), _words(text)
    if text != clause.text:
        before, clause.text = clause.text, text
        clause.save(update_fields=["text"])
        _touch(plan)
        _log(
            by,
            "plan.clause_written",
            plan,
            before={"ref": clause.ref, "text": before},
            after={"ref": clause.ref, "text": text},
        )
    return clause


@transaction.atomic
def add_clause(
    *,
    plan: Plan,
    kind: str,
    text: str,
    by: User,
    version: int,
    heading: Clause | None = None,
    agency: Agency | None = None,
    role: str = "",
    basis: str = "",
    day: date | None = None,
) -> Clause:
    """A new clause at the end of its section. A task stands under an agency's `heading` and is owed by whoever owes
    that heading's other tasks; a new heading names its `agency`. In force it is an amendment: `basis` and `day` too.
    """
    plan = _held(plan, by, version, State.DRAFT, State.IN_FORCE)
    amends = plan.state == State.IN_FORCE
    if amends:
        _check_amendment(plan, basis, day)
    taken = list(plan.clauses.filter(kind=kind).values_list("ref", flat=True))
    if kind == Clause.Kind.TASK:
        if heading is None or heading.plan_id != plan.pk or heading.kind != Clause.Kind.AGENCY:
            raise ValidationError({"heading": "Chọn đơn vị thực hiện nhiệm vụ."})
        if role not in Assignment.Role.values:
            raise ValidationError({"role": "Chọn vai trò."})
        try:
            ref = next_letter(heading.ref, heading.children.values_list("ref", flat=True))
        except ValueError:
            raise ValidationError({"heading": "Mục này đã hết chữ cái để đánh số."}) from None
    else:
        heading, ref = None, next_number(SECTIONS[kind], taken)
    if kind == Clause.Kind.AGENCY:
        if agency is None:
            raise ValidationError({"agency": "Chọn đơn vị."})
        text = agency.name
    last = plan.clauses.aggregate(last=Max("order"))["last"] or 0
    if heading:  # at the end of its heading's tasks, not of the plan
        last = heading.children.aggregate(last=Max("order"))["last"] or heading.order
        plan.clauses.filter(order__gt=last).update(order=F("order") + 1)
    clause = Clause.objects.create(plan=plan, ref=ref, kind=kind, text=_words(text), parent=heading, order=last + 1)
    if heading:
        _assign(clause, heading, role)
    _touch(plan)
    told = {"ref": ref, "text": clause.text}
    if amends:
        Amendment.objects.create(
            clause=clause, change=Amendment.Change.ADDED, after=clause.text, basis=tidy(basis), amended_on=day, by=by
        )
        _log(by, "plan.amended", plan, after=told | {"day": day.isoformat(), "basis": basis})
    else:
        _log(by, "plan.clause_written", plan, after=told)
    return clause


@transaction.atomic
def drop_clause(*, clause: Clause, by: User, version: int) -> None:
    """Take a clause out of a draft; a heading goes once it has no task left."""
    plan = _held(clause.plan, by, version, State.DRAFT)
    if clause.children.exists():
        raise ValidationError("Đơn vị này còn nhiệm vụ: bỏ các nhiệm vụ trước.")
    told = {"ref": clause.ref, "text": clause.text}
    clause.delete()
    _touch(plan)
    _log(by, "plan.clause_dropped", plan, before=told)


@transaction.atomic
def issue(*, plan: Plan, number: str, issued_on: date, signed_by: str, title: str, by: User, version: int) -> Plan:
    """The draft becomes the plan in force under its number and day. Only a signed plan is issued."""
    plan = _held(plan, by, version, State.DRAFT)
    wrong = {}
    number, signed_by, title = tidy(number), tidy(signed_by), tidy(title)
    if not number:
        wrong["number"] = "Ghi số, ký hiệu, ví dụ 66/KH-UBND."
    elif Plan.objects.filter(number=number).exclude(pk=plan.pk).exists():
        wrong["number"] = "Đã có kế hoạch mang số này."
    if issued_on.year not in (plan.year - 1, plan.year):
        wrong["issued_on"] = f"Kế hoạch năm {plan.year}: ghi một ngày trong năm {plan.year - 1} hoặc {plan.year}."
    if not signed_by:
        wrong["signed_by"] = "Ghi người ký."
    if not title:
        wrong["title"] = "Ghi trích yếu."
    if wrong:
        raise ValidationError(wrong)
    before = {"state": plan.state, "number": plan.number}
    plan.number, plan.issued_on, plan.signed_by, plan.title = number, issued_on, signed_by, title
    plan.state, plan.version = State.IN_FORCE, plan.version + 1
    plan.save(update_fields=["number", "issued_on", "signed_by", "title", "state", "version"])
    _log(by, "plan.issued", plan, before=before, after={"state": plan.state, "number": number, "signed_by": signed_by})
    return plan


@transaction.atomic
def close(*, plan: Plan, by: User, version: int, today: date) -> Plan:
    """The plan has ended; its pages stay. Not before its year is over."""
    plan = _held(plan, by, version, State.IN_FORCE)
    if today.year <= plan.year:
        raise ValidationError(f"Năm {plan.year} chưa hết.")
    plan.state, plan.version = State.CLOSED, plan.version + 1
    plan.save(update_fields=["state", "version"])
    _log(by, "plan.closed", plan, before={"state": State.IN_FORCE}, after={"state": plan.state})
    return plan


@transaction.atomic
def amend(*, clause: Clause, text: str, basis: str, day: date, by: User, version: int) -> Amendment:
    """New words for a clause of the plan in force, with the old ones beside. An empty `text` repeals it."""
    plan = _held(clause.plan, by, version, State.IN_FORCE)
    clause = Clause.objects.get(pk=clause.pk)
    _check_amendment(plan, basis, day)
    if clause.repealed_on:
        raise ValidationError("Mục này đã bãi bỏ.")
    if clause.kind == Clause.Kind.AGENCY:
        raise ValidationError("Tên đơn vị không sửa ở đây; sửa từng nhiệm vụ.")
    text = text.strip()
    if text == clause.text:
        raise ValidationError({"text": "Nội dung chưa thay đổi."})
    change = Amendment.Change.AMENDED if text else Amendment.Change.REPEALED
    amendment = Amendment.objects.create(
        clause=clause, change=change, before=clause.text, after=text, basis=tidy(basis), amended_on=day, by=by
    )
    if text:
        clause.text = text
    else:
        clause.repealed_on = day
    clause.save(update_fields=["text", "repealed_on"])
    _touch(plan)
    told = {"ref": clause.ref, "day": day.isoformat(), "basis": amendment.basis}
    _log(by, "plan.amended", plan, before={"text": amendment.before}, after=told | {"text": text})
    return amendment


@transaction.atomic
def record_comment(
    *,
    plan: Plan,
    agency: Agency,
    given_on: date,
    text: str,
    by: User,
    today: date,
    clause: Clause | None = None,
    document: str = "",
) -> PlanComment:
    """What a unit said of the plan; without words it agrees with all of it."""
    _refuse_others(by)
    if given_on > today:
        raise ValidationError({"given_on": f"Ngày góp ý không được sau hôm nay ({write_day(today)})."})
    if clause and clause.plan_id != plan.pk:
        raise ValidationError({"clause": "Mục này không thuộc kế hoạch."})
    text = text.strip()
    answer = PlanComment.Answer.OPEN if text else PlanComment.Answer.AGREED
    comment = PlanComment.objects.create(
        plan=plan,
        agency=agency,
        clause=clause,
        given_on=given_on,
        text=text,
        document=tidy(document),
        answer=answer,
        by=by,
    )
    _log(by, "plan.comment", plan, after={"agency": agency.code, "text": text})
    return comment


@transaction.atomic
def answer_comment(*, comment: PlanComment, answer: str, explanation: str, by: User) -> PlanComment:
    """What became of a unit's words: taken over, in part, or explained why not (then the explanation is needed)."""
    _refuse_others(by)
    comment = PlanComment.objects.select_for_update(of=("self",)).select_related("plan", "agency").get(pk=comment.pk)
    if not comment.text:
        raise ValidationError("Đơn vị thống nhất, không có ý kiến cần giải trình.")
    if answer not in (PlanComment.Answer.ACCEPTED, PlanComment.Answer.PARTLY, PlanComment.Answer.EXPLAINED):
        raise ValidationError({"answer": "Chọn tiếp thu hay giải trình."})
    explanation = explanation.strip()
    if answer != PlanComment.Answer.ACCEPTED and not explanation:
        raise ValidationError({"explanation": "Ghi lý do không tiếp thu hết."})
    before = {"answer": comment.answer, "explanation": comment.explanation}
    comment.answer, comment.explanation = answer, explanation
    comment.save(update_fields=["answer", "explanation"])
    after = {"agency": comment.agency.code, "answer": answer, "explanation": explanation}
    _log(by, "plan.comment_answered", comment.plan, before=before, after=after)
    return comment


def _assign(clause: Clause, heading: Clause, role: str) -> None:
    """To whoever owes the heading's other tasks; to the agency it names when it has none yet."""
    owed = Assignment.objects.filter(clause__parent=heading).exclude(clause=clause)
    units = set(owed.values_list("agency_id", "via_group_id"))
    if not units:
        named = Agency.objects.filter(name=heading.text).order_by("-valid_from").first()
        if named is None:
            raise ValidationError({"heading": f"Không có đơn vị “{heading.text}” trong danh mục."})
        group = named.kind == Agency.Kind.GROUP
        units = {(member.pk, named.pk) for member in named.members.all()} if group else {(named.pk, None)}
    Assignment.objects.bulk_create(
        Assignment(clause=clause, agency_id=agency, via_group_id=group, role=role) for agency, group in units
    )


def _refuse_others(by: User) -> None:
    if not by.may(May.EDIT_PLAN):
        raise PermissionDenied


def _held(plan: Plan, by: User, version: int, *states: str) -> Plan:
    """The plan, locked, in one of the states and as the page showed it."""
    _refuse_others(by)
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.version != version or plan.state not in states:
        raise ValidationError(STALE, code="stale")
    return plan


def _touch(plan: Plan) -> None:
    plan.version += 1
    plan.save(update_fields=["version"])


def _check_amendment(plan: Plan, basis: str, day: date | None) -> None:
    wrong = {}
    if not tidy(basis):
        wrong["basis"] = "Ghi căn cứ: số văn bản sửa đổi, bổ sung."
    if day is None:
        wrong["day"] = "Ghi ngày có hiệu lực."
    elif day < plan.issued_on or day.year > plan.year:
        wrong["day"] = f"Ghi một ngày từ {write_day(plan.issued_on)} đến 31/12/{plan.year}."
    if wrong:
        raise ValidationError(wrong)


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Ghi nội dung."})
    return text


def _log(by: User, action: str, plan: Plan, *, before: dict | None = None, after: dict | None = None) -> None:
    city = Area.objects.filter(level=Area.Level.CITY).order_by("-valid_from").first()
    log(by, action, plan, area=city, before=before, after=after)
