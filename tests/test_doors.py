"""Every named URL turns a stranger away, and somebody signed in who holds no role."""

import re

import pytest
from django.urls import URLResolver, get_resolver

OPEN = {"login", "healthz", "readyz"}
HIDDEN = {"metrics"}  # to whoever lacks its token there is no such page
# Anybody signed in may leave, change the password, see the own account, what one was told and the own jobs.
SIGNED_IN = {"logout", "password_change", "account", "notice_list", "my_jobs", "job_detail", "job_file", "admin:logout"}
SIGNED_IN |= {"second_factor", "second_factor_check", "second_factor_new", "sessions", "session_end"}
# Machine doors: they answer 401 with a problem document instead of a redirect.
TOKEN_DOORS = {"api_token"}

EXAMPLES = {
    "code": "492",
    "day": "2023-05-31",
    "format": "docx",
    "app_label": "households",
    "kind": "households.household",
}


def named_urls(patterns, prefix="/", namespace=""):
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from named_urls(entry.url_patterns, route, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", route


def doors():
    """Every URL with plausible values for its parameters; the admin's catch-all regular expressions are left out."""
    for name, route in named_urls(get_resolver().url_patterns):
        if "(?P" not in route:
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLES.get(found[1], "1"), route)
            yield pytest.param(name, path, id=f"{name} {path}")


def answer(client, path):
    """The answer to GET, or to POST where GET is not known."""
    response = client.get(path)
    return client.post(path) if response.status_code == 405 else response


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), list(doors()))
def test_strangers_are_turned_away(client, name, path):
    response = answer(client, path)
    if name in OPEN:
        assert response.status_code == 200
    elif name in HIDDEN:
        assert response.status_code == 404
    elif name in TOKEN_DOORS:
        assert response.status_code in (400, 401, 415)
    else:
        assert response.status_code in (302, 401, 403)
        if response.status_code == 302:
            assert "/dang-nhap/" in response["Location"] or "/quan-tri/login/" in response["Location"]


def test_the_admin_has_no_sign_in_of_its_own(client, as_user):
    assert client.get("/quan-tri/login/?next=/quan-tri/").url == "/dang-nhap/?next=/quan-tri/"
    assert as_user("leader").get("/quan-tri/", follow=True).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), list(doors()))
def test_somebody_without_a_role_is_turned_away(as_user, name, path):
    if name in OPEN | SIGNED_IN | TOKEN_DOORS | HIDDEN:
        return
    response = answer(as_user("nobody"), path)
    if response.status_code == 302 and name.startswith(
        "admin:"
    ):  # the stock admin sends them to its log-in, which refuses
        response = as_user("nobody").get(response["Location"])
    assert response.status_code == 403
