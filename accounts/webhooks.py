"""Telling other systems: `announce` leaves a row in the caller's transaction, and it is sent afterwards until it has gone.

What leaves the portal goes to public addresses only (webhook_post.py), signed with the receiver's key (webhook_rules.py).
"""

import json
import logging
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q

from accounts.log import facts, log
from accounts.models import User, Webhook, WebhookDelivery
from accounts.roles import May
from accounts.webhook_post import Refused, post, public_addresses
from accounts.webhook_rules import EVENTS, MOST_TRIES, SIGNATURE, TEST, fault_of, signature, wait_after

logger = logging.getLogger(__name__)
STALE = timedelta(minutes=5)  # a claim older than this is of a process that died
TOLD = ("name", "url", "events", "active")


@transaction.atomic
def announce(*, event: str, payload: dict) -> int:
    """Tell every address that asks for this event. `payload`: JSON values, no personal data. Returns how many are told."""
    if event not in EVENTS:
        raise ValueError(f"no such event: {event}")
    hooks = [hook for hook in Webhook.objects.filter(active=True) if event in hook.events]
    _leave([WebhookDelivery(webhook=hook, event=event, payload=payload) for hook in hooks])
    return len(hooks)


def _leave(rows: list[WebhookDelivery]) -> None:
    WebhookDelivery.objects.bulk_create(rows)
    keys = [row.pk for row in rows]
    if keys:
        # robust: a queue that is away must not break what was written; the next minute's run sends what is left
        transaction.on_commit(lambda: _queue(keys), robust=True)


def _queue(keys: list[int]) -> None:
    from accounts.tasks import send_webhook  # here, because the task calls this file

    for key in keys:
        send_webhook.delay(key)


def check_address(url: str) -> None:
    """ValidationError at `url` when it cannot be called, or lies inside a network. Looked up again at each call."""
    fault = fault_of(url)
    if not fault:
        try:
            public_addresses(url)
        except Refused as refused:
            fault = str(refused)
    if fault:
        raise ValidationError({"url": fault})


@transaction.atomic
def save_webhook(*, webhook: Webhook, by: User, **values) -> Webhook:
    """Add or change one: `name`, `url`, `events`, `active`. PermissionDenied, or ValidationError at the field."""
    _check_right(by)
    before = facts(Webhook.objects.select_for_update().get(pk=webhook.pk), TOLD) if webhook.pk else {}
    for name, value in values.items():
        if name not in TOLD:
            raise TypeError(f"save_webhook() does not change {name}")
        setattr(webhook, name, value)
    wrong = [event for event in webhook.events if event not in EVENTS]
    if wrong or not webhook.events:
        raise ValidationError({"events": "Chọn ít nhất một sự kiện."})
    check_address(webhook.url)
    webhook.salt = webhook.salt or secrets.token_hex(16)
    webhook.full_clean()
    webhook.save()
    log(by, "webhook.saved", webhook, before=before, after=facts(webhook, TOLD))
    return webhook


@transaction.atomic
def renew_secret(*, webhook: Webhook, by: User) -> None:
    """The old key signs nothing any more; the receiver must be given the new one."""
    _check_right(by)
    webhook.salt = secrets.token_hex(16)
    webhook.save(update_fields=["salt"])
    log(by, "webhook.key_renewed", webhook)


@transaction.atomic
def send_test(*, webhook: Webhook, by: User) -> None:
    """A message that says it is a test, so that the receiver can be tried before anything happens."""
    _check_right(by)
    _leave([WebhookDelivery(webhook=webhook, event=TEST, payload={"test": True})])
    log(by, "webhook.tested", webhook)


@transaction.atomic
def send_again(*, delivery: WebhookDelivery, by: User, at: datetime) -> None:
    """One that was given up is tried from the start. What went is not sent twice."""
    _check_right(by)
    changed = WebhookDelivery.objects.filter(pk=delivery.pk, sent_at=None).update(tries=0, next_at=at, claimed_at=None)
    if not changed:
        raise ValidationError("Nội dung này đã gửi được, không gửi lại.")
    transaction.on_commit(lambda: _queue([delivery.pk]), robust=True)
    log(by, "webhook.sent_again", delivery)


def _check_right(by: User) -> None:
    if not by.may(May.MANAGE_ACCOUNTS):
        raise PermissionDenied


def waiting(at: datetime):
    """Deliveries whose time has come and that no living process is sending, to addresses that are still in use."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - STALE)
    rows = WebhookDelivery.objects.filter(free, sent_at=None, tries__lt=MOST_TRIES, next_at__lte=at)
    return rows.filter(webhook__active=True).order_by("id")


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Send one, claimed by a conditional update so that it goes once. A failure is written down with the next time."""
    if not waiting(at).filter(pk=delivery_id).update(claimed_at=at, tries=F("tries") + 1):
        return False
    row = WebhookDelivery.objects.select_related("webhook").get(pk=delivery_id)
    body = body_of(row)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "danang-poverty-portal",
        "X-Portal-Event": row.event,
        "X-Portal-Delivery": str(row.pk),
        SIGNATURE: signature(row.webhook.secret, int(at.timestamp()), body),
    }
    try:
        status, failure = post(row.webhook.url, body, headers), ""
    except Refused as refused:
        status, failure = None, str(refused)
    except Exception as broken:  # whatever the other side does must not end the run
        status, failure = None, f"{type(broken).__name__}: {broken}"
    went = status is not None and 200 <= status < 300
    if not went:
        logger.warning("webhook delivery %s did not go: %s", row.pk, failure or status)
    WebhookDelivery.objects.filter(pk=row.pk).update(
        claimed_at=None,
        sent_at=at if went else None,
        status=status,
        failure="" if went else (failure or f"HTTP {status}")[:300],
        next_at=at if went else at + wait_after(row.tries),
    )
    return went


def body_of(row: WebhookDelivery) -> bytes:
    """The same bytes at every try."""
    told = {"id": row.pk, "event": row.event, "at": row.made_at.isoformat(), "data": row.payload}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
