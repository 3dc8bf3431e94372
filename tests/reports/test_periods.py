from datetime import date

import pytest

from reports.periods import Kind, due_in, next_due, reporting_day, to_freeze, to_open


def days(dues):
    return [due.day.isoformat() for due in dues]


@pytest.mark.parametrize("year", [2023, 2024, 2100])
def test_a_year_has_two_periods_leap_or_not(year):
    six, end = due_in(year)
    assert (six.kind, six.day, six.opens_on) == (Kind.SIX_MONTHS, date(year, 5, 31), date(year, 5, 1))
    assert (end.kind, end.day, end.opens_on) == (Kind.YEAR_END, date(year, 11, 30), date(year, 10, 31))


@pytest.mark.parametrize(
    ("today", "opened", "frozen"),
    [
        (date(2023, 4, 30), [], []),
        (date(2023, 5, 1), ["2023-05-31"], []),
        (date(2023, 5, 30), ["2023-05-31"], []),
        (date(2023, 5, 31), ["2023-05-31"], []),
        (date(2023, 6, 1), ["2023-05-31"], ["2023-05-31"]),
        (date(2023, 10, 31), ["2023-05-31", "2023-11-30"], ["2023-05-31"]),
        (date(2023, 11, 29), ["2023-05-31", "2023-11-30"], ["2023-05-31"]),
        (date(2023, 11, 30), ["2023-05-31", "2023-11-30"], ["2023-05-31"]),
        (date(2023, 12, 1), ["2023-05-31", "2023-11-30"], ["2023-05-31", "2023-11-30"]),
    ],
)
def test_what_is_open_and_what_is_frozen_by_a_day(today, opened, frozen):
    assert days(to_open([2023], today)) == opened
    assert days(to_freeze([2023], today)) == frozen


@pytest.mark.parametrize(
    ("today", "by_hand", "by_itself"),
    [(date(2023, 5, 30), False, False), (date(2023, 5, 31), True, False), (date(2023, 6, 1), True, True)],
)
def test_the_day_before_the_day_itself_and_the_day_after(today, by_hand, by_itself):
    due = reporting_day(2023, date(2023, 5, 31))
    assert (due.may_be_made_on(today), due.is_over_on(today)) == (by_hand, by_itself)


def test_a_machine_that_was_off_for_years_catches_up_on_every_plan_in_order():
    today = date(2025, 1, 2)
    assert days(to_freeze([2024, 2023, 2025], today)) == ["2023-05-31", "2023-11-30", "2024-05-31", "2024-11-30"]
    assert to_open([], today) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2023, 5, 30), "2023-05-31"), (date(2023, 5, 31), "2023-11-30"), (date(2023, 11, 30), None)],
)
def test_the_next_period_is_the_first_whose_day_has_not_come(today, expected):
    due = next_due([2023], today)
    assert (due and due.day.isoformat()) == expected


def test_another_day_is_refused_by_the_names_of_the_right_ones():
    assert reporting_day(2023, date(2023, 11, 30)).kind == Kind.YEAR_END
    with pytest.raises(ValueError, match="2023-05-31, 2023-11-30"):
        reporting_day(2023, date(2023, 5, 30))
