"""The reporting regime of Plan 66, section VI: 31 May (six months) and 30 November (year end). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    SIX_MONTHS = "six_months"
    YEAR_END = "year_end"


LABELS = {Kind.SIX_MONTHS: "6 tháng", Kind.YEAR_END: "Cuối năm"}
DAYS = {Kind.SIX_MONTHS: (5, 31), Kind.YEAR_END: (11, 30)}
OPENS_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Due:
    kind: Kind
    day: date

    @property
    def opens_on(self) -> date:
        return self.day - OPENS_BEFORE


def due_in(year: int) -> list[Due]:
    """The year's two periods, in order."""
    return [Due(kind, date(year, *month_and_day)) for kind, month_and_day in DAYS.items()]


def reporting_day(year: int, day: date) -> Due:
    """The period that falls on this very day. ValueError names the days that exist."""
    for due in due_in(year):
        if due.day == day:
            return due
    allowed = ", ".join(due.day.isoformat() for due in due_in(year))
    raise ValueError(f"{day.isoformat()} is not a reporting day; reporting days are {allowed}")
