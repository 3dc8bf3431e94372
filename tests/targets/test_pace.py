"""The straight line over the year and what is said of those above and below it. No database."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from targets.pace import UNKNOWN, Pace, falling, half_up, rising, share_of_year, worst


@pytest.mark.parametrize(
    ("year", "day", "share"),
    [
        (2023, date(2023, 1, 1), Fraction(1, 365)),
        (2023, date(2023, 9, 30), Fraction(273, 365)),
        (2023, date(2023, 12, 31), Fraction(1)),
        (2024, date(2024, 12, 30), Fraction(365, 366)),
    ],
)
def test_the_share_of_the_year_that_has_passed(year, day, share):
    assert share_of_year(year, day) == share


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2024, 1, 1)])
def test_a_day_of_another_year_has_no_share(day):
    with pytest.raises(ValueError, match="is not a day of 2023"):
        share_of_year(2023, day)


SEPTEMBER = Fraction(273, 365)


@pytest.mark.parametrize(
    ("actual", "state", "gap"),
    [
        (1559, "ok", 1),
        (1558, "ok", 0),  # exactly on the mark
        (1557, "watch", -1),
        (1465, "watch", -93),
        (1403, "watch", -155),  # 90 % of 1558 is 1402.2
        (1402, "late", -156),
        (0, "late", -1558),
        (-12, "late", -1570),
    ],
)
def test_rising_to_2083_by_the_end_of_september(actual, state, gap):
    assert rising(actual, 2083, SEPTEMBER) == Pace(1558, state, gap, Decimal("74.8"))


@pytest.mark.parametrize(
    ("now", "state", "gap"),
    [(4713, "ok", 0), (4712, "ok", 1), (4806, "watch", -93), (4900, "late", -187), (6300, "late", -1587)],
)
def test_falling_is_judged_by_what_was_taken_off(now, state, gap):
    assert falling(now, 4188, SEPTEMBER, 6271) == Pace(4713, state, gap, Decimal("74.8"))


def test_falling_from_below_the_goal_must_not_rise():
    assert falling(90, 100, SEPTEMBER, 90).state == "ok"
    assert falling(91, 100, SEPTEMBER, 90) == Pace(90, "late", -1, Decimal("74.8"))


def test_a_stock_rises_from_where_the_year_began():
    """Insurance: 88,1 % at the start, 97 % by the end of September, 100 % at the end."""
    start, goal = Fraction(18260 * 881, 1000), 18260
    pace = rising(17621, goal, SEPTEMBER, start)
    assert (pace.expected, pace.gap, pace.state, pace.mark) == (17712, -91, "watch", Decimal("97.0"))
    assert rising(goal, goal, Fraction(1), goal).state == "ok"


@pytest.mark.parametrize(
    "pace",
    [
        rising(None, 10, SEPTEMBER),
        rising(5, None, SEPTEMBER),
        rising(5, 0, SEPTEMBER),
        falling(None, 5, SEPTEMBER, 9),
        falling(5, None, SEPTEMBER, 9),
    ],
)
def test_nothing_known_or_nothing_set_has_no_pace(pace):
    assert pace == UNKNOWN
    assert (pace.state, pace.gap, pace.expected, pace.mark) == ("none", None, None, None)


def test_zero_is_known_and_late():
    assert rising(0, 10, SEPTEMBER).state == "late"
    assert rising(0, 10, Fraction(1, 365)).state == "ok"  # nothing is expected on New Year's Day


@pytest.mark.parametrize(
    ("value", "whole"), [("1/2", 1), ("3/2", 2), ("-1/2", -1), ("149/100", 1), ("-149/100", -1), ("0", 0)]
)
def test_half_up(value, whole):
    assert half_up(Fraction(value)) == whole


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["ok", "late", "watch"], "late"),
        (["ok", "watch"], "watch"),
        (["none", "ok"], "ok"),
        (["none"], "none"),
        ([], "none"),
    ],
)
def test_an_objective_is_as_late_as_its_slowest_part(states, state):
    assert worst([Pace(1, each, 0) for each in states]) == state
