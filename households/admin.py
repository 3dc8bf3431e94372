"""Households in the admin: the same scope and the same services as the pages. What has a page of its own links to it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import admin_screening, queries  # noqa: F401
from households.admin_master import figure
from households.forms.register import read_phone
from households.identity import mask
from households.members import search_words
from households.models import Household, Member, Result, Review, StatusSpell, Support
from households.services import register


class WardFilter(admin.SimpleListFilter):
    """Wards of one's own area; the stock filter would name every ward."""

    title = "phường, xã"
    parameter_name = "ward"
    path = "ward"

    def lookups(self, request, model_admin):
        wards = queries.wards_to_choose(request.user)
        return [(str(ward.pk), f"{ward.name}, {ward.district}") for ward in wards] if len(wards) > 1 else []

    def queryset(self, request, queryset):
        chosen = dict(self.lookup_choices).keys() & {self.value()}
        return queryset.filter(**{self.path: int(self.value())}) if chosen else queryset


class MemberWardFilter(WardFilter):
    path = "household__ward"


class OfPeople(ScopedAdmin):
    """Rows about people: found by the words of the household's page, never guessed by number, each look written down."""

    may_view = May.SEE_HOUSEHOLDS
    household = "household__"
    search_help_text = "Tên, địa chỉ, mã hộ, điện thoại hoặc 4 số cuối số định danh"
    search_fields = ["pk"]  # makes the box appear; get_search_results does the search

    def get_search_results(self, request, queryset, search_term):
        for word in search_words(search_term):
            queryset = queryset.filter(**{f"{self.household}search__contains": f" {word}"})
        return queryset, False

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Another ward's row is not found, as on the pages."""
        raise Http404

    def code_of(self, obj) -> str:
        return obj.household.code

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and request.method == "GET":
            log_view(request.user, PersonalDataView.Kind.VIEW, self.code_of(obj))
        return super().render_change_form(request, context, add, change, form_url, obj)


class MembersInline(admin.TabularInline):
    """For looking: people are added, corrected and taken out on the household's page."""

    model = Member
    extra = 0
    can_delete = False
    fields = readonly_fields = ["full_name", "relation", "sex", "born", "citizen_id", "joined_on", "left_on"]

    def has_view_permission(self, request, obj=None):
        return request.user.may(May.SEE_HOUSEHOLDS)

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = lambda *_, **__: False

    @admin.display(description="ngày sinh")
    def born(self, obj):
        return obj.birth

    @admin.display(description="số định danh")
    def citizen_id(self, obj):
        return mask(obj.citizen_id_last4) or "–"


class HouseholdForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)  # the version that is being corrected

    class Meta:
        model = Household
        fields = ["group", "address", "phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean_phone(self):
        return read_phone(self.cleaned_data["phone"])


@admin.register(Household)
class HouseholdAdmin(OfPeople):
    may_change = May.EDIT_HOUSEHOLDS
    household = ""
    form = HouseholdForm
    inlines = [MembersInline]
    list_display = ["code", "head_name", "group", "address", "ward", "registered_on", "closed_on"]
    list_filter = [WardFilter]
    ordering = ["code"]
    readonly_fields = ["code", "ward", "registered_on", "closed_on", "page"]
    fields = ["code", "ward", "group", "address", "phone", "registered_on", "closed_on", "page", "seen"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "seen"]

    @admin.display(description="chủ hộ", ordering="head_key")
    def head_name(self, obj):
        return obj.head_name

    @admin.display(description="trang hộ")
    def page(self, obj):
        return format_html(
            '<a href="{}">Thành viên, rà soát, hỗ trợ, lịch sử</a>', reverse("household_detail", args=[obj.code])
        )

    def code_of(self, obj):
        return obj.code

    def add_view(self, request, form_url="", extra_context=None):
        """A household is entered together with its members, on the page made for it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("household_new")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except register.Stale as newer:
            who = "; ".join(f"{event.by}, {timezone.localtime(event.at):%d/%m/%Y %H:%M}" for event in newer.events)
            messages.error(request, f"Chưa lưu: người khác vừa sửa hộ này ({who}). Dưới đây là bản mới.")
        except register.Refused as refused:
            for problem in refused.problems:
                messages.error(request, f"Chưa lưu: {problem.message}")
        return HttpResponseRedirect(request.path)

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        register.edit_household(
            household=obj,
            version=given["seen"],
            group=given["group"],
            address=given["address"],
            phone=given["phone"],
            members=[],
            gone=set(),
            day=timezone.localdate(),
            by=request.user,
        )

    def save_related(self, request, form, formsets, change):
        """The service has written everything, the log too."""

    def construct_change_message(self, request, form, formsets, add=False):
        return super().construct_change_message(request, form, [], add)


@admin.register(Member)
class MemberAdmin(OfPeople, ReadOnlyAdmin):
    list_display = ["full_name", "relation", "born", "citizen_id", "household", "ward", "left_on"]
    list_filter = [MemberWardFilter, "relation"]
    list_select_related = ["household__ward"]
    ordering = ["sort_key", "pk"]
    fields = ["household", "full_name", "relation", "sex", "born", "ethnicity", "citizen_id", "joined_on", "left_on"]

    def get_search_results(self, request, queryset, search_term):
        """Here the words are the person's own; four digits are the end of an ID number."""
        for word in search_words(search_term):
            field = "citizen_id_last4" if word.isdigit() else "search_name__contains"
            queryset = queryset.filter(**{field: word})
        return queryset, False

    search_help_text = "Tên hoặc 4 số cuối số định danh"

    @admin.display(description="ngày sinh", ordering="birth_year")
    def born(self, obj):
        return obj.birth

    @admin.display(description="số định danh")
    def citizen_id(self, obj):
        return mask(obj.citizen_id_last4) or "–"

    @admin.display(description="phường, xã")
    def ward(self, obj):
        return obj.household.ward


class ResultsInline(admin.TabularInline):
    model = Result
    extra = 0
    can_delete = False
    fields = readonly_fields = ["standard", "confirmed", "category", "why"]

    def has_view_permission(self, request, obj=None):
        return request.user.may(May.SEE_HOUSEHOLDS)

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = lambda *_, **__: False

    @admin.display(description="chuẩn đã xác nhận", boolean=True)
    def confirmed(self, obj):
        return obj.standard.confirmed

    @admin.display(description="vì sao")
    def why(self, obj):
        return obj.receipt["why"]


@admin.register(Review)
class ReviewAdmin(OfPeople, ReadOnlyAdmin):
    inlines = [ResultsInline]
    list_display = ["household", "head_name", "round", "surveyed_on", "state", "ward", "entered_by", "decision_number"]
    list_filter = ["state", "round", WardFilter]
    date_hierarchy = "surveyed_on"
    income = figure("income_per_person", "thu nhập bình quân đầu người (đồng/tháng)")

    def get_fields(self, request, obj=None):
        """As the model has them, with the income as offices write it."""
        fields = [name for name in super().get_fields(request, obj) if name not in ("version", "income", "page")]
        return ["page", *("income" if name == "income_per_person" else name for name in fields)]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    @admin.display(description="chủ hộ")
    def head_name(self, obj):
        return obj.head_name

    @admin.display(description="trang phiếu")
    def page(self, obj):
        return format_html('<a href="{}">Xem, sửa, quyết định</a>', reverse("review_detail", args=[obj.pk]))


@admin.register(StatusSpell)
class StatusSpellAdmin(OfPeople, ReadOnlyAdmin):
    list_display = ["household", "ward", "standard", "category", "valid_from", "valid_to", "opened_as", "closed_as"]
    list_filter = ["standard", "category", "opened_as", WardFilter]
    list_select_related = ["household", "ward", "standard"]
    date_hierarchy = "valid_from"


@admin.register(Support)
class SupportAdmin(OfPeople, ReadOnlyAdmin):
    list_display = ["household", "policy", "ward", "given_on", "ends_on", "persons", "dong"]
    fields = [
        "household",
        "policy",
        "ward",
        "given_on",
        "ends_on",
        "persons",
        "dong",
        "agency",
        "outside_reason",
        "entered_by",
    ]
    list_filter = ["policy", WardFilter]
    list_select_related = ["household", "policy", "ward"]
    date_hierarchy = "given_on"
    dong = figure("amount", "số tiền (đồng)")
