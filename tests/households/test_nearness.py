"""Mistyped words: which known word is meant, and what the page finds by it."""

import pytest
from django.db import connection

from households import search_words
from households.nearness import nearest, slips
from tests import make
from tests.households.test_search import LIST, enter, heads

KNOWN = ["nguyen", "nguyet", "van", "hai", "hoa", "huong", "hoang", "khiem"]


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("hoa", "hoa", 0),
        ("hoa", "ha", 1),
        ("ha", "hoa", 1),
        ("hoa", "hua", 1),
        ("ngyuen", "nguyen", 1),
        ("", "hoa", 3),
        ("ca", "abc", 3),
    ],
)
def test_slips(typed, meant, count):
    assert slips(typed, meant) == count


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ngyuen", ["nguyen"]),
        ("nguye", ["nguyen", "nguyet"]),
        ("nguyenn", ["nguyen"]),
        ("houng", ["hoang", "huong"]),
        ("haong", ["hoang", "huong"]),
        ("kkhieem", ["khiem"]),
        ("hxxng", []),  # two slips in five letters
        ("vn", []),  # every other word would be near
        ("vam", ["van"]),
    ],
)
def test_the_nearest_words(typed, found):
    assert nearest(typed, KNOWN) == found


@pytest.fixture
def listed(cast):
    enter(cast["hoa"], "Nguyễn Thị Hương", address="K7/12 Ông Ích Khiêm")
    enter(cast["hoa"], "Nguyễn Thị Hoa")
    enter(cast["binh"], "Nguyễn Thị Hương")
    search_words.refresh()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ngyuễn hương", ["Nguyễn Thị Hương"]),
        ("huonh khiem", ["Nguyễn Thị Hương"]),
        ("nguyen thj", ["Nguyễn Thị Hoa", "Nguyễn Thị Hương"]),
        ("hoa khiem", []),  # both words are known; nobody near them
        ("hương 9999", []),  # a number is never guessed
        ("hương", ["Nguyễn Thị Hương"]),
    ],
)
def test_a_mistyped_word_finds_what_is_near_and_says_so(as_user, listed, typed, found):
    answer = as_user("hoa").get(LIST, {"q": typed})
    exact = typed == "hương"
    if connection.vendor != "postgresql" and not exact:
        assert heads(answer) == []
        return
    assert heads(answer) == found
    assert ("gần giống" in answer.text) == (bool(found) and not exact)


def test_another_wards_words_find_nobody(as_user, cast, listed):
    enter(cast["binh"], "Ngô Quỳnh")
    search_words.refresh()
    assert heads(as_user("hoa").get(LIST, {"q": "quynhh"})) == []


def test_without_the_words_a_search_that_finds_nothing_says_so(as_user, listed, monkeypatch):
    monkeypatch.setattr(search_words, "VIEW", "no_such_view")
    answer = as_user("hoa").get(LIST, {"q": "ngyuen"})
    assert answer.status_code == 200
    assert heads(answer) == []


def test_a_city_search_names_the_wards(areas, cast, listed):
    """Asked for inside the query, PostgreSQL would read the index of words once for each ward."""
    from households.queries import search

    make.an_area("ward", "20999", "Phường Bốn", areas["urban"], "urban")
    sql = str(search(cast["cuc"], text="huong").query)
    assert "areas_area" not in sql.partition("WHERE")[2]
    assert search(cast["cuc"], text="huong").count() == 2
