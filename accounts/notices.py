"""Telling people something: inside the portal at once, by e-mail as soon as the post takes it.

An e-mail is first a row, so nothing waits for the mail server and nothing is lost when it is away.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Notice, OutgoingMail, User

logger = logging.getLogger(__name__)
STALE = timedelta(minutes=10)  # a claim older than this is of a process that died
MOST_TRIES = 12  # beyond it an address is wrong rather than the server away; the row says so
KEPT = 60  # seconds that the number in the header is remembered


@dataclass(frozen=True)
class Told:
    """One thing told to one person; with a key it is told once."""

    user: User
    text: str
    url: str = ""
    key: str = ""


def tell(*, users: list[User], text: str, url: str = "", key: str = "") -> int:
    """A notice to each of them; with a key nobody is told the same thing twice. Returns how many were not told yet."""
    return len(tell_many(told=[Told(user, text, url, key) for user in users]))


@transaction.atomic
def tell_many(*, told: list[Told]) -> list[Told]:
    """Many notices in one statement. Returns those that were not told before."""
    keys = {one.key for one in told if one.key}
    known = set(Notice.objects.filter(key__in=keys).values_list("user_id", "key")) if keys else set()
    fresh = [one for one in told if (one.user.pk, one.key) not in known]
    rows = [Notice(user=one.user, text=one.text[:300], url=one.url, key=one.key) for one in fresh]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    cache.delete_many([_cached(one.user.pk) for one in fresh])
    return fresh


@transaction.atomic
def post(*, users: list[User], subject: str, body: str) -> int:
    """An e-mail to each of them who has an address, sent once the caller's transaction stands. Returns how many."""
    rows = [OutgoingMail(to=user.email, subject=subject[:200], body=body) for user in users if user.email]
    OutgoingMail.objects.bulk_create(rows)
    keys = [row.pk for row in rows]
    if keys:
        # robust: a queue that is away must not break what was written; the nightly run sends what is left
        transaction.on_commit(lambda: _queue(keys), robust=True)
    return len(rows)


def _queue(keys: list[int]) -> None:
    from accounts.tasks import send_mail  # here, because the task calls this file

    for key in keys:
        send_mail.delay(key)


def waiting(at: datetime):
    """E-mails that have not gone and that no living process is sending."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - STALE)
    return OutgoingMail.objects.filter(free, sent_at=None, tries__lt=MOST_TRIES).order_by("id")


def send(*, mail_id: int, at: datetime) -> bool:
    """Send one e-mail, claimed by a conditional update so that it goes once. OSError (also SMTP's) when it did not go."""
    claimed = waiting(at).filter(pk=mail_id).update(claimed_at=at, tries=F("tries") + 1)
    if not claimed:
        return False
    mail = OutgoingMail.objects.get(pk=mail_id)
    try:
        EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to]).send()
    except Exception as failure:
        told = f"{type(failure).__name__}: {failure}"[:300]
        OutgoingMail.objects.filter(pk=mail_id).update(claimed_at=None, failure=told)
        raise
    OutgoingMail.objects.filter(pk=mail_id).update(sent_at=at, failure="")
    return True


def notices_of(user: User):
    return Notice.objects.filter(user=user)


def unread_count(user: User) -> int:
    """Asked by every page's header: remembered for a minute."""
    return cache.get_or_set(_cached(user.pk), notices_of(user).filter(read_at=None).count, KEPT)


@transaction.atomic
def mark_read(*, by: User, at: datetime) -> int:
    """All of one's own notices are read."""
    count = notices_of(by).filter(read_at=None).update(read_at=at)
    cache.delete(_cached(by.pk))
    return count


def _cached(user_id: int) -> str:
    return f"unread-{user_id}"
