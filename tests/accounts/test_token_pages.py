"""Keys of the API: made and revoked in one's own account; what scope, address and rate hold back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import ApiToken, Event

PAGE = "/toi/khoa-api/"
FORM = {"name": "Kho dữ liệu", "scopes": ["read:figures"], "days": "30", "networks": "203.0.113.0/24\n2001:db8::1"}
ASKED = "/api/v1/indicators/?limit=1"


def bearing(text, **more):
    client = APIClient(**more)
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def test_a_key_is_made_shown_once_and_revoked(as_user):
    client = as_user("client")
    text = re.search(r'class="key">(\w{64})<', client.post(PAGE, FORM).content.decode())[1]
    kept = ApiToken.objects.get()
    assert (kept.name, kept.scopes, kept.networks) == (
        "Kho dữ liệu",
        ["read:figures"],
        ["203.0.113.0/24", "2001:db8::1/128"],
    )
    assert text not in client.get(PAGE).content.decode()
    assert text not in str(list(ApiToken.objects.values())) + str(list(Event.objects.values()))
    assert client.post(PAGE, {"revoke": kept.pk}).status_code == 302
    assert not ApiToken.objects.exists()
    assert client.post(PAGE, {"revoke": kept.pk}).status_code == 302, "pressed twice"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"name": ""}, "Ghi tên"),
        ({"scopes": []}, "Chọn ít nhất"),
        ({"scopes": ["write:tasks"]}, "Hãy chọn"),
        ({"days": "0"}, "ít nhất 1 ngày"),
        ({"days": "366"}, "nhiều nhất 365"),
        ({"days": "x"}, "chữ số"),
        ({"networks": "203.0.113.300"}, "Không đọc được"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_lost(as_user, wrong, word):
    page = as_user("client").post(PAGE, FORM | wrong).content.decode()
    assert 'class="field err"' in page
    assert not ApiToken.objects.exists()
    if "scopes" not in wrong:
        assert word in page


def test_nobody_revokes_anothers_key(as_user, cast):
    token, _ = tokens.issue_token(user=cast["staff"], by=cast["staff"])
    as_user("client").post(PAGE, {"revoke": token.pk})
    assert ApiToken.objects.exists()
    with pytest.raises(PermissionDenied):
        tokens.revoke_token(token=token, by=cast["client"])
    tokens.revoke_token(token=token, by=cast["admin"])
    with pytest.raises(PermissionDenied):
        tokens.issue_token(user=cast["hoa"], by=cast["hoa"])


def test_on_the_page_an_eleventh_key_is_refused_and_none_is_lost(cast):
    user = cast["client"]
    for _ in range(tokens.MOST):
        tokens.issue_token(user=user, by=user, make_room=False)
    with pytest.raises(ValidationError):
        tokens.issue_token(user=user, by=user, make_room=False)
    assert user.api_tokens.count() == tokens.MOST


def test_a_key_of_the_wrong_scope_is_told_which_one_is_missing(cast):
    _, text = tokens.issue_token(user=cast["client"], by=cast["client"], scopes=["read:tasks"])
    told = bearing(text).get(ASKED)
    assert (told.status_code, told["Content-Type"]) == (403, "application/problem+json")
    assert told.json()["type"] == "urn:problem:wrong_scope"
    assert told.json()["detail"] == "This token lacks the scope read:figures; it has read:tasks."


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        ([], "198.51.100.9", 200),
        (["203.0.113.0/24"], "203.0.113.200", 200),
        (["203.0.113.0/24"], "::ffff:203.0.113.200", 200),
        (["203.0.113.0/24"], "203.0.114.1", 403),
        (["203.0.113.0/24"], "2001:db8::1", 403),
        (["2001:db8::/32"], "2001:db8::1", 200),
    ],
)
def test_from_where_a_key_may_be_used(cast, networks, address, status):
    _, text = tokens.issue_token(user=cast["client"], by=cast["client"], networks=networks)
    answer = bearing(text, REMOTE_ADDR=address).get(ASKED)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "urn:problem:address_not_allowed"
    else:
        assert ApiToken.objects.get().last_used_from == address.removeprefix("::ffff:") or "::ffff" in address


def test_last_use_is_noted_once_a_minute(cast, django_assert_num_queries):
    token, text = tokens.issue_token(user=cast["client"], by=cast["client"])
    client = bearing(text)
    client.get(ASKED)
    first = ApiToken.objects.get().last_used_at
    assert timezone.now() - first < timedelta(minutes=1)
    with django_assert_num_queries(1):  # the token with its owner and the log's mark; the answer is kept
        client.get(ASKED)
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get(ASKED)
    assert ApiToken.objects.get().last_used_at >= first


def test_each_key_has_its_own_rate_and_every_answer_tells_it(cast, settings):
    settings.API_RATE = 2
    one, two = (bearing(tokens.issue_token(user=cast["client"], by=cast["client"])[1]) for _ in "ab")
    first = one.get(ASKED)
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert 0 < int(first["RateLimit-Reset"]) <= 60
    answers = [one.get(ASKED) for _ in range(4)]  # a minute may end between two of them
    refused = answers[-1]
    assert (refused.status_code, refused["RateLimit-Remaining"]) == (429, "0")
    assert int(refused["Retry-After"]) > 0
    assert refused.json()["type"] == "urn:problem:throttled"
    assert two.get(ASKED).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("get", "/api/v1/none/", {}, 404),
        ("delete", "/api/v1/indicators/", {}, 405),
        ("get", ASKED, {"HTTP_ACCEPT": "image/png"}, 406),
        ("get", "/api/v1/indicators/?format=xml", {}, 406),
        ("post", "/api/v1/token/", {"content_type": "text/plain", "data": "x"}, 415),
        ("get", "/api/v1/indicators/?x=1", {}, 400),
    ],
)
def test_every_error_is_a_problem_document(cast, method, path, more, status):
    client = bearing(tokens.issue_token(user=cast["client"], by=cast["client"])[1])
    answer = getattr(client, method)(path, **more)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_a_fault_of_ours_is_one_too(cast, monkeypatch):
    client = bearing(tokens.issue_token(user=cast["client"], by=cast["client"])[1], raise_request_exception=False)
    monkeypatch.setattr("targets.api.IndicatorCatalogue.answer", lambda self, today: 1 / 0)
    answer = client.get(ASKED)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "ZeroDivision" not in answer.content.decode()
