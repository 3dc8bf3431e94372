"""What the catalogue of indicators and one indicator's page show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from areas.models import Area
from areas.vietnamese import number
from targets import charts, pace, pages
from targets.counting import Counted
from targets.disclosure import withheld_figures
from targets.forecast import Forecast
from targets.indicators import INDICATORS
from targets.measures import ADDS_LABELS, DIRECTION_LABELS, OVER_LABELS, SOURCE_LABELS, UNIT_LABELS, Measure
from targets.models import Indicator, Plan
from targets.outlook import Outlook, goal_of, outlook_of, start_of
from targets.past import shapes_of
from targets.scoreboard import Cell, Row, scoreboard
from targets.series import Point, Series, steps_of
from targets.typed import apart, said

WIDTH, HEIGHT, LEFT, BASE, TOP = 720, 220, 76, 186, 16


@dataclass(frozen=True)
class Entry:
    """An indicator of the catalogue with the city's figure."""

    row: Indicator
    measure: Measure
    cell: Cell
    kind: str


@dataclass(frozen=True)
class Group:
    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class AreaLine:
    """An area's figures side by side: what the plan prints, what was counted, what was typed."""

    area: Area
    cell: Cell
    kind: str
    bar: charts.Bar | None
    typed: str
    apart: bool
    own: str


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Line:
    """The year's line as SVG: points of the polyline, the target's and the pace's line, labels."""

    points: str
    dots: list[Dot]
    ticks: list[tuple[int, str]]
    target_y: int | None
    target: str
    pace: tuple[int, int, int, int] | None
    range: tuple[int, int, int] | None  # x, from y, to y of the forecast
    label: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE
    left: int = LEFT


@dataclass(frozen=True)
class IndicatorPage:
    row: Indicator
    measure: Measure
    facts: list[tuple[str, str]]
    lines: list[AreaLine]
    points: list[Point]
    steps: list[int | None]
    line: Line | None
    outlook: Outlook
    residents_derived: bool

    @property
    def months(self):
        return list(zip(self.points, self.steps, strict=True))


SECTIONS = (
    ("Phụ lục và năm mục tiêu (mục II)", ("II",)),
    ("Giải pháp (mục III)", ("III",)),
    ("Nhiệm vụ của các cơ quan (mục IV)", ("IV",)),
)


def catalogue(plan: Plan, counted: Counted, day: date, *, owner: str = "", source: str = "") -> list[Group]:
    """By the part of the plan that speaks of them; what a filter leaves empty is not shown. Three queries."""
    board = scoreboard(plan, day, counted=counted, texts={})
    rows = Indicator.objects.select_related("owner").filter(code__in=INDICATORS)
    rows = rows.filter(owner__code=owner) if owner else rows
    rows = rows.filter(source=source) if source else rows
    entries = [
        Entry(row, INDICATORS[row.code], cell := board.own.cells[row.code], pages.KINDS[cell.pace.state])
        for row in rows
    ]
    groups = [
        Group(title, [entry for entry in entries if entry.measure.clause.split(".")[0] in parts])
        for title, parts in SECTIONS
    ]
    return [group for group in groups if group.entries]


def indicator_page(
    plan: Plan, row: Indicator, area: Area, months: Mapping[date, Counted], series: Series, scope: int
) -> IndicatorPage:
    """Of the last day of `months`. `area`: the city or a district; its parts stand under it. `scope`: whose rows the
    reader sees; elsewhere small figures are not told. Two queries."""
    measure, day = INDICATORS[row.code], series.days[-1]
    hidden = {month: withheld_figures(counted, scope) for month, counted in months.items()}
    board = scoreboard(plan, day, area, months[day], hidden=hidden[day], texts={})
    points = [
        Point(one.day, None, None, suppressed=True) if (area.pk, row.code) in hidden[one.day] else one
        for one in series.of(area.pk, row.code)
    ]
    own = board.own
    if own.cells[row.code].suppressed:
        outlook = Outlook(Forecast(), pace.NONE, "")
    else:
        outlook = outlook_of(own.cells[row.code], own.counts, series, area.pk, shapes_of(plan.year))
    return IndicatorPage(
        row,
        measure,
        facts_of(row, measure),
        [area_line(each, row) for each in board.rows],
        points,
        steps_of(points, row.code),
        line_of(points, own, measure, outlook),
        outlook,
        board.residents_derived,
    )


def facts_of(row: Indicator, measure: Measure) -> list[tuple[str, str]]:
    facts = [("Định nghĩa", row.definition), ("Tử số", row.numerator or measure.numerator)]
    if row.denominator:
        facts.append(("Mẫu số", row.denominator))
    return [
        *facts,
        ("Đơn vị tính", UNIT_LABELS[measure.unit]),
        ("Chiều", DIRECTION_LABELS[measure.direction]),
        ("Cơ quan chịu trách nhiệm", row.owner.name if row.owner else "Chưa giao"),
        ("Nguồn", SOURCE_LABELS[measure.source]),
        ("Theo địa bàn", ADDS_LABELS[measure.adds]),
        ("Theo thời gian", OVER_LABELS[measure.over]),
        ("Mục của kế hoạch", measure.clause),
        ("Sai khác cho phép", f"{number(row.tolerance, 0 if row.tolerance == int(row.tolerance) else 2)} %"),
    ]


def area_line(each: Row, row: Indicator) -> AreaLine:
    cell = each.cells[row.code]
    both = cell.typed is not None and not cell.measure.is_typed and cell.actual is not None
    counted = (cell.actual, cell.denominator if cell.measure.is_share else None)
    return AreaLine(
        each.area,
        cell,
        pages.KINDS[cell.pace.state],
        pages.bar_of(cell) if cell.target is not None and cell.reached is not None else None,
        said(cell.typed) if cell.typed else "",
        both and apart(cell.typed, counted, row.tolerance),
        "" if cell.own is None else f"{number(cell.own)} ({cell.own_basis})",
    )


def line_of(points: list[Point], own: Row, measure: Measure, outlook: Outlook) -> Line | None:
    """Nothing to draw with fewer than two known months."""
    share = measure.is_share
    known = [(point.day, told) for point in points if (told := point.told(share)) is not None]
    if len(known) < 2:
        return None
    cell, end = own.cells[measure.code], outlook.forecast
    goal, start = goal_of(cell), None if cell.suppressed else start_of(cell, own.counts)
    values = [value for _, value in known]
    values += [float(value) for value in (goal, end.high, end.low, start) if value is not None]
    low, high = min(values), max(values)
    low = min(low, 0) if low < (high - low) else low  # from nothing, unless the year moves far above it

    def say(value) -> str:
        return f"{number(Decimal(value) / 100, 1)} %" if share else number(value)

    def x(day: date) -> int:
        part = ((day - date(day.year, 1, 1)).days + 1) / 366
        return LEFT + round((WIDTH - LEFT - 16) * part)

    def y(value) -> int:
        return BASE - round((BASE - TOP) * (float(value) - float(low)) / (float(high) - float(low) or 1))

    last = date(points[-1].day.year, 12, 31)
    dots = [Dot(x(day), y(value), f"{day:%d/%m}: {say(value)}") for day, value in known]
    (first, then), (newest, now) = known[0], known[-1]
    told = f"{say(then)} vào {first:%d/%m}, {say(now)} vào {newest:%d/%m}"
    drawn = goal is not None and start is not None and measure.direction != "none"
    return Line(
        points=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        ticks=[(y(value), say(value)) for value in dict.fromkeys([low, high])],
        target_y=None if goal is None else y(goal),
        target="" if goal is None else f"Chỉ tiêu {say(goal)}",
        pace=(LEFT, y(start), x(last), y(goal)) if drawn else None,
        range=None if end.middle is None else (x(last), y(end.high), y(end.low)),
        label=f"{measure.name}: {told}",
    )
