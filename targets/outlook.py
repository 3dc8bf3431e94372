"""The forecast of an area's figures beside their targets, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from areas.vietnamese import number
from targets import pace
from targets.cells import Cell
from targets.forecast import Forecast, forecast
from targets.indicators import INDICATORS, Counts
from targets.measures import UNIT_LABELS, percent
from targets.models import Plan
from targets.past import shapes_of
from targets.scoreboard import Row
from targets.series import Series, cached_series


@dataclass(frozen=True)
class Outlook:
    """`state`: a state of pace.py: whether the middle reaches the target (ok), only the better end of the range does
    (watch), or not even that (late). `words`: 'Dự báo 31/12: 1.980 hộ (1.900 đến 2.060), có thể không đạt 2.083.'"""

    forecast: Forecast
    state: str
    words: str

    @property
    def label(self) -> str:
        return {pace.OK: "Sẽ đạt", pace.WATCH: "Có thể không đạt", pace.LATE: "Khó đạt", pace.NONE: ""}[self.state]


def outlooks(plan: Plan, day: date, row: Row, codes: Iterable[str]) -> dict[str, Outlook]:
    """Of an area's row of the scoreboard. A count of months (kept for a minute) and one query."""
    series, shapes = cached_series(plan.year, day), shapes_of(plan.year)
    return {code: outlook_of(row.cells[code], row.counts, series, row.area.pk, shapes) for code in codes}


def outlook_of(cell: Cell, counts: Counts, series: Series, area: int, shapes: Mapping = {}) -> Outlook:
    measure = INDICATORS[cell.code]
    if measure.direction == "none":
        return Outlook(Forecast(), pace.NONE, "")
    start = measure.start(counts) if measure.start else (None if measure.over == "stock" else 0)
    values = [(point.day, point.actual) for point in series.of(area, cell.code)]
    most = cell.denominator if measure.is_share else None
    found = forecast(values, start, shapes.get(cell.code, ()), most)
    if found.middle is None:
        return Outlook(found, pace.NONE, found.why)
    state = state_of(cell, found)
    told = f"Dự báo 31/12: {_value(cell, found.middle)} {_unit(cell)}"
    if found.low != found.high:
        told += f" ({_value(cell, found.low)} đến {_value(cell, found.high)})"
    if cell.target is not None:
        aim = number(cell.target, 0 if cell.target == cell.target.to_integral_value() else 2)
        told += f", {Outlook(found, state, '').label.lower()} {aim}{' %' if measure.is_share else ''}"
    return Outlook(found, state, f"{told}.")


def state_of(cell: Cell, found: Forecast) -> str:
    if cell.target is None:
        return pace.NONE
    better = found.high if cell.measure.direction == "up" else found.low
    if _reaches(cell, found.middle):
        return pace.OK
    return pace.WATCH if _reaches(cell, better) else pace.LATE


def _reaches(cell: Cell, value: int) -> bool:
    told = percent(value, cell.denominator) if cell.measure.is_share else Decimal(value)
    return told is not None and (told >= cell.target if cell.measure.direction == "up" else told <= cell.target)


def _value(cell: Cell, value: int) -> str:
    return number(percent(value, cell.denominator), 1) if cell.measure.is_share else number(value)


def _unit(cell: Cell) -> str:
    return UNIT_LABELS[cell.measure.unit]
