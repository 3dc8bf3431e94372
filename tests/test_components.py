"""The look's own promises: components render whole, links in an error summary lead somewhere, nothing is inline."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from danang_poverty.gallery import gallery
from danang_poverty.settings import BASE_DIR

ICONS = set(re.findall(r'<symbol id="(\w+)"', (BASE_DIR / "static/icons.svg").read_text()))
TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))


@pytest.fixture
def page(cast):
    request = RequestFactory().get("/")
    request.user = cast["hoa"]
    return gallery(request).content.decode()


def test_links_of_the_error_summary_lead_to_their_fields(page):
    links = re.findall(r'href="#(id_\w+)"', page)
    assert len(links) == 2
    assert all(f'id="{link}"' in page for link in links)


def test_what_describes_a_field_is_on_the_page(page):
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()
    assert described
    assert all(f'id="{name}"' in page for name in described)


def test_an_unconfirmed_standard_says_so(page):
    receipts = re.findall(r'<section class="receipt">.*?</section>', page, re.S)
    assert ["chưa xác nhận" in receipt for receipt in receipts] == [False, True]


def test_every_icon_drawn_is_in_the_sprite(page):
    drawn = set(re.findall(r"icons\.svg#(\w+)", page))
    assert drawn
    assert drawn <= ICONS


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_stand_without_a_request(name):
    assert "<h1>" in render_to_string(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE_DIR / "templates")))
def test_nothing_is_inline(path: Path):
    """The content security policy would drop it without a word."""
    text = path.read_text()
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", text)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE_DIR / "templates")))
def test_a_named_icon_exists(path: Path):
    named = set(re.findall(r'components/icon\.html" with name="(\w+)"', path.read_text()))
    assert named <= ICONS
