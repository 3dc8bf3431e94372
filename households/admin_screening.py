"""What a round counts with, in the admin: form A with its threshold, and the tables of B1 points, which a file brings in."""

from django.contrib import admin

from accounts.admin_base import MasterAdmin, ReadOnlyAdmin
from accounts.roles import May
from areas.vietnamese import number
from households.admin_people import Inline
from households.admin_sheets import ScreeningItemSheet, ScreeningRuleSheet
from households.models import ScoreItem, ScoreTable, ScreeningItem, ScreeningRule


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


class ScoreItemsInline(Inline):
    model = ScoreItem
    fields = readonly_fields = ["code", "text", "kind", "points"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("options")

    @admin.display(description="mức: điểm")
    def points(self, obj):
        return "; ".join(f"{option.text}: {number(option.points)}" for option in obj.options.all())


@admin.register(ScoreTable)
class ScoreTableAdmin(ReadOnlyAdmin):
    """Brought in as a whole by `manage.py load_score_table`; a wrong one is corrected by a newer version."""

    may_view = May.RUN_ROUNDS
    inlines = [ScoreItemsInline]
    list_display = ["standard", "version", "region", "zone", "valid_from", "valid_to", "basis"]
    list_filter = ["standard", "zone"]
    list_select_related = ["standard"]
    fields = ["standard", "version", "region", "zone", "valid_from", "valid_to", "basis", "note"]
    readonly_fields = ["basis"]

    @admin.display(description="văn bản ban hành", ordering="document")
    def basis(self, obj):
        return obj.basis
