from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from targets import past_services, task_reminding


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def remind() -> int:
    """Every morning; safe to run twice: the second run finds every step told. Returns how many units were told."""
    return task_reminding.remind(today=timezone.localdate())


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def keep_past() -> int:
    """Every night; safe to run twice: a year that is kept is not counted again. Returns how many years it kept."""
    return past_services.keep_past(today=timezone.localdate())
