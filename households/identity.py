"""Citizen ID numbers: checked and shown masked. Pure; accounts/vault.py encrypts them and finds them by a keyed hash."""

import re

# Provinces and cities in which a birth is registered; the codes of before 2025, which nobody's number lost.
PROVINCES = frozenset(
    {  # fmt: skip
        1,
        2,
        4,
        6,
        8,
        10,
        11,
        12,
        14,
        15,
        17,
        19,
        20,
        22,
        24,
        25,
        26,
        27,
        30,
        31,
        33,
        34,
        35,
        36,
        37,
        38,
        40,
        42,
        44,
        45,
        46,
        48,
        49,
        51,
        52,
        54,
        56,
        58,
        60,
        62,
        64,
        66,
        67,
        68,
        70,
        72,
        74,
        75,
        77,
        79,
        80,
        82,
        83,
        84,
        86,
        87,
        89,
        91,
        92,
        93,
        94,
        95,
        96,
    }
)


def clean(number: str) -> str:
    """Twelve digits, or ValueError. There is no check digit (regulation: CCCD, 12 digits)."""
    digits = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise ValueError("Số định danh phải có đúng 12 chữ số.")
    return digits


def clean_old_id(number: str) -> str:
    """An old identity card (CMND): nine digits, or ValueError (regulation 7.1)."""
    digits = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(r"[0-9]{9}", digits):
        raise ValueError("Số CMND cũ phải có đúng 9 chữ số.")
    return digits


def clean_insurance(number: str) -> str:
    """The ten-digit social insurance number, also of a card's fifteen characters, or ValueError (regulation 7.2)."""
    typed = re.sub(r"[\s.\-]", "", number).upper()
    if not re.fullmatch(r"(?:[A-Z]{2}[1-5][0-9]{2})?[0-9]{10}", typed):
        raise ValueError("Mã bảo hiểm có 10 chữ số, hoặc 15 ký tự như trên thẻ (HN2 48 và 10 chữ số).")
    return typed[-10:]


def warnings(number: str, sex: str, birth_year: int) -> list[str]:
    """What looks odd in a cleaned citizen ID number ('' for none); never a reason to refuse it (regulation 7.1)."""
    if not number:
        return []
    found = []
    if not _known_place(int(number[:3])):
        found.append(f"Mã nơi đăng ký khai sinh {number[:3]} không có trong danh mục.")
    if sex in ("male", "female") and (int(number[3]) % 2 == 1) != (sex == "female"):
        found.append("Giới tính trong số định danh khác giới tính đã ghi.")
    year = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])
    if year != birth_year:
        found.append(f"Năm sinh trong số định danh ({year}) khác năm sinh đã ghi.")
    return found


def _known_place(code: int) -> bool:
    """Provinces 001 to 096 with holes, countries from 100 on: people born abroad have a country's code."""
    return code in PROVINCES or code >= 100


def mask(last_four: str) -> str:
    return f"••••••••{last_four}" if last_four else ""
