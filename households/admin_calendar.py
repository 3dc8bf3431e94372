"""Master tables of the review's calendar in the admin: holidays and the deadlines of the legal steps."""

from django.contrib import admin

from accounts.admin_base import MasterAdmin
from households.models import Holiday, StepDeadline


@admin.register(Holiday)
class HolidayAdmin(MasterAdmin):
    list_display = ["day", "name"]
    date_hierarchy = "day"
    search_fields = ["name"]


@admin.register(StepDeadline)
class StepDeadlineAdmin(MasterAdmin):
    list_display = ["kind", "step", "days", "working", "from_start", "legal_basis", "confirmed"]
    list_filter = ["kind", "confirmed"]
