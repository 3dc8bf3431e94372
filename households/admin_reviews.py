"""Reviews, statuses, the dossiers of wards and the requests to be reviewed in the admin. Deciding is not for this place."""

from django import forms
from django.contrib import admin
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse

from accounts.roles import May
from households.admin_master import figure
from households.admin_people import GroupFilter, Inline, Looked, WardFilter
from households.models import Dossier, DossierStep, Listed, Result, Review, ReviewRequest, StatusSpell
from households.services import bulk


class ResultsInline(Inline):
    model = Result
    fields = readonly_fields = ["standard", "confirmed", "category", "why"]

    @admin.display(description="chuẩn đã xác nhận", boolean=True)
    def confirmed(self, obj):
        return obj.standard.confirmed

    @admin.display(description="vì sao")
    def why(self, obj):
        return obj.receipt["why"]


class HouseholdGroupFilter(GroupFilter):
    path = "household__group"


class ReturnForm(forms.Form):
    note = forms.CharField(label="Lý do trả lại", max_length=1000, widget=forms.Textarea({"rows": 3}))


@admin.register(Review)
class ReviewAdmin(Looked):
    inlines = [ResultsInline]
    list_display = [
        "household", "head_name", "round", "surveyed_on", "state", "ward", "entered_by", "decision_number", "page",
    ]  # fmt: skip
    list_filter = ["state", "round", WardFilter, HouseholdGroupFilter]
    bring_in = ("review_list", "Mở trang rà soát", May.SEE_HOUSEHOLDS)
    date_hierarchy = "surveyed_on"
    income = figure("income_per_person", "thu nhập bình quân đầu người (đồng/tháng)")
    actions = ["send_back", "export_chosen"]

    def get_fields(self, request, obj=None):
        """As the model has them, with the income as offices write it."""
        fields = [name for name in super().get_fields(request, obj) if name not in ("version", "income", "page")]
        return self._with_page(
            request, ["page", *("income" if name == "income_per_person" else name for name in fields)]
        )

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    @admin.display(description="chủ hộ")
    def head_name(self, obj):
        return obj.head_name

    def page_of(self, obj):
        return reverse("review_detail", args=[obj.pk])

    def has_send_back_permission(self, request):
        return request.user.may(May.DECIDE_REVIEWS)

    @admin.action(description="Trả lại phiếu kèm lý do", permissions=["send_back"])
    def send_back(self, request, queryset):
        return self.bulk(
            request,
            queryset,
            action="send_back",
            title="Trả lại phiếu",
            says="Các phiếu dưới đây trở lại người nhập với cùng một lý do, và không được quyết định cho đến khi sửa xong.",
            form_class=ReturnForm,
            run=lambda keys, note: bulk.return_reviews(keys=keys, note=note, by=request.user),
        )


@admin.register(StatusSpell)
class StatusSpellAdmin(Looked):
    list_display = [
        "household",
        "ward",
        "standard",
        "category",
        "valid_from",
        "valid_to",
        "opened_as",
        "closed_as",
        "page",
    ]
    list_filter = ["standard", "category", "opened_as", WardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "ward", "standard"]
    date_hierarchy = "valid_from"

    def page_of(self, obj):
        return reverse("household_detail", args=[obj.household.code])


class StepsInline(Inline):
    model = DossierStep
    fields = readonly_fields = ["step", "cycle", "opened_on", "due_on", "done_on", "done_by", "document"]


@admin.register(Dossier)
class DossierAdmin(Looked):
    """Its steps with who and when. It is moved on its own page, where what is still missing is said."""

    search_fields = ()
    search_help_text = ""
    inlines = [StepsInline]
    list_display = ["ward", "round", "step", "due_on", "cycle", "decision_number", "decided_on", "page"]
    list_filter = ["round", "step", WardFilter]
    list_select_related = ["ward", "round"]
    bring_in = ("dossier_board", "Mở trang hồ sơ", May.SEE_HOUSEHOLDS)
    fields = [
        "page",
        "ward",
        "round",
        "step",
        "cycle",
        "decision_number",
        "decided_on",
        "decided_by",
        "opened_by",
        "opened_at",
    ]

    def get_queryset(self, request):
        standing = FilteredRelation("steps", condition=Q(steps__done_on__isnull=True))
        return super().get_queryset(request).annotate(standing=standing, due_on=F("standing__due_on"))

    @admin.display(description="hạn của bước", ordering="due_on")
    def due_on(self, obj):
        return obj.due_on

    def code_of(self, obj):
        return ""

    def page_of(self, obj):
        return reverse("dossier", args=[obj.pk])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do không rà soát", max_length=300, help_text="Cuộc họp dân sẽ được nghe lý do này."
    )


class DossierWardFilter(WardFilter):
    path = "dossier__ward"


@admin.register(Listed)
class ListedAdmin(Looked):
    list_display = ["household", "head_name", "group", "round", "why", "included", "reason", "page"]
    list_filter = ["included", "why", "dossier__round", "dossier__step", DossierWardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "dossier__ward", "dossier__round"]
    actions = ["leave_out", "put_back", "export_chosen"]

    def get_queryset(self, request):
        head = FilteredRelation(
            "household__members",
            condition=Q(household__members__relation="head", household__members__left_on__isnull=True),
        )
        return super().get_queryset(request).annotate(head=head, head_name=F("head__full_name"))

    @admin.display(description="chủ hộ")
    def head_name(self, obj):
        return obj.head_name

    @admin.display(description="đợt", ordering="dossier__round__starts_on")
    def round(self, obj):
        return obj.dossier.round

    @admin.display(description="tổ dân phố, thôn", ordering="household__group")
    def group(self, obj):
        return obj.household.group

    def page_of(self, obj):
        return reverse("dossier", args=[obj.dossier_id])

    def has_enter_permission(self, request):
        return request.user.may(May.ENTER_REVIEWS)

    @admin.action(description="Bỏ khỏi danh sách rà soát, kèm lý do", permissions=["enter"])
    def leave_out(self, request, queryset):
        return self.bulk(
            request,
            queryset,
            action="leave_out",
            title="Bỏ khỏi danh sách rà soát",
            says="Các hộ dưới đây không được khảo sát trong đợt. Chỉ làm được khi hồ sơ còn ở bước lập danh sách; có thể đưa trở lại.",
            form_class=ReasonForm,
            run=lambda keys, reason: bulk.leave_out(keys=keys, reason=reason, by=request.user),
        )

    @admin.action(description="Đưa trở lại danh sách rà soát", permissions=["enter"])
    def put_back(self, request, queryset):
        return self.bulk(
            request,
            queryset,
            action="put_back",
            title="Đưa trở lại danh sách rà soát",
            says="Các hộ dưới đây lại thuộc danh sách phải khảo sát của đợt; lý do đã ghi khi bỏ ra được xóa.",
            run=lambda keys: bulk.put_back(keys=keys, by=request.user),
        )


@admin.register(ReviewRequest)
class ReviewRequestAdmin(Looked):
    list_display = ["household", "form", "ward", "received_on", "channel", "outcome", "screened_on", "page"]
    list_filter = ["outcome", "form", "channel", WardFilter, HouseholdGroupFilter]
    list_select_related = ["household", "ward"]
    date_hierarchy = "received_on"
    bring_in = ("request_list", "Mở trang đề nghị", May.ENTER_REVIEWS)
    page_right = May.ENTER_REVIEWS

    def get_fields(self, request, obj=None):
        return self._with_page(
            request, ["page", *(name for name in super().get_fields(request, obj) if name not in ("page", "answers"))]
        )

    def page_of(self, obj):
        return reverse("request_detail", args=[obj.pk])
