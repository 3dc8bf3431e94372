"""Which registered household a staged one is, and what it changes: rules as tables, and what holds of any sheet."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from households.intake.matching import Held, Owner, change, likely, merged, other_head, pair, target
from households.members import Person

MINE, OTHER, FOREIGN = Owner(1, "A-1", True), Owner(2, "A-2", True), Owner(3, "B-1", False)
HEAD = Person("Trần Văn Mẫu", "head", "male", 1971, 5, 20, key=10, mark="m1")
WIFE = Person("Lê Thị Thử", "spouse", "female", 1974, key=11)
HOME = Held(
    1, "A-1", 4, date(2020, 1, 1), "Tổ 1", "12 Lê Duẩn", "", "", "", (HEAD, WIFE), {(10, "citizen_id"): "••••4127"}
)


def typed(one, **more):
    return replace(one, key=None, citizen_id="", ethnicity="", **more)


@pytest.mark.parametrize(
    ("by_code", "marks", "wanted", "how", "wrong"),
    [
        (None, [], None, "", []),
        (MINE, [], 1, "code", []),
        (None, ["m1"], 1, "number", []),
        (MINE, ["m1"], 1, "code", []),
        (MINE, ["m2"], None, "", [0]),
        (None, ["m1", "m1b", "m2"], None, "", [2]),
        (None, ["m3"], None, "", [0]),
        (FOREIGN, [], None, "", [None]),
    ],
)
def test_a_household_is_known_by_its_code_then_by_its_numbers(by_code, marks, wanted, how, wrong):
    owners = {("citizen_id", "m1"): MINE, ("citizen_id", "m1b"): MINE, ("citizen_id", "m2"): OTHER}
    owners["citizen_id", "m3"] = FOREIGN
    people = [typed(HEAD, mark=mark) for mark in marks] or [typed(HEAD, mark="")]
    found = target("A-1", by_code, people, owners)
    assert (found.household, found.how, [row for row, *_ in found.problems]) == (wanted, how, wrong)


@pytest.mark.parametrize(
    ("head", "group", "address", "found"),
    [
        ({}, "Tổ 9", "nơi khác", True),
        ({"birth_year": 1980}, "tổ 1", "12 lê duẩn", True),
        ({"birth_year": 1980}, "Tổ 2", "12 Lê Duẩn", False),
        ({"birth_year": 1980}, "Tổ 1", "", False),
        ({"full_name": "Trần Văn Khác"}, "Tổ 1", "12 Lê Duẩn", False),
        ({"mark": "m9"}, "Tổ 1", "12 Lê Duẩn", False),
        ({"relation": "child"}, "Tổ 1", "12 Lê Duẩn", False),
    ],
)
def test_a_likely_household_is_suggested_by_its_head(head, group, address, found):
    assert bool(likely([typed(HEAD, **({"mark": ""} | head))], group, address, [HOME])) is found


@pytest.mark.parametrize(
    ("people", "keys"),
    [
        ([typed(HEAD), typed(WIFE)], [10, 11]),
        ([typed(HEAD, full_name="Tên mới")], [10]),
        ([typed(HEAD, mark="m9")], [10]),
        ([typed(HEAD, mark="m9", birth_year=1980)], [None]),
        ([typed(WIFE, birth_year=1979)], [11]),
        ([typed(WIFE), typed(WIFE, birth_year=1979)], [11, None]),
        ([typed(WIFE, birth_year=1978), typed(WIFE, birth_year=1979)], [None, None]),
        ([typed(WIFE, birth_year=0, relation="", sex="")], [11]),
    ],
)
def test_people_are_paired(people, keys):
    assert pair(people, HOME.people) == keys


@pytest.mark.parametrize(
    ("said", "person", "place", "members"),
    [
        ({}, {}, {}, {}),
        ({"address": "", "phone": " "}, {"birth_month": None, "birth_day": None}, {}, {}),
        ({"phone": "0905123456"}, {}, {"phone": ("", "0905123456")}, {}),
        ({}, {"birth_year": 1972}, {}, {10: {"birth": ("20/05/1971", "20/05/1972")}}),
        ({}, {"birth_year": 1972, "birth_month": None, "birth_day": None}, {}, {10: {"birth": ("20/05/1971", "1972")}}),
        ({}, {"has_insurance": True}, {}, {10: {"has_insurance": (None, True)}}),
        ({}, {"relation": "", "sex": "", "birth_year": 0}, {}, {}),
    ],
)
def test_only_what_the_sheet_says_differently_is_a_change(said, person, place, members):
    found = change(said, [typed(HEAD, **person)], [10], HOME)
    assert (found.place, found.members, found.joins, found.absent) == (place, members, (), (11,))
    assert bool(found) is bool(place or members)


def test_a_new_number_is_shown_masked():
    found = change({}, [replace(typed(HEAD), citizen_id="048071009999", mark="m9")], [10], HOME)
    assert found.members == {10: {"citizen_id": ("••••4127", "••••••••9999")}}


def test_another_head_is_noticed_unless_the_sheet_says_what_became_of_the_first():
    new = typed(HEAD, full_name="Trần Văn Mới", mark="")
    assert other_head([new], [None], HOME) == 0
    assert other_head([new, typed(HEAD, relation="parent")], [None, 10], HOME) is None
    assert [one.relation for one in merged([new, typed(HEAD, relation="parent")], [None, 10], HOME)].count("head") == 1


people = some.lists(
    some.builds(
        Person,
        full_name=some.sampled_from(["Trần Văn Mẫu", "Lê Thị Thử", "Lê Thi Thu", "Ngô An"]),
        relation=some.sampled_from(["head", "spouse", "child", ""]),
        sex=some.sampled_from(["male", ""]),
        birth_year=some.sampled_from([1971, 1974, 0]),
        birth_month=some.just(None),
        ethnicity=some.sampled_from(["", "Kinh"]),
        citizen_id=some.just(""),
        mark=some.sampled_from(["", "m1", "m2"]),
    ),
    max_size=5,
)


@given(people)
def test_nobody_is_paired_twice_nobody_is_lost_and_what_was_changed_is_the_same_the_next_time(sheet):
    sheet = [replace(one, citizen_id=one.mark and "0480710000" + one.mark[1:].zfill(2)) for one in sheet]
    keys = pair(sheet, HOME.people)
    taken = [key for key in keys if key is not None]
    assert len(taken) == len(set(taken))
    after = merged(sheet, keys, HOME)
    assert {one.key for one in HOME.people} <= {one.key for one in after}
    assert len(after) == len(sheet) + len(HOME.people) - len(taken)
    now = [replace(one, key=one.key or 100 + place) for place, one in enumerate(after)]
    again = change({}, sheet, [one.key for one in now[: len(sheet)]], replace(HOME, people=tuple(now)))
    assert not again.members
