"""One cell of an office's sheet to one value (issue item 18). Never raises: errors are Vietnamese words in the answer."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "\u00a0": " ", **dict.fromkeys("\u200b\u200c\u200d\ufeff\u2060")})
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_EPOCH = date(1899, 12, 30)  # Excel's day 0, right for serials from 61 on


@dataclass(frozen=True, slots=True)
class Value:
    """What was read; ``value`` is None when the cell is blank or wrong."""

    value: object = None
    error: str = ""
    warning: str = ""
    suggestion: object = None


def text(cell: object) -> Value:
    """NFC, one space between words, look-alike Đ put right; whole floats lose Excel's ``.0``."""
    if cell is None:
        return Value()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = unicodedata.normalize("NFC", str(cell)).translate(_LOOKALIKES).split()
    return Value(" ".join(words) or None)


def number(cell: object) -> Value:
    """``1.259`` and ``1259`` are 1259, ``1,39`` is 1.39; numbers of the sheet stay as they are."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Value(cell) if cell == cell and abs(cell) != float("inf") else Value(error="Không phải là số.")
    written = text(cell).value
    if written is None:
        return Value()
    if _GROUPED.fullmatch(written):
        written = written.replace(".", "")
    elif not _PLAIN.fullmatch(written):
        return Value(error="Không phải là số.")
    written = written.replace(",", ".")
    return Value(float(written) if "." in written else int(written))


def birth(cell: object) -> Value:
    """A date (dd/mm/yyyy, Excel serial, real date) as ``date``, or a year alone as ``int``."""
    if isinstance(cell, datetime):
        return Value(cell.date())
    if isinstance(cell, date):
        return Value(cell)
    written = text(cell).value
    if written is None:
        return Value()
    if found := _DAY.fullmatch(written):
        try:
            return Value(date(int(found[3]), int(found[2]), int(found[1])))
        except ValueError:
            return Value(error="Ngày không có trong lịch.")
    if len(written) <= 5 and written.isascii() and written.isdigit():
        count = int(written)
        if 1900 <= count <= 2100:
            return Value(count)
        if 2100 < count <= 73050:
            return Value(_EPOCH + timedelta(days=count))
    return Value(error="Ghi ngày dạng dd/mm/yyyy hoặc chỉ năm sinh.")


def citizen_id(cell: object) -> Value:
    """Twelve digits; eleven may have lost a leading zero in Excel: suggested, never put right silently."""
    written = (text(cell).value or "").replace(" ", "").lstrip("'")
    if not written:
        return Value()
    if not (written.isascii() and written.isdigit()):
        return Value(error="Số CCCD chỉ gồm chữ số.")
    if len(written) == 12:
        return Value(written)
    suggestion = "0" + written if len(written) == 11 else None
    return Value(error="Số CCCD phải đủ 12 chữ số.", suggestion=suggestion)


def sex(cell: object) -> Value:
    """``male`` or ``female``."""
    written = (text(cell).value or "").casefold()
    if not written:
        return Value()
    found = {"nam": "male", "nữ": "female", "nu": "female"}.get(written)
    return Value(found) if found else Value(error="Giới tính ghi Nam hoặc Nữ.")
