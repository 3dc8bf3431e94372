"""What every page needs: the menu of who asks, and whether the data is for demonstration."""

from django.core.cache import cache

from accounts.menu import menu_for
from accounts.models import Installation
from accounts.notices import unread_count


def portal(request):
    """What the view has read of the pulse (pulse.py) is not asked again."""
    user = getattr(request, "user", None)
    pulse = getattr(request, "pulse", None)
    demo = pulse.demo if pulse else is_demo()
    if not user or not user.is_authenticated:
        return {"menu": [], "demo": demo}
    # asked only where the header is drawn
    return {"menu": menu_for(user, request.path), "demo": demo, "unread": lambda: unread_of(user, pulse)}


def unread_of(user, pulse) -> int:
    return pulse.unread if pulse else unread_count(user)


def is_demo() -> bool:
    """Asked by every page, changed once in a lifetime: remembered for a minute."""
    return cache.get_or_set("installation-demo", Installation.objects.filter(demo=True).exists, 60)
