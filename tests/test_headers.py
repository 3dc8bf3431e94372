"""What every answer says to browsers, and the net under addresses that no page makes."""

import pytest
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import AnonymousUser
from django.db import DataError
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from danang_poverty.middleware import LARGEST, UnreadableNumbers, guard

NET = UnreadableNumbers(HttpResponse)


def test_a_page_says_what_browsers_may_do():
    answer = guard(lambda request: HttpResponse("<p>"))(None)
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer, "django-csp writes a page's own"


def test_a_file_that_is_handed_out_runs_nothing():
    headers = {"Content-Disposition": 'attachment; filename="a.html"', "Content-Security-Policy": "default-src 'self'"}
    answer = guard(lambda request: HttpResponse("<script>", headers=headers))(None)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_a_key_larger_than_any_is_not_found():
    assert NET.process_view(None, None, (), {"pk": LARGEST, "code": "9" * 30}) is None
    with pytest.raises(Http404):
        NET.process_view(None, None, (), {"pk": LARGEST + 1})


def digits():
    return int("9" * 5000)


def test_numbers_that_nobody_can_read_are_the_askers_mistake():
    request = RequestFactory().get("/api/v1/districts/")
    request.user = AnonymousUser()
    with pytest.raises(ValueError, match="Exceeds the limit") as caught:
        digits()
    for mistake in (caught.value, OverflowError(), DataError(), IncorrectLookupParameters()):
        assert NET.process_exception(request, mistake).status_code == 400
    for ours in (ValueError("ours"), KeyError("x")):
        assert NET.process_exception(request, ours) is None
