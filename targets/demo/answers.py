"""Answers of form B that lead to a wished result under both standards, and fit the household's members. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from households.classify import B1_LINES_IN_MONEY
from households.form_b import Answers
from households.standards import DEPRIVATION_KEYS, Category, Rule
from targets.demo.people import Person, ages

POOR, NEAR_POOR, NOT_POOR = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR
# How often each lack is met among the poor; the shares are plausible, not measured.
COMMON = {
    "employment": 9, "dependents": 0, "nutrition": 3, "health_insurance": 5, "adult_education": 6, "child_schooling": 2,
    "housing_quality": 5, "housing_area": 6, "water_source": 2, "toilet": 3, "telecom": 7, "info_means": 3,
}  # fmt: skip


# How often each cause is named; plausible likewise.
CAUSES = {
    "cause_no_capital": 8, "cause_illness_or_accident": 6, "cause_no_labour_skill": 5, "cause_no_tools": 3,
    "cause_no_production_land": 2, "cause_no_production_knowledge": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Standards:
    """The two rules that the demonstration is made for: the central one, by B1, and the city's own, by income."""

    central: Rule
    city: Rule


@dataclass(frozen=True)
class Wish:
    """The result wished for. Central is never worse than the city's: the city's line is the higher one."""

    city: Category
    central: Category = NOT_POOR


def allowed_boxes(family: list[Person], day: date) -> set[str]:
    """The lacks that can be ticked for these members on that day; form B's own age ranges."""
    boxes = set(DEPRIVATION_KEYS) - {"dependents"}
    years = ages(family, day)
    if not any(16 <= age <= 60 for age in years):
        boxes -= {"employment"}
    if not any(age < 16 for age in years):
        boxes -= {"nutrition"}
    if not any(16 <= age <= 30 for age in years):
        boxes -= {"adult_education"}
    if not any(3 <= age < 16 for age in years):
        boxes -= {"child_schooling"}
    return boxes


def has_many_dependents(family: list[Person], day: date) -> bool:
    """More than half are under 16, or 80 and older (who draw the monthly allowance)."""
    years = ages(family, day)
    return 2 * sum(age < 16 or age >= 80 for age in years) > len(years)


def lacks(
    rng: Random, family: list[Person], day: date, how_many: int, like: frozenset[str] = frozenset()
) -> frozenset[str]:
    """That many lacks, keeping those of `like` where they may stay."""
    allowed = allowed_boxes(family, day)
    chosen = {"dependents"} if has_many_dependents(family, day) else set()
    kept = [key for key in DEPRIVATION_KEYS if key in like and key in allowed]
    rng.shuffle(kept)
    chosen.update(kept[: max(0, how_many - len(chosen))])
    while len(chosen) < how_many:
        left = [key for key in DEPRIVATION_KEYS if key in allowed - chosen]
        chosen.add(rng.choices(left, [COMMON[key] for key in left])[0])
    return frozenset(chosen)


def incomes(rng: Random, zone: str, wish: Wish, rules: Standards) -> tuple[int, int]:
    """B1 points, and VND a person a month in tens of thousands: on the wished side of both lines."""
    line, b1_line, city_line = B1_LINES_IN_MONEY[zone], rules.central.line(zone), rules.city.line(zone)
    if wish.city == NOT_POOR:
        share = rng.uniform(1.04, 1.45)
        return int(b1_line * share * city_line / line), _round(city_line * share)
    if wish.central == NOT_POOR:
        b1 = rng.randint(b1_line + 3, int(b1_line * city_line / line))
        low = line * 102 // 100
        return b1, min(city_line, max(low, _round(line * b1 / b1_line)))
    b1 = rng.randint(b1_line * 62 // 100, b1_line)
    return b1, _round(line * b1 / b1_line * rng.uniform(0.94, 1.0))


def _round(income: float) -> int:
    return round(income / 10_000) * 10_000


def first(
    rng: Random, zone: str, family: list[Person], day: date, wish: Wish, rules: Standards, *,
    labour: bool, hardship: bool = False, merit: bool = False, minority: bool = False,
) -> Answers:  # fmt: skip
    """Answers for a household seen for the first time."""
    b1, income = incomes(rng, zone, wish, rules)
    boxes, causes = _boxes(rng, family, day, wish, rules), causes_of(wish, b1, income, labour)
    return Answers(day, b1, income, boxes, labour, hardship, merit, minority, causes=causes)


def later(
    rng: Random, zone: str, family: list[Person], day: date, wish: Wish, rules: Standards, before: Answers, **facts
) -> Answers:
    """Answers of the same household at a later visit: its lacks are mostly the old ones. `facts` may change."""
    b1, income = incomes(rng, zone, wish, rules)
    boxes = _boxes(rng, family, day, wish, rules, before.deprived)
    causes = before.causes if wish.city != NOT_POOR else frozenset()
    return replace(
        before, surveyed_on=day, b1_score=b1, income_per_person=income, deprived=boxes, causes=causes, **facts
    )


def causes_of(wish: Wish, b1: int, income: int, labour: bool) -> frozenset[str]:
    """One cause or two of a poor or near-poor household. Drawn apart, so that nothing else of the city depends on it."""
    if wish.city == NOT_POOR:
        return frozenset()
    if not labour:
        return frozenset({"cause_no_labour"})
    apart = Random(f"{b1} {income}")
    return frozenset(apart.choices(list(CAUSES), list(CAUSES.values()), k=2))


def _boxes(
    rng: Random, family: list[Person], day: date, wish: Wish, rules: Standards, like: frozenset[str] = frozenset()
) -> frozenset[str]:
    needed = {rules.central.deprivations_for_poor, rules.city.deprivations_for_poor}
    if wish.city == POOR:
        how_many = max(needed) + rng.choices((0, 1, 2, 3), (45, 33, 16, 6))[0]
    else:
        how_many = rng.randint(0, min(needed) - 1)
    return lacks(rng, family, day, how_many, like)
