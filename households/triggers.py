"""Which member makes a household lack indicators 3 to 6 of form B: who can, and what contradicts the box. Pure.

Decree 07/2021/NĐ-CP art. 3: nutrition of those under 16, insurance from 6 on (this age is not verified), education from 16 to 30, school from 3 to
under 16; ages in full years on the survey's day.
"""

from collections.abc import Iterable, Set
from datetime import date

from households.computed import ADULT_FROM, ADULT_LAST, CHILD_UNTIL, INSURED_FROM, SCHOOL_FROM, Computed, Somebody

# indicator → the ages that it asks about
AGES = {
    "nutrition": range(CHILD_UNTIL),
    "health_insurance": range(INSURED_FROM, 200),
    "adult_education": range(ADULT_FROM, ADULT_LAST + 1),
    "child_schooling": range(SCHOOL_FROM[-1][0], CHILD_UNTIL),
}


def able(indicator: str, people: Iterable[Somebody], day: date) -> list[Somebody]:
    """Those whose age, as far as it is known, the indicator asks about."""
    asked = AGES[indicator]
    return [one for one in people if any(age in asked for age in one.ages(day))]


def suggested(indicator: str, people: Iterable[Somebody], computed: dict[str, Computed], day: date) -> frozenset[int]:
    """Keys of those whom the members' data point at."""
    if indicator == "nutrition":
        return frozenset(one.key for one in able(indicator, people, day) if one.is_malnourished)
    told = computed.get(indicator)
    return frozenset(told.members) if told and told.lacks else frozenset()


def problems(chosen: dict[str, Set[int]], deprived: Set[str], people: Iterable[Somebody], day: date) -> dict[str, str]:
    """By indicator why the chosen members cannot stand; in Vietnamese. None chosen is never wrong."""
    people, found = list(people), {}
    for indicator, keys in chosen.items():
        if not keys:
            continue
        if indicator not in AGES:
            found[indicator] = "Chỉ số này không ghi người thiếu hụt."
        elif indicator not in deprived:
            found[indicator] = "Đã chọn người thiếu hụt: chọn mức Thiếu hụt, hoặc bỏ chọn người."
        elif unfit := set(keys) - {one.key for one in able(indicator, people, day)}:
            names = ", ".join(one.name for one in people if one.key in unfit)
            found[indicator] = (
                f"{names} không ở độ tuổi của chỉ số này vào ngày khảo sát."
                if names
                else "Người được chọn không còn trong hộ. Chọn lại."
            )
    return found
