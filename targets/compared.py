"""Areas beside each other by one indicator, on the map and as sorted bars, and a day beside another day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from areas.models import Area
from areas.vietnamese import number, signed
from targets import charts, pace, tilemap
from targets.appendix import gap_words
from targets.cells import Cell, cell_of
from targets.counting import Counted
from targets.disclosure import cached_counts, keep_back, withheld_figures
from targets.indicators import INDICATORS, UNIT_LABELS, Measure
from targets.pace import share_of_year
from targets.scoreboard import Row
from targets.small_cells import HIDDEN

KINDS = {pace.OK: "ok", pace.WATCH: "watch", pace.LATE: "bad", pace.NONE: "none"}  # state of a figure → its colour
OBJECTIVES = ("insurance_near_poor", "house_new", "house_repair", "officers_trained")  # beside the appendix
Then = Mapping[tuple[int, str], Cell]  # (area, indicator) → its figure on the other day


@dataclass(frozen=True)
class Place:
    """An area by the chosen indicator. `value`, `goal`, `gap`, `change` are in words, empty where there is nothing."""

    name: str
    url: str
    bar: charts.Bar
    kind: str
    cell: Cell
    value: str
    goal: str
    gap: str
    change: str


@dataclass(frozen=True)
class Measured:
    """One indicator of an area: now, on the other day, and the difference."""

    measure: Measure
    cell: Cell
    kind: str
    value: str
    then: str
    change: str


def figures_of(day: date, scope: int, codes: Iterable[str], newest: int | None = None) -> Then:
    """Every area's figures on a day, as somebody who sees the rows of the scope is told them."""
    counted = cached_counts(day.year, day, newest)
    hidden, share = withheld_figures(counted, scope), share_of_year(day.year, day)
    codes, found = list(codes), {}
    for area in counted.places.there:
        for code in codes:
            found[area.pk, code] = keep_back(_bare(INDICATORS[code], counted, area, share), area.pk, hidden)
    return found


def _bare(measure: Measure, counted: Counted, area: Area, share) -> Cell:
    return cell_of(measure, counted.of(area), None, None, share, listed=counted.listed, peopled=area.has_residents)


def value_of(cell: Cell | None) -> str:
    """The figure in its own unit, without the unit's word."""
    if cell is None:
        return ""
    if cell.suppressed:
        return HIDDEN
    return number(cell.computed_rate, 2) if cell.unit == "percent" else number(cell.actual)


def change_of(now: Cell, then: Cell | None) -> str:
    """'+12', '−0,35 điểm'; 'ẩn' where one of the two is not told."""
    if then is None:
        return ""
    if now.suppressed or then.suppressed:
        return HIDDEN
    if now.unit != "percent":
        return "–" if None in (now.actual, then.actual) else signed(now.actual - then.actual)
    if None in (now.computed_rate, then.computed_rate):
        return "–"
    return f"{signed(now.computed_rate - then.computed_rate, 2)} điểm"


def places(rows: Iterable[Row], code: str, then: Then | None, query: str) -> list[Place]:
    """Those with a target by what they lack, most first; the others by how much they have, most first; unknown last."""
    rows = list(rows)
    lengths = charts.shares([row.cells[code].actual for row in rows])
    found = [_place(row, code, length, then, query) for row, length in zip(rows, lengths, strict=True)]
    return sorted(found, key=_worst_first)


def _worst_first(place: Place) -> tuple:
    cell = place.cell
    if cell.pace.gap is not None:
        return 0, cell.pace.gap, place.name
    return (2, 0, place.name) if cell.actual is None else (1, -cell.actual, place.name)


def _place(row: Row, code: str, length: str, then: Then | None, query: str) -> Place:
    cell = row.cells[code]
    before = None if then is None else then.get((row.area.pk, code))
    return Place(
        row.area.full_name,
        f"{reverse('dashboard_area', args=[row.area.code])}{query}",
        bar_of(cell)
        if cell.target is not None and not cell.suppressed
        else plain_bar(row.area.full_name, cell, length),
        KINDS[cell.pace.state],
        cell,
        value_of(cell),
        "" if cell.target is None else number(cell.target),
        gap_words(cell),
        change_of(cell, before),
    )


def plain_bar(name: str, cell: Cell, length: str) -> charts.Bar:
    told = f"{name}: {value_of(cell)} {UNIT_LABELS[cell.unit]}"
    return charts.Bar(told, length, "sea", None, "", "end", 0)


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


def map_tiles(rows: Iterable[Row], code: str, query: str) -> list[charts.MapTile]:
    """The city's districts: percent of the target where there is one, else the figure itself. A district where nobody
    lives is drawn without a figure or a link."""
    by_code, tiles = {row.area.code: row for row in rows}, []
    for tile in tilemap.TILES:
        row = by_code.get(tile.code)
        if row is None:
            tiles.append(charts.map_tile(tile, url="", kind="none", value="", label=f"{tile.name}: không có chỉ tiêu"))
            continue
        cell = row.cells[code]
        value = value_of(cell) if cell.reached is None else f"{number(cell.reached)} %"
        told = f"{value} kế hoạch năm, {gap_words(cell)}" if cell.reached is not None else value
        url = f"{reverse('dashboard_area', args=[tile.code])}{query}"
        label = f"{row.area.full_name}: {told}"
        tiles.append(charts.map_tile(tile, url=url, kind=KINDS[cell.pace.state], value=value, label=label))
    return tiles


def measured(row: Row, codes: Iterable[str], then: Then | None) -> list[Measured]:
    found = []
    for code in codes:
        cell = row.cells[code]
        before = None if then is None else then.get((row.area.pk, code))
        found.append(
            Measured(
                INDICATORS[code],
                cell,
                KINDS[cell.pace.state],
                value_of(cell),
                value_of(before),
                change_of(cell, before),
            )
        )
    return found
