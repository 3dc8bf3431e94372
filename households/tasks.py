from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from households.services import import_apply


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def apply_import(batch_id: int) -> int:
    """Apply an approved sheet; safe to run twice: the second run finds it claimed or done. Returns the households."""
    try:
        return import_apply.run(batch_id=batch_id, at=timezone.now())
    except import_apply.Busy:
        return 0
