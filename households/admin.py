"""Households and their members in the admin. The other pages about people stand in the files imported below."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.roles import May
from households import admin_asked, admin_files, admin_help, admin_master, admin_reviews, admin_screening  # noqa: F401
from households.admin_people import GroupFilter, Inline, Looked, OfPeople, WardFilter
from households.forms.register import read_phone
from households.identity import mask
from households.members import search_words
from households.models import Household, Member, StatusSpell
from households.services import register
from households.standards import CATEGORY_LABELS, Category


class StatusFilter(admin.SimpleListFilter):
    """What a household is today under any standard that lists it."""

    title = "phân loại hiện nay"
    parameter_name = "phan-loai"

    def lookups(self, request, model_admin):
        return [(one.value, CATEGORY_LABELS[one]) for one in (Category.POOR, Category.NEAR_POOR)] + [("none", "Không")]

    def queryset(self, request, queryset):
        held = StatusSpell.objects.open().filter(household=OuterRef("pk"))
        if self.value() == "none":
            return queryset.filter(~Exists(held))
        return queryset.filter(Exists(held.filter(category=self.value()))) if self.value() else queryset


class ClosedFilter(admin.SimpleListFilter):
    title = "hồ sơ"
    parameter_name = "dong"
    column = "closed_on"
    words = (("no", "Đang theo dõi"), ("yes", "Đã đóng"))

    def lookups(self, request, model_admin):
        return self.words

    def queryset(self, request, queryset):
        known = self.value() in dict(self.words)
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"}) if known else queryset


class PresentFilter(ClosedFilter):
    title = "trong hộ"
    parameter_name = "roi"
    column = "left_on"
    words = (("no", "Đang ở"), ("yes", "Đã rời"))


class MemberWardFilter(WardFilter):
    path = "household__ward"


class MemberGroupFilter(GroupFilter):
    path = "household__group"


class MembersInline(Inline):
    """For looking: people are added, corrected and taken out on the household's page."""

    model = Member
    fields = readonly_fields = ["full_name", "relation", "sex", "born", "citizen_id", "joined_on", "left_on"]

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
    list_display = ["code", "head_name", "group", "address", "ward", "registered_on", "closed_on", "page"]
    list_filter = [WardFilter, GroupFilter, StatusFilter, ClosedFilter]
    bring_in = ("household_new", "Lập hồ sơ hộ", May.EDIT_HOUSEHOLDS)
    ordering = ["code"]
    readonly_fields = ["code", "ward", "registered_on", "closed_on", "page"]
    fields = ["code", "ward", "group", "address", "phone", "registered_on", "closed_on", "page", "seen"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def changelist_view(self, request, extra_context=None):
        may_import = request.user.may(May.IMPORT_HOUSEHOLDS)
        links = {"import_url": reverse("import_new")} if may_import else {}  # a case file: checked, then approved
        return super().changelist_view(request, links | (extra_context or {}))

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "seen"]

    @admin.display(description="chủ hộ", ordering="head_key")
    def head_name(self, obj):
        return obj.head_name

    def page_of(self, obj):
        return reverse("household_detail", args=[obj.code])

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
class MemberAdmin(Looked):
    list_display = ["full_name", "relation", "born", "citizen_id", "household", "ward", "left_on", "page"]
    list_filter = [MemberWardFilter, MemberGroupFilter, "relation", "sex", PresentFilter]
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

    def page_of(self, obj):
        return reverse("household_detail", args=[obj.household.code])

    @admin.display(description="phường, xã")
    def ward(self, obj):
        return obj.household.ward
