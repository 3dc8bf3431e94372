"""Which day a plan's pages open on."""

from datetime import date

from django.core.cache import cache

from accounts.log import stamp
from targets.counting import last_day_with_data
from targets.models import Plan

FRESH_FOR = 60  # seconds


def opening_day(plan: Plan, today: date, newest: int | None = None) -> date:
    """Today while the plan's year runs; after it the last day of the year with data, or its last day without any.

    Before it, its first day: nothing can be counted yet, and the page still opens. `newest`: the stamp, where the
    caller has read it.
    """
    if today.year == plan.year:
        return today
    if today.year < plan.year:
        return date(plan.year, 1, 1)
    key = f"last-day-with-data:{plan.year}:{newest or stamp()}"
    return cache.get_or_set(key, lambda: last_day_with_data(plan.year) or date(plan.year, 12, 31), FRESH_FOR)
