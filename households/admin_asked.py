"""Re-checks after a complaint and questions between wards in the admin: read here, answered on their own pages."""

from django.contrib import admin
from django.urls import reverse

from accounts.roles import May
from households.admin_people import Looked, WardFilter
from households.admin_reviews import DossierWardFilter, HouseholdGroupFilter
from households.models import Recheck, WardRequest


class AnsweredFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "xong"

    def lookups(self, request, model_admin):
        return [("no", "Chưa có kết quả"), ("yes", "Đã có kết quả")]

    def queryset(self, request, queryset):
        known = self.value() in ("no", "yes")
        return queryset.filter(closed_on__isnull=self.value() == "no") if known else queryset


@admin.register(Recheck)
class RecheckAdmin(Looked):
    """Whoever handles complaints sees them: a re-check names the complaint that asked for it."""

    may_view = page_right = May.HANDLE_COMPLAINTS
    list_display = ["household", "dossier", "complaint", "opened_on", "due_on", "closed_on", "closed_by", "page"]
    fields = ["page", "household", "dossier", "complaint", "opened_on", "due_on", "opened_by", "finding", "closed_on"]
    fields += ["closed_by"]
    list_filter = [AnsweredFilter, DossierWardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "dossier__ward", "dossier__round", "complaint", "closed_by"]
    date_hierarchy = "opened_on"

    def page_of(self, obj):
        return reverse("complaint_detail", args=[obj.complaint_id])


class AskedWardFilter(WardFilter):
    path = "household__ward"


@admin.register(WardRequest)
class WardRequestAdmin(Looked):
    """The side of the ward that is asked. What the asker told of its own household stays sealed."""

    may_view = page_right = May.EDIT_HOUSEHOLDS
    list_display = ["id", "household", "member", "number", "asked_from", "asked_at", "state", "answered_by", "page"]
    fields = ["page", "household", "member", "number", "asked_from", "ward", "asked_by", "asked_at", "state"]
    fields += ["answered_by", "answered_at"]
    list_filter = ["state", "number", AskedWardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "member", "asked_from", "answered_by"]
    date_hierarchy = "asked_at"
    bring_in = ("ward_request_list", "Yêu cầu chờ trả lời", May.EDIT_HOUSEHOLDS)

    def page_of(self, obj):
        """An answered one has none any more."""
        return reverse("ward_request_detail", args=[obj.pk]) if obj.state == WardRequest.State.OPEN else ""
