"""Which day a plan's pages open on."""

from datetime import date

from django.core.cache import cache
from django.db.models import Case, DateField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from accounts.log import stamp
from households.models import StatusSpell, Support
from targets.models import Activity, Figure, Plan

FRESH_FOR = 60  # seconds

# What tells that a year has data: a status changed, a support was given, an activity was held, a figure was typed.
SOURCES = {
    "began": (StatusSpell.objects.all(), "valid_from"),
    "ended": (StatusSpell.objects.all(), "valid_to"),
    "given": (Support.objects.all(), "given_on"),
    "held": (Activity.objects.held(), "day"),
    "typed": (Figure.objects.all(), "day"),
}


def opening_day(plan: Plan, today: date, newest: int | None = None) -> date:
    """Today while the plan's year runs; after it the last day of the year with data, or its last day without any.

    Before it, its first day: nothing can be counted yet, and the page still opens. `newest`: the stamp,
    where it is known already. One query, none for a plan that was read `with_days`.
    """
    if today.year == plan.year:
        return today
    if today.year < plan.year:
        return date(plan.year, 1, 1)
    if hasattr(plan, "last_typed"):
        return last_day_of(plan)
    key = f"last-day-with-data:{plan.year}:{stamp() if newest is None else newest}"
    return cache.get_or_set(key, lambda: last_day_of(with_days(Plan.objects, today).get(pk=plan.pk)), FRESH_FOR)


def with_days(plans: QuerySet, today: date) -> QuerySet:
    """Plans with the newest day of each source in their year, so that plan and opening day are one query. Only of
    years that are over: to look through all statuses is not cheap, and nobody asks it of a year that runs."""
    plans = plans.annotate(
        first=Cast(Concat("year", Value("-01-01")), DateField()),
        last=Cast(Concat("year", Value("-12-31")), DateField()),
    )
    return plans.annotate(
        **{
            f"last_{name}": Case(When(year__lt=today.year, then=_newest(rows, column)))
            for name, (rows, column) in SOURCES.items()
        }
    )


def _newest(rows: QuerySet, column: str) -> Subquery:
    within = {f"{column}__gte": OuterRef("first"), f"{column}__lte": OuterRef("last")}
    return Subquery(rows.filter(**within).order_by(F(column).desc()).values(column)[:1])


def last_day_of(plan: Plan) -> date:
    """Of a plan that was read `with_days`."""
    days = [day for name in SOURCES if (day := getattr(plan, f"last_{name}"))]
    return max(days, default=date(plan.year, 12, 31))
