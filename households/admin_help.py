"""Supports, houses, balances of loans, exit plans and complaints in the admin: read, given to somebody in one go, written on their own pages."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import May
from households import complaint_queries, support_queries
from households.admin_master import figure
from households.admin_people import Inline, Looked, WardFilter
from households.admin_reviews import HouseholdGroupFilter
from households.models import Complaint, ExitPlan, HouseWork, LoanBalance, PlanAction, PlanVisit, Support
from households.services import bulk
from households.support_stages import STAGES


@admin.register(Support)
class SupportAdmin(Looked):
    list_display = ["household", "policy", "ward", "given_on", "ends_on", "persons", "dong", "agency", "page"]
    fields = [
        "page", "household", "policy", "ward", "given_on", "ends_on", "persons", "dong", "agency", "outside_reason", "entered_by",
    ]  # fmt: skip
    list_filter = ["policy__kind", "policy", WardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "policy", "ward", "agency"]
    date_hierarchy = "given_on"
    bring_in = ("support_list", "Mở sổ hỗ trợ", May.SEE_HOUSEHOLDS)
    dong = figure("amount", "số tiền (đồng)")

    def page_of(self, obj):
        return reverse("household_detail", args=[obj.household.code])


class StageFilter(admin.SimpleListFilter):
    """Houses by the last stage that they reached."""

    title = "đang ở bước"
    parameter_name = "buoc"

    def lookups(self, request, model_admin):
        return list(STAGES.items())

    def queryset(self, request, queryset):
        return queryset.filter(support_queries.at_stage(self.value())) if self.value() in STAGES else queryset


@admin.register(HouseWork)
class HouseWorkAdmin(Looked):
    list_display = ["household", "policy", "ward", *STAGES, "dong", "agency", "page"]
    fields = ["page", "household", "policy", "ward", *STAGES, "dong", "agency", "outside_reason", "entered_by"]
    list_filter = [StageFilter, ("policy", admin.RelatedOnlyFieldListFilter), WardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "policy", "ward", "agency"]
    date_hierarchy = "approved_on"
    bring_in = ("house_list", "Mở trang nhà ở", May.SEE_HOUSEHOLDS)
    dong = figure("money", "kinh phí từ mọi nguồn (đồng)", ordered=False)

    def page_of(self, obj):
        return reverse("house_detail", args=[obj.pk])


class LoanWardFilter(WardFilter):
    path = "support__ward"


class LoanGroupFilter(HouseholdGroupFilter):
    path = "support__household__group"


@admin.register(LoanBalance)
class LoanBalanceAdmin(Looked):
    household = "support__household__"
    list_display = ["support", "policy", "ward", "day", "owed", "late", "entered_by", "page"]
    fields = ["page", "support", "policy", "ward", "day", "owed", "late", "entered_by"]
    list_filter = [("support__policy", admin.RelatedOnlyFieldListFilter), LoanWardFilter, LoanGroupFilter]
    list_select_related = ["support__household", "support__policy", "support__ward", "entered_by"]
    date_hierarchy = "day"
    owed = figure("outstanding", "dư nợ (đồng)")
    late = figure("overdue", "nợ quá hạn (đồng)")

    @admin.display(description="chương trình vay", ordering="support__policy__name")
    def policy(self, obj):
        return obj.support.policy

    @admin.display(description="phường, xã", ordering="support__ward")
    def ward(self, obj):
        return obj.support.ward

    def code_of(self, obj):
        return obj.support.household.code

    def page_of(self, obj):
        return reverse("loan_detail", args=[obj.support_id])


class LackFilter(admin.SimpleListFilter):
    title = "còn thiếu"
    parameter_name = "thieu"
    LACKS = {
        "dialogue": ("Chưa đối thoại", Q(dialogue_on__isnull=True)),
        "helper": ("Chưa có người giúp đỡ", Q(helper_agency__isnull=True, helper_person="")),
    }

    def lookups(self, request, model_admin):
        return [*((key, label) for key, (label, _) in self.LACKS.items()), ("late", "Có việc quá hạn")]

    def queryset(self, request, queryset):
        if self.value() == "late":
            late = PlanAction.objects.filter(state=PlanAction.State.PLANNED, due_on__lt=timezone.localdate())
            return queryset.filter(state=ExitPlan.State.OPEN, pk__in=late.values("plan"))
        return queryset.filter(self.LACKS[self.value()][1]) if self.value() in self.LACKS else queryset


class ActionsInline(Inline):
    model = PlanAction
    fields = readonly_fields = ["need", "cause", "policy", "text", "due_on", "agency", "state", "done_on"]


class VisitsInline(Inline):
    model = PlanVisit


class HelperForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Đơn vị giúp đỡ", required=False)
    person = forms.CharField(label="Hoặc người giúp đỡ", max_length=120, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.exclude(kind=Agency.Kind.GROUP).order_by("order", "name")


class PlanWardFilter(WardFilter):
    path = "household__ward"


@admin.register(ExitPlan)
class ExitPlanAdmin(Looked):
    inlines = [ActionsInline, VisitsInline]
    list_display = ["household", "year", "state", "dialogue_on", "helper_agency", "helper_person", "outcome", "page"]
    list_filter = ["state", "year", LackFilter, "outcome", PlanWardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "helper_agency"]
    bring_in = ("exit_plan_waiting", "Hộ còn chờ kế hoạch", May.SEE_HOUSEHOLDS)
    actions = ["give_helper", "export_chosen"]

    def get_fields(self, request, obj=None):
        return self._with_page(
            request, ["page", *(name for name in super().get_fields(request, obj) if name != "page")]
        )

    def page_of(self, obj):
        return reverse("exit_plan_detail", args=[obj.pk])

    def has_edit_permission(self, request):
        return request.user.may(May.EDIT_HOUSEHOLDS)

    @admin.action(description="Phân công đơn vị, người giúp đỡ", permissions=["edit"])
    def give_helper(self, request, queryset):
        return self.bulk(
            request,
            queryset,
            action="give_helper",
            title="Phân công giúp đỡ",
            says="Đơn vị hoặc người ghi dưới đây giúp đỡ các hộ này, thay cho người đã phân công trước. Kế hoạch đã kết thúc giữ nguyên.",
            form_class=HelperForm,
            run=lambda keys, agency, person: bulk.assign_helpers(
                keys=keys, agency=agency, person=person, by=request.user
            ),
        )


class DueFilter(admin.SimpleListFilter):
    title = "hạn trả lời"
    parameter_name = "han"

    def lookups(self, request, model_admin):
        return list(complaint_queries.WHEN.items())

    def queryset(self, request, queryset):
        if self.value() not in complaint_queries.WHEN:
            return queryset
        found = complaint_queries.listed(request.user, timezone.localdate(), when=self.value())
        return queryset.filter(pk__in=found.order_by().values("pk"))


@admin.register(Complaint)
class ComplaintAdmin(Looked):
    """Who handles complaints sees them, as on the page; a complaint about no household is found by who sent it."""

    may_view = page_right = May.HANDLE_COMPLAINTS
    search_help_text = "Tên người gửi, hoặc tên, mã, địa chỉ của hộ"
    list_display = [
        "number",
        "category",
        "from_name",
        "household",
        "ward",
        "received_on",
        "due_on",
        "state",
        "owner",
        "page",
    ]
    list_filter = ["state", DueFilter, "category", WardFilter]
    list_select_related = ["household", "ward", "owner"]
    date_hierarchy = "received_on"
    bring_in = ("complaint_new", "Nhận đơn", May.HANDLE_COMPLAINTS)
    actions = ["give_owner", "export_chosen"]

    def get_fields(self, request, obj=None):
        return self._with_page(
            request, ["page", *(name for name in super().get_fields(request, obj) if name not in ("page", "number"))]
        )

    def get_search_results(self, request, queryset, search_term):
        by_household, _ = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return by_household, False
        by_sender = queryset.filter(from_name__icontains=search_term.strip())
        return queryset.filter(Q(pk__in=by_household.values("pk")) | Q(pk__in=by_sender.values("pk"))), False

    @admin.display(description="đơn số", ordering="pk")
    def number(self, obj):
        return obj.pk

    def code_of(self, obj):
        return obj.household.code if obj.household_id else ""

    def page_of(self, obj):
        return reverse("complaint_detail", args=[obj.pk])

    def has_handle_permission(self, request):
        return request.user.may(May.HANDLE_COMPLAINTS)

    @admin.action(description="Giao người xử lý", permissions=["handle"])
    def give_owner(self, request, queryset):
        class OwnerForm(forms.Form):
            owner = forms.ModelChoiceField(label="Người xử lý", queryset=_owners(request.user))

        return self.bulk(
            request,
            queryset,
            action="give_owner",
            title="Giao người xử lý đơn",
            says="Người được chọn chịu trách nhiệm trả lời các đơn này đúng hạn. Đơn đã trả lời hoặc đã rút giữ nguyên.",
            form_class=OwnerForm,
            run=lambda keys, owner: bulk.assign_complaints(keys=keys, owner=owner, by=request.user),
        )


def _owners(user):
    people = complaint_queries.handlers(user.area)
    return User.objects.filter(pk__in=[one.pk for one in people]).order_by("full_name")
