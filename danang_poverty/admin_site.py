from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.roles import May


class PortalAdminSite(AdminSite):
    """The stock admin, behind the portal's own log-in and the portal's own policy."""

    site_header = "Quản trị dữ liệu"
    site_title = "Giảm nghèo bền vững"
    index_title = "Quản trị dữ liệu"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_active and request.user.is_authenticated and request.user.may(May.USE_ADMIN)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One page to sign in, throttled in one place; whoever is signed in and still sent here lacks the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def autocomplete_view(self, request):
        """No form here asks for it, and it would name people of any table without a line about the look."""
        raise Http404
