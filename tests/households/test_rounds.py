from datetime import date, timedelta

import pytest

from households import rounds
from households.rounds import current, rounds_of


def test_the_annual_round_is_the_laws():
    annual = rounds_of(2023)[0]
    assert (annual.kind, annual.name) == ("annual", "Định kỳ 2023")
    assert (annual.starts_on, annual.ends_on) == (date(2023, 9, 1), date(2023, 12, 14))


def test_regular_rounds_follow_each_other_without_a_gap_over_the_years():
    regular = [each for year in (2022, 2023, 2024) for each in rounds_of(year) if each.kind == "regular"]
    assert len(regular) == 36
    assert all(each.starts_on.day == 15 for each in regular)
    for one, following in zip(regular, regular[1:], strict=False):
        assert one.ends_on + timedelta(days=1) == following.starts_on
    assert regular[11].ends_on == date(2023, 1, 14)


@pytest.mark.parametrize("year", [0, 26, rounds.FIRST_YEAR - 1, rounds.LAST_YEAR + 1])
def test_a_year_nobody_reviews_in_is_refused(year):
    with pytest.raises(ValueError, match="allowed are 2021 to 2100"):
        rounds_of(year)


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2022, 8, 31), "Thường xuyên tháng 8/2022"),
        (date(2022, 9, 1), "Định kỳ 2022"),
        (date(2022, 12, 14), "Định kỳ 2022"),
        (date(2022, 12, 15), "Thường xuyên tháng 12/2022"),
        (date(2024, 1, 14), "Thường xuyên tháng 12/2023"),
        (date(2024, 1, 15), "Định kỳ 2023"),  # nothing is open any more: the last annual one
        (date(2026, 5, 1), "Định kỳ 2023"),
        (date(2022, 1, 20), "Thường xuyên tháng 1/2022"),
    ],
)
def test_the_round_to_work_in(today, name):
    assert current(rounds_of(2022) + rounds_of(2023), today).name == name


def test_before_every_round_there_is_none():
    assert current(rounds_of(2022), date(2022, 1, 14)) is None
    assert current([], date(2022, 1, 14)) is None
