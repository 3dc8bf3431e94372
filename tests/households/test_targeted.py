"""Ages of the targeted lists, at their edges."""

from datetime import date

import pytest

from households import targeted


@pytest.mark.parametrize(
    ("sex", "year", "years", "months"),
    [
        ("male", 2021, 60, 3),
        ("male", 2023, 60, 9),
        ("male", 2024, 61, 0),
        ("male", 2027, 61, 9),
        ("male", 2028, 62, 0),
        ("male", 2040, 62, 0),
        ("female", 2021, 55, 4),
        ("female", 2023, 56, 0),
        ("female", 2034, 59, 8),
        ("female", 2035, 60, 0),
        ("female", 2040, 60, 0),
    ],
)
def test_retirement_rises_to_its_end(sex, year, years, months):
    assert targeted.retirement_months(sex, year) == years * 12 + months


def test_no_age_before_the_law():
    with pytest.raises(ValueError, match="2021"):
        targeted.retirement_months("male", 2020)


@pytest.mark.parametrize(
    ("born", "months"),
    [
        ((2017, 5, 4), 72),
        ((2017, 5, 5), 71),
        ((2017, 5), 72),
        ((2017, 6), 71),
        ((2017,), 76),
    ],
)
def test_months_old(born, months):
    assert targeted.months_old(date(2023, 5, 4), *born) == months


@pytest.mark.parametrize(
    ("months", "school", "preschool"), [(35, 0, 0), (36, 0, 1), (71, 0, 1), (72, 1, 0), (191, 1, 0), (192, 0, 0)]
)
def test_school_ages(months, school, preschool):
    assert targeted.within(months, targeted.SCHOOL_AGE) == bool(school)
    assert targeted.within(months, targeted.PRESCHOOL_AGE) == bool(preschool)


@pytest.mark.parametrize(
    ("sex", "months", "working"),
    [
        ("male", 179, False),
        ("male", 180, True),
        ("male", 728, True),
        ("male", 729, False),
        ("female", 671, True),
        ("female", 672, False),
    ],
)
def test_working_age_in_2023(sex, months, working):
    assert targeted.of_working_age(sex, months, 2023) == working


def test_lists_have_their_own_keys():
    assert len({one.key for one in targeted.LISTS}) == len(targeted.LISTS)
