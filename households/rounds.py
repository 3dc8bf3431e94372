"""The review rounds of a year (Decision 24/2021/QĐ-TTg). Pure; an office may move a round's days in the admin.

The annual round runs from 1 September to 14 December (art. 4). A regular round begins on the 15th of each month (art. 5);
the decision is due 15 days after a household's review begins. We let a regular round last until the next one begins:
a survey of the 3rd then belongs to the round of the month before, and a late one is late instead of impossible to enter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = (
    2021,
    2100,
)  # the decision is in force from 1/9/2021; the upper bound catches a slip of the finger
ANNUAL_STARTS, ANNUAL_ENDS = (9, 1), (12, 14)
REGULAR_STARTS_ON_THE = 15


@dataclass(frozen=True)
class RoundDates:
    """A round's kind ('annual' or 'regular'), name and days, both inclusive."""

    year: int
    kind: str
    name: str
    starts_on: date
    ends_on: date


def rounds_of(year: int) -> list[RoundDates]:
    """The annual round and the twelve regular ones that begin in the year. ValueError for a year nobody reviews in."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no rounds in {year}: allowed are {FIRST_YEAR} to {LAST_YEAR}")
    annual = RoundDates(year, "annual", f"Định kỳ {year}", date(year, *ANNUAL_STARTS), date(year, *ANNUAL_ENDS))
    return [annual, *(_regular(year, month) for month in range(1, 13))]


def _regular(year: int, month: int) -> RoundDates:
    following = date(year + month // 12, month % 12 + 1, REGULAR_STARTS_ON_THE)
    starts_on = date(year, month, REGULAR_STARTS_ON_THE)
    return RoundDates(year, "regular", f"Thường xuyên tháng {month}/{year}", starts_on, following - timedelta(days=1))


def current(rounds: Iterable, today: date):
    """The round to work in: the open one, annual first; else the annual one begun last; else the last begun. Or None.

    Takes anything with kind, starts_on and ends_on.
    """
    begun = sorted((each for each in rounds if each.starts_on <= today), key=lambda each: each.starts_on, reverse=True)
    still_open = [each for each in begun if today <= each.ends_on]
    for candidates in (still_open, begun):
        annual = [each for each in candidates if each.kind == "annual"]
        if candidates:
            return (annual or candidates)[0]
    return None
