"""Addresses that no page makes: huge numbers, broken characters, words where numbers belong. Never an error of ours,
and no answer without its headers.
"""

import re

import pytest
from django.urls import get_resolver

from households.views.list_exports import LISTS
from tests import make
from tests.test_doors import EXAMPLES, named_urls

HUGE = "9" * 5000  # int() refuses more than 4,300 digits
LONG = "9" * 23  # more than any database's whole number
VALUES = [HUGE, LONG, "-1", "\x00", "²"]
# Every name that a page, an admin list or the API reads from an address or a form.
READ = re.compile(r"(?:GET|POST|params|data|query_params)(?:\.get|\.getlist)?[\[(]\s*\"([^\"]+)\"")
KEYS = [LONG, "abc"]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|\sstyle=\"|\son(?:click|change|load|submit|error)=", re.IGNORECASE)
OFFICERS = ["hoa", "cuc"]
ASKED = [("cuc", value) for value in VALUES] + [("hoa", HUGE), ("hoa", "\x00")]


def parameters(settings):
    """As the code names them, and the fields of the forms and filters that stand beside them."""
    found = {"page", "q", "o", "p", "all", "e", "version", "round", "day", "as_of", "_changelist_filters", "id__in"}
    for folder in [*settings.FLOORS, "danang_poverty"]:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            text = path.read_text()
            found |= set(READ.findall(text)) | set(re.findall(r"parameter_name = \"(\w+)\"", text))
    return sorted(found)


def paths(key):
    """Every address with this in the place of each of its parameters that takes it."""
    for name, route in named_urls(get_resolver().url_patterns):
        if "(?P" in route:
            continue
        path = re.sub(r"<((?:\w+:)?(\w+))>", lambda found: EXAMPLES.get(found[1], EXAMPLES.get(found[2], key)), route)
        if name == "list_export":
            yield from ((name, f"/danh-sach/xuat/{what}/xlsx/") for what in LISTS)
        yield name, path
        if "<" in route and key != "1":
            yield name, re.sub(r"<(?:(\w+):)?(\w+)>", key, route)


@pytest.fixture
def quiet(client):
    client.raise_request_exception = False
    return client


def fault(answer, path) -> str:
    """What is wrong with an answer, or nothing."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {path}"
    wrong = [name for name, said in HEADERS.items() if said not in answer.get(name, "")]
    if "unsafe" in answer.get("Content-Security-Policy", "unsafe: none at all"):
        wrong.append("Content-Security-Policy")
    page = answer["Content-Type"].startswith("text/html") if "Content-Type" in answer else False
    if (
        page
        and not answer.streaming
        and answer.status_code == 200
        and (found := INLINE.search(answer.content.decode()))
    ):
        wrong.append(found[0])
    return f"{answer.status_code} {path} {wrong}" if wrong else ""


def asked(client, name, path, ugly=None):
    if name in ("logout", "admin:logout"):
        return ""
    answer = client.get(path, ugly)
    if answer.status_code == 405:
        answer = client.post(path, ugly)
    if answer.streaming:
        b"".join(answer)  # a file is closed when it is read to its end
    return fault(answer, path[:90])


@pytest.mark.parametrize(("who", "value"), ASKED, ids=lambda value: repr(value[:12]))
def test_ugly_parameters_are_no_error_of_ours(quiet, cast, standards, settings, who, value):
    make.a_round()
    quiet.force_login(cast[who], backend="django.contrib.auth.backends.ModelBackend")
    ugly = dict.fromkeys(parameters(settings), value)
    faults = [asked(quiet, name, path, ugly) for name, path in paths("1")]
    assert not [one for one in faults if one]


@pytest.mark.parametrize("who", OFFICERS)
def test_ugly_addresses_are_no_error_of_ours(quiet, cast, standards, who):
    quiet.force_login(cast[who], backend="django.contrib.auth.backends.ModelBackend")
    faults = [asked(quiet, name, path) for key in KEYS for name, path in paths(key)]
    assert not [one for one in faults if one]
