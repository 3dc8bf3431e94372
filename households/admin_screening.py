"""Form A in the admin: its items and its threshold."""

from django.contrib import admin

from accounts.admin_base import MasterAdmin
from households.admin_sheets import ScreeningItemSheet, ScreeningRuleSheet
from households.models import ScreeningItem, ScreeningRule


@admin.register(ScreeningItem)
class ScreeningItemAdmin(MasterAdmin):
    resource_classes = [ScreeningItemSheet]
    list_display = ["code", "text", "order", "active"]
    list_filter = ["active"]
    search_fields = ["code", "text"]


@admin.register(ScreeningRule)
class ScreeningRuleAdmin(MasterAdmin):
    resource_classes = [ScreeningRuleSheet]
    list_display = ["threshold", "legal_basis", "confirmed"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ScreeningRule.objects.exists()
