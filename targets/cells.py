"""One figure beside what the plan says of it: target, printed rate, computed rate, part done, pace. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.indicators import INDICATORS, Counts, Measure, percent, rate_note
from targets.measures import Typed
from targets.pace import UNKNOWN, Pace, ceiling, falling, rising


@dataclass(frozen=True)
class Cell:
    """One indicator in one area.

    `actual`: what was counted, in whole units (persons behind a percentage); None: nobody knows, which is not zero.
    `target`, `published_rate`: the plan's, as printed; None: the plan sets none for this area.
    `denominator`, `computed_rate`: what `actual` is divided by, and the result in percent.
    `plan_rate`: the target divided by the same denominator; `rate_note` says where it differs from the printed one.
    `reached`: percent of the year's way.
    `suppressed`: counted, but not told to this reader (disclosure.py); `actual` is then None, which is not zero.
    `own`: what the area set itself, stricter than the target, and `own_basis` the document that says so.
    `typed`: what an agency typed, beside what was counted; for a typed indicator it is the figure itself.
    """

    code: str
    unit: str
    target: Decimal | None
    published_rate: Decimal | None
    actual: int | None
    denominator: int | None
    computed_rate: Decimal | None
    plan_rate: Decimal | None
    rate_note: str
    reached: Decimal | None
    pace: Pace
    suppressed: bool = False
    own: Decimal | None = None
    own_basis: str = ""
    typed: Typed | None = None

    @property
    def measure(self) -> Measure:
        return INDICATORS[self.code]

    @property
    def rate_differs(self) -> bool:
        return bool(self.rate_note)

    @property
    def difference(self) -> Decimal | None:
        """Actual less target, in the indicator's unit: points of a percentage, else whole units."""
        value = self.computed_rate if self.unit == "percent" else self.actual
        return None if value is None or self.target is None else Decimal(value) - self.target


def cell_of(
    measure: Measure,
    counts: Counts,
    target: Decimal | None,
    printed: Decimal | None,
    share: Fraction,
    *,
    listed: bool,
    peopled: bool = True,
    own: Decimal | None = None,
    own_basis: str = "",
) -> Cell:
    """`share`: the part of the year that has passed. `listed`: whether there is a list of households to count at all.
    `peopled`: whether anybody lives there; where nobody does, nothing is counted, which is not a count of zero.
    """
    actual, whole = known(measure, counts, listed=listed, peopled=peopled)
    is_percent = measure.unit == "percent"
    goal = _goal(target, whole, is_percent)
    return Cell(
        code=measure.code,
        unit=measure.unit,
        target=target,
        published_rate=printed,
        actual=actual,
        denominator=whole,
        computed_rate=percent(actual, whole),
        plan_rate=None if printed is None else percent(target, whole),
        rate_note=rate_note(printed, target, whole),
        reached=_reached(measure, counts, actual, goal),
        pace=_pace(measure, counts, actual, goal, share),
        own=own,
        own_basis=own_basis,
        typed=counts.typed.get(measure.code),
    )


def known(measure: Measure, counts: Counts, *, listed: bool, peopled: bool = True) -> tuple[int | None, int | None]:
    """What was counted and what it is divided by; None where nobody knows, which is not zero."""
    whole = measure.whole(counts) or None if measure.whole else None
    there = peopled and (listed or measure.source != "spells") and (whole is not None or measure.unit != "percent")
    return measure.actual(counts) if there else None, whole


def _goal(target: Decimal | None, whole: int | None, is_percent: bool) -> Fraction | None:
    """The target in counted units: so many persons behind a percentage."""
    if target is None:
        return None
    if not is_percent:
        return Fraction(target)
    return Fraction(target) * whole / 100 if whole else None


def _reached(measure: Measure, counts: Counts, actual: int | None, goal: Fraction | None) -> Decimal | None:
    if actual is None or goal is None or measure.direction == "none":
        return None
    if measure.direction == "down":
        start = measure.start(counts) if measure.start else None
        return _percent(Fraction(start - actual), start - goal) if start is not None and start > goal else None
    return _percent(Fraction(actual), goal)


def _percent(part: Fraction, whole: Fraction) -> Decimal | None:
    """Cross-multiplied, so that a goal of a fraction of a person does not blur the second decimal."""
    return percent(part.numerator * whole.denominator, part.denominator * whole.numerator)


def _pace(measure: Measure, counts: Counts, actual: int | None, goal: Fraction | None, share: Fraction) -> Pace:
    if measure.direction == "up":
        return rising(actual, goal, share, measure.start(counts) if measure.start else 0)
    if measure.direction == "down":
        if measure.start is None:
            return ceiling(actual, goal)
        return falling(actual, goal, share, measure.start(counts))
    return UNKNOWN
