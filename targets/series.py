"""A year's figures month by month: every indicator for every area, with one query a source (counting.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from accounts.log import stamp
from targets.cells import known
from targets.counting import Counted, count_months
from targets.disclosure import cached_months
from targets.indicators import INDICATORS
from targets.measures import percent

FRESH_FOR = 60  # seconds, as the scoreboard


@dataclass(frozen=True)
class Point:
    """A figure as of a day: in counted units (persons behind a percentage); None: nobody knows, which is not zero."""

    day: date
    actual: int | None
    whole: int | None
    suppressed: bool = False  # counted, but not told to this reader; `actual` is then None

    @property
    def rate(self):
        return percent(self.actual, self.whole)

    def told(self, share: bool) -> int | None:
        """As it is drawn and foretold: a share in hundredths of a percent, anything else as counted."""
        if not share:
            return self.actual
        return None if self.rate is None else int(self.rate * 100)


@dataclass(frozen=True)
class Series:
    """`days`: the ends of the months that are over, and the day asked about. `areas`: id of each area there is, by code."""

    year: int
    days: tuple[date, ...]
    areas: dict[str, int]
    values: dict[int, dict[str, tuple[tuple[int | None, int | None], ...]]]

    def of(self, area: int, code: str) -> list[Point]:
        """Cumulative from 1 January, or the stock of the day, as the indicator's `over` says."""
        return [Point(day, *value) for day, value in zip(self.days, self.values[area][code], strict=True)]

    def monthly(self, area: int, code: str) -> list[int | None]:
        """What each month added; of a stock, by how much it changed (None in January: the year before is not here)."""
        return steps_of(self.of(area, code), code)

    def rows(self) -> Iterator[tuple[str, str, Point]]:
        """(area's code, indicator's code, point), for whoever wants everything: API, CSV."""
        for area, pk in self.areas.items():
            for code in self.values[pk]:
                for point in self.of(pk, code):
                    yield area, code, point


def steps_of(points: list[Point], code: str) -> list[int | None]:
    """What each month added, of the points that are told."""
    first = None if INDICATORS[code].over == "stock" else points[0].actual
    steps = [
        None if None in (one.actual, two.actual) else two.actual - one.actual
        for one, two in zip(points, points[1:], strict=False)
    ]
    return [first, *steps]


def year_series(year: int, as_of: date) -> Series:
    """Every indicator of every area that is there on the day. ValueError for a day outside the year."""
    return series_of(year, as_of, count_months(year=year, as_of=as_of))


def series_of(year: int, as_of: date, months: dict[date, Counted]) -> Series:
    """Of what `count_months` gave."""
    there = months[as_of].places.there
    values: dict[int, dict[str, tuple]] = {area.pk: {} for area in there}
    for area in there:
        own = [(counted.of(area), counted.listed) for counted in months.values()]
        for code, measure in INDICATORS.items():
            values[area.pk][code] = tuple(
                known(measure, counts, listed=listed, peopled=area.has_residents) for counts, listed in own
            )
    return Series(year, tuple(months), {area.code: area.pk for area in there}, values)


def cached_series(year: int, as_of: date, newest: int | None = None) -> Series:
    """For pages: fresh after every logged write. `newest`: the stamp, where the caller has read it."""
    newest = stamp() if newest is None else newest
    key = f"series:{year}:{as_of.isoformat()}:{newest}"
    return cache.get_or_set(key, lambda: series_of(year, as_of, cached_months(year, as_of, newest)), FRESH_FOR)
