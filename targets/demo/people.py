"""Synthetic people: names of common syllables combined at random, families of two to six. Pure.

Citizen ID numbers begin with 000, which is no province, so none of them can be anybody's.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Hoàng",
    "Phan",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
FAMILY_WEIGHTS = (31, 12, 10, 7, 6, 5, 5, 5, 4, 4, 3, 3, 2, 2, 1)
MIDDLE = {
    "male": ("Văn", "Hữu", "Đức", "Công", "Quang", "Minh", "Ngọc", "Thanh", "Đình", "Xuân"),
    "female": ("Thị", "Thị", "Thị", "Ngọc", "Thanh", "Thu", "Kim", "Hồng", "Thị Kim", "Thị Thanh"),
}
GIVEN = {
    "male": ("An", "Bình", "Cường", "Dũng", "Hải", "Hậu", "Hiếu", "Hòa", "Hùng", "Khánh", "Lâm", "Long", "Lực", "Nam",
             "Nghĩa", "Phong", "Phúc", "Phước", "Quân", "Sơn", "Tài", "Tâm", "Thành", "Thắng", "Tiến", "Toàn", "Trung", "Tú", "Vinh"),
    "female": ("Ánh", "Bích", "Cúc", "Dung", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hương", "Lan", "Liên", "Linh", "Loan",
               "Mai", "Minh", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Sương", "Thảo", "Thủy", "Trang", "Tuyết", "Vân", "Yến"),
}  # fmt: skip
CO_TU = ("Alăng", "Arất", "Bhling", "Bnướch", "Coor", "Hôih", "Pơloong", "Zơrâm")  # family names of the Cơ Tu
KINH, CO_TU_PEOPLE = "Kinh", "Cơ Tu"
LABOUR_FROM = 16  # years; children and the old are looked after by the others
LABOUR_TO = {"male": 60, "female": 55}
WITHOUT_ID = 0.08  # share of people whose number is not known


@dataclass(frozen=True)
class Person:
    name: str
    sex: str
    relation: str
    birth_year: int
    birth_month: int | None
    birth_day: int | None
    ethnicity: str
    citizen_id: str  # empty when not known


class IdNumbers:
    """Twelve digits, each number once: 000, century and sex, year of birth, six digits."""

    STEP = 7919  # prime, so that the six digits walk through all of their million values

    def __init__(self, rng: Random):
        self._next = rng.randrange(10**6)

    def number(self, sex: str, birth_year: int) -> str:
        self._next = (self._next + self.STEP) % 10**6
        century = (0 if birth_year < 2000 else 2) + (sex == "female")
        return f"000{century}{birth_year % 100:02d}{self._next:06d}"


def a_name(rng: Random, sex: str, family: str) -> str:
    if family in CO_TU:
        return f"{family} {rng.choice(GIVEN[sex])}"
    return f"{family} {rng.choice(MIDDLE[sex])} {rng.choice(GIVEN[sex])}"


def a_family(rng: Random, ids: IdNumbers, year: int, *, labour: bool, minority: bool) -> list[Person]:
    """The head first. With labour: at least one adult of working age in `year`; without: only the old and children."""
    ethnicity = CO_TU_PEOPLE if minority else KINH

    def family_name() -> str:
        return rng.choice(CO_TU) if minority else rng.choices(FAMILY, FAMILY_WEIGHTS)[0]

    def person(relation: str, sex: str, age: int, family: str) -> Person:
        born = year - age
        known = rng.random()
        month = rng.randint(1, 12) if known < 0.8 else None
        number = ids.number(sex, born) if rng.random() >= WITHOUT_ID else ""
        return Person(
            a_name(rng, sex, family),
            sex,
            relation,
            born,
            month,
            rng.randint(1, 28) if known < 0.7 else None,
            ethnicity,
            number,
        )

    sex = "female" if rng.random() < 0.42 else "male"
    other = "male" if sex == "female" else "female"
    name = family_name()
    if not labour:
        age = rng.randint(66, 86)
        family = [person("head", sex, age, name)]
        second = rng.random()
        if second < 0.6:
            family.append(person("spouse", other, max(64, age - rng.randint(0, 6)), family_name()))
        if second > 0.4:
            family.append(person("grandchild", rng.choice(("male", "female")), rng.randint(5, 14), name))
        return family
    size = rng.choices((2, 3, 4, 5, 6), (14, 24, 34, 19, 9))[0]
    age = rng.randint(30, 54)
    family = [person("head", sex, age, name)]
    if rng.random() < (0.82 if sex == "male" else 0.45):
        family.append(person("spouse", other, max(24, min(54, age + rng.randint(-6, 6))), family_name()))
    if len(family) < size and rng.random() < 0.3:
        family.append(person("parent", rng.choice(("male", "female")), age + rng.randint(22, 34), name))
    oldest = min(26, age - 20)
    ages = sorted((rng.randint(2, oldest) for _ in range(size - len(family))), reverse=True)
    family += [person("child", rng.choice(("male", "female")), child, name) for child in ages]
    return family


def ages(family: list[Person], day: date) -> list[int]:
    return [day.year - person.birth_year for person in family]
