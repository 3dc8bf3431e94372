from datetime import date

import pytest

from targets.asof import opening_day
from targets.models import Plan
from tests import make


@pytest.fixture
def plan():
    return Plan(number="66/KH-UBND", year=2023)


@pytest.mark.parametrize("today", [date(2023, 1, 1), date(2023, 6, 15), date(2023, 12, 31)])
def test_today_while_the_year_runs(db, plan, today):
    assert opening_day(plan, today) == today


def test_after_the_year_the_last_day_with_data(plan, areas, standards):
    assert opening_day(plan, date(2024, 1, 1)) == date(2023, 12, 31)
    make.a_support(make.a_household(areas["ward"]), "job", date(2023, 11, 29))
    assert opening_day(plan, date(2026, 5, 5)) == date(
        2023, 12, 31
    )  # kept for a minute, or until the next logged write


def test_data_of_the_years_around_it_do_not_count(plan, areas, standards):
    home = make.a_household(areas["ward"])
    make.a_spell(home, standards[1], valid_from=date(2022, 12, 14), valid_to=date(2023, 8, 8))
    make.a_support(home, "job", date(2024, 3, 3))
    assert opening_day(plan, date(2026, 5, 5)) == date(2023, 8, 8)


@pytest.mark.parametrize(
    ("years", "today", "expected"),
    [
        ({2023: "in_force"}, date(2022, 12, 31), 2023),
        ({2023: "in_force"}, date(2023, 6, 1), 2023),
        ({2023: "in_force"}, date(2026, 6, 1), 2023),
        ({2023: "in_force", 2024: "in_force"}, date(2023, 12, 31), 2023),
        ({2023: "in_force", 2024: "in_force"}, date(2024, 1, 1), 2024),
        ({2023: "closed", 2024: "draft"}, date(2024, 1, 1), 2023),
        ({2022: "closed", 2023: "closed", 2025: "in_force"}, date(2024, 6, 1), 2023),
        ({2024: "in_force", 2025: "in_force"}, date(2023, 6, 1), 2024),
        ({2023: "draft"}, date(2023, 6, 1), None),
        ({}, date(2023, 6, 1), None),
    ],
)
def test_the_plan_that_a_day_is_about(db, years, today, expected):
    for year, state in years.items():
        Plan.objects.create(number=f"{year}/KH", year=year, title="x", issued_on=date(year - 1, 12, 20), state=state)
    found = Plan.objects.for_day(today)
    assert (found and found.year) == expected


def test_before_the_year_its_first_day(db, plan):
    assert opening_day(plan, date(2022, 12, 31)) == date(2023, 1, 1)
