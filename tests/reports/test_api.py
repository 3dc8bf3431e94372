"""Reports in the API: who owes one, the city's reports and their documents."""

import hashlib

import pytest
from rest_framework.test import APIClient

from accounts.models import Event
from accounts.tokens import issue_token
from reports import duty_services
from tests.reports.conftest import DAY


def with_scopes(user, *scopes):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {issue_token(user=user, by=user, scopes=scopes)[1]}")
    return client


def test_reports_and_their_documents(report, cast, django_assert_max_num_queries):
    client = with_scopes(cast["client"], "read:reports")
    with django_assert_max_num_queries(5):
        told = client.get("/api/v1/reports/?day=2023-05-31").json()["results"][0]
    assert (told["id"], told["as_of"], told["checksum"]) == (report.pk, "2023-05-31", report.checksum)
    one = told["documents"][0]
    address = f"/api/v1/reports/{report.pk}/documents/{one['format']}/"
    answer = client.get(address)
    assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert Event.objects.filter(action="report.downloaded", by=cast["client"]).count() == 1
    assert client.get(address, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert Event.objects.filter(action="report.downloaded").count() == 1, "what was not sent was not taken"


@pytest.mark.parametrize(
    "path", ["1/documents/none/", "99999999999999999999/documents/docx/", "99999999999999999999/lines/", "0/lines/"]
)
def test_a_document_that_is_not_there_is_404(report, cast, path):
    answer = with_scopes(cast["client"], "read:reports").get(f"/api/v1/reports/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_frozen_lines_come_in_pages_with_what_is_small_kept_back(report, cast, areas):
    """The same lines as the report's, as many as there are; another account of the city sees every one of them."""
    client, path = with_scopes(cast["client"], "read:reports"), f"/api/v1/reports/{report.pk}/lines/"
    rows, cursor = [], None
    while cursor or not rows:
        answer = client.get(path, {"limit": 70} | ({"cursor": cursor} if cursor else {}))
        rows, cursor = rows + answer.json()["results"], answer.json()["next"]
    lines = list(report.lines.select_related("area"))
    assert [(row["area"], row["indicator"]) for row in rows] == [(line.area.code, line.indicator) for line in lines]
    told = {(row["area"], row["indicator"]): row for row in rows}
    cut = told["48", "poor_labour_reduction"]
    assert (cut["numerator"], cut["rate"], cut["reached"], cut["suppressed"]) == (None, None, None, True)
    assert cut["target"] == "3.00"
    assert told["48", "job_introductions"]["numerator"] == 1, "a turn of help is work done, not somebody"
    office = with_scopes(cast["cuc"], "read:reports")
    seen = office.get(path, {"limit": 500, "area": "48"}).json()["results"]
    assert [row["numerator"] for row in seen] == [line.actual for line in lines if line.area.code == "48"]
    assert client.get(path, HTTP_IF_NONE_MATCH=client.get(path)["ETag"]).status_code == 304
    table = client.get(path, {"format": "csv", "indicator": "housing"}).content.decode().splitlines()
    assert (table[0].split(",")[:3], len(table)) == (["order", "area", "name"], 4)
    assert client.get(path, {"indicator": "Ẩ"}).status_code == 400


def test_duties_by_unit_and_state(period, cast):
    duty_services.open_duties(period=period, today=DAY)
    client = with_scopes(cast["client"], "read:reports")
    every = client.get("/api/v1/duties/?as_of=2023-06-01").json()["results"]
    assert {row["state"] for row in every} <= {"late"}
    assert client.get("/api/v1/duties/?as_of=2023-06-01&state=accepted").json()["results"] == []
    assert client.get("/api/v1/duties/?state=none").status_code == 400


@pytest.mark.parametrize("path", ["reports/", "duties/", "reports/1/documents/docx/", "reports/1/lines/"])
def test_reports_need_their_scope(report, cast, path):
    answer = with_scopes(cast["client"], "read:figures").get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:problem:wrong_scope")
