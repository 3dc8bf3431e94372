"""People who may be entered twice: by which marks, for whom, and with how many queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households import duplicate_queries
from households.duplicate_queries import duplicates_of
from households.duplicates import Seen, address_key, likeness, phone_key
from households.members import Person
from households.services.register import register_household

HOA = Seen("Đặng Văn Hoà", 1971, "0905 123 456", "12 Lê Đình Lý")


@pytest.mark.parametrize(
    ("other", "score"),
    [
        (HOA, 100),
        (Seen("dang van hòa", 1971, "+84 905123456", "12, lê đình lý"), 100),
        (Seen("Đặng Văn Hòa", 1971, "0905123456"), 85),
        (Seen("Đặng Văn Hòa", 1971, "", "12 Lê Đình Lý"), 75),
        (Seen("Đặng Văn Hòa", 1971), 60),
        (Seen("Đặng Văn Hòa", 1972, "0905123456", "12 Lê Đình Lý"), 0),
        (Seen("Đặng Hòa", 1971, "0905123456", "12 Lê Đình Lý"), 0),
    ],
)
def test_likeness(other, score):
    assert likeness(HOA, other)[0] == likeness(other, HOA)[0] == score


def test_nothing_is_not_the_same_as_nothing():
    assert phone_key("123") == "" == address_key(" - ")
    assert likeness(Seen("A B", 1990), Seen("A B", 1990)) == (60, ("cùng họ tên và năm sinh",))


def test_a_lane_is_not_another_lane():
    assert address_key("K7/12") != address_key("K71/2")


def enter(by, name, year=1971, **more):
    values = {"group": "Tổ 14", "address": "12 Lê Đình Lý", "phone": "0905123456", "day": date(2022, 5, 4)} | more
    people = [Person(name, "head", "male", year, citizen_id="")]
    return register_household(ward=by.area, members=people, by=by, **values)


def test_candidates_likeliest_first(cast):
    far = enter(cast["hoa"], "Đặng Văn Hoà", address="3 Trần Phú", phone="")
    near = enter(cast["hoa"], "Đặng Văn Hòa")
    enter(cast["hoa"], "Đặng Văn Hoà", 1980)
    asked = [("Lê Hoàng", 1971, "", ""), ("ĐẶNG VĂN HOÀ", 1971, "0905123456", "12 Lê Đình Lý")]
    found = duplicates_of(cast["hoa"], asked)
    assert list(found) == [1]
    assert [(one.code, one.score) for one in found[1]] == [(near.code, 100), (far.code, 60)]


def test_nobody_who_left_and_no_closed_household(cast):
    gone = enter(cast["hoa"], "Đặng Văn Hoà")
    gone.closed_on = date(2023, 1, 1)
    gone.save()
    assert duplicates_of(cast["hoa"], [("Đặng Văn Hoà", 1971, "", "")]) == {}


def test_as_many_queries_for_many_as_for_one(cast, monkeypatch):
    enter(cast["hoa"], "Đặng Văn Hoà")
    counts = []
    for times in (1, 200):
        asked = [("Đặng Văn Hoà", 1971, "", ""), *((f"Người {n}", 1980, "", "") for n in range(times))]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert list(duplicates_of(cast["hoa"], asked)) == [0]
        counts.append(len(seen))
    assert counts[0] == counts[1]
    monkeypatch.setattr(duplicate_queries, "AT_ONCE", 2)
    assert list(duplicates_of(cast["hoa"], asked)) == [0]


def test_only_what_the_reader_may_see(cast):
    household = enter(cast["hoa"], "Đặng Văn Hoà")
    others = [user for user in cast.values() if getattr(user, "area", None) and user.area.level == "ward"]
    strangers = [user for user in others if user.area_id != household.ward_id]
    assert strangers
    for user in strangers:
        assert duplicates_of(user, [("Đặng Văn Hoà", 1971, "", "")]) == {}
