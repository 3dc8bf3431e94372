"""Targets handed down: from the city to its districts, from a district to its wards. Pure.

What an area is given stands beside what it sets itself, which may only be stricter (Liên Chiểu was given 820 poor
households at the end of 2024 and set itself 683). Parts that do not add up to the whole need a reason.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from areas.vietnamese import number
from targets.indicators import INDICATORS

MOST = Decimal(1_000_000)


def own_fault(code: str, given: Decimal | None, own: Decimal) -> str:
    """Why an area may not set itself `own`; empty when it may."""
    if own < 0:
        return "Chỉ tiêu không được âm."
    direction, unit = INDICATORS[code].direction, INDICATORS[code].counted_in
    if direction == "none":
        return "Đây là số liệu, không phải chỉ tiêu phấn đấu."
    if given is None:
        return "Chưa được giao chỉ tiêu này."
    if direction == "down" and own > given:
        return f"Chỉ tiêu tự đặt phải chặt hơn: không quá {number(given)} {unit}."
    if direction == "up" and own < given:
        return f"Chỉ tiêu tự đặt phải chặt hơn: từ {number(given)} {unit}."
    return ""


def value_fault(code: str, value: Decimal | None) -> str:
    if value is None:
        return ""
    if value < 0:
        return "Chỉ tiêu không được âm."
    if INDICATORS[code].unit == "percent":
        return "Tỷ lệ không quá 100 %." if value > 100 else ""
    if value != int(value):
        return "Ghi số nguyên."
    return "Số này lớn quá." if value > MOST else ""


def line_faults(values: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Indicator → what does not fit within one area's line of the appendix."""
    start, cut, end = (values.get(f"poor_labour_{part}") for part in ("start", "reduction", "end"))
    found = {}
    if None not in (start, cut) and cut > start:
        found["poor_labour_reduction"] = f"Giảm nhiều hơn số đầu năm ({number(start)})."
    elif None not in (start, cut, end) and start - cut != end:
        found["poor_labour_end"] = f"{number(start)} − {number(cut)} = {number(start - cut)}, không phải {number(end)}."
    for part in ("central_poor_reduction", "special_hardship_reduction"):
        value = values.get(part)
        if None not in (value, cut) and value > cut:
            found[part] = f"Là một phần của số giảm: không quá {number(cut)}."
    return found


def sum_fault(code: str, whole: Decimal | None, parts: Iterable[Decimal | None]) -> str:
    """Says by how much the parts miss the whole; empty when they meet it, or one of them is not set yet."""
    parts = list(parts)
    if whole is None or not parts or None in parts:
        return ""
    total = sum(parts)
    if total == whole or INDICATORS[code].unit == "percent":
        return ""
    words = f"Cộng lại {number(total)}, được giao {number(whole)}"
    return f"{words}: {'thừa' if total > whole else 'thiếu'} {number(abs(total - whole))}. Sửa, hoặc ghi lý do."
