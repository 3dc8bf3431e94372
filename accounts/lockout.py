"""When the door stays shut: five wrong passwords from one address, or thirty for one name from anywhere.

The second rule stops guessing by many machines. It spares a browser that its owner signed in from before (a signed
cookie says so), so that nobody can lock somebody else out of their own desk by typing nonsense.
"""

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Sum
from django.utils import timezone

FROM_ANYWHERE = 30  # wrong passwords for one name within AXES_COOLOFF_TIME
COOKIE = "portal_known"
KEPT = 180 * 24 * 3600  # seconds
SALT = "accounts.lockout"


class Handler(AxesDatabaseHandler):
    def is_locked(self, request, credentials=None):
        return super().is_locked(request, credentials) or _guessed(request, get_client_username(request, credentials))

    def user_login_failed(self, sender, credentials, request=None, **more):
        """Refused by the second rule is not a further wrong password: the door opens again once the guessing ends."""
        if request is not None and _guessed(request, get_client_username(request, credentials)):
            request.axes_locked_out = True
        else:
            super().user_login_failed(sender, credentials, request, **more)


def remember(response, user) -> None:
    """This browser knows the password of this account."""
    value = signing.dumps(user.get_username(), salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=KEPT, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def _guessed(request, username: str | None) -> bool:
    if not username or _knows(request, username):
        return False
    lately = timezone.now() - settings.AXES_COOLOFF_TIME
    wrong = AccessAttempt.objects.filter(username=username, attempt_time__gte=lately)
    return (wrong.aggregate(all=Sum("failures_since_start"))["all"] or 0) >= FROM_ANYWHERE


def _knows(request, username: str) -> bool:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT) == username
    except signing.BadSignature:
        return False
