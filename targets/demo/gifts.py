"""Supports through the year: houses, jobs, insurance cards of near-poor households. Pure."""

from datetime import date, timedelta
from random import Random

from households.standards import Category
from targets.demo.answers import Standards
from targets.demo.homes import Gift, Home
from targets.demo.shape import Aims, Pace, steps

NEW_IN_SEVEN = 2  # the plan's 80 new houses of 280
NEW_HOUSE, REPAIR = (50_000_000, 60_000_000), (18_000_000, 25_000_000)  # VND, plausible for 2023
JOBS_A_HOUSEHOLD = 2
TRIES = 60


def give(rng: Random, homes: list[Home], aims: Aims, pace: Pace, rules: Standards, year: int) -> None:
    """Adds supports to the homes of one district, in step with its pace."""
    city = rules.city.code
    days = intervals(year)
    for (start, end), houses, jobs in zip(
        days, steps(aims.housing, pace.houses), steps(aims.job_introductions, pace.jobs), strict=True
    ):
        for place in range(houses):
            _house(rng, homes, city, _some_day(rng, start, end), new=place * NEW_IN_SEVEN % 7 < NEW_IN_SEVEN)
        for _ in range(jobs):
            _job(rng, homes, city, _some_day(rng, start, end))
    _insure(rng, homes, city, pace, days)


def intervals(year: int) -> list[tuple[date, date]]:
    return [
        (date(year, 1, 5), date(year, 5, 31)),
        (date(year, 6, 1), date(year, 11, 30)),
        (date(year, 12, 1), date(year, 12, 29)),
    ]


def _some_day(rng: Random, start: date, end: date) -> date:
    return start + timedelta(days=rng.randint(0, (end - start).days))


def _house(rng: Random, homes: list[Home], city: str, day: date, *, new: bool) -> None:
    for home in _tries(rng, homes):
        status = home.status(city, day)
        if (
            status
            and status.category == Category.POOR
            and not any(gift.kind.startswith("house") for gift in home.gifts)
        ):
            low, high = NEW_HOUSE if new else REPAIR
            amount = rng.randrange(low, high + 1, 1_000_000)
            home.gifts.append(Gift("house_new" if new else "house_repair", day, len(home.family), amount=amount))
            return


def _job(rng: Random, homes: list[Home], city: str, day: date) -> None:
    for home in _tries(rng, homes):
        status = home.status(city, day)
        had = [gift.given_on for gift in home.gifts if gift.kind == "job"]
        if status and status.has_labour and len(had) < JOBS_A_HOUSEHOLD and day not in had:
            home.gifts.append(Gift("job", day))
            return


def _tries(rng: Random, homes: list[Home]):
    return (rng.choice(homes) for _ in range(TRIES))


def _insure(rng: Random, homes: list[Home], city: str, pace: Pace, days: list[tuple[date, date]]) -> None:
    """Cards until the year's end for the share of near-poor households that the pace says, exactly at 31 December."""
    last = days[-1][1]
    near = [(home, spell) for home in homes for spell in home.spells
            if spell.standard == city and spell.status.category == Category.NEAR_POOR
            and (spell.valid_to is None or spell.valid_to > days[0][0])]  # fmt: skip
    for group in ([n for n in near if n[1].holds(last)], [n for n in near if not n[1].holds(last)]):
        rng.shuffle(group)
        for place, (home, spell) in enumerate(group):
            rank = (place + 0.5) / len(group)
            interval = next((i for i, share in enumerate(pace.insured) if rank < share), None)
            if interval is None or any(gift.kind == "insurance" for gift in home.gifts):
                continue
            start = date(last.year, 1, 1) if interval == 0 and rng.random() < 0.85 else _some_day(rng, *days[interval])
            start = max(start, spell.valid_from)
            home.gifts.append(Gift("insurance", start, len(home.family), ends_on=date(last.year, 12, 31)))
