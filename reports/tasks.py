from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from reports import services


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def daily() -> int:
    """Every night; safe to run twice: the second run finds nothing left to do. Returns how many reports it made."""
    return len(services.daily(today=timezone.localdate()))
