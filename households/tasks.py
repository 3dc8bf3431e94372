import time

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.job_work import work
from households import import_progress, search_words
from households.services import import_apply, import_reading

TRY_AGAIN = {"autoretry_for": (OperationalError, OSError), "retry_backoff": 30, "retry_backoff_max": 1800}


@shared_task(max_retries=8, **TRY_AGAIN)
def read_import(batch_id: int) -> int:
    """Read and check an uploaded sheet; safe to run twice. Returns the households found."""
    try:
        return import_reading.run(batch_id=batch_id, at=timezone.now(), tell=_teller(batch_id))
    except import_apply.Busy:
        return 0


@shared_task(max_retries=8, **TRY_AGAIN)
def apply_import(batch_id: int) -> int:
    """Apply an approved sheet; safe to run twice: the second run finds it claimed or done. Returns the households."""
    try:
        done = import_apply.run(batch_id=batch_id, at=timezone.now(), tell=_teller(batch_id))
    except import_apply.Busy:
        return 0
    search_words.refresh()
    return done


@shared_task(max_retries=8, **TRY_AGAIN)
def refresh_search_words() -> None:
    """Every night; safe to run twice. The words among which a mistyped one is looked up (PostgreSQL)."""
    search_words.refresh()


@work("households.tasks.make_file")
def make_file(run):
    """A file that takes long: views/file_jobs.py."""
    from households.views.file_jobs import make_file  # here, because views give work to this file

    return make_file(run)


def _teller(batch_id: int):
    """Tells the page how far it is, and stops the work when the officer gave it up: Busy takes all back."""

    def tell(done: int, total: int) -> None:
        if import_progress.is_asked_to_stop(batch_id):
            raise import_apply.Busy
        import_progress.tell(batch_id, done, total, time.time())

    return tell
