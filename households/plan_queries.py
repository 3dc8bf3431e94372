"""Which poor and near-poor households still wait for a dialogue, a plan, a helper, for something overdue, or for the outcome."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from households.models import ExitPlan, Household, PlanAction, Review, StatusSpell

WAITING = {
    "no_dialogue": "Chưa đối thoại",
    "no_plan": "Chưa có kế hoạch",
    "no_helper": "Chưa có đơn vị, người giúp đỡ",
    "late": "Có việc quá hạn",
    "no_outcome": "Chờ ghi kết quả",
}


def waiting_households(user, today: date, what: str):
    """Households in the user's area, poor or near-poor today by any standard, that wait for `what` of WAITING."""
    spells = StatusSpell.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        household=OuterRef("pk"),
        category__in=("poor", "near_poor"),
        valid_from__lte=today,
    )
    plans = ExitPlan.objects.filter(household=OuterRef("pk"), state=ExitPlan.State.OPEN)
    late = PlanAction.objects.filter(
        plan__household=OuterRef("pk"),
        plan__state=ExitPlan.State.OPEN,
        state=PlanAction.State.PLANNED,
        due_on__lt=today,
    )
    decided = Review.objects.filter(
        household=OuterRef("household"), state=Review.State.DECIDED, surveyed_on__gte=OuterRef("opened_on")
    )
    condition = {
        "no_dialogue": ~Exists(plans.filter(dialogue_on__isnull=False)),
        "no_plan": ~Exists(plans),
        "no_helper": ~Exists(plans.filter(Q(helper_agency__isnull=False) | ~Q(helper_person=""))),
        "late": Exists(late),
        "no_outcome": Exists(plans.filter(Exists(decided))),
    }[what]
    return Household.objects.visible_to(user).filter(Exists(spells), condition, closed_on__isnull=True)


def waiting(user, today: date) -> dict[str, int]:
    """Counts for the home page, by the keys of WAITING; one query each."""
    return {what: waiting_households(user, today, what).count() for what in WAITING}


def waiting_listed(user, today: date, what: str):
    """The same households for a list: in the order of their codes, with the head's name and the open plan's number."""
    plan = ExitPlan.objects.filter(household=OuterRef("pk"), state=ExitPlan.State.OPEN).values("pk")[:1]
    return waiting_households(user, today, what).for_list().annotate(plan_id=Subquery(plan)).order_by("code")


def plans_of(user, household) -> list[ExitPlan]:
    """The household's plans, newest first, each with how many of its actions are done and how many there are."""
    kept = ~Q(actions__state=PlanAction.State.DROPPED)
    counted = ExitPlan.objects.visible_to(user).filter(household=household).select_related("helper_agency")
    return list(
        counted.annotate(
            done=Count("actions", filter=Q(actions__state=PlanAction.State.DONE)), planned=Count("actions", filter=kept)
        )
    )


def actions_of(plan: ExitPlan, today: date) -> list[PlanAction]:
    """The plan's actions by due day, each with whether it is late: still planned and past its day."""
    actions = list(plan.actions.select_related("policy", "agency"))
    for action in actions:
        action.late = action.state == PlanAction.State.PLANNED and action.due_on < today
    return actions


def head_name(household) -> str:
    """The head's name, '' for a household without members."""
    return (
        household.members.filter(relation="head", left_on__isnull=True).values_list("full_name", flat=True).first()
        or ""
    )
