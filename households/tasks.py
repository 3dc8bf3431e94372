from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from households import search_words
from households.services import import_apply, import_reading

TRY_AGAIN = {"autoretry_for": (OperationalError, OSError), "retry_backoff": 30, "retry_backoff_max": 1800}


@shared_task(max_retries=8, **TRY_AGAIN)
def read_import(batch_id: int) -> int:
    """Read and check an uploaded sheet; safe to run twice. Returns the households found."""
    try:
        return import_reading.run(batch_id=batch_id, at=timezone.now())
    except import_apply.Busy:
        return 0


@shared_task(max_retries=8, **TRY_AGAIN)
def apply_import(batch_id: int) -> int:
    """Apply an approved sheet; safe to run twice: the second run finds it claimed or done. Returns the households."""
    key = progress_key(batch_id)
    try:
        done = import_apply.run(
            batch_id=batch_id, at=timezone.now(), tell=lambda done: cache.set(key, done, timeout=3600)
        )
    except import_apply.Busy:
        return 0
    search_words.refresh()
    return done


@shared_task(max_retries=8, **TRY_AGAIN)
def refresh_search_words() -> None:
    """Every night; safe to run twice. The words among which a mistyped one is looked up (PostgreSQL)."""
    search_words.refresh()


def progress_key(batch_id: int) -> str:
    """Where the number of households so far lies. Only a cache that processes share (Redis) shows it to the page."""
    return f"import-progress-{batch_id}"
