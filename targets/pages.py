"""What the dashboard shows of an area on a day: the scoreboard turned into words, bars, tiles and columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse

from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import number
from targets import charts, compared, pace
from targets.appendix import WHOLE_CITY, gap_words
from targets.compared import KINDS, Measured, Place, Then, bar_of, change_of
from targets.disclosure import withheld_figures
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Plan
from targets.movement_pages import Movements, movements
from targets.outlook import Outlook, outlook_of
from targets.past import shapes_of
from targets.scoreboard import Cell, Row, Scoreboard, scoreboard
from targets.series import Series, cached_months, cached_series
from targets.small_cells import HIDDEN

__all__ = ["KINDS", "Asked", "Dashboard", "Figure", "bar_of", "dashboard", "objective_figure", "tally"]

MAIN = "poor_labour_reduction"  # what districts are compared by until somebody asks for another
LEFT = "poor_labour_end"  # what wards are: they are given no targets
OF_A_DISTRICT = [MAIN, "near_poor_reduction", "housing", "job_introductions"]
TOLD = [*APPENDIX, *compared.OBJECTIVES]  # the table of an area's own figures


@dataclass(frozen=True)
class Asked:
    """What a reader asked of a dashboard, and who reads.

    `code`: the indicator that areas are compared by; empty: the usual one. `scope`: whose rows the reader sees.
    `query`: carries day, comparison and mode to the areas' own pages. `newest`: the stamp, where the caller has read it.
    """

    code: str = ""
    against: date | None = None
    scope: int = 0
    query: str = ""
    newest: int | None = None


@dataclass(frozen=True)
class Figure:
    """A big figure with its goal, its bars and its state in words, its forecast and its change since another day."""

    over: str
    title: str
    subtitle: str
    value: str
    goal: str
    bars: list[charts.Bar]
    kind: str
    state: str
    sentence: str
    outlooks: list[Outlook] = field(default_factory=list)
    change: str = ""


@dataclass(frozen=True)
class TableRow:
    name: str
    url: str
    cells: list[Cell]
    bar: charts.Bar | None
    kind: str
    state: str


@dataclass(frozen=True)
class Dashboard:
    board: Scoreboard
    figures: list[Figure]
    rows: list[TableRow]
    code: str  # the indicator of `places` and `tiles`
    places: list[Place]
    tiles: list[charts.MapTile]
    moves: Movements
    measured: list[Measured]
    against: date | None
    unconfirmed: bool
    tally: str  # '2 trên 5 mục tiêu đúng tiến độ, 2 cần chú ý, 1 chậm'
    lagging: list[Place]  # the two districts that hold the city back most
    days: str  # '273/365 ngày = 74,8 %'
    kept_back: bool  # whether something on the page is not told

    @property
    def measure(self):
        return INDICATORS[self.code]

    @property
    def aimed(self) -> bool:
        """Whether the plan sets any of the areas a target of the chosen indicator."""
        return any(place.goal for place in self.places)

    @property
    def year_end(self) -> Decimal | None:
        """The target line of the waterfall."""
        return self.board.own.cells[LEFT].target

    @property
    def sentence(self) -> str:
        """What a district's or a ward's page says first."""
        cell = self.board.own.cells[MAIN]
        if self.board.area.level == Area.Level.WARD:
            now = self.board.own.cells[LEFT].actual
            left = "" if now is None else f" Hiện có {number(now)} hộ nghèo còn sức lao động."
            return f"Phường, xã không được giao chỉ tiêu.{left}"
        if cell.target is None:
            return "Kế hoạch không giao chỉ tiêu cho địa bàn này."
        if cell.suppressed:
            return f"Kế hoạch giảm {number(cell.target)} hộ nghèo còn sức lao động."
        gap = f", {gap_words(cell)} so với mốc" if gap_words(cell) else ""
        return f"Đã giảm {number(cell.actual)} trên {number(cell.target)} hộ nghèo còn sức lao động{gap}."


def dashboard(plan: Plan, day: date, area: Area | None, asked: Asked = Asked()) -> Dashboard:
    """`area`: None is the city. Counts once, for the figures, the months behind the forecast and what is not told.

    Nine queries, seven of them to count; as many again for another day to compare with.
    """
    counted = cached_months(plan.year, day, asked.newest)[day]
    area = area or next(one for one in counted.places.there if one.is_city)
    hidden = withheld_figures(counted, asked.scope, movements=True)
    board = scoreboard(plan, day, area, counted, hidden=hidden, texts=dict.fromkeys(range(1, 6), ""))
    board = replace(board, objectives=[one for one in board.objectives if any(cell.target for cell in one.parts)])
    own, code = board.own, asked.code or (MAIN if area.is_city else LEFT)
    then = compared.figures_of(asked.against, asked.scope, {*TOLD, code}, asked.newest) if asked.against else None
    ahead = outlooks_of(board, cached_series(plan.year, day, asked.newest))
    figures = (
        [objective_figure(state, ahead, own, then) for state in board.objectives]
        if area.is_city
        else district_figures(own, day, ahead, then)
    )
    usual = compared.places(board.parts, MAIN, None, asked.query) if area.is_city else []
    moves = movements(
        own.counts, {key for pk, key in hidden if pk == own.area.pk}, own.cells[LEFT].target, plan.year, day
    )
    return Dashboard(
        board=board,
        figures=figures,
        rows=[table_row(row, asked.query if row is not own else None) for row in board.rows],
        code=code,
        places=compared.places(board.parts, code, then, asked.query),
        tiles=compared.map_tiles(board.parts, code, asked.query) if area.is_city else [],
        moves=moves,
        measured=compared.measured(own, TOLD, then),
        against=asked.against,
        unconfirmed=counted.unconfirmed,
        tally=tally(board) if area.is_city else "",
        lagging=[place for place in usual if place.kind in ("bad", "watch") and place.gap.startswith("thiếu")][:2],
        days=days_passed(plan.year, day),
        kept_back=moves.kept_back or any(row.cells[one].suppressed for row in board.rows for one in {*TOLD, code}),
    )


def outlooks_of(board: Scoreboard, series: Series) -> Mapping[str, Outlook]:
    """The forecast of each figure with a target that the reader is told."""
    own, shapes = board.own, shapes_of(series.year)
    return {
        code: outlook_of(cell, own.counts, series, own.area.pk, shapes)
        for code, cell in own.cells.items()
        if cell.target is not None and not cell.suppressed
    }


def days_passed(year: int, day: date) -> str:
    share = pace.share_of_year(year, day)
    length = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    return f"{(day - date(year, 1, 1)).days + 1}/{length} ngày = {number(share.numerator * Decimal(100) / share.denominator, 1)} %"


def tally(board: Scoreboard) -> str:
    states = [objective.state for objective in board.objectives]
    words = [f"{states.count(pace.OK)} trên {len(states)} mục tiêu đúng tiến độ"]
    for state, label in ((pace.WATCH, "cần chú ý"), (pace.LATE, "chậm"), (pace.NONE, "chưa đánh giá được")):
        if state in states:
            words.append(f"{states.count(state)} {label}")
    return ", ".join(words)


def objective_figure(
    state, ahead: Mapping[str, Outlook] | None = None, own: Row | None = None, then: Then | None = None
) -> Figure:
    return Figure(
        f"Mục tiêu {state.no}",
        state.title,
        state.subtitle,
        state.headline if len(state.parts) == 1 else " và ".join(number(cell.actual) for cell in state.parts),
        state.goal,
        [bar_of(cell, marked=True) for cell in state.parts],
        KINDS[state.state],
        pace.LABELS[state.state],
        state.sentence,
        _ahead([cell.code for cell in state.parts], ahead or {}),
        _changes(state.parts, own, then),
    )


def _ahead(codes: list[str], ahead: Mapping[str, Outlook]) -> list[Outlook]:
    return [ahead[code] for code in codes if code in ahead and ahead[code].words]


def _changes(cells: list[Cell], own: Row | None, then: Then | None) -> str:
    if own is None or then is None:
        return ""
    return " và ".join(change_of(cell, then.get((own.area.pk, cell.code))) or "–" for cell in cells)


def district_figures(own: Row, day: date, ahead: Mapping[str, Outlook], then: Then | None) -> list[Figure]:
    figures = []
    for code in OF_A_DISTRICT:
        cell, measure = own.cells[code], INDICATORS[code]
        if cell.target is None:
            continue
        done = (
            "Số nhỏ, không hiện."
            if cell.suppressed
            else "Chưa có số liệu."
            if cell.reached is None
            else f"Đạt {number(cell.reached, 1)} % kế hoạch năm"
        )
        gap = gap_words(cell)
        figures.append(
            Figure(
                "Chỉ tiêu phụ lục",
                measure.name,
                f"Đơn vị tính: {measure.counted_in}",
                HIDDEN if cell.suppressed else number(cell.actual),
                f"kế hoạch {number(cell.target)}" + ("" if cell.own is None else f", tự đặt {number(cell.own)}"),
                [bar_of(cell, marked=True)],
                KINDS[cell.pace.state],
                cell.pace.label,
                f"{done}, {gap} so với mốc {write_day(day)}." if gap else done,
                _ahead([code], ahead),
                _changes([cell], own, then),
            )
        )
    return figures


def table_row(row: Row, query: str | None) -> TableRow:
    """`query`: of the link to the area's own page; None: this is the page."""
    main = row.cells[MAIN]
    return TableRow(
        WHOLE_CITY if row.area.is_city else row.area.full_name,
        "" if query is None else f"{reverse('dashboard_area', args=[row.area.code])}{query}",
        [row.cells[code] for code in APPENDIX],
        bar_of(main) if main.target is not None else None,
        KINDS[main.pace.state],
        main.pace.label,
    )
