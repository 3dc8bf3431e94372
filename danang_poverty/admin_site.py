from django.contrib.admin import AdminSite

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
