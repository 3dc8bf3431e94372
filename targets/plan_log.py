"""The log's lines about a plan, one of its clauses or one of its targets.

Services write of the plan: one line may set sixty targets, and a clause is named by its number. Here each says its own.
"""

from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, QuerySet

from accounts.log import history_of
from accounts.models import Event, User
from accounts.roles import May
from areas.vietnamese import day as write_day
from areas.vietnamese import number
from targets.models import Clause, Plan, Target

ABOUT_COMMENTS = ["plan.comment", "plan.comment_answered"]
OWN = {"own": "own_value", "basis": "own_basis"}  # what target.own calls the columns


def of_plan(plan: Plan, user: User) -> QuerySet[Event]:
    """What units said of the draft is between them and the office."""
    lines = history_of(plan)
    return lines if user.may(May.EDIT_PLAN) else lines.exclude(action__in=ABOUT_COMMENTS)


def of_clause(clause: Clause, user: User) -> QuerySet[Event]:
    """Of the plan's lines those that name the clause, since a draft last dropped one of the same number."""
    lines = history_of(clause.plan).filter(Q(before__ref=clause.ref) | Q(after__ref=clause.ref))
    dropped = lines.filter(action="plan.clause_dropped").aggregate(last=Max("pk"))["last"]
    return lines.filter(pk__gt=dropped) if dropped else lines


def of_target(target: Target, user: User) -> QuerySet[Event]:
    """Its own lines, and of the sheets handed down those that changed it or the reason of its parts."""
    given, reason = _keys(target)
    own = Event.objects.filter(subject_type=target._meta.label_lower, subject_id=str(target.pk))
    sheets = Q(after__has_key=given) | Q(after__has_key=reason, area=target.area)
    sheet = Q(subject_type="targets.plan", subject_id=str(target.plan_id), action="target.assigned")
    return (own | Event.objects.filter(sheet & sheets)).select_related("by")


def tell_target(event: Event, target: Target) -> None:
    """Of a line about a whole sheet what it says of this target, in its own columns."""
    columns = OWN if event.action == "target.own" else dict(zip(_keys(target), ("value", "sum_reason"), strict=True))
    event.subject_type = target._meta.label_lower
    for side in ("before", "after"):
        told = {columns[key]: value for key, value in getattr(event, side).items() if key in columns}
        setattr(event, side, told | {name: _written(told[name]) for name in ("value", "own_value") if name in told})


def tell_clause(event: Event, clause: Clause) -> None:
    """Of a line about the plan what it says of the clause."""
    event.subject_type = clause._meta.label_lower
    for side in ("before", "after"):
        told = {key: value for key, value in getattr(event, side).items() if key != "ref"}
        if day := told.pop("day", None):
            told["amended_on"] = write_day(date.fromisoformat(day))
        setattr(event, side, told)


def _written(value: str | None) -> str | None:
    amount = Decimal(value) if value is not None else None
    return value if amount is None else number(amount, 0 if amount == int(amount) else 2)


def _keys(target: Target) -> tuple[str, str]:
    """What target.assigned calls its value (of the sheet above) and its reason (of its own sheet)."""
    return f"{target.area.code}:{target.indicator.code}", f"{target.indicator.code}:reason"
