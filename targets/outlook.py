"""The forecast of an area's figures beside their targets, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from areas.vietnamese import number
from targets import pace
from targets.cells import Cell
from targets.forecast import Forecast, forecast
from targets.indicators import INDICATORS, Counts
from targets.measures import UNIT_LABELS
from targets.series import Series

WHOLE = 10_000  # a whole share in hundredths of a percent


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


def outlook_of(cell: Cell, counts: Counts, series: Series, area: int, shapes: Mapping | None = None) -> Outlook:
    measure = INDICATORS[cell.code]
    if measure.direction == "none":
        return Outlook(Forecast(), pace.NONE, "")
    share = measure.is_share
    values = [(point.day, point.told(share)) for point in series.of(area, cell.code)]
    found = forecast(values, start_of(cell, counts), (shapes or {}).get(cell.code, ()), WHOLE if share else None)
    if found.middle is None:
        return Outlook(found, pace.NONE, found.why)
    state = state_of(cell, found)
    told = f"Dự báo 31/12: {_value(cell, found.middle)} {UNIT_LABELS[measure.unit]}"
    if found.low != found.high:
        told += f" ({_value(cell, found.low)} đến {_value(cell, found.high)})"
    if cell.target is not None:
        aim = number(cell.target, 0 if cell.target == cell.target.to_integral_value() else 2)
        told += f", {Outlook(found, state, '').label.lower()} {aim}{' %' if share else ''}"
    return Outlook(found, state, f"{told}.")


def start_of(cell: Cell, counts: Counts) -> int | Fraction | None:
    """Where the year began, as `Point.told` counts it; None: not known."""
    measure = cell.measure
    if measure.start is None:
        return None if measure.over == "stock" else 0
    start = measure.start(counts)
    if not measure.is_share:
        return start
    return Fraction(start) * WHOLE / cell.denominator if cell.denominator else None


def goal_of(cell: Cell) -> Decimal | None:
    """The target as `Point.told` counts it."""
    return cell.target if cell.target is None or not cell.measure.is_share else cell.target * 100


def state_of(cell: Cell, found: Forecast) -> str:
    goal = goal_of(cell)
    if goal is None:
        return pace.NONE
    up = cell.measure.direction == "up"

    def reaches(value: int) -> bool:
        return value >= goal if up else value <= goal

    if reaches(found.middle):
        return pace.OK
    return pace.WATCH if reaches(found.high if up else found.low) else pace.LATE


def _value(cell: Cell, value: int) -> str:
    return number(Decimal(value) / 100, 1) if cell.measure.is_share else number(value)
