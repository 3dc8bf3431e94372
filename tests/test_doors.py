"""Every address × every role: let in who holds the right that tests/doors.py names, turned away everybody else."""

import re

import pytest
from django.contrib import admin
from django.urls import URLResolver, get_resolver

from accounts.roles import Role, allows
from accounts.scopes import NEEDS
from tests import make
from tests.doors import ANY_ROLE, ASKS_ITSELF, HIDDEN, ONLY_ONE, OPEN, SIGNED_IN, TOKEN_DOORS, rights_to
from tests.targets.activities import a_committee, a_plan

EXAMPLES = {
    "code": "492",
    "day": "2023-05-31",
    "format": "docx",
    "app_label": "households",
    "str:kind": "households.household",
    "slug:kind": "training",
}
WHO = {
    Role.WARD_OFFICER: "hoa",
    Role.WARD_LEADER: "lan",
    Role.DISTRICT_OFFICER: "district",
    Role.DEPARTMENT_STAFF: "staff",
    Role.PROGRAMME_OFFICE: "cuc",
    Role.CITY_LEADER: "leader",
    Role.ADMINISTRATOR: "admin",
    Role.API_CLIENT: "client",
    "": "nobody",
}
LEAVES = {"logout", "admin:logout", "session_end"}
# Let in by right, these may still say no, for what was asked or for what already stands.
CHOOSY = {"admin:autocomplete", "admin:login", *(f"admin:{table}_add" for table in ONLY_ONE)}


def named_urls(patterns, prefix="/", namespace=""):
    for name, route, _ in _entries(patterns, prefix, namespace):
        yield name, route


def _entries(patterns, prefix="/", namespace=""):
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _entries(entry.url_patterns, route, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", route, entry.callback


def doors():
    """Every URL with plausible values for its parameters; the admin's catch-all regular expressions are left out."""
    for name, route in named_urls(get_resolver().url_patterns):
        if "(?P" not in route:
            path = re.sub(
                r"<((?:\w+:)?(\w+))>", lambda found: EXAMPLES.get(found[1], EXAMPLES.get(found[2], "1")), route
            )
            yield name, path.replace("/xuat/1/docx/", "/xuat/ra-soat/xlsx/"), "<" in route


def answer(client, path):
    """The answer to GET, or to POST where GET is not known; a file is read to its end, which closes it."""
    response = client.get(path)
    if response.status_code == 405:
        response = client.post(path)
    if response.streaming:
        b"".join(response)
    return response


def is_sign_in(response) -> bool:
    return response.status_code == 302 and ("/dang-nhap/" in response.url or "/quan-tri/login/" in response.url)


def test_every_address_is_in_the_table():
    """A new page, door of the API or table of the admin is entered in tests/doors.py, or nobody knows who may."""
    without = OPEN | HIDDEN | SIGNED_IN | TOKEN_DOORS | ANY_ROLE
    assert not [name for name, _, _ in doors() if name not in without and rights_to(name) is None]


def test_no_two_addresses_share_a_name():
    names = [name for name, _, _ in doors() if name != "admin:None"]
    assert len(names) == len(set(names))


def said_by(view) -> set[frozenset] | None:
    """What a page asks by `allow`, or a door of the API by its right and its scope."""
    if hasattr(view, "cls"):
        scope = getattr(view.cls, "read_scope", None)
        return {frozenset([view.cls.may])} | ({frozenset([NEEDS[scope]])} if scope else set())
    return set(view.rights) if hasattr(view, "rights") else None


def test_the_table_says_what_the_views_ask():
    free = OPEN | HIDDEN | SIGNED_IN | TOKEN_DOORS | ANY_ROLE | ASKS_ITSELF
    wrong = {}
    for name, _, view in _entries(get_resolver().url_patterns):
        if not name.startswith("admin:") and name not in free:
            told = {frozenset(rights) for rights in rights_to(name) or [] if rights}
            if said_by(view) != told:
                wrong[name] = (said_by(view), told)
    assert not wrong


def test_the_table_says_what_the_admin_asks():
    wrong = {}
    for model, found in admin.site._registry.items():
        table = f"{model._meta.app_label}_{model._meta.model_name}"
        look = {right for right in (found.may_view, found.may_change) if right}
        adds = found.may_change if found.may_add is True else found.may_add
        told = [set(rights_to(f"admin:{table}_{act}")[1]) for act in ("changelist", "add")]
        if told != [look, {adds} if adds else set()]:
            wrong[table] = told
    assert not wrong


@pytest.mark.django_db
def test_strangers_are_turned_away(client):
    wrong = []
    for name, path, _ in doors():
        response = answer(client, path)
        if name in OPEN:
            fine = response.status_code == 200 or name == "admin:login"
        elif name in HIDDEN:
            fine = response.status_code == 404
        elif name in TOKEN_DOORS:
            fine = response.status_code in (400, 401, 415)
        else:
            fine = response.status_code in (401, 403) or is_sign_in(response)
        if not fine:
            wrong.append((response.status_code, name, path))
    assert not wrong


def test_the_admin_has_no_sign_in_of_its_own(client, as_user):
    assert client.get("/quan-tri/login/?next=/quan-tri/").url == "/dang-nhap/?next=/quan-tri/"
    assert as_user("leader").get("/quan-tri/", follow=True).status_code == 403


def lets_in(role, name) -> bool:
    if name in OPEN | SIGNED_IN:
        return True
    if name in ANY_ROLE:
        return bool(role)
    return all(any(allows(role, right) for right in rights) for rights in rights_to(name))


def fault(role, name, response, *, of_a_row) -> str:
    """What is wrong with an answer to somebody signed in, or nothing. A row that is not there is 404, or the admin's
    way back to its first page, for those let in as for those who are not."""
    status, shut = response.status_code, response.status_code == 403 or is_sign_in(response)
    missing = of_a_row and (status == 404 or (status == 302 and response.url == "/quan-tri/"))
    if status >= 500:
        return "broken"
    if lets_in(role, name):
        return "turned away" if name not in CHOOSY and (shut or (status == 404 and not of_a_row)) else ""
    return "" if shut or (missing and (name.startswith("admin:") or name in ANY_ROLE)) else "let in"


@pytest.mark.parametrize("role", WHO)
def test_each_role_is_let_in_where_it_holds_the_right_and_nowhere_else(as_user, areas, standards, role):
    make.a_round()
    a_plan()
    a_committee(areas["urban"])
    client, wrong = as_user(WHO[role]), []
    for name, path, of_a_row in doors():
        if name not in LEAVES | TOKEN_DOORS | HIDDEN:
            response = answer(client, path)
            if found := fault(role, name, response, of_a_row=of_a_row):
                wrong.append((found, response.status_code, name, path))
    assert not wrong
