"""What a typed figure must be. Pure; asked by the form, so that the message stands at the field, and by the service."""

from datetime import date

from areas.vietnamese import day as write_day
from areas.vietnamese import number


def faults(*, year: int, day: date | None, count: int | None, whole: int | None, today: date) -> dict[str, str]:
    """Field → what is wrong with it. What could not be read (None) has been complained about already."""
    found = {}
    if day and day.year != year:
        found["day"] = f"Kế hoạch này của năm {year}: ghi một ngày trong năm đó."
    elif day and day > today:
        found["day"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    if whole is not None and whole < 1:
        found["whole"] = "Tổng số phải lớn hơn 0."
    elif count is not None and count < 0:
        found["count"] = "Số đã đạt không được âm."
    elif None not in (count, whole) and count > whole:
        found["count"] = f"Số đã đạt không được lớn hơn tổng số ({number(whole)})."
    return found
