"""The list of reviews: what it shows to whom, how it counts, and that its cost does not grow with its rows."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PersonalDataView
from accounts.roles import Role
from households import dossier_queries, review_queries
from households.models import Dossier, Listed
from households.services import reviews
from tests import make
from tests.households.test_reviews import POOR, TODAY

LIST = "/ra-soat/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Only doors ask for the day, so one patch is enough: 20/12/2023."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


def a_ward_full(areas, cast, standards, number):
    """So many households left to survey, and as many reviews in each state."""
    round = make.a_round()
    for _ in range(number):
        make.a_spell(make.a_household(areas["ward"]), standards[0])
        make.a_review(make.a_household(areas["ward"]), cast["hoa"], round)
        make.a_review(make.a_household(areas["ward"]), cast["hoa"], round, state="returned", return_note="Sai")
        decided = {"state": "decided", "decided_by": cast["lan"], "decided_on": TODAY, "decision_number": "1"}
        make.a_review(make.a_household(areas["ward"]), cast["hoa"], round, **decided)


@pytest.mark.parametrize("state", ["todo", "entered", "returned", "decided"])
def test_the_list_asks_as_much_for_thirty_as_for_one(as_user, areas, cast, standards, state):
    client = as_user("hoa")
    asked = []
    for number in (1, 29):
        a_ward_full(areas, cast, standards, number)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(LIST, {"state": state})
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert len(response.context["page"].object_list) == 25
    assert [tab["count"] for tab in response.context["tabs"]] == [30] * 4
    assert len(client.get(LIST, {"state": state, "page": 2}).context["page"].object_list) == 5


def test_the_list_opens_on_ones_own_work(as_user, areas, cast, standards):
    a_ward_full(areas, cast, standards, 1)
    assert as_user("hoa").get(LIST).context["state"] == "todo"
    assert as_user("lan").get(LIST).context["state"] == "entered"
    assert as_user("cuc").get(LIST).context["state"] == "todo"


def test_left_to_survey_are_the_listed_without_a_review_in_the_round(as_user, areas, cast, standards):
    listed = make.a_household(areas["ward"])
    make.a_spell(listed, standards[0])
    make.a_spell(listed, standards[1])
    escaped = make.a_household(areas["ward"])
    make.a_spell(escaped, standards[0], valid_to=date(2023, 2, 1))
    closed = make.a_household(areas["ward"])
    make.a_spell(closed, standards[0])
    closed.closed_on = date(2023, 3, 1)
    closed.save()
    elsewhere = make.a_household(areas["next_ward"])
    make.a_spell(elsewhere, standards[0])
    reviewed = make.a_household(areas["ward"])
    make.a_spell(reviewed, standards[0])
    make.a_review(reviewed, cast["hoa"])
    other_round = make.a_round(2022)
    client = as_user("hoa")
    assert [h.code for h in client.get(LIST).context["page"]] == [listed.code]
    # reviewed in 2023 is not reviewed in 2022
    in_2022 = client.get(LIST, {"round": other_round.pk}).context["page"]
    assert {h.code for h in in_2022} == {listed.code, reviewed.code}


def test_who_asked_is_left_to_survey_in_an_annual_round_too(as_user, areas, cast, standards):
    """The tab and the dossier's own list name the same households."""
    listed, asked, out = (make.a_household(areas["ward"]) for _ in range(3))
    for home in (listed, out):
        make.a_spell(home, standards[0])
    dossier = Dossier.objects.create(round=make.a_round(), ward=areas["ward"], opened_by=cast["hoa"], step="survey")
    for home, why in ((listed, "on_list"), (asked, "request"), (out, "on_list")):
        Listed.objects.create(dossier=dossier, household=home, why=why)
    Listed.objects.filter(household=out).update(included=False, reason="Cả hộ đã chuyển đi.")
    page = as_user("hoa").get(LIST).context["page"]
    assert [home.code for home in page] == [listed.code, asked.code]
    left = dossier_queries.listed(dossier).filter(included=True, is_surveyed=False)
    assert set(left.values_list("household__code", flat=True)) == {listed.code, asked.code}


def test_the_page_walks_both_groups_in_one_order(as_user, areas, cast, standards, monkeypatch):
    """Those of the dossier and those of the current lists, over the edge of a page; the export reads the same ones."""
    monkeypatch.setattr("households.views.reviews.PER_PAGE", 2)
    homes = [make.a_household(areas["ward"]) for _ in range(5)]
    for home in homes[::2]:
        make.a_spell(home, standards[0])
    round = make.a_round()
    dossier = Dossier.objects.create(round=round, ward=areas["ward"], opened_by=cast["hoa"], step="survey")
    for home in homes[1:3]:
        Listed.objects.create(dossier=dossier, household=home, why="request")
    client = as_user("hoa")
    pages = [[home.code for home in client.get(LIST, {"page": page}).context["page"]] for page in (1, 2)]
    assert pages == [[homes[0].code, homes[1].code], [homes[2].code, homes[4].code]]
    assert [home.code for home in review_queries.left_to_survey(cast["hoa"], round)] == sum(pages, [])


def test_another_wards_rows_are_not_listed(as_user, areas, cast, standards):
    a_ward_full(areas, cast, standards, 1)
    for state in ("todo", "entered", "returned", "decided"):
        response = as_user("binh").get(LIST, {"state": state})
        assert not response.context["page"].object_list
        assert [tab["count"] for tab in response.context["tabs"]] == [0] * 4


def test_the_count_stops_at_the_most(as_user, areas, cast, standards, monkeypatch):
    monkeypatch.setattr("households.review_queries.COUNT_MOST", 2)
    a_ward_full(areas, cast, standards, 3)
    response = as_user("hoa").get(LIST)
    text = response.content.decode()
    assert "Chưa khảo sát (2+)" in text
    assert "Chỉ liệt kê 2 dòng đầu" in text


def test_the_counts_move_with_the_next_write(as_user, home, cast, standards):
    make.a_spell(home, standards[0])
    round = make.a_round()
    client = as_user("hoa")
    assert [tab["count"] for tab in client.get(LIST).context["tabs"]] == [1, 0, 0, 0]
    reviews.record_review(household=home, round=round, answers=POOR, by=cast["hoa"], today=TODAY)
    assert [tab["count"] for tab in client.get(LIST).context["tabs"]] == [0, 1, 0, 0]


@pytest.mark.parametrize("query", ["round=abc", "round=999999", "state=x", "page=abc", "page=999999", "page=-1"])
def test_a_strange_address_still_opens(as_user, areas, cast, standards, query):
    a_ward_full(areas, cast, standards, 1)
    assert as_user("hoa").get(f"{LIST}?{query}").status_code == 200


def test_ones_own_drafts_are_listed_and_nobody_elses(as_user, home, cast, areas):
    round = make.a_round()
    cast["mai"] = make.a_user(Role.WARD_OFFICER, areas["ward"])
    reviews.save_draft(household=home, round=round, typed={}, by=cast["mai"])
    assert "Bản nháp của bạn" not in as_user("hoa").get(LIST).content.decode()
    assert "Bản nháp của bạn" in as_user("mai").get(LIST).content.decode()


def test_a_list_that_shows_somebody_is_written_down_once(as_user, areas, cast, standards):
    a_ward_full(areas, cast, standards, 2)
    as_user("binh").get(LIST, {"state": "decided"})
    assert not PersonalDataView.objects.exists(), "an empty list shows nobody"
    as_user("lan").get(LIST, {"state": "decided"})
    look = PersonalDataView.objects.get()
    assert (look.by, look.kind, look.household_code) == (cast["lan"], "list", "")
    assert look.reason == "Rà soát, Đợt 2023, Đã quyết định: 2 dòng"
