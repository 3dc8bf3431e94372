"""Deadlines in working days: Monday to Friday, less the holidays of a table. Pure."""

from collections.abc import Collection
from datetime import date, timedelta


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def after(day: date, days: int, *, working: bool, holidays: Collection[date] = ()) -> date:
    """The last day of a deadline of so many days that begins on the day after `day`. ValueError for fewer than one.

    A deadline in calendar days that ends on a day off ends on the next working day (Civil Code 2015, art. 148.5).
    """
    if days < 1:
        raise ValueError(f"a deadline of {days} days")
    end = day
    if working:
        for _ in range(days):
            end = next_working_day(end + timedelta(days=1), holidays)
        return end
    return next_working_day(day + timedelta(days=days), holidays)


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself when it is a working day."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day
