"""Freezing a reporting period for 94 units at the size of a city, and rendering its documents: seconds of each.

There is no ratio to tell: nothing plain makes these. All of it is rolled back.
"""

import time
from datetime import date

from django.db import transaction

from accounts.models import Agency
from reports import duty_services, services
from reports.letter_queries import content_of
from targets.models import Assignment, Clause, Plan
from tests.bench import year

UNITS = 94
DAY = date(year.YEAR, 11, 30)


def measure() -> None:
    """Prints a table of seconds and sizes."""
    year.fill()
    with transaction.atomic():
        plan = Plan.objects.get(year=year.YEAR)
        _more_units(plan)
        period, spent = services.open_period(plan=plan, day=DAY), {}
        duties = _timed(spent, "duties opened", lambda: duty_services.open_duties(period=period, today=DAY))
        report = _timed(spent, "figures frozen", lambda: services.freeze(period=period, today=DAY))
        content = _timed(spent, "content read", lambda: content_of(report))
        sizes = {}
        for format, render in services.RENDERERS.items():
            name = format.label
            sizes[name] = len(_timed(spent, name, lambda render=render: render(content)))
        lines, agencies = report.lines.count(), report.agencies.count()
        transaction.set_rollback(True)
    print(f"\nA period of {len(duties)} units: {lines} lines of figures, {agencies} of units")
    for name, seconds in spent.items():
        size = f"{sizes[name] / 1000:,.0f} kB" if name in sizes else ""
        print(f"{name:<24}{seconds:>8.2f} s  {size}")
    print(f"{'together':<24}{sum(spent.values()):>8.2f} s")


def _timed(spent: dict[str, float], name: str, work):
    started = time.perf_counter()
    found = work()
    spent[name] = time.perf_counter() - started
    return found


def _more_units(plan: Plan) -> None:
    """Units with a task each, until as many owe a report as the city has areas."""
    missing = UNITS - duty_services.owing(plan, DAY).count()
    first = Agency.objects.exclude(kind=Agency.Kind.GROUP).first()
    clause = plan.clauses.filter(kind=Clause.Kind.TASK).first()
    units = Agency.objects.bulk_create(
        Agency(
            code=f"thu-{n}", name=f"Đơn vị thử {n}", short_name=f"Thử {n}", kind=first.kind, valid_from=first.valid_from
        )
        for n in range(missing)
    )
    Assignment.objects.bulk_create(Assignment(clause=clause, agency=unit, role="own") for unit in units)
