"""What the dashboard shows of an area on a day: the scoreboard turned into words, bars, tiles and columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.urls import reverse

from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import number
from households.models import Standard
from households.spells import CLOSED_LABELS, OPENED_LABELS, Closed, Opened
from targets import charts, pace, tilemap
from targets.appendix import WHOLE_CITY, gap_words
from targets.indicators import APPENDIX, INDICATORS, Counts
from targets.models import Plan
from targets.outlook import Outlook, outlooks
from targets.scoreboard import Cell, Row, Scoreboard, scoreboard

KINDS = {pace.OK: "ok", pace.WATCH: "watch", pace.LATE: "bad", pace.NONE: "none"}  # state of a figure → its colour
MAIN = "poor_labour_reduction"  # what districts are compared by
OF_A_DISTRICT = [MAIN, "near_poor_reduction", "housing", "job_introductions"]
ESCAPES = (Closed.ESCAPED, Closed.TO_NEAR_POOR)
ARRIVALS = (Opened.NEW, Opened.FROM_NEAR_POOR)


@dataclass(frozen=True)
class Figure:
    """A big figure with its goal, its bars and its state in words."""

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


@dataclass(frozen=True)
class Compared:
    """A row of the comparison: districts by what they lack, wards by what they have left."""

    name: str
    url: str  # empty: no page below it
    bar: charts.Bar
    value: str
    kind: str


@dataclass(frozen=True)
class TableRow:
    name: str
    url: str
    cells: list[Cell]
    bar: charts.Bar | None
    kind: str
    state: str


@dataclass(frozen=True)
class Movement:
    label: str
    amount: int
    is_level: bool = False  # opening and present number, not a movement


@dataclass(frozen=True)
class Dashboard:
    board: Scoreboard
    figures: list[Figure]
    rows: list[TableRow]
    compared: list[Compared]
    tiles: list[charts.MapTile]
    fall: charts.Waterfall
    movements: list[Movement]
    unconfirmed: bool
    tally: str  # '2 trên 5 mục tiêu đúng tiến độ, 2 cần chú ý, 1 chậm'
    lagging: list[Compared]  # the two districts that hold the city back most
    days: str  # '273/365 ngày = 74,8 %'

    @property
    def year_end(self) -> Decimal | None:
        """The target line of the waterfall."""
        return self.board.own.cells["poor_labour_end"].target

    @property
    def fall_label(self) -> str:
        """The waterfall in words."""
        return "; ".join(f"{column.label} {column.value}" for column in self.fall.columns) + " hộ"

    @property
    def sentence(self) -> str:
        """What a district's page says first."""
        cell = self.board.own.cells[MAIN]
        if cell.target is None:
            return "Kế hoạch không giao chỉ tiêu cho địa bàn này."
        gap = f", {gap_words(cell)} so với mốc" if gap_words(cell) else ""
        return f"Đã giảm {number(cell.actual)} trên {number(cell.target)} hộ nghèo còn sức lao động{gap}."


def dashboard(plan: Plan, day: date, area: Area) -> Dashboard:
    board = scoreboard(plan, day, area)
    own = board.own
    ahead = objectives_ahead(plan, day, board) if area.is_city else outlooks(plan, day, own, OF_A_DISTRICT)
    compared = by_gap(board.parts) if area.is_city else by_what_is_left(board.parts)
    return Dashboard(
        board=board,
        figures=[objective_figure(state, ahead) for state in board.objectives]
        if area.is_city
        else district_figures(own, day, ahead),
        rows=[table_row(row, linked=area.is_city and row is not own) for row in board.rows],
        compared=compared,
        tiles=map_tiles(board.parts) if area.is_city else [],
        fall=waterfall(own, plan.year, day),
        movements=movements(own.counts),
        unconfirmed=Standard.objects.city_unconfirmed_on(day),
        tally=tally(board) if area.is_city else "",
        lagging=[row for row in compared if row.kind in ("bad", "watch") and row.value.startswith("thiếu")][:2]
        if area.is_city
        else [],
        days=days_passed(plan.year, day),
    )


def objectives_ahead(plan: Plan, day: date, board: Scoreboard) -> dict[str, Outlook]:
    """The forecasts of what the objectives are measured by."""
    codes = [cell.code for objective in board.objectives for cell in objective.parts]
    return outlooks(plan, day, board.own, codes)


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


def bar_of(cell: Cell, *, marked: bool = False) -> charts.Bar:
    unit = INDICATORS[cell.code].counted_in
    aim = number(cell.target) + (" %" if cell.unit == "percent" else f" {unit}")
    known = "chưa có số liệu" if cell.reached is None else f"đạt {number(cell.reached, 1)} % của {aim}"
    mark = "" if cell.pace.expected is None else f"mốc {number(cell.pace.expected)} {unit}"
    return charts.pace_bar(
        label=f"{INDICATORS[cell.code].name}: {known}" + (f", {mark}" if mark else ""),
        share=cell.reached,
        mark=cell.pace.mark,
        kind=KINDS[cell.pace.state],
        mark_label=mark if marked else "",
    )


def objective_figure(state, ahead: Mapping[str, Outlook]) -> Figure:
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
        [ahead[cell.code] for cell in state.parts if cell.code in ahead],
    )


def district_figures(own: Row, day: date, ahead: Mapping[str, Outlook]) -> list[Figure]:
    figures = []
    for code in OF_A_DISTRICT:
        cell, measure = own.cells[code], INDICATORS[code]
        if cell.target is None:
            continue
        done = "Chưa có số liệu." if cell.reached is None else f"Đạt {number(cell.reached, 1)} % kế hoạch năm"
        gap = gap_words(cell)
        figures.append(
            Figure(
                "Chỉ tiêu phụ lục",
                measure.name,
                f"Đơn vị tính: {measure.counted_in}",
                number(cell.actual),
                f"kế hoạch {number(cell.target)}" + ("" if cell.own is None else f", tự đặt {number(cell.own)}"),
                [bar_of(cell, marked=True)],
                KINDS[cell.pace.state],
                cell.pace.label,
                f"{done}, {gap} so với mốc {write_day(day)}." if gap else done,
                [ahead[code]] if code in ahead else [],
            )
        )
    return figures


def table_row(row: Row, *, linked: bool) -> TableRow:
    main = row.cells[MAIN]
    return TableRow(
        WHOLE_CITY if row.area.is_city else row.area.full_name,
        reverse("dashboard_area", args=[row.area.code]) if linked else "",
        [row.cells[code] for code in APPENDIX],
        bar_of(main) if main.target is not None else None,
        KINDS[main.pace.state],
        main.pace.label,
    )


def by_gap(rows: list[Row]) -> list[Compared]:
    """Districts with a target, the one that lacks most households first."""
    placed = sorted(
        (row for row in rows if row.cells[MAIN].pace.gap is not None), key=lambda row: row.cells[MAIN].pace.gap
    )
    return [
        Compared(
            row.area.full_name,
            reverse("dashboard_area", args=[row.area.code]),
            bar_of(row.cells[MAIN]),
            gap_words(row.cells[MAIN]),
            KINDS[row.cells[MAIN].pace.state],
        )
        for row in placed
    ]


def by_what_is_left(rows: list[Row]) -> list[Compared]:
    """Wards have no target of their own: compared by the poor households they have left, most first."""
    placed = sorted(rows, key=lambda row: -row.counts.poor_labour)
    lengths = charts.shares([row.counts.poor_labour for row in placed])
    return [
        Compared(
            row.area.full_name,
            "",
            charts.Bar(f"{row.area.full_name}: {number(row.counts.poor_labour)} hộ", length, "sea", None, "", "end", 0),
            f"{number(row.counts.poor_labour)} hộ",
            "none",
        )
        for row, length in zip(placed, lengths, strict=True)
    ]


def map_tiles(rows: list[Row]) -> list[charts.MapTile]:
    """The city's districts; one that the plan sets nothing for is drawn without a figure or a link."""
    by_code, tiles = {row.area.code: row for row in rows}, []
    for tile in tilemap.TILES:
        row = by_code.get(tile.code)
        if row is None:
            tiles.append(charts.map_tile(tile, url="", kind="none", value="", label=f"{tile.name}: không có chỉ tiêu"))
            continue
        cell = row.cells[MAIN]
        value = "" if cell.reached is None else f"{number(cell.reached)} %"
        told = f"{value} kế hoạch năm, {gap_words(cell)}" if value else "chưa có số liệu"
        url = reverse("dashboard_area", args=[tile.code])
        kind = KINDS[cell.pace.state]
        tiles.append(charts.map_tile(tile, url=url, kind=kind, value=value, label=f"{row.area.full_name}: {told}"))
    return tiles


def waterfall(own: Row, year: int, day: date) -> charts.Waterfall:
    """Opening, who left, who came, and what is left; 'Khác' is the net of moves, splits and changed facts."""
    counts, target = own.counts, own.cells["poor_labour_end"].target
    left = sum(counts.out_of.get(reason, 0) for reason in ESCAPES)
    came = sum(counts.into.get(reason, 0) for reason in ARRIVALS)
    back = counts.into.get(Opened.RELAPSED, 0)
    other = sum(counts.into.values()) - came - back - (sum(counts.out_of.values()) - left)
    steps = [
        charts.Step("Đầu năm", counts.opening_poor_labour, "start", f"01/01/{year}"),
        charts.Step("Thoát nghèo", -left, "less"),
        charts.Step("Phát sinh", came, "more"),
        charts.Step("Tái nghèo", back, "back"),
        charts.Step("Khác", other, "other"),
        charts.Step("Hiện có", counts.poor_labour, "now", f"{day:%d/%m/%Y}"),
    ]
    return charts.waterfall(steps, None if target is None else int(target))


def movements(counts: Counts) -> list[Movement]:
    """Every gross movement with its reason: the table behind the waterfall."""
    came = [
        Movement(f"Vào: {OPENED_LABELS[reason]}", amount) for reason in Opened if (amount := counts.into.get(reason, 0))
    ]
    left = [
        Movement(f"Ra: {CLOSED_LABELS[reason]}", -amount)
        for reason in Closed
        if (amount := counts.out_of.get(reason, 0))
    ]
    return [
        Movement("Đầu năm", counts.opening_poor_labour, True),
        *left,
        *came,
        Movement("Hiện có", counts.poor_labour, True),
    ]
