"""How far a sheet is, told past the one transaction that hides it from the page; and the officer's wish to stop it.

It lies in the cache named `progress`, which web and worker share: Redis, or files where there is none. It may be lost
at any time: the sheet itself does not depend on it.
"""

import logging

from django.core.cache import caches

KEPT = 3600  # seconds
STOP_KEPT = 120

log = logging.getLogger(__name__)


def tell(batch_id: int, done: int, total: int, at: float) -> None:
    """`done` of `total` rows or households, at a moment in seconds; none done is the start of a run."""
    held = done and _get(_key(batch_id)) or {"since": at}
    _set(_key(batch_id), {"done": min(done, total), "total": total, "since": held["since"], "at": at}, KEPT)


def seen(batch_id: int) -> dict | None:
    """The last word: done, total, and `left`, the seconds that the rest will take at the same pace (None: too early)."""
    held = _get(_key(batch_id))
    if held is None:
        return None
    took, done = held["at"] - held["since"], held["done"]
    left = round(took * (held["total"] - done) / done) if done and took >= 1 else None
    return held | {"left": left}


def ask_to_stop(batch_id: int) -> None:
    """The worker looks at this between its steps, so that it lets the database go and the sheet can be cancelled."""
    _set(_stop_key(batch_id), True, STOP_KEPT)


def is_asked_to_stop(batch_id: int) -> bool:
    return bool(_get(_stop_key(batch_id)))


def _key(batch_id: int) -> str:
    return f"import-progress-{batch_id}"


def _stop_key(batch_id: int) -> str:
    return f"import-stop-{batch_id}"


def _get(key: str):
    try:
        return caches["progress"].get(key)
    except OSError as error:
        log.warning("progress cannot be read: %s", error)
        return None


def _set(key: str, value, seconds: int) -> None:
    try:
        caches["progress"].set(key, value, seconds)
    except OSError as error:  # a full disk does not stop a sheet; the page says less
        log.warning("progress cannot be told: %s", error)
