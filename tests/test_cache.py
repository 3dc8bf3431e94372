"""Redis may be away: pages count again instead of failing."""

from danang_poverty.cache import MayBeAway


def test_a_cache_that_is_away_answers_nothing_and_breaks_nothing():
    away = MayBeAway("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    away.set("key", 1)
    assert away.get("key") is None
    assert away.add("key", 1) is False
    assert away.get_or_set("key", lambda: 5) == 5
