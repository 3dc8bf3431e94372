"""Finding households: by what, in which order, how many, whose, and with how many queries."""

import unicodedata
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import PersonalDataView
from households import queries
from households.looks import log_list
from households.members import Person
from households.services.register import register_household
from tests import make

LIST = "/ho/"


def enter(by, head, others=(), **more):
    people = [Person(head, "head", "male", 1971, citizen_id=more.pop("citizen_id", ""))]
    people += [Person(name, "child", "male", 2000) for name in others]
    values = {"group": "Tổ 14", "address": "12 Lê Đình Lý", "phone": "", "day": date(2022, 5, 4)} | more
    return register_household(ward=by.area, members=people, by=by, **values)


@pytest.fixture
def hoas(cast):
    return {
        "hoa": enter(cast["hoa"], "Đặng Văn Hoà", ["Đặng Thị Ý"], phone="0905123456", citizen_id="048071004127"),
        "huong": enter(cast["hoa"], "Nguyễn Thị Hương", address="K7/12 Ông Ích Khiêm"),
        "hoang": enter(cast["hoa"], "Lê Hoàng"),
    }


def heads(answer):
    return [row["household"].head_name for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hòa", ["Đặng Văn Hoà", "Lê Hoàng"]),
        ("hoà", ["Đặng Văn Hoà", "Lê Hoàng"]),
        ("HOA", ["Đặng Văn Hoà", "Lê Hoàng"]),
        (unicodedata.normalize("NFD", "Hoà"), ["Đặng Văn Hoà", "Lê Hoàng"]),
        ("đặng", ["Đặng Văn Hoà"]),
        ("dang", ["Đặng Văn Hoà"]),
        ("Ðặng y", ["Đặng Văn Hoà"]),
        ("ích khiêm 12", ["Nguyễn Thị Hương"]),
        ("0905 123 456", ["Đặng Văn Hoà"]),
        ("4127", ["Đặng Văn Hoà"]),
        ("20236-00002", ["Nguyễn Thị Hương"]),
        ("tổ 14", ["Đặng Văn Hoà", "Lê Hoàng", "Nguyễn Thị Hương"]),
        ("hương đặng", []),
        ("%", None),
        ("' or 1=1 --", []),
    ],
)
def test_the_page_finds(as_user, hoas, typed, found):
    answer = as_user("hoa").get(LIST, {"q": typed})
    assert answer.status_code == 200
    if found is None:
        assert answer.context["form"].errors["q"] == ["Gõ ít nhất một chữ cái hoặc chữ số."]
    else:
        assert heads(answer) == found


def test_names_stand_by_given_then_family_then_middle_name(as_user, cast):
    names = ["Trần Văn Bình", "Lê Thị Ánh", "Lê Văn Bình", "Đỗ An", "Lê Anh Bình"]
    for name in names:
        enter(cast["hoa"], name)
    answer = as_user("hoa").get(LIST, {"q": "to 14"})
    assert heads(answer) == ["Đỗ An", "Lê Thị Ánh", "Lê Anh Bình", "Lê Văn Bình", "Trần Văn Bình"]


def test_nothing_is_listed_before_a_search(as_user, hoas):
    for query in ({}, {"page": 2}, {"day": "01/01/2023"}, {"q": "", "status": ""}):
        answer = as_user("hoa").get(LIST, query)
        assert answer.context["page"] is None
        assert "Hoà" not in answer.text


def test_another_ward_is_never_found(as_user, hoas):
    assert heads(as_user("binh").get(LIST, {"q": "hoa"})) == []
    assert len(heads(as_user("district").get(LIST, {"q": "hoa"}))) == 2
    assert len(heads(as_user("cuc").get(LIST, {"q": "hoa"}))) == 2


def test_filters_of_ward_and_district(as_user, cast, hoas):
    enter(cast["binh"], "Ngô Văn Hòa")
    client = as_user("cuc")
    assert len(heads(client.get(LIST, {"q": "hoa"}))) == 3
    assert heads(client.get(LIST, {"ward": "20239"})) == ["Ngô Văn Hòa"]
    assert len(heads(client.get(LIST, {"ward": "492"}))) == 4
    assert heads(client.get(LIST, {"ward": "497"})) == []


def test_the_filter_of_status_asks_about_a_day(as_user, hoas, standards):
    central, city = standards
    make.a_spell(hoas["hoa"], central, "poor", date(2022, 12, 14), date(2023, 12, 14))
    make.a_spell(hoas["huong"], city, "poor", date(2022, 12, 14))
    client = as_user("hoa")
    poor = {"status": "central-2022:poor"}
    assert heads(client.get(LIST, poor | {"day": "13/12/2023"})) == ["Đặng Văn Hoà"]
    assert heads(client.get(LIST, poor | {"day": "14/12/2023"})) == []
    assert heads(client.get(LIST, {"status": "central-2022:near_poor", "day": "13/12/2023"})) == []
    answer = client.get(LIST, {"status": "city-2022:poor"})
    assert heads(answer) == ["Nguyễn Thị Hương"]
    assert "chưa xác nhận" in answer.text.partition("<tbody>")[2]


def test_the_filter_of_households_that_a_round_has_not_seen(as_user, cast, hoas):
    round = make.a_round()
    make.a_review(hoas["hoa"], cast["hoa"], round)
    assert heads(as_user("hoa").get(LIST, {"unreviewed": round.pk})) == ["Lê Hoàng", "Nguyễn Thị Hương"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"ward": "99999"}, "ward"),
        ({"status": "no:poor"}, "status"),
        ({"status": "central-2022:not_poor"}, "status"),
        ({"q": "hoa", "day": "30/02/2023"}, "day"),
        ({"unreviewed": "abc"}, "unreviewed"),
        ({"q": "x" * 101}, "q"),
    ],
)
def test_a_bad_filter_is_named_and_what_was_typed_stays(as_user, standards, query, field):
    answer = as_user("cuc").get(LIST, query)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["page"] is None


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99", ""])
def test_a_page_that_is_not_there_shows_the_nearest(as_user, hoas, page):
    assert as_user("hoa").get(LIST, {"q": "hoa", "page": page}).status_code == 200


def test_a_whole_id_number_does_not_stay_in_the_address(as_user, hoas):
    answer = as_user("hoa").get(LIST, {"q": "048 071 004 127"})
    assert answer.status_code == 302
    assert answer.url == "/ho/?q=4127"


def test_the_list_asks_as_often_for_thirty_as_for_one(as_user, cast, hoas, standards):
    client = as_user("hoa")

    def asked():
        cache.clear()  # the count is remembered; here every page asks for it
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST, {"q": "lê"}).status_code == 200
        return len(seen)

    make.a_spell(hoas["hoang"], standards[0])
    client.get(LIST, {"q": "lê"})
    one = asked()
    for place in range(29):
        household = enter(cast["hoa"], f"Lê Văn {chr(97 + place % 26)}")
        make.a_spell(household, standards[place % 2])
    assert asked() == one <= 12  # the bell counts its notices once a minute, and here


def test_the_count_stops(as_user, cast, hoas, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    answer = as_user("hoa").get(LIST, {"q": "tổ 14"})
    assert "Hơn 2 hộ" in answer.text
    assert answer.context["page"].paginator.num_pages == 1
    with CaptureQueriesContext(connection) as seen:
        assert queries.HouseholdPages(queries.search(cast["hoa"], text="tổ"), "tổ").more
    assert "LIMIT 3" in seen[-1]["sql"]


def test_lists_are_not_kept_by_browsers(as_user, hoas):
    assert "no-store" in as_user("hoa").get(LIST, {"q": "hoa"})["Cache-Control"]


def test_a_search_that_shows_somebody_is_written_down_once(as_user, cast, hoas, standards):
    client = as_user("cuc")
    for nothing in ({}, {"q": "không có"}, {"q": "%"}, {"ward": "99999"}):
        client.get(LIST, nothing)
    assert not PersonalDataView.objects.exists()
    with CaptureQueriesContext(connection) as seen:
        client.get(LIST, {"q": "Hòa", "ward": "20236", "day": "01/02/2023"})
    assert sum(query["sql"].startswith("INSERT") for query in seen) == 1
    look = PersonalDataView.objects.get()
    assert (look.by, look.kind, look.household_code) == (cast["cuc"], "list", "")
    assert look.reason == "“Hòa”; 20236; ngày 01/02/2023: 2 dòng"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hoà 048071004127", "Hoà ••••4127"),
        ("048/071/004/127", "••••4/127"),
        ("0480710041279999", "••••9999"),
        ("0905 123 456", "0905 123 456"),
        ("x" * 400, "x" * 291),
    ],
)
def test_the_line_of_a_search_holds_no_whole_id_number(cast, typed, kept):
    log_list(cast["hoa"], typed, 12)
    reason = PersonalDataView.objects.get().reason
    assert reason == f"{kept}: 12 dòng"
    assert len(reason) <= 300
