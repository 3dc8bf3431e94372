"""When a task is owed: once by a day, at the end of each month, or for each report of the plan. Pure.

A rhythm is answered slot by slot: an update may say that it is the report for the oldest slot not answered yet, so a
late one answers the slot it is late for and not the next.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from areas.vietnamese import day as write_day

# Section VI of Plan 66; the same days as reports/periods.py, which stands above this floor (a test compares them).
REPORT_DAYS = ((5, 31), (11, 30))


class Rhythm(StrEnum):
    PERIOD = ""  # nobody set anything: as the plan's own reports
    ONCE = "once"
    MONTHLY = "monthly"


RHYTHM_LABELS = {
    Rhythm.PERIOD: "Theo kỳ báo cáo",
    Rhythm.ONCE: "Một lần, trước ngày",
    Rhythm.MONTHLY: "Hằng tháng",
}


def slots(rhythm: str, year: int, start: date) -> list[date]:
    """The days of the plan's year on which a report is owed, from the day the plan was issued. None for `once`."""
    if rhythm == Rhythm.PERIOD:
        days = [date(year, *month_and_day) for month_and_day in REPORT_DAYS]
    elif rhythm == Rhythm.MONTHLY:
        days = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    else:
        days = []
    return [day for day in days if day >= start]


def next_due(*, rhythm: str, due_on: date | None, year: int, start: date, reported_to: date | None) -> date | None:
    """The day by which something is owed next; None when every slot has been answered."""
    if rhythm == Rhythm.ONCE:
        return due_on
    return next((day for day in slots(rhythm, year, start) if reported_to is None or day > reported_to), None)


def schedule_faults(*, rhythm: str, due_on: date | None, year: int) -> dict[str, str]:
    """Field → what is wrong with a due date or rhythm."""
    if rhythm not in set(Rhythm):
        return {"rhythm": "Chọn một cách giao hạn trong danh sách."}
    if rhythm == Rhythm.ONCE and due_on is None:
        return {"due_on": "Ghi ngày phải xong."}
    if rhythm != Rhythm.ONCE and due_on is not None:
        return {"due_on": "Chỉ ghi ngày khi giao hạn một lần; để trống nếu báo cáo theo nhịp."}
    if due_on and due_on.year != year:
        return {"due_on": f"Kế hoạch này của năm {year}: hạn phải từ 01/01/{year} đến 31/12/{year}."}
    return {}


def days_late(due: date | None, day: date) -> int:
    """How many days past the due date; 0 on the day itself and before it."""
    return max((day - due).days, 0) if due else 0


def step_reached(steps: Iterable[int], due: date, day: date) -> int | None:
    """The newest step of the reminders reached by `day`; steps count days from the due date, −7 is a week before it.

    Only the newest: who was not told a week before, because the machine was off, is told the day before and not twice.
    """
    return max((step for step in steps if step <= (day - due).days), default=None)


def due_words(due: date | None, day: date) -> str:
    """'hạn 31/05/2023, còn 3 ngày', for e-mails and notices."""
    if due is None:
        return ""
    left = (due - day).days
    when = "hôm nay" if left == 0 else f"còn {left} ngày" if left > 0 else f"quá hạn {-left} ngày"
    return f"hạn {write_day(due)}, {when}"
