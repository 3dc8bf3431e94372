"""Rules about the list of a household's members, and about how it is found again. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from areas.vietnamese import fold_word, tidy

OLDEST = 120  # years
_WORD, _NO_DIGIT = re.compile("[a-z0-9]+"), re.compile(r"\D")
HEAD = "head"
# Each number of a person: the field of it, of its mark, and its name in a sentence.
NUMBERS = (
    ("citizen_id", "mark", "Số định danh"),
    ("old_id", "old_id_mark", "Số CMND cũ"),
    ("insurance", "insurance_mark", "Mã bảo hiểm"),
)


@dataclass(frozen=True)
class Person:
    """A member as typed. `citizen_id`: 12 digits, '' for none, None to leave the number that is held.

    `key` is the row of somebody who is already a member; a mark is equal for equal numbers and '' without one.
    """

    full_name: str
    relation: str
    sex: str
    birth_year: int
    birth_month: int | None = None
    birth_day: int | None = None
    ethnicity: str = "Kinh"
    citizen_id: str | None = None
    key: int | None = None
    mark: str = ""
    # CMND, 9 digits, and social insurance number, 10 digits: '' for none, None to leave what is held.
    old_id: str | None = None
    insurance: str | None = None
    old_id_mark: str = ""
    insurance_mark: str = ""
    # What form B asks of each member. None leaves what is held, '' clears it; a new member's stays unasked.
    schooling: str | None = None
    education: str | None = None
    work: str | None = None
    has_insurance: bool | str | None = None
    has_allowance: bool | str | None = None
    is_disabled: bool | str | None = None
    is_malnourished: bool | str | None = None
    has_merit: bool | str | None = None

    @classmethod
    def of(cls, facts: dict) -> "Person":
        """A person of facts that have stood in one before; those that are missing have their default.

        A quarter of the constructor's time, which counts in a sheet of thousands.
        """
        person = object.__new__(cls)
        vars(person).update(facts)
        return person


@dataclass(frozen=True)
class Problem:
    """What is wrong, at which person of the list (None: the whole list) and which field.

    `household` is the code of another household, when the reader may open it. `touched` is the code of the household
    that the answer tells something about, shown to nobody: it is for the list of who looked at whose data.
    """

    message: str
    row: int | None = None
    field: str = ""
    household: str = ""
    touched: str = ""
    ward: str = ""  # of the other household, when the reader may not open it: its ward can be asked


def parse_birth(text: str) -> tuple[int, int | None, int | None]:
    """Read 'yyyy', 'mm/yyyy' or 'dd/mm/yyyy' as (year, month, day). ValueError, in Vietnamese, for anything else."""
    found = re.fullmatch(r"(?:(?:(\d{1,2})[/.\-])?(\d{1,2})[/.\-])?(\d{4})", tidy(text))
    if not found:
        raise ValueError("Ghi năm sinh (1971), tháng/năm (05/1971) hoặc ngày/tháng/năm (20/05/1971).")
    day, month, year = (int(part) if part else None for part in found.groups())
    if not _exists(year, month, day):
        raise ValueError(f"Ngày {tidy(text)} không có trong lịch.")
    return year, month, day


def check(people: list[Person], day: date) -> list[Problem]:
    """Everything that is wrong with the members of a household on a day; nothing, when it may be written."""
    if not people:
        return [Problem("Hộ phải có ít nhất một thành viên.")]
    problems = [*_heads(people), *_same_ids(people)]
    for row, person in enumerate(people):
        if not person.full_name:
            problems.append(Problem("Ghi họ và tên.", row, "full_name"))
        if wrong := _birth(person, day):
            problems.append(Problem(wrong, row, "birth"))
    return problems


def _heads(people: list[Person]) -> list[Problem]:
    heads = [row for row, person in enumerate(people) if person.relation == HEAD]
    if not heads:
        return [Problem("Hộ phải có một chủ hộ: chọn quan hệ “Chủ hộ” cho một người.")]
    return [Problem("Hộ chỉ có một chủ hộ.", row, "relation") for row in heads[1:]]


def _same_ids(people: list[Person]) -> list[Problem]:
    problems = []
    for field, mark, name in NUMBERS:
        seen = set()
        for row, person in enumerate(people):
            held = getattr(person, mark)
            if held and held in seen:
                problems.append(Problem(f"{name} này trùng với người khác trong hộ.", row, field))
            seen.add(held)
    return problems


def _birth(person: Person, day: date) -> str:
    year, month, born = person.birth_year, person.birth_month, person.birth_day
    if born and not month:
        return "Có ngày sinh thì phải có tháng sinh."
    if not _exists(year, month, born):
        return "Ngày sinh không có trong lịch."
    if _parts(year, month, born) > _parts(day.year, month and day.month, born and day.day):
        return "Ngày sinh ở tương lai."
    if age(person, day) > OLDEST:
        return f"Tuổi không quá {OLDEST}: kiểm tra lại năm sinh."
    return ""


def age(person: Person, day: date) -> int:
    """Full years on a day, the most that what is known of the birth date rules out: nobody is refused on a guess."""
    years = day.year - person.birth_year
    had_birthday = (person.birth_month or 12, person.birth_day or 31) <= (day.month, day.day)
    return years if had_birthday else years - 1


def _exists(year: int, month: int | None, day: int | None) -> bool:
    if not 1 <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return False
    return day is None or (month is not None and 1 <= day <= monthrange(year, month)[1])


def _parts(year: int, month: int | None, day: int | None) -> tuple[int, int, int]:
    return year, month or 0, day or 0


def search_text(code: str, group: str, address: str, phone: str, people: list[tuple[str, str]]) -> str:
    """What a household is found by. `people`: full name and last four digits of each member.

    Every word stands after a space, so that ' hoa' finds words that begin with 'hoa' and not the end of another.
    """
    words = fold_words(" ".join([code, group, address, *(f"{name} {last_four}" for name, last_four in people)]))
    # A code is also known by its number without the leading zeros, a phone by its digits without the spaces.
    number = [word.lstrip("0") for word in fold_words(code)[-1:]]
    return "".join([f" {word}" for word in (*words, *number, _NO_DIGIT.sub("", phone)) if word])


def search_words(text: str) -> list[str]:
    """The words of a search, each of which must be found. A telephone number typed with spaces is one word."""
    digits = re.sub(r"[\s.\-+]", "", text)
    if re.fullmatch(r"0\d{8,10}", digits):
        return [digits]
    return list(dict.fromkeys(fold_words(text)))


def fold_words(text: str) -> list[str]:
    return [*chain.from_iterable(map(_words, text.split()))]


@lru_cache(maxsize=20_000)
def _words(part: str) -> tuple[str, ...]:
    """Of what stands between two blanks: a city's names and streets are few, written again and again."""
    return tuple(_WORD.findall(fold_word(part)))
