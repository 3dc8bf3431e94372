import logging

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts import notices, webhooks

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
