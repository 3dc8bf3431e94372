"""Tokens of the API and the shape of its errors."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import NotFound, Throttled, ValidationError

from accounts.models import ApiToken, Event
from accounts.problems import problem

URL = "/api/v1/token/"
PASSWORD = "mat-khau-thu-66"


def ask(client, username="client", password=PASSWORD, **more):
    return client.post(URL, {"username": username, "password": password}, content_type="application/json", **more)


def bearing(token):
    return {"HTTP_AUTHORIZATION": f"Token {token}"}


@pytest.mark.parametrize(
    ("username", "status"),
    [("client", 201), ("staff", 201), ("cuc", 201), ("hoa", 403), ("leader", 403), ("admin", 403), ("nobody", 403)],
)
def test_who_gets_a_token(client, cast, username, status):
    answer = ask(client, username)
    assert answer.status_code == status
    assert ApiToken.objects.count() == (status == 201)
    if status == 201:
        told = answer.json()
        assert set(told) == {"token", "expiry", "scopes"}
        kept = ApiToken.objects.get()
        assert kept.user == cast[username]
        assert timedelta(days=29) < kept.expires_at - timezone.now() <= timedelta(days=30)
        assert told["token"] not in str(list(ApiToken.objects.values()))
        assert told["token"] not in str(list(Event.objects.values()))


def test_a_token_opens_until_it_is_revoked(client, cast):
    token = ask(client).json()["token"]
    assert client.delete(URL, **bearing(token)).status_code == 204
    assert not ApiToken.objects.exists()
    again = client.delete(URL, **bearing(token))
    assert again.status_code == 401
    assert again["WWW-Authenticate"] == "Token"
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == ["token.issued", "token.revoked"]


def test_a_token_dies_with_its_time_and_with_its_owner(client, cast):
    token = ask(client).json()["token"]
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.delete(URL, **bearing(token)).status_code == 401
    token = ask(client).json()["token"]
    cast["client"].is_active = False
    cast["client"].save()
    assert client.delete(URL, **bearing(token)).status_code == 401


def test_a_stale_token_does_not_stand_in_the_way_of_a_new_one(client, cast):
    assert ask(client, **bearing("khong-con-dung")).status_code == 201


def test_a_session_does_not_open_the_token_door(as_user):
    assert as_user("client").delete(URL).status_code == 401


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": "client"}, "password"),
        ({"password": "x"}, "username"),
        ({"username": "", "password": "x"}, "username"),
    ],
)
def test_missing_fields_are_named_in_english(client, cast, sent, field):
    answer = client.post(URL, sent, content_type="application/json")
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert set(told) == {"type", "title", "status", "detail", "errors"}
    assert [error["field"] for error in told["errors"]] == [field]
    assert told["errors"][0]["reason"] in ("This field is required.", "This field may not be blank.")


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_what_is_no_json_object_is_refused(client, cast, body):
    answer = client.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_a_wrong_password_says_the_same_as_an_unknown_name(client, cast):
    wrong, unknown = ask(client, password="sai"), ask(client, "khong-co", "sai")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["detail"] == "Wrong user name or password."
    assert wrong["WWW-Authenticate"] == "Token"


def test_five_wrong_passwords_lock_the_name(client, cast):
    assert [ask(client, password="sai").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    locked = ask(client)  # the right password, too late
    assert locked.status_code == 429
    assert locked["Content-Type"] == "application/problem+json"
    assert locked["Retry-After"] == "900"
    assert locked.json()["type"] == "urn:problem:locked_out"
    assert "15 minutes" in locked.json()["detail"]
    assert ask(client, "staff").status_code == 201, "another name is not locked"
    assert not ApiToken.objects.filter(user=cast["client"]).exists()


def test_asking_too_often_is_throttled(client, cast):
    answers = [ask(client, "staff") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["type"] == "urn:problem:throttled"


def raised(exc):
    answer = problem(exc, {})
    return answer.status_code, answer.data


def test_nested_errors_become_one_list():
    exc = ValidationError(
        {"members": [{}, {"name": ["required", "blank"]}], "non_field_errors": ["both"], "day": "late"}
    )
    status, told = raised(exc)
    assert status == 400
    assert told["type"] == "urn:problem:invalid"
    assert [tuple(line.values()) for line in told["errors"]] == [
        ("members.1.name", "required", "en"),
        ("members.1.name", "blank", "en"),
        ("", "both", "en"),
        ("day", "late", "en"),
    ]


def test_every_error_has_the_one_shape():
    from django.core.exceptions import PermissionDenied
    from django.core.exceptions import ValidationError as ModelError
    from django.http import Http404

    assert raised(NotFound())[1]["type"] == "urn:problem:not_found"
    assert raised(Http404())[0] == 404
    assert raised(PermissionDenied())[0] == 403
    status, told = raised(ModelError({"day": "Không có ngày này."}))
    assert (status, told["type"]) == (400, "urn:problem:refused"), "a rule of the office"
    assert told["detail"].isascii()
    assert told["errors"] == [{"field": "day", "reason": "Không có ngày này.", "language": "vi"}]
    assert raised(ModelError("whole"))[1]["errors"] == [{"field": "", "reason": "whole", "language": "vi"}]
    assert problem(Throttled(wait=7), {})["Retry-After"] == "7"
    assert problem(ZeroDivisionError(), {}) is None, "an unknown error is Django's to report"
