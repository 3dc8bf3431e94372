"""Ending sessions: a row that is gone opens nothing."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.log import log
from accounts.models import User
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
