"""Who asks the API, and how often. REST framework loads this file while it loads itself: no view is imported here."""

import hashlib
import math
import time

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.throttling import BaseThrottle

from accounts import tokens

WINDOW = 60  # seconds


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`. The token itself is `request.auth`."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Write the header as 'Authorization: Token …', with one token.")
        now, address = timezone.now(), BaseThrottle().get_ident(request) or ""
        token = tokens.find(words[1].decode("latin-1"), now=now)
        if token is None:
            raise AuthenticationFailed("Invalid token: it is unknown, revoked or expired.")
        if not token.allows_address(address):
            raise PermissionDenied(f"This token may not be used from {address}.", code="address_not_allowed")
        tokens.note_use(token=token, address=address, at=now)
        return token.user, token

    def authenticate_header(self, request):
        return "Token"


class Rate(BaseThrottle):
    """So many requests a minute for each token, or each person signed in, or each address; told in every answer.

    A counter for each minute: one step in the cache, where a list of times would be read and written whole.
    """

    def allow_request(self, request, view):
        now = time.time()
        limit = settings.API_RATE if request.user and request.user.is_authenticated else settings.API_RATE_STRANGERS
        self.wait_for = math.ceil(WINDOW - now % WINDOW) or WINDOW
        used = self._step(f"api-rate:{self._who(request)}:{int(now // WINDOW)}")
        request._request.api_rate = (limit, max(0, limit - used), self.wait_for)
        return used <= limit

    def wait(self):
        return self.wait_for

    def _who(self, request) -> str:
        if isinstance(getattr(request.auth, "digest", None), str):
            return f"token-{request.auth.pk}"
        if request.user and request.user.is_authenticated:
            return f"user-{request.user.pk}"
        return f"address-{hashlib.sha256(str(self.get_ident(request)).encode()).hexdigest()[:16]}"

    def _step(self, key: str) -> int:
        """A cache that is away counts nobody: the limits rest until it is back."""
        try:
            return cache.incr(key)
        except ValueError:  # nothing was counted in this minute yet
            return 1 if cache.add(key, 1, 2 * WINDOW) else self._second(key)

    def _second(self, key: str) -> int:
        """Somebody else began the count meanwhile, unless the cache is away."""
        try:
            return cache.incr(key)
        except ValueError:
            return 1
