"""How far an area and its parts are on a day: every figure beside its target, its printed rate and its pace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from accounts.log import stamp
from areas.models import Area
from targets.cells import Cell, cell_of
from targets.counting import Counted, count_areas
from targets.disclosure import keep_back
from targets.indicators import APPENDIX, INDICATORS, Counts
from targets.models import Clause, Plan
from targets.objectives import ObjectiveState, objectives_of
from targets.pace import share_of_year
from targets.past import shares_on

__all__ = ["Cell", "ObjectiveState", "Row", "Scoreboard", "cached_scoreboard", "scoreboard"]

FRESH_FOR = 60  # seconds: bulk loads write no line in the log, so the stamp alone would not do


@dataclass(frozen=True)
class Row:
    area: Area
    counts: Counts
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Scoreboard:
    """`rows`: the area itself, then the districts of the city or the wards of a district that people live in."""

    plan: Plan
    as_of: date
    area: Area
    rows: list[Row]
    objectives: list[ObjectiveState]
    residents_derived: bool
    unconfirmed: bool

    @property
    def own(self) -> Row:
        return self.rows[0]

    @property
    def parts(self) -> list[Row]:
        return self.rows[1:]


def scoreboard(
    plan: Plan,
    as_of: date,
    area: Area | None = None,
    counted: Counted | None = None,
    *,
    hidden: frozenset[tuple[int, str]] = frozenset(),
    texts: Mapping[int, str] | None = None,
    further: bool = True,
) -> Scoreboard:
    """Ten queries whatever the area (None: the city): seven to count, unless the caller has `counted` the day; the
    targets, past years, the plan's words, unless it has `texts` of the objectives.

    `hidden`: what the reader is not told (disclosure.withheld_figures). `further`: False is the appendix alone, in six.
    ValueError for a day outside the plan's year.
    """
    counted = counted or count_areas(year=plan.year, as_of=as_of, further=further)
    area = area or counted.city
    shown = [area, *(child for child in counted.places.children(area) if child.has_residents)]
    rows = _rows(plan, as_of, counted, shown, list(INDICATORS) if further else APPENDIX, hidden)
    objectives = []
    if further:
        objectives = objectives_of(
            rows[0].cells, objective_texts(plan.clauses.all()) if texts is None else texts, as_of
        )
    derived = any(row.area.pk in counted.places.derived for row in rows)
    return Scoreboard(plan, as_of, area, rows, objectives, derived, counted.unconfirmed)


def cached_scoreboard(plan: Plan, as_of: date, area: Area) -> Scoreboard:
    """For pages that are looked at often. Fresh after every logged write; reports never use it."""
    key = f"scoreboard:{plan.pk}:{area.pk}:{as_of.isoformat()}:{stamp()}"
    board = cache.get(key)
    if board is None:
        board = scoreboard(plan, as_of, area)
        cache.set(key, board, FRESH_FOR)
    return board


def _rows(
    plan: Plan, as_of: date, counted: Counted, areas: list[Area], codes: list[str], hidden: frozenset
) -> list[Row]:
    targets = {
        (target.area_id, target.indicator.code): target
        for target in plan.targets.filter(area__in=areas).select_related("indicator")
    }
    straight, shares = share_of_year(plan.year, as_of), shares_on(plan.year, as_of)
    rows = []
    for area in areas:
        counts, cells = counted.of(area), {}
        for code in codes:
            measure, target = INDICATORS[code], targets.get((area.pk, code))
            value, printed = (target.value, target.published_rate) if target else (None, None)
            cell = cell_of(
                measure,
                counts,
                value,
                printed,
                shares.get(code, straight),
                listed=counted.listed,
                peopled=area.has_residents,
                own=target.own_value if target else None,
                own_basis=target.own_basis if target else "",
            )
            cells[code] = keep_back(cell, area.pk, hidden) if hidden else cell
        rows.append(Row(area, counts, cells))
    return rows


def objective_texts(clauses: Iterable[Clause]) -> dict[int, str]:
    """Number of the objective → its words, of clauses of any kind."""
    objectives = [clause for clause in clauses if clause.kind == Clause.Kind.OBJECTIVE]
    return {int(clause.ref.rpartition(".")[2]): clause.text for clause in objectives}
