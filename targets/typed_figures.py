"""Which typed figures count on a day: the newest of each area, month by month for a flow, risen to the areas above."""

from collections.abc import Iterable, Mapping
from datetime import date

from targets.indicators import INDICATORS
from targets.measures import Typed
from targets.models import Figure
from targets.places import Places, rise

Row = tuple[str, int, date, int, int | None]  # indicator's code, area, day, count, whole


def rows_of(year: int, last: date) -> list[Row]:
    """Every figure of the year up to a day, oldest first, a day's corrections in their order. One query."""
    figures = Figure.objects.filter(day__gte=date(year, 1, 1), day__lte=last).order_by("day", "pk")
    return list(figures.values_list("indicator__code", "area_id", "day", "count", "whole"))


def own_on(rows: Iterable[Row], day: date) -> dict[str, dict[int, Typed]]:
    """Code → area → what that area itself has on the day. A flow is the sum of the newest figure of each month."""
    months: dict[tuple[str, int], dict[int, Typed]] = {}
    for code, area, typed_on, count, whole in rows:
        if typed_on > day or code not in INDICATORS:
            continue
        kept = months.setdefault((code, area), {})
        kept[typed_on.month if INDICATORS[code].over == "flow" else 0] = (count, whole)
    found: dict[str, dict[int, Typed]] = {}
    for (code, area), kept in months.items():
        counts, wholes = zip(*kept.values(), strict=True)
        found.setdefault(code, {})[area] = (sum(counts), None if None in wholes else sum(wholes))
    return found


def risen(own: Mapping[str, Mapping[int, Typed]], places: Places) -> dict[int, dict[str, Typed]]:
    """Area → code → figure, its own or that of its parts where it has none and the indicator adds up."""
    found: dict[int, dict[str, Typed]] = {}
    peopled = places.peopled
    for code, by_area in own.items():
        known = by_area if INDICATORS[code].adds == "none" else rise(peopled, by_area)
        for area, pair in known.items():
            found.setdefault(area, {})[code] = pair
    return found
