"""Exit plans of households (Plan 66, III.3 and IV.14.b), kept by the ward's officer."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import Agency, User
from accounts.roles import May
from areas.vietnamese import tidy
from households.models import ExitPlan, Household, PlanAction, PlanVisit, Policy, Review
from households.sealed import seal


@transaction.atomic
def open_plan(*, household: Household, year: int, by: User, today: date) -> ExitPlan:
    """Open the household's plan of a year. One a year, one open at a time."""
    household = _household(household.pk, by)
    if household.closed_on:
        raise ValidationError("Hộ đã đóng hồ sơ.")
    plans = ExitPlan.objects.filter(household=household)
    if plans.filter(year=year).exists() or plans.filter(state=ExitPlan.State.OPEN).exists():
        raise ValidationError({"year": "Hộ đã có kế hoạch của năm này hoặc một kế hoạch đang thực hiện."})
    plan = ExitPlan.objects.create(household=household, year=year, opened_on=today)
    log(by, "exit_plan.opened", plan, area=household.ward, after=seal({"year": year}))
    return plan


@transaction.atomic
def hold_dialogue(
    *, plan: ExitPlan, on: date, with_whom: str, minutes: str, version: int, by: User, today: date
) -> ExitPlan:
    """Write down the dialogue with the household: when, who took part, what was said."""
    plan = _open(plan.pk, by, version)
    _not_after(today, on, "dialogue_on")
    values = {"dialogue_on": on, "dialogue_with": tidy(with_whom), "dialogue_minutes": minutes.strip()}
    if empty := [name for name in ("dialogue_with", "dialogue_minutes") if not values[name]]:
        raise ValidationError(dict.fromkeys(empty, "Không để trống."))
    return _change(plan, "exit_plan.dialogue", values, by)


@transaction.atomic
def assign_helper(
    *, plan: ExitPlan, version: int, by: User, agency: Agency | None = None, person: str = ""
) -> ExitPlan:
    """Name the agency or the person who helps the household; one of the two at least."""
    plan = _open(plan.pk, by, version)
    person = tidy(person)
    if not agency and not person:
        raise ValidationError({"helper_person": "Chọn đơn vị hoặc ghi tên người giúp đỡ."})
    return _change(plan, "exit_plan.helper", {"helper_agency": agency, "helper_person": person}, by)


@transaction.atomic
def add_action(
    *,
    plan: ExitPlan,
    need: str,
    cause: str,
    text: str,
    due_on: date,
    by: User,
    policy: Policy | None = None,
    agency: Agency | None = None,
    responsible: str = "",
    other_reason: str = "",
) -> PlanAction:
    """Add what is to be done by a day, under a named policy and by a unit, or by a person where no unit of the list
    answers (the ward itself is none). `other_reason`: why it is done under no policy or has nobody yet.

    Raises at the field for an unknown cause, a text left empty, a policy or unit left out without the reason.
    """
    plan = _open(plan.pk, by)
    other_reason = tidy(other_reason)
    if not other_reason:
        missing = {} if policy else {"policy": "Chọn chính sách, hoặc ghi lý do ở ô Việc khác."}
        if not agency and not tidy(responsible):
            missing["agency"] = "Chọn đơn vị hoặc ghi người phụ trách, hoặc ghi lý do ở ô Việc khác."
        if missing:
            raise ValidationError(missing)
    action = PlanAction(
        plan=plan,
        need=tidy(need),
        cause=cause,
        text=tidy(text),
        due_on=due_on,
        policy=policy,
        agency=agency,
        responsible=tidy(responsible),
        note=f"Việc khác: {other_reason}" if other_reason else "",
    )
    action.full_clean()
    if due_on < plan.opened_on:
        raise ValidationError({"due_on": "Hạn phải từ ngày lập kế hoạch trở đi."})
    action.save()
    log(by, "exit_plan.action_added", plan, area=plan.household.ward, after=seal(_facts(action)))
    return action


@transaction.atomic
def finish_action(*, action: PlanAction, on: date, by: User, today: date, note: str = "") -> PlanAction:
    """The action was done on a day."""
    _not_after(today, on, "done_on")
    return _end_action(action, PlanAction.State.DONE, on, note, "exit_plan.action_done", by)


@transaction.atomic
def drop_action(*, action: PlanAction, reason: str, by: User) -> PlanAction:
    """The action will not be done, and why."""
    if not tidy(reason):
        raise ValidationError({"note": "Ghi lý do."})
    return _end_action(action, PlanAction.State.DROPPED, None, reason, "exit_plan.action_dropped", by)


@transaction.atomic
def add_visit(*, plan: ExitPlan, day: date, who: str, by: User, today: date, note: str = "") -> PlanVisit:
    """Somebody came to see the household."""
    plan = _open(plan.pk, by)
    _not_after(today, day, "day")
    visit = PlanVisit(plan=plan, day=day, who=tidy(who), note=tidy(note))
    visit.full_clean()
    visit.save()
    log(by, "exit_plan.visited", plan, area=plan.household.ward, after=seal(_facts(visit)))
    return visit


@transaction.atomic
def close_plan(*, plan: ExitPlan, outcome: str, review: Review, version: int, by: User) -> ExitPlan:
    """Close the plan with the outcome of a decided review of the same household, no older than the plan."""
    plan = _open(plan.pk, by, version)
    if outcome not in ExitPlan.Outcome.values:
        raise ValidationError({"outcome": "Chọn kết quả."})
    review = Review.objects.get(pk=review.pk)  # as it stands now, not as the page saw it
    decided = review.state == Review.State.DECIDED and review.household_id == plan.household_id
    if not decided or review.surveyed_on < plan.opened_on:
        raise ValidationError({"outcome_review": "Chọn phiếu đã quyết định của hộ, khảo sát sau ngày lập kế hoạch."})
    values = {"state": ExitPlan.State.CLOSED, "outcome": outcome, "outcome_review": review}
    return _change(plan, "exit_plan.closed", values, by)


def _household(pk, by) -> Household:
    if not by.may(May.EDIT_HOUSEHOLDS) or not Household.objects.visible_to(by).filter(pk=pk).exists():
        raise PermissionDenied
    return Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=pk)


def _open(pk, by, version=None) -> ExitPlan:
    """The plan as it stands now, its household locked first, still open and as the officer saw it."""
    _household(ExitPlan.objects.values_list("household", flat=True).get(pk=pk), by)
    plan = ExitPlan.objects.select_for_update(of=("self",)).select_related("household__ward").get(pk=pk)
    if plan.state != ExitPlan.State.OPEN:
        raise ValidationError("Kế hoạch đã kết thúc.")
    if version is not None and version != plan.version:
        raise ValidationError("Kế hoạch đã được người khác sửa. Tải lại trang.")
    return plan


def _change(plan, action, values, by) -> ExitPlan:
    before = {name: _plain(getattr(plan, name)) for name in values}
    for name, value in values.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.full_clean()
    plan.save(update_fields=[*values, "version"])
    after = {name: _plain(value) for name, value in values.items()}
    log(by, action, plan, area=plan.household.ward, before=seal(before), after=seal(after))
    return plan


def _end_action(action, state, on, note, what, by) -> PlanAction:
    plan = _open(action.plan_id, by)
    action = PlanAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.state != PlanAction.State.PLANNED:
        raise ValidationError("Việc này đã kết thúc.")
    before = _facts(action)
    told = "; ".join(part for part in (action.note, tidy(note)) if part)  # why it was another thing stays
    action.state, action.done_on, action.note = state, on, told
    action.full_clean()
    action.save(update_fields=["state", "done_on", "note"])
    log(by, what, plan, area=plan.household.ward, before=seal(before), after=seal(_facts(action)))
    return action


def _not_after(today, day, field) -> None:
    if day > today:
        raise ValidationError({field: "Ngày không được sau hôm nay."})


def _plain(value):
    return value if value is None or isinstance(value, str | int) else str(value)


def _facts(row) -> dict:
    return {field.name: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
