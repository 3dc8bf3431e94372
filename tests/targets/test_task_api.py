"""Tasks in the API: filters, ordering, pages by key, CSV, and what was not changed is not sent again."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.tokens import issue_token
from targets.models import Assignment, Evidence
from tests.targets.tasks import a_stage, a_task, moved

PATH = "/api/v1/tasks/"


@pytest.fixture
def stage(areas, cast, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2023, 6, 15))
    found = a_stage(areas, cast)
    moved(found["health"], "finish", cast["other"])
    return found


@pytest.fixture
def machine(cast):
    client = APIClient()
    client.force_authenticate(cast["client"])
    return client


def refs(answer):
    return [row["clause"] for row in answer.json()["results"]]


def test_a_task_is_told_whole(stage, machine):
    answer = machine.get(PATH, {"agency": "so-thu"})
    assert answer.json() == {
        "plan": "66/KH-UBND",
        "as_of": "2023-06-15",
        "next": None,
        "results": [
            {
                "id": stage["own"].pk,
                "clause": "IV.1.a",
                "text": "Việc IV.1.a về nhà ở",
                "agency": "so-thu",
                "name": "Sở Lao động",
                "role": "lead",
                "via_group": None,
                "rhythm": "report",
                "due": "2023-05-31",
                "state": "not_started",
                "late": True,
                "percent": 0,
                "verified_at": None,
                "version": 1,
            }
        ],
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["IV.1.a", "IV.14.a", "IV.2.a"]),
        ({"ordering": "-clause"}, ["IV.2.a", "IV.14.a", "IV.1.a"]),
        ({"ordering": "due"}, ["IV.1.a", "IV.14.a", "IV.2.a"]),
        ({"ordering": "-percent", "limit": "1"}, ["IV.2.a"]),
        ({"state": "late"}, ["IV.1.a", "IV.14.a"]),
        ({"state": "done"}, ["IV.2.a"]),
        ({"state": "late", "as_of": "2023-05-31"}, []),
        ({"clause": "IV.14"}, ["IV.14.a"]),
        ({"clause": "IV.2.a"}, ["IV.2.a"]),
        ({"role": "lead"}, ["IV.1.a"]),
        ({"due_from": "2023-05-31", "due_to": "2023-05-31"}, ["IV.1.a", "IV.14.a"]),
        ({"due_from": "2023-06-01"}, []),
        ({"agency": "khong-co"}, []),
    ],
)
def test_filters_and_ordering(stage, machine, asked, found):
    assert refs(machine.get(PATH, asked)) == found


@pytest.mark.parametrize("ordering", ["clause", "-clause", "due", "-due", "agency", "-agency", "percent", "-percent"])
def test_pages_by_key_tell_everything_once(stage, machine, ordering):
    for number in range(11):
        task = a_task(stage["plan"], stage["own"].agency, f"IV.3.{number}", percent=number % 3)
        if number % 4 == 0:
            Assignment.objects.filter(pk=task.pk).update(rhythm="once", due_on=date(2023, 8, number + 1))
    seen, cursor = [], None
    for _ in range(9):
        asked = {"ordering": ordering, "limit": "3"} | ({"cursor": cursor} if cursor else {})
        answer = machine.get(PATH, asked).json()
        seen += [row["id"] for row in answer["results"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 14
    assert seen == [row["id"] for row in machine.get(PATH, {"ordering": ordering}).json()["results"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"state": "x"}, "state"),
        ({"ordering": "name"}, "ordering"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"cursor": "abc"}, "cursor"),
        ({"due_to": "31/05/2023"}, "due_to"),
        ({"agency": "a b"}, "agency"),
        ({"clause": "II.1"}, "clause"),
        ({"unknown": "1"}, "unknown"),
    ],
)
def test_a_wrong_parameter_is_named(stage, machine, asked, field):
    answer = machine.get(PATH, asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_a_cursor_of_another_ordering_is_refused(stage, machine):
    cursor = machine.get(PATH, {"ordering": "due", "limit": "1"}).json()["next"]
    assert machine.get(PATH, {"ordering": "clause", "cursor": cursor}).status_code == 400


def test_csv_holds_the_same_rows(stage, machine):
    answer = machine.get(PATH, {"format": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["clause"] for row in rows] == ["IV.1.a", "IV.14.a", "IV.2.a"]
    assert rows[0]["late"] == "true"
    assert machine.get(PATH, {"format": "csv", "state": "x"}).status_code == 400


def test_what_was_not_changed_is_not_sent_again(stage, cast, machine):
    etag = machine.get(PATH)["ETag"]
    assert machine.get(PATH, HTTP_IF_NONE_MATCH=etag).status_code == 304
    moved(stage["own"], "update", cast["staff"])
    assert machine.get(PATH, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_many_tasks_cost_no_more_than_few(stage, machine, django_assert_max_num_queries):
    for number in range(30):
        a_task(stage["plan"], stage["own"].agency, f"IV.3.{number}")
    with django_assert_max_num_queries(4):
        assert len(refs(machine.get(PATH))) == 33


def writer(user, *scopes):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {issue_token(user=user, by=user, scopes=scopes)[1]}")
    return client


SAID = {"move": "update", "version": 1, "percent": 40, "text": "Đã họp"}


def test_a_unit_says_how_far_its_task_is(stage, cast):
    path = f"{PATH}{stage['own'].pk}/updates/"
    refused = writer(cast["staff"], "read:tasks").post(path, SAID, format="json")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:problem:wrong_scope")
    client = writer(cast["staff"], "write:tasks")
    answer = client.post(path, SAID, format="json")
    assert (answer.status_code, answer.json()["percent"], answer.json()["version"]) == (201, 40, 2)
    stale = client.post(path, SAID, format="json")
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:problem:conflict")
    wrong = client.post(path, SAID | {"version": 2, "percent": 101}, format="json")
    assert [error["field"] for error in wrong.json()["errors"]] == ["percent"]
    assert client.post(path, SAID | {"version": 2, "move": "verify"}, format="json").status_code == 400
    assert stage["own"].updates.count() == 1


def test_files_come_with_it_and_are_told_by_their_content(stage, cast):
    path, client = f"{PATH}{stage['own'].pk}/updates/", writer(cast["staff"], "write:tasks")
    proof = [SimpleUploadedFile("bien-ban.exe", b"%PDF-1.4 thu"), SimpleUploadedFile("anh.png", b"MZ")]
    refused = client.post(path, SAID | {"files": proof}, format="multipart")
    assert [error["field"] for error in refused.json()["errors"]] == ["files"]
    assert not stage["own"].updates.exists()
    proof[0].seek(0)
    assert client.post(path, SAID | {"files": proof[:1]}, format="multipart").status_code == 201
    assert [(one.name, bytes(one.content)) for one in Evidence.objects.filter(update__assignment=stage["own"])] == [
        ("bien-ban.pdf", b"%PDF-1.4 thu")
    ]
    words = client.post(path, SAID | {"version": 2, "files": "bien-ban.pdf"}, format="multipart")
    assert words.status_code == 400


def test_nobody_speaks_for_another_unit(stage, cast):
    client = writer(cast["staff"], "write:tasks")
    assert client.post(f"{PATH}{stage['health'].pk}/updates/", SAID | {"version": 2}, format="json").status_code == 403
    assert client.post(f"{PATH}999999/updates/", SAID, format="json").status_code == 404
    assert client.post(f"{PATH}{'9' * 30}/updates/", SAID, format="json").status_code == 404
