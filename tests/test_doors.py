"""Every named URL turns a stranger away, and somebody signed in who holds no role."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {"login", "healthz"}
# Anybody signed in may leave, change the password and see the own account.
SIGNED_IN = {"logout", "password_change", "account"}
# Machine doors: they answer 401 with a problem document instead of a redirect.
TOKEN_DOORS = {"api_token"}

EXAMPLES = {"code": "492", "pk": "1", "member": "1", "day": "2023-05-31", "format": "docx"}


def named_urls(patterns=None, prefix="", namespace=""):
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace or ""]))
            yield from named_urls(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join(filter(None, [namespace, entry.name or route])), "/" + route


def example(route):
    """A path for a route: its parameters filled in with plausible values."""
    import re

    def fill(match):
        kind, _, name = match.group(1).rpartition(":")
        return EXAMPLES.get(name, "1")

    path = re.sub(r"<([^>]+)>", fill, route)
    return re.sub(r"[\^$]|\(\?P.*?\)", "1", path).replace("\\", "") if "(?P" in path else path.replace("\\Z", "")


def pages():
    for name, route in named_urls():
        if "jsi18n" in name or "(?P<url>" in route:
            continue
        yield pytest.param(name, example(route), id=name)


def answer(client, path):
    """The answer to GET, or to POST where GET is not known. Whoever is let in to a 405 or 404 was not turned away."""
    response = client.get(path)
    return client.post(path).status_code if response.status_code == 405 else response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), pages())
def test_strangers_are_turned_away(client, name, path):
    if name in OPEN:
        assert client.get(path).status_code == 200
    elif name in TOKEN_DOORS:
        assert answer(client, path) in (400, 401)
    else:
        assert answer(client, path) in (302, 401, 403), f"{name} {path}"
        response = client.get(path)
        if response.status_code == 302:
            assert "/dang-nhap/" in response["Location"] or "/login/" in response["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), pages())
def test_somebody_without_a_role_is_turned_away(as_user, name, path):
    client = as_user("nobody")
    if name in OPEN | SIGNED_IN or name in TOKEN_DOORS or name in ("admin:logout", "admin:login"):
        return
    assert answer(client, path) in (302, 403) if name.startswith("admin:") else answer(client, path) == 403, f"{name} {path}"
