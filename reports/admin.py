from django.contrib import admin

from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin
from accounts.roles import May
from reports.models import Duty, DutyRule, Letter, Period, Report


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    may_view = May.MAKE_REPORTS
    list_display = ["day", "kind", "plan", "state", "opens_on"]
    list_select_related = ["plan"]
    list_filter = ["state", "kind"]
    fields = ["plan", "kind", "day", "name", "basis", "opens_on", "state", "opened_at", "claimed_at"]


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    may_view = May.MAKE_REPORTS
    list_display = ["period", "version", "as_of", "frozen_at", "frozen_by", "demo", "checksum"]
    list_select_related = ["period", "frozen_by"]
    list_filter = ["demo"]
    fields = [
        "period", "version", "as_of", "frozen_at", "frozen_by", "reason", "demo", "unconfirmed", "residents_derived",
        "checksum",
    ]  # fmt: skip


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    may_view = May.MAKE_REPORTS
    list_display = ["report", "number", "symbol", "dated", "signer", "issued_at", "issued_by"]
    list_select_related = ["report__period", "issued_by"]
    fields = [
        "report", "number", "symbol", "place", "dated", "addressees", "authority", "title", "signer", "recipients",
        "issued_at", "issued_by", "version", "edition",
    ]  # fmt: skip


@admin.register(DutyRule)
class DutyRuleAdmin(ScopedAdmin):
    """When units report and whether their head signs: it holds for duties that are opened from then on."""

    may_view = may_change = May.EDIT_MASTER_DATA
    list_display = ["__str__", "days_before", "needs_sign_off"]
    list_select_related = ["agency"]
    filter_horizontal = ["indicators"]


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    may_view = May.MAKE_REPORTS
    list_display = ["agency", "period", "due_on", "state", "submitted_at", "submitted_by", "accepted_by"]
    list_select_related = ["agency", "period", "submitted_by", "accepted_by"]
    list_filter = ["state", "period"]
    search_fields = ["agency__name"]
    fields = [
        "period", "agency", "due_on", "first_due_on", "needs_sign_off", "state", "first_submitted_at", "submitted_at",
        "submitted_by", "signed_by", "accepted_at", "accepted_by",
    ]  # fmt: skip
