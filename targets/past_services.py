"""Keeps how a year ran once it is over, so that later years can be held against it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from accounts.log import log
from areas.models import Area
from targets.cells import known
from targets.counting import count_months
from targets.indicators import INDICATORS
from targets.models import Indicator, PastShare, Plan
from targets.pace import YEARS_OF_A_SHAPE

FROM_MOST = Decimal(999)  # a share as large as the table holds; a year that ran so wild has no shape


@transaction.atomic
def keep_past(*, today: date) -> int:
    """The shapes of the three years before this one that are not kept yet. Returns how many years were kept.

    Safe to run twice: what is kept stays as it was when its year ended. A year without any list of households has none.
    """
    plan = Plan.objects.for_day(today)
    kept, known_years = 0, set(PastShare.objects.values_list("year", flat=True))
    rows = {row.code: row for row in Indicator.objects.all()}
    for year in range(today.year - YEARS_OF_A_SHAPE, today.year):
        if plan is None or year in known_years:
            continue
        found = [
            PastShare(indicator=rows[code], year=year, month=month, share=share)
            for code, shape in shapes_in(year).items()
            if code in rows
            for month, share in enumerate(shape, 1)
        ]
        if found:
            PastShare.objects.bulk_create(found)
            log(None, "figure.past_kept", plan, after={"year": year, "rows": len(found)})
            kept += 1
    return kept


def shapes_in(year: int) -> dict[str, list[Decimal]]:
    """Indicator's code → the part of the year's way gone by the end of each month, where the city went any way at all."""
    months = count_months(year=year, as_of=date(year, 12, 31))
    last = months[date(year, 12, 31)]
    city = next((area for area in last.places.there if area.level == Area.Level.CITY), None)
    if city is None or not last.listed:
        return {}
    found = {}
    for code, measure in INDICATORS.items():
        values = [known(measure, counted.of(city), listed=counted.listed)[0] for counted in months.values()]
        start = measure.start(last.of(city)) if measure.start else (None if measure.over == "stock" else 0)
        if None in values or start is None or values[-1] == start:
            continue
        shape = [_share(Fraction(value - start), values[-1] - start) for value in values]
        if max(map(abs, shape)) < FROM_MOST:
            found[code] = shape
    return found


def _share(gone: Fraction, way: int | Fraction) -> Decimal:
    part = gone / Fraction(way)
    return (Decimal(part.numerator) / Decimal(part.denominator)).quantize(Decimal("0.00001"))
