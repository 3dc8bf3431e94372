"""What workers do of this floor: e-mails, and every job of whatever floor."""

import logging
from datetime import time

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts import job_work, jobs, notices, session_services, webhooks

logger = logging.getLogger(__name__)
# SMTPException is an OSError too, so a server that is away or refuses is tried again, ever later.
TRY_AGAIN = {"autoretry_for": (OperationalError, OSError), "retry_backoff": 60, "retry_backoff_max": 3600}


@shared_task(max_retries=8, **TRY_AGAIN)
def send_mail(mail_id: int) -> bool:
    """Send one e-mail; safe to run twice: the second run finds it claimed or sent."""
    return notices.send(mail_id=mail_id, at=timezone.now())


@shared_task(max_retries=3, **TRY_AGAIN)
def send_waiting() -> int:
    """Every hour: what is left because the queue or the server was away. One bad address does not hold up the rest."""
    sent = 0
    for key in notices.waiting(timezone.now()).values_list("pk", flat=True)[:500]:
        try:
            sent += notices.send(mail_id=key, at=timezone.now())
        except Exception as failure:  # not only the server's: an address that no header takes is none of theirs
            logger.warning("e-mail %s did not go: %s", key, type(failure).__name__)
    return sent


@shared_task(soft_time_limit=60)
def send_webhook(delivery_id: int) -> bool:
    """Send one delivery; safe to run twice. What fails is written on the row and tried by `send_waiting_webhooks`."""
    return webhooks.deliver(delivery_id=delivery_id, at=timezone.now())


@shared_task(soft_time_limit=600)
def send_waiting_webhooks() -> int:
    """Every minute: what failed and whose time has come again, and what is left because the queue was away."""
    keys = webhooks.waiting(timezone.now()).values_list("pk", flat=True)[:50]
    return sum(webhooks.deliver(delivery_id=key, at=timezone.now()) for key in list(keys))


@shared_task
def run_job(job_id: int) -> bool:
    """Do one job; safe to run twice: the second run finds it taken or ended. What fails is tried again by its row."""
    return job_work.do(job_id=job_id, clock=timezone.now)


@shared_task
def start_daily(kind: str) -> bool:
    """Today's run of a kind from the timetable; the second who asks finds it made."""
    now = timezone.now()
    job = jobs.schedule(kind=kind, day=timezone.localdate(now), at=now)
    return bool(job) and job_work.do(job_id=job.pk, clock=timezone.now)


@shared_task
def look_after_jobs(daily: dict[str, str]) -> int:
    """Every minute: what of the timetable (kind: "hh:mm") was missed today, and jobs that no worker is at.

    Returns how many jobs were handed to workers.
    """
    now = timezone.localtime()
    for kind, clock in daily.items():
        if now.time() >= time.fromisoformat(clock):
            jobs.schedule(kind=kind, day=now.date(), at=now)
    keys = jobs.overdue(at=now)
    for key in keys:
        run_job.delay(key)
    return len(keys)


@shared_task
def clean_jobs() -> int:
    """Every night; safe to run twice."""
    return jobs.clean(at=timezone.now())


@shared_task
def clear_sessions() -> int:
    """Every night; safe to run twice."""
    return session_services.clear_expired(at=timezone.now())
