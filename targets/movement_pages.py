"""The year's movements of the poor with labour capacity: a waterfall and the table behind it, as a reader is told them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from households.spells import CLOSED_LABELS, OPENED_LABELS, Closed, Opened
from targets import charts
from targets.disclosure import came, left
from targets.further_indicators import ARRIVALS, ESCAPES
from targets.indicators import Counts


@dataclass(frozen=True)
class Movement:
    """`amount` is signed; None: not told."""

    label: str
    amount: int | None
    is_level: bool = False  # opening and present number, not a movement


@dataclass(frozen=True)
class Movements:
    """`fall`: None where the opening or the present number is not told."""

    lines: list[Movement]
    fall: charts.Waterfall | None

    @property
    def label(self) -> str:
        """The waterfall in words."""
        return "; ".join(f"{column.label} {column.value}" for column in self.fall.columns) + " hộ"

    @property
    def kept_back(self) -> bool:
        return any(line.amount is None for line in self.lines)


def movements(counts: Counts, hidden: Collection[str], target: Decimal | None, year: int, day: date) -> Movements:
    """`hidden`: keys of disclosure.py that are not told of this area."""
    start = None if "poor_labour_start" in hidden else counts.opening_poor_labour
    end = None if "poor_labour_end" in hidden else counts.poor_labour
    lines = [Movement("Đầu năm", start, True)]
    for why in Closed:
        if (amount := counts.out_of.get(why, 0)) or left(why) in hidden:
            lines.append(Movement(f"Ra: {CLOSED_LABELS[why]}", None if left(why) in hidden else -amount))
    for why in Opened:
        if (amount := counts.into.get(why, 0)) or came(why) in hidden:
            lines.append(Movement(f"Vào: {OPENED_LABELS[why]}", None if came(why) in hidden else amount))
    lines.append(Movement("Hiện có", end, True))
    fall = None if start is None or end is None else _fall(counts, hidden, target, year, day)
    return Movements(lines, fall)


def _fall(counts: Counts, hidden: Collection[str], target: Decimal | None, year: int, day: date) -> charts.Waterfall:
    """Opening, who left, who came, and what is left. 'Khác' is the rest: moves, splits, changed facts, and any column of
    which a part is not told."""
    groups = [
        ("Thoát nghèo", "less", {left(why): -counts.out_of.get(why, 0) for why in ESCAPES}),
        ("Phát sinh", "more", {came(why): counts.into.get(why, 0) for why in ARRIVALS}),
        ("Tái nghèo", "back", {came(Opened.RELAPSED): counts.into.get(Opened.RELAPSED, 0)}),
    ]
    told = [charts.Step(label, sum(own.values()), kind) for label, kind, own in groups if not own.keys() & set(hidden)]
    rest = counts.poor_labour - counts.opening_poor_labour - sum(step.amount for step in told)
    steps = [
        charts.Step("Đầu năm", counts.opening_poor_labour, "start", f"01/01/{year}"),
        *told,
        charts.Step("Khác", rest, "other"),
        charts.Step("Hiện có", counts.poor_labour, "now", f"{day:%d/%m/%Y}"),
    ]
    return charts.waterfall(steps, None if target is None else int(target))
