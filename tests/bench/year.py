"""The plan at the size of a city: 94 areas, every indicator, twelve months, 2,000 assignments; and a year's series."""

import itertools
import time
from datetime import date
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from areas.models import Area
from targets.counting import count_areas
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Assignment, Clause, Figure, Indicator, Plan, Target
from targets.series import year_series
from tests.bench.counting import Line

AREAS, ASSIGNMENTS = 94, 2000
YEAR, LAST = 2023, date(2023, 12, 31)
SOURCES = 7  # standards, spells, registers, areas, typed figures, activities with models' households, rosters
REPEATS = 3


def fill() -> None:
    """Beside what filling.py wrote; safe to run again."""
    plan = Plan.objects.get(year=YEAR)
    districts = list(Area.objects.districts().filter(has_residents=True))
    for number, district in zip(range(Area.objects.count(), AREAS), itertools.cycle(districts), strict=False):
        area = Area.objects.create(
            level="ward", code=f"9{number:04}", name=f"Thử {number}", full_name=f"Phường Thử {number}", kind="ward",
            zone="urban", parent=district, order=number, valid_from=date(2016, 1, 1),
        )  # fmt: skip
        Area.objects.filter(pk=area.pk).update(path=f"{district.path}{area.pk}/")
    rows = {row.code: row for row in Indicator.objects.all()}
    places = list(Area.objects.filter(has_residents=True))
    Target.objects.bulk_create(
        [Target(plan=plan, indicator=rows[code], area=area, value=5) for area in places for code in APPENDIX],
        ignore_conflicts=True,
    )
    if not Figure.objects.filter(evidence="bench").exists():
        Figure.objects.bulk_create(
            Figure(
                indicator=rows[code],
                area=district,
                day=date(YEAR, month, 15),
                count=month,
                whole=50 if measure.is_share else None,
                evidence="bench",
            )
            for code, measure in INDICATORS.items()
            for district in districts
            for month in range(1, 13)
        )
    agencies = list(Agency.objects.exclude(kind=Agency.Kind.GROUP))
    clauses = list(plan.clauses.filter(kind=Clause.Kind.TASK))
    missing = ASSIGNMENTS - Assignment.objects.of_plan(plan).count()
    pairs = itertools.islice(_pairs(plan, clauses, agencies), max(missing, 0))
    Assignment.objects.bulk_create(Assignment(clause=clause, agency=agency, role="own") for clause, agency in pairs)


def _pairs(plan, clauses, agencies):
    """Clauses and agencies that do not belong together yet; new clauses when the plan's own are used up."""
    taken = set(Assignment.objects.of_plan(plan).values_list("clause_id", "agency_id"))
    for clause in itertools.chain(clauses, _more(plan, clauses[-1])):
        for agency in agencies:
            if (clause.pk, agency.pk) not in taken:
                yield clause, agency


def _more(plan, last):
    for number in itertools.count(1):
        yield Clause.objects.create(
            plan=plan,
            ref=f"IV.9.{number}",
            kind="task",
            text="Việc thử.",
            parent=last.parent,
            order=last.order + number,
        )


def measure() -> list[Line]:
    """A year of every indicator for every area against the same for its last day."""
    fill()
    with CaptureQueriesContext(connection) as asked:
        series = year_series(YEAR, LAST)
    spent = {"day": [], "year": []}
    for _ in range(REPEATS):
        for name, work in (
            ("day", lambda: count_areas(year=YEAR, as_of=LAST)),
            ("year", lambda: year_series(YEAR, LAST)),
        ):
            started = time.perf_counter()
            work()
            spent[name].append(time.perf_counter() - started)
    day, year = median(spent["day"]), median(spent["year"])
    told = f"{len(series.areas)} areas × {len(INDICATORS)} × 12: {year * 1000:.0f} ms, one day {day * 1000:.0f} ms"
    return [
        Line(
            "a year's series: queries a source", len(asked) / SOURCES, 1.0, at_most=True, note=f"{len(asked)} queries"
        ),
        Line("a year's series against its last day", year / day, 4.0, at_most=True, note=told),
    ]
