from datetime import date

import pytest

from targets.asof import last_day_of, opening_day, with_days
from targets.models import Plan
from tests import make
from tests.targets.test_counting import officers_trained

LATER = date(2026, 5, 5)


@pytest.fixture
def plan(db):
    return Plan.objects.create(number="66/KH-UBND", year=2023, title="x", issued_on=date(2023, 3, 17))


@pytest.mark.parametrize("today", [date(2023, 1, 1), date(2023, 6, 15), date(2023, 12, 31)])
def test_today_while_the_year_runs(plan, today):
    assert opening_day(plan, today) == today


def last_day(plan, today=LATER):
    return last_day_of(with_days(Plan.objects, today).get(pk=plan.pk))


def test_after_the_year_the_last_day_with_data_of_any_source(plan, areas, standards):
    """Data of the years around it do not count, and of a year that runs none of it is looked at."""
    city_standard = standards[1]
    assert last_day(plan) == date(2023, 12, 31)
    household = make.a_household(areas["ward"])
    make.a_spell(household, city_standard, valid_from=date(2022, 12, 14), valid_to=date(2024, 1, 5))
    make.a_support(household, "job", date(2024, 3, 3))
    assert last_day(plan) == date(2023, 12, 31)
    make.a_spell(make.a_household(areas["ward"]), city_standard, valid_from=date(2023, 2, 1), valid_to=date(2023, 4, 2))
    assert last_day(plan) == date(2023, 4, 2)
    make.a_spell(make.a_household(areas["ward"]), city_standard, valid_from=date(2023, 5, 1))
    assert last_day(plan) == date(2023, 5, 1)
    make.a_support(household, "job", date(2023, 6, 1))
    assert last_day(plan) == date(2023, 6, 1)
    officers_trained(areas["city"], date(2023, 11, 29), 1)
    assert opening_day(plan, LATER) == last_day(plan) == date(2023, 11, 29)
    assert last_day(plan, date(2023, 12, 30)) == date(2023, 12, 31)


def test_the_last_day_is_kept_until_something_is_written(plan, areas, standards):
    assert opening_day(plan, date(2024, 1, 1)) == date(2023, 12, 31)
    make.a_support(make.a_household(areas["ward"]), "job", date(2023, 11, 29))
    assert opening_day(plan, LATER) == date(2023, 12, 31)


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
