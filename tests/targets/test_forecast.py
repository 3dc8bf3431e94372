"""Where a figure will stand on 31 December, and what is not said for want of data. No database."""

from datetime import date
from fractions import Fraction

import pytest

from targets.forecast import NO_FIGURE, OVER, TOO_EARLY, forecast
from targets.pace import ceiling, share_by_shapes

ENDS = [date(2023, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30))]


def values(*figures, last=None):
    found = list(zip(ENDS, figures, strict=False))
    return [*found, last] if last else found


def test_even_months_go_on_evenly_with_no_range():
    found = forecast(values(10, 20, 30, 40, 50, 60))
    assert (found.low, found.middle, found.high, found.method) == (120, 120, 120, "pace")


def test_uneven_months_give_a_range_that_what_only_grows_does_not_leave_downwards():
    found = forecast(values(30, 32, 60, 62, 90, 92))
    assert found.low < found.middle == 184 < found.high
    wild = forecast(values(0, 0, 90))
    assert (wild.low, wild.middle) == (90, 360)


def test_a_stock_that_falls_goes_on_falling_and_never_below_nothing():
    found = forecast(values(90, 80, 70, 60, 50, 40), start=100)
    assert (found.low, found.middle, found.high) == (0, 0, 0)
    assert forecast(values(99, 98, 97), start=100).middle == 88


def test_persons_are_never_more_than_all_of_them():
    assert forecast(values(95, 96, 97), start=94, most=100).high == 100


@pytest.mark.parametrize(
    ("figures", "start", "why"),
    [
        (values(10, 20), 0, TOO_EARLY),
        (values(None, 20, 30, 40), 0, TOO_EARLY),  # a hole in the year
        (values(10, 20, last=(date(2023, 3, 15), 25)), 0, TOO_EARLY),  # March is not over
        (values(10, 20, None), 0, NO_FIGURE),
        (values(10, 20, 30), None, NO_FIGURE),
        ([*values(1, 2, 3), (date(2023, 12, 31), 9)], 0, OVER),
    ],
)
def test_too_little_is_said_and_not_guessed(figures, start, why):
    found = forecast(figures, start=start)
    assert (found.middle, found.why) == (None, why)


EVEN = [Fraction(month, 12) for month in range(1, 13)]
LATE = [Fraction(month, 24) for month in range(1, 12)] + [Fraction(1)]  # half of it in December


def test_three_past_years_make_a_shape_and_two_do_not():
    assert share_by_shapes([EVEN, EVEN], 2023, date(2023, 6, 30)) is None
    assert share_by_shapes([EVEN] * 3, 2023, date(2023, 6, 30)) == Fraction(1, 2)
    assert share_by_shapes([EVEN] * 3, 2023, date(2023, 1, 31)) == Fraction(1, 12)
    assert share_by_shapes([EVEN, EVEN, LATE], 2023, date(2023, 6, 15)) == (2 * Fraction(11, 24) + Fraction(11, 48)) / 3
    assert share_by_shapes([EVEN] * 3, 2023, date(2023, 12, 31)) == 1


def test_the_shape_says_the_middle_and_its_years_the_range():
    found = forecast(values(5, 10, 15, 20, 25, 30), shapes=[EVEN, EVEN, LATE])
    assert (found.low, found.high, found.method) == (60, 120, "shape")
    assert found.low < found.middle < found.high
    early = forecast([(date(2023, 1, 20), 5)], shapes=[EVEN] * 3)
    assert early.why == TOO_EARLY


@pytest.mark.parametrize(
    ("actual", "state", "gap"), [(4, "ok", 1), (5, "ok", 0), (6, "late", -1), (None, "none", None)]
)
def test_what_should_stay_under_a_number_is_late_as_soon_as_it_is_above(actual, state, gap):
    pace = ceiling(actual, 5)
    assert (pace.state, pace.gap) == (state, gap)
