from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from reports import audit_services, duty_reminding, services


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def daily() -> int:
    """Every night; safe to run twice: the second run finds nothing left to do. Returns how many reports it made."""
    return len(services.daily(today=timezone.localdate()))


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def audit() -> int:
    """Every night after the reports; safe to run twice. Returns how many figures do not agree."""
    now = timezone.now()
    return audit_services.keep_findings(today=timezone.localdate(now), at=now)[0]


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def remind() -> int:
    """Every morning; safe to run twice: the second run finds every step told. Returns how many units were told."""
    return duty_reminding.remind(today=timezone.localdate())
