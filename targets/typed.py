"""What a typed figure must be, and when it is too far from what was counted. Pure.

Asked by the form, so that the message stands at the field, and by the service.
"""

from datetime import date
from decimal import Decimal

from areas.vietnamese import day as write_day
from areas.vietnamese import number
from targets.measures import Typed, percent


def faults(
    *,
    year: int,
    day: date | None,
    count: int | None,
    whole: int | None,
    today: date,
    closed_to: date | None = None,
    share: bool = True,
) -> dict[str, str]:
    """Field → what is wrong with it. What could not be read (None) has been complained about already.

    `share`: whether the figure is one of so many, which it cannot be above.
    """
    found = {}
    if day and day.year != year:
        found["day"] = f"Kế hoạch này của năm {year}: ghi một ngày trong năm đó."
    elif day and day > today:
        found["day"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    elif day and closed_to and day <= closed_to:
        found["day"] = f"Số liệu đến {write_day(closed_to)} đã chốt. Ghi ngày sau đó, hoặc đề nghị Sở LĐTBXH mở lại kỳ."
    if count is not None and count < 0:
        found["count"] = "Số thực hiện không được âm."
    if not share:
        return found
    if whole is not None and whole < 1:
        found["whole"] = "Tổng số phải lớn hơn 0."
        found.pop("count", None)
    elif "count" not in found and None not in (count, whole) and count > whole:
        found["count"] = f"Số thực hiện không được lớn hơn tổng số ({number(whole)}): tỷ lệ không quá 100 %."
    return found


def apart(typed: Typed, computed: Typed, tolerance: Decimal) -> bool:
    """Whether a typed figure differs from the computed one by more than `tolerance` percent of the computed one.

    Shares are compared as shares: 612 of 1.140 against 610 of 1.136.
    """
    (count, whole), (counted, of) = typed, computed
    off = count * (of or 1) - counted * (whole or 1)
    return abs(off) * 100 > tolerance * abs(counted * (whole or 1))


def said(pair: Typed) -> str:
    """'612/1.140 (53,68 %)' or '612'."""
    count, whole = pair
    return number(count) if whole is None else f"{number(count)}/{number(whole)} ({number(percent(count, whole), 2)} %)"
