"""Ending sessions: a row that is gone opens nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.log import log
from accounts.models import PortalSession, User
from accounts.roles import May


@transaction.atomic
def end_sessions(*, user: User, by: User, keys: Iterable[str] | None = None) -> int:
    """Sign somebody out: of these sessions, or of all. One's own, or by an administrator. Returns how many there were."""
    if user.pk != by.pk and not by.may(May.MANAGE_ACCOUNTS):
        raise PermissionDenied
    rows = user.sessions.all() if keys is None else user.sessions.filter(session_key__in=list(keys))
    count, _ = rows.delete()
    if count:
        log(by, "session.ended", user, area=user.area, before={"sessions": count}, after={"sessions": 0})
    return count


def clear_expired(*, at: datetime) -> int:
    """Rows of sessions that open nothing any more are deleted; safe to repeat. Nobody did it, so the log has no line."""
    return PortalSession.objects.filter(expire_date__lte=at).delete()[0]
