"""How far long work is, told past the one transaction that hides it from the page; and the wish to stop it.

It lies in the cache named `progress`, which web and worker share: Redis, or files where there is none. It may be lost
at any time: the work itself does not depend on it. `name` is the work's: 'job-7', 'import-7'. Moments are in seconds.
"""

import logging

from django.core.cache import caches

KEPT = 3600  # seconds
STOP_KEPT = 120

log = logging.getLogger(__name__)


def tell(name: str, done: int, total: int, at: float) -> None:
    """`done` of `total` at a moment; none done is the start of a run."""
    held = (done and _get(f"{name}-progress")) or {"since": at}
    _set(f"{name}-progress", {"done": min(done, total), "total": total, "since": held["since"], "at": at}, KEPT)


def seen(name: str) -> dict | None:
    """The last word: done, total, and `left`, the seconds that the rest will take at the same pace (None: too early)."""
    held = _get(f"{name}-progress")
    if held is None:
        return None
    took, done = held["at"] - held["since"], held["done"]
    left = round(took * (held["total"] - done) / done) if done and took >= 1 else None
    return held | {"left": left}


def live(name: str, at: float) -> None:
    """A sign of life of whoever is at it."""
    _set(f"{name}-alive", at, KEPT)


def last_alive(name: str) -> float:
    return _get(f"{name}-alive") or 0


def ask_to_stop(name: str) -> None:
    """The worker looks at this between its steps, so that it lets the database go and the work can be cancelled."""
    _set(f"{name}-stop", True, STOP_KEPT)


def is_asked_to_stop(name: str) -> bool:
    return bool(_get(f"{name}-stop"))


def forget(name: str) -> None:
    """Before a new run: what was told of the last one, the wish to stop it too."""
    try:
        caches["progress"].delete_many([f"{name}-progress", f"{name}-stop"])
    except OSError as error:
        log.warning("progress cannot be forgotten: %s", error)


def _get(key: str):
    try:
        return caches["progress"].get(key)
    except OSError as error:
        log.warning("progress cannot be read: %s", error)
        return None


def _set(key: str, value, seconds: int) -> None:
    try:
        caches["progress"].set(key, value, seconds)
    except OSError as error:  # a full disk does not stop the work; the page says less
        log.warning("progress cannot be told: %s", error)
