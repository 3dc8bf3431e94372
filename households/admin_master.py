"""Master tables in the admin: standards, rounds, policies, holidays and the deadlines of the legal steps."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminBigIntegerFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import PositiveIntegerField
from django.http import HttpResponseRedirect
from django.utils import timezone

from accounts.admin_base import MasterAdmin, ScopedAdmin
from accounts.roles import May
from areas.vietnamese import number, tidy
from households.admin_sheets import DeadlineSheet, HolidaySheet, PolicySheet, StandardSheet
from households.models import Holiday, Policy, Result, Round, Standard, StepDeadline
from households.services.standards import confirm_standard


def figure(name: str, label: str, *, ordered: bool = True):
    """A column of a number as offices write it; `ordered`: the database has it and can sort by it."""

    @admin.display(description=label, ordering=name if ordered else None)
    def shown(self, obj):
        return number(getattr(obj, name))

    return shown


AMOUNTS = ("line_rural", "line_urban", "deprivations_for_poor")


class StandardForm(forms.ModelForm):
    refused: ValidationError | None = None  # why the service did not confirm, when it has been asked already
    document = forms.CharField(
        label="Xác nhận theo văn bản",
        max_length=120,
        required=False,
        help_text="Ghi số, ký hiệu văn bản rồi lưu là xác nhận chuẩn này. Sau khi xác nhận không sửa được nữa.",
    )

    class Meta:
        model = Standard
        fields = ["code", "name", "issuer", "basis", "line_rural", "line_urban", "deprivations_for_poor"]
        fields += ["valid_from", "valid_to", "legal_basis"]

    def clean_document(self):
        typed = self.cleaned_data["document"]
        if typed and not tidy(typed):
            raise forms.ValidationError("Ghi số văn bản quy định mức chuẩn.")
        return tidy(typed)

    def clean(self):
        """Results are never computed again, so the amounts that they were computed from stay as they are."""
        cleaned = super().clean()
        changed = [name for name in AMOUNTS if name in self.changed_data]
        if changed and self.instance.pk and Result.objects.filter(standard=self.instance).exists():
            for name in changed:
                self.add_error(name, "Đã có phiếu rà soát phân loại theo mức này, không sửa được. Hãy lập chuẩn mới.")
        if self.refused:
            self.add_error("document", self.refused.messages)
        return cleaned


@admin.register(Standard)
class StandardAdmin(MasterAdmin):
    """Amounts may be corrected until a document confirms them; a new amount afterwards is a new standard."""

    may_view = May.SEE_HOUSEHOLDS
    may_change = May.CONFIRM_STANDARDS
    resource_classes = [StandardSheet]
    form = StandardForm
    list_display = [
        "name",
        "issuer",
        "rural",
        "urban",
        "valid_from",
        "valid_to",
        "confirmed",
        "confirmed_document",
    ]
    list_filter = ["issuer", "confirmed"]
    rural, urban = figure("line_rural", "mức nông thôn"), figure("line_urban", "mức thành thị")
    formfield_overrides = {PositiveIntegerField: {"widget": AdminBigIntegerFieldWidget}}  # room for millions
    said = ["confirmed", "confirmed_document", "confirmed_by", "confirmed_at"]
    law = ["code", "name", "issuer", "basis", "line_rural", "line_urban", "deprivations_for_poor"]
    days = ["valid_from", "valid_to", "legal_basis"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.confirmed)

    def get_fields(self, request, obj=None):
        if obj is None:
            return [*self.law, *self.days]
        return [*self.law, *self.days, *([] if obj.confirmed else ["document"]), *self.said]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["code", "issuer", "basis", *self.said]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the service refuses is said in the form; all that was saved with it is rolled back."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:
            if Standard.objects.filter(pk=object_id, confirmed=True).exists():  # by another, meanwhile: no form is left
                messages.error(request, f"Chưa lưu: {' '.join(refused.messages)}")
                return HttpResponseRedirect(request.path)
            request.refused = refused
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if document := form.cleaned_data.get("document"):
            confirm_standard(standard=form.instance, document=document, at=timezone.now(), by=request.user)


@admin.register(Round)
class RoundAdmin(ScopedAdmin):
    may_view = May.SEE_HOUSEHOLDS
    may_change = May.EDIT_MASTER_DATA
    list_display = ["name", "year", "kind", "starts_on", "ends_on"]
    list_filter = ["year", "kind"]


@admin.register(Policy)
class PolicyAdmin(MasterAdmin):
    resource_classes = [PolicySheet]
    list_display = ["name", "kind", "legal_basis", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["name", "code", "legal_basis"]


@admin.register(Holiday)
class HolidayAdmin(MasterAdmin):
    resource_classes = [HolidaySheet]
    list_display = ["day", "name"]
    date_hierarchy = "day"
    search_fields = ["name"]


@admin.register(StepDeadline)
class StepDeadlineAdmin(MasterAdmin):
    resource_classes = [DeadlineSheet]
    list_display = ["kind", "step", "days", "working", "from_start", "legal_basis", "confirmed"]
    list_filter = ["kind", "confirmed"]
