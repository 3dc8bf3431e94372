"""Sessions as rows that know their owner (settings.SESSION_ENGINE), and what is asked of them."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import PortalSession, User

SEEN_EVERY = timedelta(minutes=5)  # a page is not worth a write each time


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return PortalSession

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.describe(data)
        return row


def begin(session, *, address: str, device: str, at: datetime) -> None:
    """Keep in a new session where and when it began."""
    now = at.isoformat()
    session["about"] = {"began": now, "seen": now, "address": address[:45], "device": device[:300]}


def go_on(session, *, address: str, at: datetime) -> None:
    """And where it is used now: every five minutes, or from another address."""
    about = session.get("about")
    if about and (at - datetime.fromisoformat(about["seen"]) >= SEEN_EVERY or about["address"] != address[:45]):
        session["about"] = about | {"seen": at.isoformat(), "address": address[:45]}


def sessions_of(user: User):
    """Where somebody is signed in, last used first."""
    return PortalSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at", "pk")
