"""One cell of an office's sheet to one value (issue item 18). Never raises: errors are Vietnamese words in the answer."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "\u00a0": " ", **dict.fromkeys("\u200b\u200c\u200d\ufeff\u2060")})
_ODD = re.compile("[ÐƉ\u00a0\u200b\u200c\u200d\ufeff\u2060]")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2})")
LONGEST = 1000  # characters of a cell; nothing in a household list is longer
_EPOCH = date(1899, 12, 30)  # Excel's day 0, right for serials from 61 on


class Value(NamedTuple):
    """What was read; ``value`` is None when the cell is blank or wrong."""

    value: object = None
    error: str = ""
    warning: str = ""
    suggestion: object = None


_BLANK = Value()


def text(cell: object) -> Value:
    """NFC, one space between words, look-alike Đ put right; whole floats lose Excel's ``.0``."""
    if cell is None or cell == "":
        return _BLANK
    if isinstance(cell, str) and len(cell) > LONGEST:
        return Value(error="Ô quá dài.")
    return _text(cell)


@lru_cache(maxsize=20_000, typed=True)
def _text(cell: object) -> Value:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    written = str(cell)
    if not written.isascii():
        written = unicodedata.normalize("NFC", written)
        if _ODD.search(written):
            written = written.translate(_LOOKALIKES)
    return Value(" ".join(written.split()) or None)


@lru_cache(maxsize=20_000, typed=True)
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


@lru_cache(maxsize=20_000, typed=True)
def birth(cell: object) -> Value:
    """A date (dd/mm/yyyy, Excel serial, real date) as ``date``, a year alone as ``int``, a month as (year, month).

    A year of two digits is read as 20xx up to 30, else as 19xx, with a warning (regulation 7.6).
    """
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
    if found := _MONTH.fullmatch(written):
        month, year = int(found[1]), int(found[2])
        if 1 <= month <= 12 and 1900 <= year <= 2100:
            return Value((year, month))
        return Value(error="Tháng không có trong lịch.")
    if found := _SHORT.fullmatch(written):
        year = int(found[3]) + (2000 if int(found[3]) <= 30 else 1900)
        try:
            read = date(year, int(found[2]), int(found[1]))
        except ValueError:
            return Value(error="Ngày không có trong lịch.")
        return Value(read, warning=f"Năm sinh ghi 2 chữ số: đọc là {year}.")
    if len(written) == 2 and written.isascii() and written.isdigit():
        year = int(written) + (2000 if int(written) <= 30 else 1900)
        return Value(year, warning=f"Năm sinh ghi 2 chữ số: đọc là {year}.")
    if len(written) <= 5 and written.isascii() and written.isdigit():
        count = int(written)
        if 1900 <= count <= 2100:
            return Value(count)
        if 2100 < count <= 73050:
            return Value(_EPOCH + timedelta(days=count))
    return Value(error="Ghi ngày dạng dd/mm/yyyy hoặc chỉ năm sinh.")


def citizen_id(cell: object) -> Value:
    """Twelve digits; eleven may have lost a leading zero in Excel: suggested, never put right silently."""
    if isinstance(cell, str) and len(cell) == 12 and cell.isascii() and cell.isdigit():
        return Value(cell)
    written = re.sub(r"[\s.-]", "", text(cell).value or "").lstrip("'")
    if not written:
        return Value()
    if not (written.isascii() and written.isdigit()):
        return Value(error="Số CCCD chỉ gồm chữ số.")
    if len(written) == 12:
        return Value(written)
    suggestion = "0" + written if len(written) == 11 else None
    return Value(error="Số CCCD phải đủ 12 chữ số.", suggestion=suggestion)


@lru_cache(maxsize=20_000, typed=True)
def sex(cell: object) -> Value:
    """``male`` or ``female``."""
    written = (text(cell).value or "").casefold()
    if not written:
        return Value()
    found = {"nam": "male", "nữ": "female", "nu": "female"}.get(written)
    return Value(found) if found else Value(error="Giới tính ghi Nam hoặc Nữ.")


_RELATIONS = {
    "head": "chủ hộ|chủ|chủ hộ gia đình|ch",
    "spouse": "vợ|chồng|vợ chồng|vợ/chồng|vợ, chồng|vợ chủ hộ|chồng chủ hộ",
    "child": "con|con trai|con gái|con đẻ|con ruột|con nuôi|con út|con trưởng|con cả|con riêng|con thứ",
    "parent": "bố|mẹ|cha|ba|má|bố đẻ|mẹ đẻ|cha đẻ|mẹ ruột|cha ruột|bố mẹ|bố, mẹ|cha mẹ|cha, mẹ|mẹ già|bố ruột",
    "grandchild": "cháu|cháu nội|cháu ngoại|cháu ruột|cháu trai|cháu gái",
    "sibling": "anh|chị|em|anh trai|chị gái|em trai|em gái|anh ruột|chị ruột|em ruột|anh chị em|anh, chị, em|anh em",
    "other": "khác|ông|bà|ông nội|ông ngoại|bà nội|bà ngoại|con dâu|con rể|dâu|rể|bố vợ|bố chồng|mẹ vợ|mẹ chồng|cha vợ"
    "|cha chồng|cô|dì|chú|bác|cậu|mợ|thím|chắt|em dâu|em rể|chị dâu|anh rể|cháu dâu|cháu rể|ở nhờ|người ở nhờ"
    "|thành viên|thành viên khác|không có quan hệ",
}
_RELATION = {words: key for key, all_words in _RELATIONS.items() for words in all_words.split("|")}


@lru_cache(maxsize=2000, typed=True)
def relation(cell: object) -> Value:
    """A key of ``Member.Relation``; relations that the register does not tell apart are ``other``, with a warning."""
    written = (text(cell).value or "").casefold().strip(" .:-").replace(" / ", "/")
    if not written:
        return Value()
    found = _RELATION.get(written) or _RELATION.get(written.removesuffix(" chủ hộ").removesuffix(" của"))
    if not found:
        return Value(error="Quan hệ ghi Chủ hộ, Vợ, Chồng, Con, Bố, Mẹ, Cháu, Anh, Chị, Em hoặc Khác.")
    if found == "other" and written != "khác":
        return Value(found, warning=f"Quan hệ “{text(cell).value}” ghi vào sổ là Khác.")
    return Value(found)


_YES = {"có", "x", "co", "1", "true", "v", "✓", "✔", "đúng", "yes", "rồi"}
_NO = {"không", "khong", "k", "0", "false", "sai", "no", "-", "chưa"}


@lru_cache(maxsize=2000, typed=True)
def yes_no(cell: object) -> Value:
    """True, False, or None for a blank cell: a blank is not a no."""
    written = (text(cell).value or "").casefold()
    if not written:
        return Value()
    if written in _YES or written in _NO:
        return Value(written in _YES)
    return Value(error="Ghi Có hoặc Không.")


# First digits of the eleven-digit mobile numbers of before 2018 and what they became (regulation 7.3).
_MOVED = {"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084"}
_MOVED |= {"0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059"}
_MOVED |= {f"016{digit}": f"03{digit}" for digit in "23456789"}
_PHONE = re.compile(r"0[35789][0-9]{8}|02[0-9]{9}")


@lru_cache(maxsize=20_000, typed=True)
def phone(cell: object) -> Value:
    """Ten digits of a mobile, eleven of a landline. Lost zeros and numbers of before 2018 are suggestions."""
    if isinstance(cell, str) and _PHONE.fullmatch(cell):
        return Value(cell)
    written = text(cell).value
    if not written:
        return Value()
    digits = re.sub(r"[\s.()'-]", "", written)
    digits = "0" + digits.removeprefix("+84") if digits.startswith("+84") else digits
    if _PHONE.fullmatch(digits):
        return Value(digits)
    suggestion = None
    if len(digits) == 11 and digits[:4] in _MOVED:
        suggestion = _MOVED[digits[:4]] + digits[4:]
    elif _PHONE.fullmatch("0" + digits):
        suggestion = "0" + digits
    elif _PHONE.fullmatch("0" + digits.removeprefix("84")):
        suggestion = "0" + digits.removeprefix("84")
    return Value(error="Số điện thoại có 10 chữ số, bắt đầu bằng 0.", suggestion=suggestion)


def old_id(cell: object) -> Value:
    """Nine digits of a CMND; eight may have lost a leading zero: suggested."""
    if isinstance(cell, str) and len(cell) == 9 and cell.isascii() and cell.isdigit():
        return Value(cell)
    written = re.sub(r"[\s.'-]", "", text(cell).value or "")
    if not written:
        return Value()
    if written.isascii() and written.isdigit() and len(written) == 9:
        return Value(written)
    lost = written.isascii() and written.isdigit() and len(written) == 8
    return Value(error="Số CMND cũ phải đủ 9 chữ số.", suggestion="0" + written if lost else None)


_CARD = re.compile(r"(?:[A-Z]{2}[1-5][0-9]{2})?([0-9]{10})")


def insurance(cell: object) -> Value:
    """The ten digits of social insurance, also of a card's fifteen signs; lost zeros are suggested."""
    if isinstance(cell, str) and len(cell) == 10 and cell.isascii() and cell.isdigit():
        return Value(cell)
    written = re.sub(r"[\s.'-]", "", text(cell).value or "").upper()
    if not written:
        return Value()
    if found := _CARD.fullmatch(written):
        return Value(found[1])
    lost = written.isascii() and written.isdigit() and len(written) in (8, 9)
    wrong = "Mã bảo hiểm có 10 chữ số, hoặc 15 ký tự như trên thẻ."
    return Value(error=wrong, suggestion=written.zfill(10) if lost else None)


_CATEGORIES = {
    "poor": "hộ nghèo|nghèo|hn",
    "near_poor": "hộ cận nghèo|cận nghèo|hcn|cn",
    "average": "hộ có mức sống trung bình|mức sống trung bình|hộ làm nông, lâm, ngư, diêm nghiệp có mức sống trung bình"
    "|trung bình|tb",
    "none": "hộ không nghèo|không nghèo|thoát nghèo|hộ thoát nghèo|thoát cận nghèo|hộ thoát cận nghèo",
}
_CATEGORY = {words: key for key, all_words in _CATEGORIES.items() for words in all_words.split("|")}


@lru_cache(maxsize=2000, typed=True)
def category(cell: object) -> Value:
    """``poor``, ``near_poor``, ``average`` or ``none``: what the list says; the register takes no status from it."""
    written = (text(cell).value or "").casefold()
    if not written:
        return Value()
    found = _CATEGORY.get(written)
    return Value(found) if found else Value(error="Phân loại ghi Hộ nghèo, Hộ cận nghèo hoặc Không nghèo.")


_TENURES = {
    "own": "nhà của hộ|nhà riêng|sở hữu|nhà ở riêng|của hộ|chính chủ",
    "rent": "thuê nhà tư nhân|thuê|nhà thuê|ở trọ|thuê trọ|nhà trọ",
    "rent_state": "thuê nhà của nhà nước|nhà nhà nước|thuê của nhà nước|chung cư nhà nước",
    "borrowed": "ở nhờ|mượn|nhà mượn|nhờ",
}
_TENURE = {words: key for key, all_words in _TENURES.items() for words in all_words.split("|")}


@lru_cache(maxsize=2000, typed=True)
def tenure(cell: object) -> Value:
    """A key of ``Household.Tenure``."""
    written = (text(cell).value or "").casefold()
    if not written:
        return Value()
    found = _TENURE.get(written)
    return Value(found) if found else Value(error="Chỗ ở ghi Nhà của hộ, Thuê, Thuê của Nhà nước hoặc Ở nhờ.")
