"""Where a figure should be today: a straight line over the plan's year, or the shape of its past years. Pure.

The mark is a whole number of the indicator's unit, half up, so that the gap said in words is whole households.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

OK, WATCH, LATE, NONE = "ok", "watch", "late", "none"
LABELS = {OK: "Đúng tiến độ", WATCH: "Cần chú ý", LATE: "Chậm", NONE: "Chưa đánh giá"}
YEARS_OF_A_SHAPE = 3
WATCH_FROM = Fraction(9, 10)  # of today's mark


@dataclass(frozen=True)
class Pace:
    """`expected`: today's mark; `gap`: how far past it in the good direction (negative: missing); both in whole units.

    `mark`: where the mark stands on the bar, in percent of the year's way (0 to 100).
    """

    expected: int | None
    state: str
    gap: int | None
    mark: Decimal | None = None

    @property
    def label(self) -> str:
        return LABELS[self.state]


UNKNOWN = Pace(None, NONE, None)


def share_of_year(year: int, day: date) -> Fraction:
    """The part of the year that has passed at the end of `day`: 30/09/2023 is 273/365. ValueError outside the year."""
    if day.year != year:
        raise ValueError(f"{day.isoformat()} is not a day of {year}")
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Fraction((day - first).days + 1, (last - first).days + 1)


def half_up(value: Fraction) -> int:
    """To a whole number, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def rising(actual: int | None, goal: int | Fraction | None, share: Fraction, start: int | Fraction = 0) -> Pace:
    """An indicator that should rise from `start` to `goal` over the year. Nothing set or nothing known: no pace."""
    if actual is None or not goal:
        return UNKNOWN
    expected = half_up(start + (goal - start) * share)
    mark = _bar(Fraction(expected) / Fraction(goal)) if start else _bar(share)
    return Pace(expected, _state(actual, expected), actual - expected, mark)


def falling(actual: int | None, goal: int | None, share: Fraction, start: int) -> Pace:
    """An indicator that should fall from `start` to `goal`: judged by what has been taken off, not by what is left."""
    if actual is None or goal is None:
        return UNKNOWN
    expected = half_up(start - max(start - goal, 0) * share)
    return Pace(expected, _state(start - actual, start - expected), expected - actual, _bar(share))


def ceiling(actual: int | None, most: int | Fraction | None) -> Pace:
    """An indicator that should stay at or under `most` the whole year long: the gap is the room that is left."""
    if actual is None or most is None:
        return UNKNOWN
    room = half_up(Fraction(most)) - actual
    return Pace(half_up(Fraction(most)), OK if room >= 0 else LATE, room)


def share_by_shapes(shapes: Sequence[Sequence[Fraction]], year: int, day: date) -> Fraction | None:
    """The part of the year's way usually gone by the day: the mean of past years, straight between their months' ends.

    `shapes`: of each past year the part gone by the end of each of its twelve months. None with fewer than
    YEARS_OF_A_SHAPE of them: then the straight line (`share_of_year`) is all one can say.
    """
    if len(shapes) < YEARS_OF_A_SHAPE:
        return None
    share_of_year(year, day)  # refuses a day of another year
    length = (date(year + day.month // 12, day.month % 12 + 1, 1) - date(year, day.month, 1)).days
    into = Fraction(day.day, length)
    gone = []
    for shape in shapes:
        before = shape[day.month - 2] if day.month > 1 else Fraction(0)
        gone.append(before + (shape[day.month - 1] - before) * into)
    return min(max(sum(gone) / len(gone), Fraction(0)), Fraction(1))


def worst(paces: list[Pace]) -> str:
    """The state of an objective with several parts: that of its slowest part; 'none' only when no part has one."""
    known = [pace.state for pace in paces if pace.state != NONE]
    return max(known, key=(OK, WATCH, LATE).index) if known else NONE


def _state(done: int, expected: int) -> str:
    if done >= expected:
        return OK
    return WATCH if done >= expected * WATCH_FROM else LATE


def _bar(share: Fraction) -> Decimal:
    percent = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
