"""Rules on the list of members, and the words a household is found by."""

from dataclasses import replace
from datetime import date

import pytest

from households.members import Person, age, check, parse_birth, search_text, search_words

DAY = date(2023, 10, 3)
HEAD = Person("Trần Văn Thử", "head", "male", 1971)
CHILD = Person("Trần Thị Con", "child", "female", 2004)


def said(people, day=DAY):
    return [(problem.row, problem.field) for problem in check(people, day)]


def test_a_household_with_one_head_is_right():
    assert check([HEAD, CHILD], DAY) == []


@pytest.mark.parametrize(
    ("people", "where"),
    [
        ([], [(None, "")]),
        ([CHILD], [(None, "")]),
        ([HEAD, CHILD, HEAD], [(2, "relation")]),
        ([replace(HEAD, mark="a"), replace(CHILD, mark="a")], [(1, "citizen_id")]),
        ([replace(HEAD, mark=""), replace(CHILD, mark="")], []),
        ([replace(HEAD, full_name="")], [(0, "full_name")]),
        ([HEAD, replace(CHILD, birth_year=2023, birth_month=2, birth_day=30)], [(1, "birth")]),
        ([HEAD, replace(CHILD, birth_day=3)], [(1, "birth")]),
    ],
)
def test_what_is_wrong_is_said_at_the_person_and_the_field(people, where):
    assert said(people) == where


@pytest.mark.parametrize(
    ("birth", "refused"),
    [
        ((2023, 10, 3), False),
        ((2023, 10, 4), True),
        ((2023, 10, None), False),
        ((2023, 11, None), True),
        ((2023, None, None), False),
        ((2024, None, None), True),
        ((1902, 10, 4), False),  # 121 tomorrow
        ((1902, 10, 3), True),  # 121 today
        ((1902, 10, None), False),  # perhaps later this month
        ((1902, 9, None), True),
        ((1902, None, None), False),
        ((1901, None, None), True),
    ],
)
def test_nobody_is_born_tomorrow_or_older_than_120(birth, refused):
    assert bool(check([replace(HEAD, birth_year=birth[0], birth_month=birth[1], birth_day=birth[2])], DAY)) is refused


def test_a_leap_day_has_its_birthday_in_march():
    assert age(replace(HEAD, birth_year=2000, birth_month=2, birth_day=29), date(2023, 2, 28)) == 22
    assert age(replace(HEAD, birth_year=2000, birth_month=2, birth_day=29), date(2023, 3, 1)) == 23


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1971", (1971, None, None)),
        ("5/1971", (1971, 5, None)),
        (" 20/05/1971 ", (1971, 5, 20)),
        ("29-2-2004", (2004, 2, 29)),
    ],
)
def test_births_are_read_as_much_as_is_known(typed, read):
    assert parse_birth(typed) == read


@pytest.mark.parametrize("typed", ["", "71", "29/02/2023", "31/4/1971", "13/1971", "0000", "1971-05-20", "x"])
def test_births_that_do_not_exist_are_refused(typed):
    with pytest.raises(ValueError, match=r"Ghi năm sinh|lịch"):
        parse_birth(typed)


LINE = search_text("20236-00148", "Tổ 14", "K12/5 Lê Đình Lý", "0905123456", [("Đặng Thị Hoà", "4127")])


@pytest.mark.parametrize(
    "typed",
    [
        "hòa",
        "hoà",
        "HOA",
        "hoa\u0300",
        "Đặng",
        "dang",
        "ÐẶNG",
        "dang hoa",
        "hoa le dinh ly",
        "20236-00148",
        "00148",
        "148",
    ]
    + ["0905 123 456", "0905.123.456", "4127", "k12/5", "tổ 14"],
)
def test_a_household_is_found_by(typed):
    words = search_words(typed)
    assert words
    assert all(f" {word}" in LINE for word in words)


@pytest.mark.parametrize("typed", ["oa", "ang", "05123456", "127", "hoang"])
def test_the_end_of_a_word_finds_nothing(typed):
    assert not all(f" {word}" in LINE for word in search_words(typed))
