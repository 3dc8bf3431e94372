"""API v1: who may ask, what is answered, and what a wrong parameter is told."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import RequestFactory
from rest_framework.test import APIClient

from accounts import tokens
from areas.models import Area
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator, Plan
from targets.views import plan as views
from tests import make

PATHS = ["districts/", "districts/492/indicators/", "wards/", "indicators/", "plans/", "plan/", "clauses/", "targets/"]
PATHS += ["actuals/", "series/", "ledger/", "tasks/"]


@pytest.fixture
def plan(standards):
    call_command("load_areas", verbosity=0)
    call_command("load_agencies", verbosity=0)
    call_command("load_plan")
    return Plan.objects.get()


def with_token(user, **more):
    _, token = tokens.issue_token(user=user, by=user, **more)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def machine(plan):
    """A client with a token of its own: it is told sums, and nothing small."""
    return with_token(make.a_user("api_client", username="machine"))


@pytest.fixture
def office(plan):
    """Whoever sees every household of the city is told every count."""
    return with_token(make.a_user("programme_office", Area.objects.get(level="city"), username="office"))


def get(client, path, **parameters):
    return client.get(f"/api/v1/{path}", parameters)


@pytest.mark.parametrize("path", PATHS)
def test_who_may_ask(plan, machine, path):
    assert get(machine, path).status_code == 200
    stranger = get(APIClient(), path)
    assert stranger.status_code == 401
    assert stranger["Content-Type"] == "application/problem+json"
    for role in ("ward_officer", "city_leader", ""):
        client = APIClient()
        client.force_authenticate(make.a_user(role))
        refused = get(client, path)
        assert (refused.status_code, refused.json()["status"]) == (403, 403)
    for role in ("department_staff", "programme_office"):
        client = APIClient()
        client.force_authenticate(make.a_user(role))
        assert get(client, path).status_code == 200
    assert machine.post(f"/api/v1/{path}").status_code == 405


def test_districts(machine):
    answer = get(machine, "districts/").json()["results"]
    assert [each["code"] for each in answer][:2] == ["492", "491"]
    assert len(answer) == 8
    by_code = {each["code"]: each for each in answer}
    assert by_code["492"] == {
        "code": "492",
        "name": "Quận Hải Châu",
        "kind": "Quận",
        "wards": 13,
        "resident_households": 54274,
        "resident_households_derived": True,
    }
    assert (by_code["498"]["resident_households"], by_code["498"]["wards"]) == (None, 0)  # Hoàng Sa: null is not zero
    assert sum(each["wards"] for each in answer) == 56


def test_indicators_of_a_district_on_a_day(office, standards):
    ward = Area.objects.wards().filter(parent__code="492").first()
    make.a_spell(make.a_household(ward), standards[1])
    make.a_spell(make.a_household(ward), standards[1], valid_to=date(2023, 6, 1))
    answer = get(office, "districts/492/indicators/", as_of="2023-06-01").json()
    assert {name: value for name, value in answer.items() if name != "indicators"} == {
        "district": "492",
        "name": "Quận Hải Châu",
        "plan": "66/KH-UBND",
        "as_of": "2023-06-01",
        "resident_households_derived": True,
        "city_standard_confirmed": False,
    }
    figures = {each["code"]: each for each in answer["indicators"]}
    assert list(figures) == list(INDICATORS)
    assert figures["poor_labour_end"] == {
        "code": "poor_labour_end",
        "unit": "household",
        "target": "364.00",
        "published_rate": "0.67",
        "target_rate": "0.67",
        "published_rate_differs": False,
        "numerator": 1,
        "denominator": 54274,
        "rate": "0.00",
        "suppressed": False,
        "difference": "-363.00",
        "reached": None,  # two households at the start: already under the target
        "pace": {"state": "ok", "expected": 2, "gap": 1},
    }
    assert figures["poor_labour_reduction"]["numerator"] == 1
    assert figures["near_poor_reduction"]["published_rate_differs"] is True
    assert figures["officers_trained"]["numerator"] is None
    assert figures["officers_trained"]["pace"] == {"state": "none", "expected": None, "gap": None}
    eve = get(office, "districts/492/indicators/", as_of="2023-05-31").json()
    assert {each["code"]: each["numerator"] for each in eve["indicators"]}["poor_labour_end"] == 2


def test_where_nobody_lives_nothing_is_counted_and_null_is_not_zero(machine, standards):
    make.a_spell(make.a_household(Area.objects.wards().filter(parent__code="492").first()), standards[1])
    figures = get(machine, "districts/498/indicators/", as_of="2023-06-01").json()["indicators"]
    assert {figure["code"] for figure in figures} == set(INDICATORS)
    for name in ("numerator", "denominator", "rate", "difference", "reached"):
        assert {figure[name] for figure in figures} == {None}, name
    lived_in = get(machine, "districts/490/indicators/", as_of="2023-06-01").json()["indicators"]
    assert 0 in {figure["numerator"] for figure in lived_in}


@pytest.mark.parametrize("path", ["x", "x/", "v1/x/", "v1/districts/492/", "v1/plan/x?as_of=2023-09-30"])
def test_an_unknown_address_is_a_problem_document_in_english(machine, path):
    for client in (machine, APIClient()):
        for ask in (client.get, client.post):
            answer = ask(f"/api/{path}")
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
            told = answer.json()
            assert {**told, "detail": ""} == {
                "type": "urn:problem:not_found",
                "title": "Not Found",
                "status": 404,
                "detail": "",
                "errors": [],
            }
            assert told["detail"] == f"Nothing is at /api/{path.partition('?')[0]}. The reference is at /api/."


def test_an_unknown_page_is_still_a_page_and_a_missing_slash_still_leads_on(machine):
    assert "LỖI 404" in machine.get("/khong-co/").content.decode()
    assert machine.get("/api/v1/plan", follow=True).status_code == 200


def test_the_plan_of_the_year_ahead_waits_for_its_year(machine, monkeypatch):
    ahead = Plan.objects.create(number="9/KH-UBND", year=2024, title="x", issued_on=date(2023, 12, 20))
    for today, number in ((date(2023, 12, 31), "66/KH-UBND"), (date(2024, 1, 1), ahead.number)):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda today=today: today)
        assert get(machine, "plan/").json()["number"] == number
        assert views.frame_of(RequestFactory().get("/ke-hoach/")).plan.number == number, "the pages say the same"


def test_typed_zero_is_a_zero(machine):
    Figure.objects.create(
        indicator=Indicator.objects.get(code="officers_trained"),
        area=Area.objects.get(code="492"),
        day=date(2023, 5, 1),
        count=0,
        whole=40,
        evidence="thử",
    )
    answer = get(machine, "districts/492/indicators/", as_of="2023-06-01").json()
    figure = {each["code"]: each for each in answer["indicators"]}["officers_trained"]
    assert (figure["numerator"], figure["denominator"], figure["rate"]) == (0, 40, "0.00")


def test_without_a_day_it_is_the_last_with_data_and_the_answer_says_which(machine, standards):
    ward = Area.objects.wards().filter(parent__code="492").first()
    make.a_support(make.a_household(ward), "job", date(2023, 11, 29))
    assert get(machine, "districts/492/indicators/").json()["as_of"] == "2023-11-29"


ALLOWED = "Allowed: from 2023-01-01 to 2023-12-31."


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("as_of=2022-12-31", "as_of", f"No figures for 2022-12-31. {ALLOWED}"),
        ("as_of=2024-01-01", "as_of", f"No figures for 2024-01-01. {ALLOWED}"),
        ("as_of=2023-02-30", "as_of", f"Not a date, written YYYY-MM-DD. {ALLOWED}"),
        ("as_of=30/09/2023", "as_of", f"Not a date, written YYYY-MM-DD. {ALLOWED}"),
        ("as_of=", "as_of", f"Not a date, written YYYY-MM-DD. {ALLOWED}"),
        ("as_of=2023-01-01&as_of=2023-02-01", "as_of", "Given more than once."),
        ("asof=2023-09-30", "asof", "Unknown parameter. Allowed here: year, as_of."),
        ("as_of=2023-09-30&page=2", "page", "Unknown parameter. Allowed here: year, as_of."),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_allowed(machine, query, field, reason):
    answer = machine.get(f"/api/v1/districts/492/indicators/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"field": field, "reason": reason, "language": "en"}]


def test_while_the_year_runs_tomorrow_is_not_allowed(machine, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2023, 9, 30))
    assert get(machine, "districts/492/indicators/", as_of="2023-09-30").status_code == 200
    late = get(machine, "districts/492/indicators/", as_of="2023-10-01")
    assert late.json()["errors"][0]["reason"].endswith("from 2023-01-01 to 2023-09-30.")
    assert get(machine, "districts/492/indicators/").json()["as_of"] == "2023-09-30"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("plans/", "none"), ("plan/", "year"), ("indicators/", "limit, cursor, source, unit, in_appendix, ordering")],
)
def test_where_no_day_can_be_asked_it_is_not_ignored(machine, path, allowed):
    answer = get(machine, path, as_of="2023-09-30")
    assert answer.status_code == 400
    reason = f"Unknown parameter. Allowed here: {allowed}."
    assert answer.json()["errors"] == [{"field": "as_of", "reason": reason, "language": "en"}]


@pytest.mark.parametrize("code", ["20236", "48", "999", "492x"])
def test_an_unknown_district_is_404_and_the_codes_are_told(machine, code):
    answer = get(machine, f"districts/{code}/indicators/")
    assert answer.status_code == 404
    assert f"No district has the code {code}" in answer.json()["detail"]
    assert "490, 491, 492" in answer.json()["detail"]


def test_the_catalogue(machine):
    answer = get(machine, "indicators/").json()["results"]
    assert [each["code"] for each in answer] == list(INDICATORS)
    assert {"code", "name", "definition", "unit", "source", "direction", "in_appendix"} == set(answer[0])


def test_the_plan_with_clauses_assignments_and_amendments(machine, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = get(machine, "plan/").json()
    assert (answer["number"], answer["issued_on"], len(answer["clauses"])) == (
        "66/KH-UBND",
        "2023-03-17",
        5 + 8 + 16 + 43,
    )
    tasks = {each["ref"]: each for each in answer["clauses"] if each["kind"] == "task"}
    assert tasks["IV.1.a"]["parent"] == "IV.1"
    assert tasks["IV.1.a"]["assignments"] == [
        {"agency": "so-ldtbxh", "name": "Sở Lao động - Thương binh và Xã hội", "role": "lead", "via_group": None}
    ]
    assert len(tasks["IV.14.a"]["assignments"]) == 7
    assert tasks["IV.14.a"]["assignments"][0]["via_group"]
    assert [each["ref"] for each in answer["clauses"] if each["amendments"]][0] == "III.8"


def test_without_a_plan_it_is_404(standards):
    client = APIClient()
    client.force_authenticate(make.a_user("api_client"))
    assert get(client, "plan/").status_code == 404


def test_the_schema_is_complete(tmp_path, db):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))
    schema = (tmp_path / "schema.yml").read_text()
    for path in [path.replace("492", "{code}") for path in PATHS]:
        assert f"/api/v1/{path}:" in schema
