"""What makes two entries likely to be the same person, and how likely. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from areas.vietnamese import fold

SAME_PERSON = 60  # same folded name and birth year: what every candidate has
SAME_PHONE = 25
SAME_ADDRESS = 15
SAME_BIRTHDAY = 20  # day and month too
MORE_PEOPLE = 20  # two or more people stand in both households
ACROSS = 75  # in a whole city name and year alone say little: what a pair of two wards must reach

Key = tuple[str, int]


@dataclass(frozen=True)
class Seen:
    """A person as far as the comparison looks: of a sheet, or of the register."""

    full_name: str
    birth_year: int
    phone: str = ""
    address: str = ""
    birthday: tuple[int, int] | None = None  # month and day, where both are known

    @property
    def key(self) -> Key:
        return fold(self.full_name), self.birth_year


def phone_key(text: str) -> str:
    """Digits of a phone number, '+84' read as '0'; '' for what has fewer than nine."""
    digits = re.sub(r"\D", "", text)
    if digits.startswith("84") and len(digits) >= 11:
        digits = f"0{digits[2:]}"
    return digits if len(digits) >= 9 else ""


def address_key(text: str) -> str:
    """Folded words of an address; signs between them do not count, but 'K7/12' is not 'K71 2'."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def likeness(one: Seen, other: Seen) -> tuple[int, tuple[str, ...]]:
    """Score of 100 and its reasons in Vietnamese; (0, ()) when the name or the birth year differs."""
    if one.key != other.key:
        return 0, ()
    score, reasons = SAME_PERSON, ["cùng họ tên và năm sinh"]
    for points, key, field, words in (
        (SAME_PHONE, phone_key, "phone", "cùng điện thoại"),
        (SAME_ADDRESS, address_key, "address", "cùng địa chỉ"),
    ):
        if key(getattr(one, field)) and key(getattr(one, field)) == key(getattr(other, field)):
            score += points
            reasons.append(words)
    if one.birthday and one.birthday == other.birthday:
        score += SAME_BIRTHDAY
        reasons.append("cùng ngày, tháng sinh")
    return min(score, 100), tuple(reasons)


def household_likeness(shared: Sequence[tuple[Seen, Seen]]) -> tuple[int, tuple[str, ...]]:
    """Score of at most 100 and its reasons for two households, by the people whom both hold; (0, ()) for nobody."""
    found = [likeness(one, other) for one, other in shared]
    found = [(score, reasons) for score, reasons in found if score]
    if not found:
        return 0, ()
    score, reasons = max(found)
    if len(found) > 1:
        score, reasons = min(score + MORE_PEOPLE, 100), (*reasons, f"{len(found)} người có ở cả hai hộ")
    return score, reasons
