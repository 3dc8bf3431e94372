"""Figures in the API: by area and day, over the year, the ledger; small cells; writing with the right scope."""

import csv
import io
from datetime import date

import pytest

from accounts.models import Event
from areas.models import Area
from targets.counting import count_areas
from targets.models import Figure
from tests import make
from tests.targets.test_api import get, machine, office, plan, with_token

__all__ = ["machine", "office", "plan"]
DAY = "2023-06-30"


@pytest.fixture
def city(plan, standards):
    """Hải Châu: 12 poor households in one ward, 3 in another, 7 in a third; Thanh Khê: 9."""
    wards = list(Area.objects.wards().filter(parent__code="492").order_by("code")[:3])
    other = Area.objects.wards().filter(parent__code="491").order_by("code").first()
    for ward, count in zip([*wards, other], (12, 3, 7, 9), strict=True):
        for _ in range(count):
            make.a_spell(make.a_household(ward), standards[1])
    return {"wards": wards, "other": other}


def rows(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def ends(client, **asked):
    found = rows(get(client, "actuals/", as_of=DAY, indicator="poor_labour_end", **asked))
    return {row["area"]: row["numerator"] for row in found}


def test_actuals_are_the_counts_of_the_pages(city, office):
    counted = count_areas(year=2023, as_of=date(2023, 6, 30))
    there = {area.code: counted.of(area).poor_labour for area in counted.places.there if area.has_residents}
    assert ends(office) == there
    assert ends(office, level="district") == {code: there[code] for code in ends(office, level="district")}
    assert ends(office, area="492") == {"492": 22}


def test_small_cells_and_what_gives_them_away_are_null_and_say_so(city, machine, office):
    big, small, next_smallest = (ward.code for ward in city["wards"])
    found = {row["area"]: row for row in rows(get(machine, "actuals/", as_of=DAY, indicator="poor_labour_end"))}
    assert {code for code, row in found.items() if row["suppressed"]} == {small, next_smallest}
    assert (found[small]["numerator"], found[small]["rate"]) == (None, None)
    assert (found["492"]["numerator"], found[big]["numerator"], found["48"]["numerator"]) == (22, 12, 31)
    assert not any(row["suppressed"] for row in rows(get(office, "actuals/", as_of=DAY, limit=500)))


def test_the_same_cells_are_withheld_whatever_is_asked_for(city, machine):
    """The answer for one ward alone knows of its neighbours."""
    _, small, next_smallest = (ward.code for ward in city["wards"])
    assert ends(machine, area=next_smallest) == {next_smallest: None}
    assert ends(machine, area=small) == {small: None}
    series = rows(get(machine, "series/", area=next_smallest, indicator="poor_labour_end", day_to=DAY))
    assert {row["numerator"] for row in series} == {None}
    shown = get(machine, "actuals/", as_of=DAY, indicator="poor_labour_end", format="csv")
    told = {row["area"]: row for row in csv.DictReader(io.StringIO(shown.content.decode()))}
    assert (told[small]["numerator"], told[small]["suppressed"]) == ("", "true")


def test_a_district_withholds_all_that_rests_on_a_small_count(plan, standards, machine, office):
    ward = Area.objects.wards().filter(parent__code="492").first()
    for _ in range(2):
        make.a_spell(make.a_household(ward), standards[1])
    for client, hidden in ((machine, True), (office, False)):
        answer = get(client, "districts/492/indicators/", as_of=DAY).json()
        figure = {each["code"]: each for each in answer["indicators"]}["poor_labour_end"]
        assert figure["suppressed"] == hidden
        assert figure["target"] == "364.00", "what the plan says is public"
        for name in ("numerator", "rate", "difference"):
            assert (figure[name] is None) == hidden, name
        assert (figure["pace"]["gap"] is None) == hidden


def test_series_tell_each_month_end_and_the_last_day(city, office, standards):
    make.a_spell(make.a_household(city["other"]), standards[1], valid_from=date(2023, 3, 15))
    found = rows(get(office, "series/", area="491", indicator="poor_labour_end", day_to="2023-04-10"))
    assert [(row["day"], row["numerator"]) for row in found] == [
        ("2023-01-31", 9),
        ("2023-02-28", 9),
        ("2023-03-31", 10),
        ("2023-04-10", 10),
    ]


def test_the_ledger_balances_and_withholds(city, machine, office, standards):
    spell = make.a_spell(make.a_household(city["wards"][0]), standards[1], valid_to=date(2023, 2, 1))
    lines = rows(get(office, "ledger/", area=spell.ward.code, group="poor_labour", day_to=DAY))
    count = {(line["line"], line["reason"]): line["households"] for line in lines}
    assert (count["opening", ""], count["out", "escaped"], count["out", "all"], count["closing", ""]) == (13, 1, 1, 12)
    assert count["opening", ""] + count["in", "all"] == count["out", "all"] + count["closing", ""]
    told = rows(get(machine, "ledger/", area=spell.ward.code, group="poor_labour", day_to=DAY))
    told = {(line["line"], line["reason"]): line["households"] for line in told}
    assert told["out", "escaped"] is None
    assert told["out", "all"] is None
    assert None in (told["opening", ""], told["closing", ""]), "their difference would tell"


@pytest.mark.parametrize("path", ["actuals/", "series/", "ledger/", "targets/", "wards/", "clauses/"])
def test_pages_by_key_tell_everything_once(city, machine, path):
    seen, cursor, whole = [], None, rows(get(machine, path, limit=500))
    for _ in range(len(whole)):
        asked = {"limit": 97} | ({"cursor": cursor} if cursor else {})
        answer = get(machine, path, **asked).json()
        seen += answer["results"]
        cursor = answer["next"]
        if cursor is None or len(seen) > 500:
            break
    assert seen[: len(whole)] == whole


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("actuals/", {"as_of": "2022-12-31"}, "as_of"),
        ("actuals/", {"level": "street"}, "level"),
        ("actuals/", {"indicator": "x"}, "indicator"),
        ("actuals/", {"cursor": "bm90IGpzb24="}, "cursor"),
        ("targets/", {"cursor": "WyJhIiwgImIiXQ=="}, "cursor"),
        ("targets/", {"cursor": "W1tbW10sIDFd"}, "cursor"),
        ("series/", {"day_from": "2023-05-01", "day_to": "2023-04-01"}, "day_to"),
        ("ledger/", {"standard": "none"}, "standard"),
        ("ledger/", {"indicator": "housing"}, "indicator"),
        ("targets/", {"year": "20233"}, "year"),
        ("wards/", {"zone": ""}, "zone"),
    ],
)
def test_a_wrong_parameter_is_named(plan, standards, machine, path, asked, field):
    answer = get(machine, path, **asked)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_what_was_not_written_is_not_sent_again_and_not_counted_again(city, machine, django_assert_num_queries):
    answer = get(machine, "actuals/", as_of=DAY)
    path = f"/api/v1/actuals/?as_of={DAY}"
    with django_assert_num_queries(1):  # the token, and with it the log's mark
        again = machine.get(path, HTTP_IF_NONE_MATCH=f'W/{answer["ETag"]}, "x"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    with django_assert_num_queries(1):
        assert machine.get(path).content == answer.content
    assert machine.get(f"{path}&format=csv", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200
    Event.objects.create(action="figure.entered", subject_type="x", subject_id="1", label="x")
    assert machine.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200


def test_many_households_cost_no_more_queries(city, machine, django_assert_max_num_queries):
    for path, most in (("actuals/", 20), ("ledger/", 14), ("targets/", 6), ("clauses/", 9)):
        with django_assert_max_num_queries(most):
            get(machine, path)


GIVEN = {"indicator": "officers_trained", "area": "492", "day": DAY, "count": 5, "whole": 40, "evidence": "Danh sách"}
FIGURES = "/api/v1/figures/"


def test_a_typed_figure_needs_the_scope_and_the_right(plan, office, client, django_user_model):
    user = django_user_model.objects.get(username="office")
    refused = office.post(FIGURES, GIVEN, format="json")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:problem:wrong_scope")
    assert "write:figures" in refused.json()["detail"]
    writer = with_token(user, scopes=["read:figures", "write:figures"])
    answer = writer.post(FIGURES, GIVEN, format="json")
    assert answer.status_code == 201
    assert Figure.objects.get().entered_by == user
    assert rows(writer.get(FIGURES)) == [answer.json()]
    user.role = "api_client"
    user.area = None
    user.save()
    assert writer.post(FIGURES, GIVEN, format="json").status_code == 403, "the right was lost since"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(FIGURES, GIVEN, content_type="application/json").status_code == 403, "a session never writes"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"indicator": "none"}, "indicator"),
        ({"area": "x"}, "area"),
        ({"area": "20194"}, "area"),
        ({"day": "30/06/2023"}, "day"),
        ({"day": "2022-06-30"}, "day"),
        ({"count": 41}, "count"),
        ({"count": "nhiều"}, "count"),
        ({"evidence": "\0"}, "evidence"),
    ],
)
def test_a_wrong_figure_is_refused_at_its_field(plan, office, django_user_model, wrong, field):
    writer = with_token(django_user_model.objects.get(username="office"), scopes=["write:figures"])
    answer = writer.post(FIGURES, GIVEN | wrong, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Figure.objects.exists()
