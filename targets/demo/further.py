"""Help beyond the plan's figures: houses by stage and source, loans with balances, training, tuition; who got the job. Pure.

Made from numbers of its own, so that the story of statuses and the appendix's figures stay as they were.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from households.standards import Category
from targets.demo.answers import Standards
from targets.demo.homes import Gift, Home, Works
from targets.demo.people import LABOUR_FROM, LABOUR_TO, ages

LOANS_IN, TRAINED_IN, SCHOOLED_IN = 25, 60, 20  # one household in so many
LOAN = (10_000_000, 60_000_000)
BALANCE_DAYS = ((5, 31), (11, 30))
UNDER_WAY_IN = 400
STEP_DAYS = (20, 60)


def help_further(rng: Random, homes: list[Home], rules: Standards, year: int) -> None:
    """Adds to the homes of one district."""
    city = rules.city.code
    for home in homes:
        _who_found_work(rng, home, year)
        status = home.status(city, date(year, 6, 1))
        _houses(rng, home)
        if not status:
            continue
        if rng.randrange(LOANS_IN) == 0:
            home.gifts.append(_loan(rng, year))
        grown = _between(home, year, LABOUR_FROM, 35)
        if grown and rng.randrange(TRAINED_IN) == 0:
            home.gifts.append(_of_one(rng, "training", date(year, 6, 1), rng.choice(grown), 2_000_000))
        pupils = _between(home, year, 6, 17)
        if pupils and rng.randrange(SCHOOLED_IN) == 0:
            kind, amount = rng.choice((("tuition", 500_000), ("scholarship", 1_000_000)))
            home.gifts.append(_of_one(rng, kind, date(year, 6, 1), rng.choice(pupils), amount))
        if status.category == Category.POOR and not home.works and rng.randrange(UNDER_WAY_IN) < 3:
            home.works.append(_under_way(rng, year))


def _between(home: Home, year: int, first: int, last: int) -> list[int]:
    """Places in the family of those who are so old in the year, both ends included."""
    return [place for place, age in enumerate(ages(home.family, date(year, 6, 1))) if first <= age <= last]


def _who_found_work(rng: Random, home: Home, year: int) -> None:
    for place, gift in enumerate(home.gifts):
        if gift.kind == "job" and rng.random() < 0.8:
            able = [
                n for n, one in enumerate(home.family) if LABOUR_FROM <= year - one.birth_year <= LABOUR_TO[one.sex]
            ]
            if able:
                home.gifts[place] = replace(gift, member=rng.choice(able))


def _houses(rng: Random, home: Home) -> None:
    """The way of each house that was handed over, told backwards from that day."""
    for place, gift in enumerate(home.gifts):
        if gift.kind.startswith("house"):
            days = [gift.given_on]
            for _ in range(3):
                days.insert(0, days[0] - timedelta(days=rng.randint(*STEP_DAYS) // (2 if len(days) == 3 else 1)))
            home.works.append(Works(gift.kind, tuple(days), _sources(rng, gift.amount), place))


def _under_way(rng: Random, year: int) -> Works:
    kind = rng.choice(("house_new", "house_repair"))
    days = [date(year, 9, 1) + timedelta(days=rng.randint(0, 45))]
    for _ in range(rng.randint(0, 2)):
        days.append(days[-1] + timedelta(days=rng.randint(10, 35)))
    amount = rng.randrange(*((50_000_000, 60_000_001) if kind == "house_new" else (18_000_000, 25_000_001)), 1_000_000)
    return Works(kind, tuple(days), _sources(rng, amount))


def _sources(rng: Random, amount: int) -> tuple[tuple[str, int], ...]:
    """The city gives most of it; what is left comes from the fund or from neighbours and firms."""
    most = amount * rng.choice((60, 70, 80)) // 100 // 1_000_000 * 1_000_000
    return (("from_city", most), (rng.choice(("from_fund", "from_private", "from_district")), amount - most))


def _loan(rng: Random, year: int) -> Gift:
    given = date(year, 1, 10) + timedelta(days=rng.randint(0, 120))
    amount = rng.randrange(*LOAN, 5_000_000)
    left, told = amount, []
    late = rng.random() < 0.08
    for month, day in BALANCE_DAYS:
        if (on := date(year, month, day)) >= given:
            left = max(0, left - rng.randrange(0, amount // 4 + 1, 500_000))
            told.append((on, left, min(left, amount // 10) if late and month == BALANCE_DAYS[-1][0] else 0))
    return Gift("loan", given, amount=amount, balances=tuple(told))


def _of_one(rng: Random, kind: str, first: date, member: int, amount: int) -> Gift:
    return Gift(kind, first + timedelta(days=rng.randint(0, 150)), amount=amount, member=member)
