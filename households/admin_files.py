"""Sheets brought in, changes of households and likely duplicates in the admin: read here, answered on their own pages."""

from django.contrib import admin
from django.urls import reverse

from accounts.roles import May
from areas.vietnamese import number
from households.admin_people import Looked, WardFilter
from households.admin_reviews import HouseholdGroupFilter
from households.models import DuplicatePair, Household, HouseholdChange, ImportBatch
from households.services import bulk


@admin.register(ImportBatch)
class ImportBatchAdmin(Looked):
    may_view = page_right = May.IMPORT_HOUSEHOLDS
    search_help_text = "Tên tệp"
    list_display = ["id", "name", "ward", "by", "at", "kilobytes", "day", "state", "without_errors", "page"]
    list_filter = ["state", WardFilter]
    list_select_related = ["ward", "by"]
    date_hierarchy = "at"
    bring_in = ("import_new", "Nhập từ tệp", May.IMPORT_HOUSEHOLDS)
    fields = [
        "page",
        "name",
        "ward",
        "by",
        "at",
        "kilobytes",
        "day",
        "state",
        "without_errors",
        "failure",
        "approved_by",
    ]
    actions = ["give_up", "export_chosen"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("sealed", "reading")  # the file itself is megabytes

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(name__icontains=search_term.strip()) if search_term.strip() else queryset, False

    @admin.display(description="cỡ (kB)", ordering="size")
    def kilobytes(self, obj):
        return number(-(-obj.size // 1000))

    def code_of(self, obj):
        return ""

    def page_of(self, obj):
        return reverse("import_detail", args=[obj.pk])

    def has_bring_permission(self, request):
        return request.user.may(May.IMPORT_HOUSEHOLDS)

    @admin.action(description="Hủy lần nhập", permissions=["bring"])
    def give_up(self, request, queryset):
        return self.bulk(
            request,
            queryset,
            action="give_up",
            title="Hủy lần nhập",
            says="Không hộ nào của các tệp này được ghi vào sổ. Tệp đã ghi giữ nguyên: muốn bỏ thì hoàn tác trên trang của nó.",
            run=lambda keys: bulk.cancel_imports(keys=keys, by=request.user),
        )


@admin.register(HouseholdChange)
class HouseholdChangeAdmin(Looked):
    list_display = ["household", "kind", "day", "ward", "other", "by", "at", "undone_at", "page"]
    list_filter = ["kind", WardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "other", "ward", "by"]
    date_hierarchy = "day"
    fields = ["page", "household", "kind", "day", "ward", "other", "by", "at", "undone_at", "undone_by"]

    def page_of(self, obj):
        return reverse("household_detail", args=[obj.household.code])


@admin.register(DuplicatePair)
class DuplicatePairAdmin(Looked):
    search_fields = ()
    search_help_text = ""
    list_display = ["first", "second", "score", "ward", "state", "decided_by", "decided_at", "page"]
    list_filter = ["state", WardFilter]
    list_select_related = ["first", "second", "ward", "decided_by"]
    bring_in = ("duplicate_list", "Mở trang hộ có thể trùng", May.EDIT_HOUSEHOLDS)
    page_right = May.EDIT_HOUSEHOLDS
    fields = ["page", "first", "second", "score", "told", "ward", "state", "decided_by", "decided_at"]

    def get_queryset(self, request):
        """A pair of two wards stands in the ward that was searched: it is for who sees both, as on the pages."""
        mine = Household.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(first__in=mine, second__in=mine)

    @admin.display(description="vì sao")
    def told(self, obj):
        return "; ".join(map(str, obj.reasons)) or "–"

    def code_of(self, obj):
        return f"{obj.first.code}, {obj.second.code}"[:40]

    def page_of(self, obj):
        return reverse("duplicate_answer", args=[obj.pk]) if obj.state == DuplicatePair.State.OPEN else ""
