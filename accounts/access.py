"""The door-keepers: one for pages, one for the API. Both ask the policy in roles.py."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle

from accounts.roles import May


def allow(*actions: May):
    """The page answers 403 to whoever has none of the rights. Sign-in is required everywhere by middleware.

    A view says in `rights` what it asks: of each set one. The tests' table of addresses is held against it.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not any(map(request.user.may, actions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rights = (frozenset(actions), *getattr(view, "rights", ()))
        return guarded

    return decorate


class Allowed(BasePermission):
    """A view names its right in `may`; a view that names none is open to nobody."""

    def has_permission(self, request, view):
        action = getattr(view, "may", None)
        return bool(action and request.user.is_authenticated and request.user.may(action))


def client_address(request) -> str:
    """For axes: the address behind the proxies that NUM_PROXIES names, as the API's throttle counts it."""
    return BaseThrottle().get_ident(request)
