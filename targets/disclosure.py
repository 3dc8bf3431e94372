"""Which counted figures a reader is not told: small_cells.py over every area and indicator of a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.core.cache import cache

from accounts.log import stamp
from accounts.roles import May
from areas.models import Area
from households.spells import Closed, Opened
from targets import pace
from targets.cells import Cell
from targets.counting import Counted, count_areas, count_months
from targets.further_indicators import ARRIVALS, ESCAPES
from targets.indicators import INDICATORS
from targets.measures import Counts, Measure
from targets.small_cells import family_sums, withheld

FRESH_FOR = 60  # seconds
ABOUT_PEOPLE = ("household", "person", "percent")  # a house or a turn of help is work done, not somebody
# What one can be worked out from the others: start = reduction + end.
TIES = [("poor_labour_start", "poor_labour_reduction", "poor_labour_end")]
LAST = ("poor_labour_start",)  # the plan prints it, so it is kept back only where nothing else can be


def is_guarded(measure: Measure) -> bool:
    """Counts of poor people. What an agency types, and the share of officers who were trained, is about others."""
    if measure.source == "typed" or (measure.source == "activities" and measure.unit == "percent"):
        return False
    return measure.unit in ABOUT_PEOPLE


def whole_code(measure: Measure) -> str:
    return f"{measure.code} whole"


def has_guarded_whole(measure: Measure) -> bool:
    """A denominator that is itself poor people; resident households are everybody."""
    return is_guarded(measure) and measure.unit == "percent"


def cached_counts(year: int, as_of: date, newest: int | None = None) -> Counted:
    """`count_areas`, kept until something is written."""
    key = f"counted:{year}:{as_of.isoformat()}:{stamp() if newest is None else newest}"
    return cache.get_or_set(key, lambda: count_areas(year=year, as_of=as_of), FRESH_FOR)


def cached_months(year: int, as_of: date, newest: int | None = None) -> dict[date, Counted]:
    """`count_months` likewise: the ends of the months that are over, and the day itself."""
    key = f"counted-months:{year}:{as_of.isoformat()}:{stamp() if newest is None else newest}"
    return cache.get_or_set(key, lambda: count_months(year=year, as_of=as_of), FRESH_FOR)


def scope_of(user) -> int:
    """Whose rows somebody may look at one by one, and so which figures are told: the id of the area, which is 0 for
    nobody's. It is part of the key of every page that is kept."""
    return user.area_id if user.may(May.SEE_HOUSEHOLDS) and user.area_id else 0


def seen_among(scope: int, areas: Iterable[Area]) -> frozenset[int]:
    """The areas of that scope (`scope_of`)."""
    return frozenset(area.pk for area in areas if scope and f"/{scope}/" in f"/{area.path}/")


def came(why: str) -> str:
    """The key of a gross movement into the poor with labour capacity, beside the indicators' codes."""
    return f"into {why}"


def left(why: str) -> str:
    return f"out {why}"


# What movements add up to. With start and end they make the ledger's own sum.
MOVED = [
    ("poor_escaped", *(left(why) for why in ESCAPES)),
    ("poor_arrived", *(came(why) for why in ARRIVALS)),
    ("poor_relapsed", came(Opened.RELAPSED)),
    ("poor_labour_start", *(came(why) for why in Opened), *(left(why) for why in Closed), "poor_labour_end"),
]


def withheld_figures(counted: Counted, scope: int, *, movements: bool = False) -> frozenset[tuple[int, str]]:
    """(area, code) of the figures not told to whoever sees the rows of this scope (`scope_of`) only.

    `movements`: with those of the gross movements (`came`, `left`), for a page that tells them beside the figures.
    """
    places = counted.places
    seen = seen_among(scope, places.there)
    if len(seen) == len(places.there):
        return frozenset()
    guarded = [measure for measure in INDICATORS.values() if is_guarded(measure)]
    counts = {}
    for area in places.there:
        counts |= {(area.pk, code): value for code, value in _values(guarded, counted.of(area))}
        if movements:
            counts |= {(area.pk, key): value for key, value in _moves(counted.of(area))}
    children = {area.pk: [child.pk for child in places.children(area)] for area in places.there}
    codes = list(dict.fromkeys(code for _, code in counts))
    ties = [*TIES, *MOVED] if movements else TIES
    sums = [[(area.pk, code) for code in tie] for area in places.there for tie in ties]
    return withheld(
        counts,
        sums + family_sums(children, codes),
        seen={key for key in counts if key[0] in seen},
        last={key for key in counts if key[1] in LAST},
    )


def _values(measures: Iterable[Measure], counts: Counts):
    for measure in measures:
        yield measure.code, measure.actual(counts)
        if has_guarded_whole(measure):
            yield whole_code(measure), measure.whole(counts)


def _moves(counts: Counts):
    yield from ((came(why), counts.into.get(why, 0)) for why in Opened)
    yield from ((left(why), counts.out_of.get(why, 0)) for why in Closed)


def keep_back(cell: Cell, area_id: int, hidden: frozenset[tuple[int, str]]) -> Cell:
    """The figure as it is told: nothing that was counted where that is withheld; what the plan says always stands."""
    measure = cell.measure
    own, whole = (area_id, cell.code) in hidden, (area_id, whole_code(measure)) in hidden
    if not own and not whole:
        return cell
    told = replace(cell, computed_rate=None, reached=None, pace=pace.UNKNOWN, suppressed=True)
    if own or measure.unit == "percent":
        told = replace(told, actual=None)
    return replace(told, denominator=None, plan_rate=None, rate_note="") if whole else told
