"""The targeted lists: who stands on them, who counts as not known, for whom, and with how many queries."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PersonalDataView
from households import targeted, targeted_queries
from households.models import Member
from tests import make

TODAY = date(2023, 6, 15)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


def tally(user, key):
    cache.clear()
    found = {one.about.key: (one.count, one.unknown) for one in targeted_queries.tallies(user, TODAY)}
    about = targeted.BY_KEY[key]
    rows = targeted_queries.listed(user, about, TODAY)
    assert (len(rows), targeted_queries.unknown(user, about, TODAY)) == found[key]
    return found[key]


def write(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


def someone(home, **values):
    """The last member as told; nobody else of the household is of any of the ages asked about."""
    home.members.update(birth_year=1940)
    write(home.members.last(), **values)


@pytest.mark.parametrize(
    ("tenure", "area", "counts"),
    [
        ("rent", "29.99", (1, 0)),
        ("rent", 30, (0, 0)),
        ("rent_state", 20, (1, 0)),
        ("own", 20, (0, 0)),
        ("borrowed", 20, (0, 0)),
        ("rent", None, (0, 1)),
        ("", 20, (0, 1)),
        ("own", None, (0, 0)),
    ],
)
def test_poor_in_narrow_rented_rooms(home, cast, standards, tenure, area, counts):
    write(home, tenure=tenure, living_area=area)
    assert tally(cast["hoa"], "nha-thue-chat") == (0, 0)  # not poor yet
    make.a_spell(home, standards[1])
    assert tally(cast["hoa"], "nha-thue-chat") == counts


def test_room_is_shared_by_those_who_still_live_there(home, cast, standards):
    make.a_spell(home, standards[1])
    write(home, tenure="rent", living_area=20)
    write(home.members.last(), left_on=date(2023, 1, 1))
    assert tally(cast["hoa"], "nha-thue-chat") == (0, 0)


@pytest.mark.parametrize(
    ("key", "spell", "count"),
    [
        ("nguoi-co-cong", {"has_merit": True}, 1),
        ("nguoi-co-cong", {}, 0),
        ("nguoi-co-cong", {"has_merit": True, "category": "near_poor"}, 0),
        ("dac-biet-kho-khan", {"special_hardship": True}, 1),
        ("dac-biet-kho-khan", {"special_hardship": True, "valid_to": TODAY}, 0),
        ("dac-biet-kho-khan", {"special_hardship": True, "valid_from": date(2023, 6, 16)}, 0),
        ("dac-biet-kho-khan", {}, 0),
    ],
)
def test_lists_that_the_status_tells(home, cast, standards, key, spell, count):
    make.a_spell(home, standards[1], **spell)
    assert tally(cast["hoa"], key) == (count, None)


@pytest.mark.parametrize(("which", "count"), [(0, 1), (1, 0)])
def test_central_poor(home, cast, standards, which, count):
    make.a_spell(home, standards[which])
    assert tally(cast["hoa"], "chuan-trung-uong") == (count, None)


def test_poor_by_two_standards_is_one_household(home, cast, standards):
    for standard in standards:
        make.a_spell(home, standard, has_merit=True)
    assert tally(cast["hoa"], "nguoi-co-cong") == (1, None)


def test_closed_households_are_on_no_list(home, cast, standards):
    make.a_spell(home, standards[0], special_hardship=True)
    write(home, closed_on=TODAY)
    assert tally(cast["hoa"], "dac-biet-kho-khan") == (0, None)


def test_near_poor_without_insurance(home, cast, standards):
    head, one, other = home.members.order_by("pk")
    write(head, has_insurance=False)
    write(one, has_insurance=True)
    assert tally(cast["hoa"], "can-ngheo-chua-bhyt") == (0, 0)
    make.a_spell(home, standards[1], "near_poor")
    assert tally(cast["hoa"], "can-ngheo-chua-bhyt") == (1, 1)
    write(other, left_on=TODAY)
    assert tally(cast["hoa"], "can-ngheo-chua-bhyt") == (1, 0)


@pytest.mark.parametrize(
    ("born", "school", "preschool"),
    [
        ((2017, 6, 15), 1, 0),
        ((2017, 6, 16), 0, 1),
        ((2017, 6, None), 1, 0),
        ((2007, 6, 15), 0, 0),
        ((2007, 6, 16), 1, 0),
        ((2007, None, None), 0, 0),
        ((2020, 6, 15), 0, 1),
        ((2020, 6, 16), 0, 0),
    ],
)
def test_children_out_of_school(home, cast, born, school, preschool):
    birth = dict(zip(("birth_year", "birth_month", "birth_day"), born, strict=True))
    for schooling, place in (("none", 0), ("", 1), ("primary", None)):
        someone(home, schooling=schooling, **birth)
        for key, count in (("tre-chua-di-hoc", school), ("tre-mam-non", preschool)):
            expected = [0, 0]
            if place is not None:
                expected[place] = count
            assert tally(cast["hoa"], key) == tuple(expected), (key, schooling)


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"work": "seeking"}, (1, 0)),
        ({"work": "not_seeking"}, (1, 0)),
        ({"work": "unable"}, (0, 0)),
        ({"work": "no_contract"}, (0, 0)),
        ({"work": ""}, (0, 1)),
        ({"work": "not_seeking", "schooling": "higher"}, (0, 0)),
        ({"work": "", "schooling": "higher"}, (0, 0)),
        ({"work": "seeking", "birth_year": 2008, "birth_month": 6, "birth_day": 15}, (1, 0)),
        ({"work": "seeking", "birth_year": 2008, "birth_month": 6, "birth_day": 16}, (0, 0)),
        # 2023: women retire at 56 years, men at 60 years and 9 months.
        ({"work": "seeking", "birth_year": 1967, "birth_month": 6, "birth_day": 15}, (0, 0)),
        ({"work": "seeking", "birth_year": 1967, "birth_month": 6, "birth_day": 16}, (1, 0)),
        ({"work": "seeking", "sex": "male", "birth_year": 1962, "birth_month": 9, "birth_day": 15}, (0, 0)),
        ({"work": "seeking", "sex": "male", "birth_year": 1962, "birth_month": 9, "birth_day": 16}, (1, 0)),
    ],
)
def test_working_age_without_work(home, cast, values, counts):
    someone(home, **{"sex": "female", "birth_year": 1990} | values)
    assert tally(cast["hoa"], "chua-co-viec") == counts


def test_the_ages_in_the_database_are_those_of_the_rule(home):
    """Every birth month around the edges, with and without its day, on two days of the year."""
    members = [
        Member(
            household=home, full_name="x", relation="other", sex="male", birth_year=year, birth_month=month,
            birth_day=day, joined_on=TODAY,
        )
        for year in range(2006, 2024)
        for month in (None, *range(1, 13))
        for day in (None, 1, 15, 28)
    ]  # fmt: skip
    Member.objects.bulk_create(members)
    for today in (TODAY, date(2024, 2, 29), date(2023, 1, 1), date(2023, 12, 31)):
        for ages in (targeted.SCHOOL_AGE, targeted.PRESCHOOL_AGE):
            span = targeted_queries._aged(today, 12 * ages[0], 12 * ages[1])
            user_sees = targeted_queries._members(make.a_user("ward_officer", home.ward), None)
            found = set(user_sees.filter(span).values_list("pk", flat=True))
            for one in home.members.all():
                months = targeted.months_old(today, one.birth_year, one.birth_month, one.birth_day)
                assert (one.pk in found) == targeted.within(months, ages), (today, one.birth)


def test_the_page_of_lists_counts_and_names_nobody(as_user, home, standards):
    make.a_spell(home, standards[0])
    answer = as_user("hoa").get("/danh-sach/")
    assert "Mẫu" not in answer.text
    assert "1 hộ" in answer.text
    assert "chưa ghi chỗ ở" in answer.text
    assert not PersonalDataView.objects.exists()
    assert "/danh-sach/" in as_user("hoa").get("/ho/").text


@pytest.mark.parametrize(
    ("who", "status"),
    [("hoa", 200), ("lan", 200), ("district", 200), ("cuc", 200), ("staff", 403), ("leader", 403), ("admin", 403)],
)
def test_pages_by_role(as_user, home, who, status):
    for path in ("/danh-sach/", "/danh-sach/chuan-trung-uong/"):
        assert as_user(who).get(path).status_code == status


def test_a_list_shows_its_rows_and_writes_the_look(as_user, home, standards, cast):
    make.a_spell(home, standards[0])
    answer = as_user("hoa").get("/danh-sach/chuan-trung-uong/")
    assert "Trần Văn Mẫu" in answer.text
    assert answer.context["places"] == []
    look = PersonalDataView.objects.get()
    assert (look.kind, look.by) == ("list", cast["hoa"])
    assert look.reason == "Hộ nghèo chuẩn Trung ương: 1 dòng"
    assert "Mẫu" not in as_user("binh").get("/danh-sach/chuan-trung-uong/").text
    assert as_user("hoa").get("/danh-sach/khong-co/").status_code == 404


def test_counts_by_district_then_by_ward(as_user, areas, home, standards):
    for area in ("next_ward", "commune"):
        make.a_spell(make.a_household(areas[area]), standards[0])
    make.a_spell(home, standards[0])

    def places(who, **query):
        answer = as_user(who).get("/danh-sach/chuan-trung-uong/", query)
        return [(place.name, place.count) for place in answer.context["places"]]

    assert places("cuc") == [("Quận Hải Châu", 2), ("Huyện Hòa Vang", 1)]
    assert places("cuc", ward="492") == [("Phường Một", 1), ("Phường Hai", 1)]
    assert places("cuc", ward="20293") == [("Xã Ba", 1)]
    assert places("district") == [("Phường Một", 1), ("Phường Hai", 1)]
    answer = as_user("district").get("/danh-sach/chuan-trung-uong/", {"ward": "497"})
    assert list(answer.context["form"].errors) == ["ward"]
    assert answer.context["page"] is None


@pytest.mark.parametrize("key", ["chuan-trung-uong", "can-ngheo-chua-bhyt"])
def test_as_many_queries_for_many_as_for_one(as_user, areas, cast, standards, key):
    client = as_user("cuc")
    counts = []
    for more in (1, 20):
        for _ in range(more):
            home = make.a_household(areas["ward"])
            home.members.update(has_insurance=False)
            make.a_spell(home, standards[0], "poor" if key == "chuan-trung-uong" else "near_poor")
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/danh-sach/").status_code == 200
            assert client.get(f"/danh-sach/{key}/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_map_of_the_city_of_a_district_and_the_groups_of_a_ward(as_user, areas, home, standards):
    make.a_spell(home, standards[0])
    page, inside = "/danh-sach/chuan-trung-uong/", as_user("cuc")
    drawn = inside.get(page).context["map"]
    assert {square.code: square.count for square in drawn.squares} == {"20236": 1, "20239": 0, "20293": 0}
    assert {square.code for square in inside.get(page, {"ward": "492"}).context["map"].squares} == {"20236", "20239"}
    cut = inside.get(page, {"ward": "20236"})
    assert [(place.name, place.count, share) for place, share in cut.context["groups"]] == [("Tổ 1", 1, 100)]
    assert "map" not in cut.context
    for group in ("Tổ 10", "Tổ 2"):
        other = make.a_household(areas["ward"])
        write(other, group=group)
        make.a_spell(other, standards[0])
    own = as_user("hoa").get(page)
    assert [place.name for place, _ in own.context["groups"]] == ["Tổ 1", "Tổ 2", "Tổ 10"]
    assert '<svg class="tiles"' not in own.text


def test_an_empty_list_says_why_it_is_empty(as_user, standards):
    page = as_user("hoa").get("/danh-sach/can-ngheo-chua-bhyt/").text
    assert "Không có ai trong danh sách" in page
