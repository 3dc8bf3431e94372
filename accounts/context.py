"""What every page needs: the menu of who asks, and whether the data is for demonstration."""

from django.core.cache import cache

from accounts.menu import menu_for
from accounts.models import Installation


def portal(request):
    user = getattr(request, "user", None)
    return {"menu": menu_for(user, request.path) if user and user.is_authenticated else [], "demo": is_demo()}


def is_demo() -> bool:
    """Asked by every page, changed once in a lifetime: remembered for a minute."""
    return cache.get_or_set("installation-demo", Installation.objects.filter(demo=True).exists, 60)
