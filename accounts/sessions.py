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


def note(session, *, address: str, device: str, at: datetime) -> None:
    """Keep in a session where it is used and when, every five minutes."""
    about = session.get("about", {})
    seen = about.get("seen")
    if seen and at - datetime.fromisoformat(seen) < SEEN_EVERY and about["address"] == address[:45]:
        return
    now = at.isoformat()
    told = {"began": about.get("began", now), "seen": now, "address": address[:45], "device": device[:300]}
    session["about"] = told


def sessions_of(user: User):
    """Where somebody is signed in, last used first."""
    return PortalSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at", "pk")
