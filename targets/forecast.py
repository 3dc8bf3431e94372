"""Where a figure will stand on 31 December, with its range. Pure.

By pace (the default): the mean step a month of this year goes on for what is left of it. The range is the one into
which the rest of the year falls in four of five cases if the months to come are as unlike each other as those that are
over: 1.28 · s · √(r · (1 + r/n)), with s the spread of the monthly steps, n whole months behind and r to come.

By shape, where three past years are kept: the way gone so far over the part of the way that was usually gone by this
day; the range reaches from the fastest to the slowest of those years.

It is arithmetic, no promise: it knows nothing of a campaign in December. With fewer than three whole months, or with
less than a tenth of the way usually gone, it says nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import stdev

from targets.pace import YEARS_OF_A_SHAPE, half_up, share_by_shapes

FEWEST_MONTHS = 3
FOUR_OF_FIVE = 1.2816  # standard deviations on either side of the middle
LEAST_SHARE = Fraction(1, 10)
PACE, SHAPE = "pace", "shape"
METHODS = {
    PACE: "Theo mức tăng, giảm bình quân tháng của năm nay; khoảng dự báo 80 %, tính từ độ lệch giữa các tháng.",
    SHAPE: "Theo nhịp ba năm trước; khoảng dự báo từ năm nhanh nhất đến năm chậm nhất.",
}
TOO_EARLY = f"Chưa dự báo: cần ít nhất {FEWEST_MONTHS} tháng số liệu."
NO_FIGURE = "Chưa dự báo: chưa có số liệu."
OVER = "Năm đã hết: số thực hiện là kết quả."


@dataclass(frozen=True)
class Forecast:
    """In whole counted units, `low` ≤ `middle` ≤ `high`. `why`: why there is none; then the numbers are None."""

    low: int | None = None
    middle: int | None = None
    high: int | None = None
    method: str = ""
    why: str = ""

    @property
    def said(self) -> str:
        return METHODS.get(self.method, self.why)


def forecast(
    values: Sequence[tuple[date, int | None]],
    start: int | Fraction | None = 0,
    shapes: Sequence[Sequence[Fraction]] = (),
    most: int | None = None,
) -> Forecast:
    """`values`: the figure at the end of each month that is over and on the day asked about, the last of them.

    `start`: where the year began (None: unknown). `shapes`: of past years, as `pace.share_by_shapes` takes them.
    `most`: what the figure cannot be above, such as all persons. A figure that was never negative does not become so.
    """
    day, now = values[-1]
    if now is None or start is None:
        return Forecast(why=NO_FIGURE)
    if (day.month, day.day) == (12, 31):
        return Forecast(why=OVER)
    gone = _gone(day)
    if len(shapes) >= YEARS_OF_A_SHAPE:
        found = _by_shape(now, Fraction(start), shapes, day)
    else:
        found = _by_pace([value for at, value in values[:-1]] + ([now] if _is_month_end(day) else []), now, start, gone)
    if found is None:
        return Forecast(why=TOO_EARLY)
    low, middle, high, method = found
    floor = 0 if all(value is None or value >= 0 for _, value in values) else None
    return Forecast(*(_within(value, floor, most) for value in (low, middle, high)), method)


def _by_pace(months: list[int | None], now: int, start: int | Fraction, gone: float):
    """`months`: the figure at the end of each whole month."""
    if len(months) < FEWEST_MONTHS or None in months:
        return None
    ends = [float(start), *map(float, months)]
    steps = [two - one for one, two in zip(ends, ends[1:], strict=False)]
    left = 12 - gone
    middle = now + (now - float(start)) / gone * left
    spread = FOUR_OF_FIVE * stdev(steps) * math.sqrt(left * (1 + left / len(steps)))
    low, high = middle - spread, middle + spread
    if min(steps) >= 0 and now >= ends[-1]:  # what only ever grew does not shrink
        low = max(low, now)
    if max(steps) <= 0 and now <= ends[-1]:
        high = min(high, now)
    return min(low, middle), middle, max(high, middle), PACE


def _by_shape(now: int, start: Fraction, shapes: Sequence[Sequence[Fraction]], day: date):
    share = share_by_shapes(shapes, day.year, day)
    each = [share_by_shapes([shape] * YEARS_OF_A_SHAPE, day.year, day) for shape in shapes]
    if share is None or min([share, *each]) < LEAST_SHARE:
        return None
    ends = sorted(start + (now - start) / part for part in each)
    return ends[0], start + (now - start) / share, ends[-1], SHAPE


def _gone(day: date) -> float:
    """Months of the year that have passed at the end of the day."""
    length = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - date(day.year, day.month, 1)).days
    return day.month - 1 + day.day / length


def _is_month_end(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1


def _within(value: float | Fraction, floor: int | None, most: int | None) -> int:
    whole = half_up(Fraction(value))
    whole = whole if floor is None else max(whole, floor)
    return whole if most is None else min(whole, most)
