"""What the members' data and the house say of indicators 2, 4, 5, 6 and 8 of form B, to lay beside the box. Pure.

Decree 07/2021/NĐ-CP art. 3, ages in full years on the survey's day. It never decides: the officer has seen the household,
the register may be old. What is not known is said to be not known, and half a birth date gives two possible ages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from areas.vietnamese import number

COMPUTED = ("dependents", "health_insurance", "adult_education", "child_schooling", "housing_area")

CHILD_UNTIL = 16  # years; a dependant below it
ELDERLY_FROM = 60  # years; Law on the Elderly art. 2
INSURED_FROM = 6
AREA_EACH = 8  # m² a person; exactly 8 is enough

# The school that an age should attend, from the lowest up: to be ahead is not to lack.
SCHOOLS = ["preschool", "primary", "lower_secondary", "upper_secondary", "vocational", "higher"]
SCHOOL_FROM = [(12, "lower_secondary"), (6, "primary"), (3, "preschool")]

VOCATIONAL_OR_MORE = {"trained_on_job", "elementary", "intermediate", "college", "university"}
ADULT_FROM, ADULT_FULL, ADULT_LAST = 16, 18, 30  # from 18 lower secondary is not enough; 30 is still asked, 31 no more


@dataclass(frozen=True)
class Somebody:
    """A member as the register has them; '' and None mean not asked. The words are those of models.Member."""

    key: int
    name: str
    birth_year: int
    birth_month: int | None = None
    birth_day: int | None = None
    schooling: str = ""
    education: str = ""
    has_insurance: bool | None = None
    has_allowance: bool | None = None
    is_disabled: bool | None = None
    is_malnourished: bool | None = None

    def ages(self, day: date) -> range:
        """Every age in full years that the known parts of the birth date allow on a day: one, or two neighbours."""
        most = self._age((1, 1) if not self.birth_month else (self.birth_month, self.birth_day or 1), day)
        least = self._age((12, 31) if not self.birth_month else (self.birth_month, self.birth_day or 31), day)
        return range(max(least, 0), max(most, 0) + 1)

    def _age(self, birthday: tuple[int, int], day: date) -> int:
        return day.year - self.birth_year - (birthday > (day.month, day.day))


@dataclass(frozen=True)
class Computed:
    """`lacks`: True deprived, False not, None unknown. `why` in Vietnamese; `members`: keys of those who trigger it."""

    lacks: bool | None
    why: str
    members: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        return f"Theo thông tin thành viên: {'có' if self.lacks else 'không'}, vì {self.why}."


def compute(people: Iterable[Somebody], *, living_area: Decimal | None, day: date) -> dict[str, Computed]:
    """The five indicators by key, on the survey's day. `living_area` in m² of the whole dwelling, None: not measured."""
    people = list(people)
    return {
        "dependents": _dependents(people, day),
        "health_insurance": _any(people, day, _uninsured, "không có thẻ", "ai từ đủ 6 tuổi cũng có bảo hiểm y tế"),
        "adult_education": _any(
            people, day, _untaught, "không đang học, bằng cấp chưa đủ", "không ai 16–30 tuổi thiếu"
        ),
        "child_schooling": _any(people, day, _unschooled, "không học đúng cấp", "không trẻ em 3–15 tuổi nào thiếu"),
        "housing_area": _area(len(people), living_area),
    }


def differing(computed: dict[str, Computed], deprived: Iterable[str]) -> dict[str, Computed]:
    """Those that say clearly otherwise than the boxes do."""
    ticked = set(deprived)
    return {key: told for key, told in computed.items() if told.lacks is not None and told.lacks != (key in ticked)}


def _surely(somebody: Somebody, day: date, asks: Callable[[Somebody, int], bool | None]) -> bool | None:
    """The answer when every possible age gives the same one."""
    answers = {asks(somebody, age) for age in somebody.ages(day)}
    return answers.pop() if len(answers) == 1 else None


def _any(people, day, asks, what: str, none: str) -> Computed:
    """Deprived as soon as one member is; not deprived only when everybody is known not to be."""
    told = [(somebody, _surely(somebody, day, asks)) for somebody in people]
    those = [somebody for somebody, lacks in told if lacks]
    if those:
        names = ", ".join(f"{one.name} ({_age_words(one, day)})" for one in those)
        return Computed(True, f"{names} {what}", tuple(one.key for one in those))
    if not people or any(lacks is None for _, lacks in told):
        return Computed(None, "chưa đủ thông tin thành viên")
    return Computed(False, none)


def _uninsured(one: Somebody, age: int) -> bool | None:
    if age < INSURED_FROM:
        return False
    return None if one.has_insurance is None else not one.has_insurance


def _untaught(one: Somebody, age: int) -> bool | None:
    if not ADULT_FROM <= age <= ADULT_LAST or one.schooling in SCHOOLS:
        return False
    enough = VOCATIONAL_OR_MORE | {"upper_secondary"} | ({"lower_secondary"} if age < ADULT_FULL else set())
    if one.education in enough:
        return False
    return True if one.schooling and one.education else None


def _unschooled(one: Somebody, age: int) -> bool | None:
    if age >= CHILD_UNTIL or age < SCHOOL_FROM[-1][0]:
        return False
    if not one.schooling:
        return None
    due = next(school for since, school in SCHOOL_FROM if age >= since)
    return one.schooling not in SCHOOLS[SCHOOLS.index(due) :]


def _depends(one: Somebody, age: int) -> bool | None:
    if age < CHILD_UNTIL:
        return True
    frail = True if age >= ELDERLY_FROM else one.is_disabled
    if frail is False or one.has_allowance is False:
        return False
    return True if frail and one.has_allowance else None


def _dependents(people: list[Somebody], day: date) -> Computed:
    """More than half of the members; exactly half is not deprived. Unknown only when those unknown could turn it."""
    told = [(somebody, _surely(somebody, day, _depends)) for somebody in people]
    sure = [somebody for somebody, depends in told if depends]
    most = len(sure) + sum(depends is None for _, depends in told)
    words = f"{len(sure)} trong {len(people)} người là người phụ thuộc"
    if len(sure) * 2 > len(people):
        return Computed(True, words, tuple(one.key for one in sure))
    if not people or most * 2 > len(people):
        return Computed(None, "chưa đủ thông tin thành viên")
    return Computed(False, words)


def _area(persons: int, living_area: Decimal | None) -> Computed:
    if living_area is None or persons < 1:
        return Computed(None, "chưa có diện tích ở")
    words = f"{number(living_area, 2)} m² cho {persons} người"
    return Computed(living_area < AREA_EACH * persons, words)


def _age_words(one: Somebody, day: date) -> str:
    ages = one.ages(day)
    return f"{ages[0]} tuổi" if len(ages) == 1 else f"{ages[0]}–{ages[-1]} tuổi"
