"""What a household's file says beside its family: the house, and each member's school, work and insurance. Pure.

It agrees with the boxes of form B that the last visit ticked, and is made of the household's code alone.
"""

from dataclasses import dataclass
from random import Random

from targets.demo.homes import Home
from targets.demo.people import LABOUR_TO, Person

UNKNOWN = 0.03  # share of members of whom something was never asked


@dataclass(frozen=True)
class Details:
    tenure: str
    living_area: int | None  # m²
    people: list[dict]  # columns of each member, in the family's order


def details_of(home: Home, year: int) -> Details:
    rng = Random(home.code)
    answers = home.visits[-1].answers if home.visits else None
    boxes = answers.deprived if answers else frozenset()
    persons = len(home.family)
    tenure = rng.choices(("own", "rent", "rent_state", "borrowed"), (74, 12, 4, 10))[0]
    each = rng.uniform(4.5, 7.5) if "housing_area" in boxes else rng.uniform(8.5, 22)
    if tenure == "rent" and "housing_area" not in boxes:
        each = rng.uniform(8, 13)
    covered = any(gift.kind == "insurance" for gift in home.gifts) or any(
        spell.status.category == "poor" and spell.valid_to is None for spell in home.spells
    )
    near_poor = any(spell.status.category == "near_poor" and spell.valid_to is None for spell in home.spells)
    likely = 1.0 if covered else 0.3 if near_poor else 0.75 if "health_insurance" in boxes else 0.93
    people = [_member(rng, one, year - one.birth_year, boxes, likely) for one in home.family]
    if answers and answers.has_merit:
        people[0]["has_merit"] = True
    for box, fits, column, value in (
        ("child_schooling", lambda age: 6 <= age < 16, "schooling", "none"),
        ("employment", lambda age: 18 <= age < 55, "work", "seeking"),
    ):
        # One member is why the box was ticked.
        who = next((n for n, one in enumerate(home.family) if fits(year - one.birth_year)), None)
        if box in boxes and who is not None:
            people[who][column] = value
            if box == "employment":
                people[who]["schooling"] = "none"
    if rng.random() < UNKNOWN:
        tenure, area = "", None
    else:
        area = max(9, round(each * persons))
    return Details(tenure, area, people)


def _member(rng: Random, one: Person, age: int, boxes, insured: float) -> dict:
    """`insured`: how likely the member is to have a card."""
    schooling = _schooling(rng, age)
    adult = age >= 15 and schooling == "none"
    able = adult and age <= LABOUR_TO[one.sex]
    work = ""
    if able:
        work = rng.choices(("no_contract", "self_employed", "contract", "seeking", "not_seeking", "unable"), (40, 24, 22, 5, 5, 4))[0]  # fmt: skip
    elif adult:
        work = rng.choices(("unable", "self_employed"), (80, 20))[0]
    if rng.random() < UNKNOWN:
        work = ""
    return {
        "schooling": schooling,
        "education": _education(rng, age),
        "work": work,
        "has_insurance": None if rng.random() < UNKNOWN else rng.random() < insured,
        "has_allowance": age >= 80 or (age >= 60 and rng.random() < 0.1),
        "is_disabled": rng.random() < 0.03,
        "is_malnourished": "nutrition" in boxes and age < 16 and rng.random() < 0.5,
    }


def _schooling(rng: Random, age: int) -> str:
    if age < 3:
        return ""
    if age < 6:
        return "preschool" if rng.random() < 0.9 else "none"
    if age < 11:
        return "primary"
    if age < 15:
        return "lower_secondary"
    if age < 18:
        return "upper_secondary" if rng.random() < 0.88 else "none"
    if age < 22 and rng.random() < 0.3:
        return rng.choice(("vocational", "higher"))
    return "none"


def _education(rng: Random, age: int) -> str:
    if age < 11:
        return "none"
    if age < 15:
        return "primary"
    if age < 18:
        return "lower_secondary"
    return rng.choices(
        ("none", "primary", "lower_secondary", "upper_secondary", "elementary", "college"), (6, 24, 34, 26, 6, 4)
    )[0]
