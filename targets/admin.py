from django.contrib import admin

from accounts.admin_base import MasterAdmin, ReadOnlyAdmin
from accounts.roles import May
from targets.admin_sheets import BudgetSourceSheet, IndicatorSheet, TargetSheet
from targets.models import Assignment, BudgetSource, Clause, Figure, Indicator, Plan, ReminderStep, Target


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 0
    fields = readonly_fields = ["agency", "role", "via_group"]

    def has_view_permission(self, request, obj=None):
        return request.user.may(May.EDIT_MASTER_DATA)

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    may_view = May.EDIT_MASTER_DATA
    list_display = ["number", "year", "title", "issued_on", "state"]


@admin.register(Clause)
class ClauseAdmin(ReadOnlyAdmin):
    may_view = May.EDIT_MASTER_DATA
    list_display = ["ref", "kind", "text"]
    list_filter = ["kind", "plan"]
    list_select_related = ["plan"]
    search_fields = ["ref", "text"]
    inlines = [AssignmentInline]


@admin.register(Indicator)
class IndicatorAdmin(MasterAdmin):
    resource_classes = [IndicatorSheet]
    list_display = ["name", "code", "unit", "source", "owner", "tolerance", "order"]
    list_filter = ["source", "owner"]
    list_select_related = ["owner"]
    search_fields = ["code", "name"]
    readonly_fields = [
        "code",
        "numerator",
        "denominator",
        "unit",
        "source",
        "direction",
        "adds",
        "over",
    ]  # these say how it is counted, which is code
    may_add = None


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    resource_classes = [TargetSheet]
    list_display = ["area", "indicator", "value", "published_rate", "in_appendix"]
    list_filter = ["plan", "in_appendix", "indicator"]
    list_select_related = ["area", "indicator"]
    search_fields = ["area__full_name", "indicator__name"]


@admin.register(Figure)
class FigureAdmin(ReadOnlyAdmin):
    may_view = May.ENTER_FIGURES
    list_display = ["indicator", "area", "day", "count", "whole", "computed", "evidence", "entered_by"]
    list_filter = ["indicator"]
    list_select_related = ["indicator", "area", "entered_by"]
    date_hierarchy = "day"


@admin.register(ReminderStep)
class ReminderStepAdmin(MasterAdmin):
    list_display = ["__str__", "days", "active"]
    list_filter = ["active"]


@admin.register(BudgetSource)
class BudgetSourceAdmin(MasterAdmin):
    resource_classes = [BudgetSourceSheet]
    list_display = ["name", "short_name", "code", "order", "active"]
    list_filter = ["active"]
    search_fields = ["code", "name"]
