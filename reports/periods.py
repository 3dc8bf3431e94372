"""The reporting regime of Plan 66, section VI: 31 May (six months) and 30 November (year end). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    SIX_MONTHS = "six_months"
    YEAR_END = "year_end"
    AD_HOC = "ad_hoc"  # for a session of the city's council or committee


LABELS = {Kind.SIX_MONTHS: "6 tháng", Kind.YEAR_END: "Cuối năm", Kind.AD_HOC: "Đột xuất"}
DAYS = {Kind.SIX_MONTHS: (5, 31), Kind.YEAR_END: (11, 30)}
OPENS_BEFORE = timedelta(days=30)
# A report takes seconds, and `generate` holds its row besides: whoever took a period in hand before that is dead. Short,
# so that the job of a killed worker does not use up its tries while it waits (accounts/job_kinds.py).
STALE = timedelta(minutes=2)


@dataclass(frozen=True)
class Due:
    kind: Kind
    day: date

    @property
    def opens_on(self) -> date:
        return self.day - OPENS_BEFORE

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    def is_open_on(self, today: date) -> bool:
        return self.opens_on <= today

    def may_be_made_on(self, today: date) -> bool:
        """By hand: from the day itself on, never before it."""
        return self.day <= today

    def is_over_on(self, today: date) -> bool:
        """By itself: once the day is over, so that nothing decided on it is lost; and for ever after, so that a machine
        that was off does the work when it is back."""
        return self.day < today


def due_in(year: int) -> list[Due]:
    """The year's two periods, in order."""
    return [Due(kind, date(year, *month_and_day)) for kind, month_and_day in DAYS.items()]


def ad_hoc_faults(*, year: int, day: date, due_on: date, today: date) -> dict[str, str]:
    """Field → what is wrong with the days of a report asked for a session: figures as of `day`, owed by `due_on`."""
    wrong = {}
    if day.year != year:
        wrong["day"] = f"Kế hoạch này của năm {year}: số liệu phải đến một ngày trong năm đó."
    if due_on < today:
        wrong["due_on"] = "Hạn nộp đã qua. Ghi từ hôm nay trở đi."
    elif due_on < day:
        wrong["due_on"] = "Hạn nộp phải từ ngày chốt số liệu trở đi."
    return wrong


def to_open(years: Iterable[int], today: date) -> list[Due]:
    """Every period of these plan years that should be open by today, however long ago it opened."""
    return [due for year in sorted(years) for due in due_in(year) if due.is_open_on(today)]


def to_freeze(years: Iterable[int], today: date) -> list[Due]:
    """Every period of these plan years that should have frozen by itself by today, however long ago its day was."""
    return [due for year in sorted(years) for due in due_in(year) if due.is_over_on(today)]


def next_due(years: Iterable[int], today: date) -> Due | None:
    """The first period of these plan years whose day has not come yet."""
    return next((due for year in sorted(years) for due in due_in(year) if due.day > today), None)


def reporting_day(year: int, day: date) -> Due:
    """The period that falls on this very day. ValueError names the days that exist."""
    for due in due_in(year):
        if due.day == day:
            return due
    allowed = ", ".join(due.day.isoformat() for due in due_in(year))
    raise ValueError(f"{day.isoformat()} is not a reporting day; reporting days are {allowed}")
