from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "danang_poverty.admin_site.PortalAdminSite"
