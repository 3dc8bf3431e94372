from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from reports import audit_services, services
from reports.models import Report


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def daily() -> int:
    """Every night; safe to run twice: the second run finds nothing left to do. Returns how many reports it made."""
    return len(services.daily(today=timezone.localdate()))


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def audit() -> int:
    """Every night after the reports; safe to run twice. Returns how many figures do not agree."""
    now = timezone.now()
    return audit_services.keep_findings(today=timezone.localdate(now), at=now)[0]


@shared_task(
    autoretry_for=(OperationalError, OSError, services.Busy), retry_backoff=5, retry_backoff_max=600, max_retries=8
)
def render_documents(report: int) -> int:
    """The documents of a report that are missing or older than its letter. Safe to run twice. Returns how many."""
    return len(services.finish(report=Report.objects.select_related("period").get(pk=report)))
