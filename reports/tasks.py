from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.job_work import work
from reports import audit_services, document_jobs, duty_reminding, services
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


@shared_task(autoretry_for=(OperationalError, OSError), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def remind() -> int:
    """Every morning; safe to run twice: the second run finds every step told. Returns how many units were told."""
    return duty_reminding.remind(today=timezone.localdate())


@work(document_jobs.KIND)
def render_documents(run) -> str:
    """The documents of a report that are missing or older than its letter; what is changed meanwhile is rendered too."""
    report = Report.objects.select_related("period").get(pk=run.args["report"])
    try:
        while services.finish(report=report, by=run.by, tell=run.tell):
            pass
    except services.Busy as busy:
        raise OperationalError(str(busy)) from busy  # another run is at it: tried again in a while
    return document_jobs.url_of(report)
