"""Which list is printed, and why with whole ID numbers."""

from django import forms

from areas.models import Area
from areas.vietnamese import tidy
from households.forms.fields import DayField

LEAST_REASON = 5  # characters


class ListForm(forms.Form):
    ward = forms.ChoiceField(label="Phường, xã", error_messages={"invalid_choice": "Chọn phường, xã trong địa bàn."})
    standard = forms.ChoiceField(label="Chuẩn nghèo", error_messages={"invalid_choice": "Không có chuẩn nghèo này."})
    day = DayField(label="Danh sách đến ngày")
    since = DayField(label="Hộ thoát nghèo, thoát cận nghèo từ ngày")
    full = forms.BooleanField(label="Ghi đầy đủ số định danh", required=False)
    reason = forms.CharField(
        label="Lý do ghi đầy đủ số định danh",
        help_text="Ghi vào nhật ký cùng tên của bạn.",
        max_length=150,
        required=False,
    )

    def __init__(self, *args, wards, standards, may_reveal, today, **options):
        super().__init__(*args, **options)
        self.today = today
        self.standards = {standard.code: standard for standard in standards}
        self.fields["ward"].choices = [(str(ward.pk), f"{ward.name}, {ward.district}") for ward in wards]
        self.fields["standard"].choices = [
            (code, standard.name if standard.confirmed else f"{standard.name} (chưa xác nhận)")
            for code, standard in self.standards.items()
        ]
        if not may_reveal:
            del self.fields["full"], self.fields["reason"]

    def clean_ward(self):
        return Area.objects.get(pk=self.cleaned_data["ward"])

    def clean_standard(self):
        return self.standards[self.cleaned_data["standard"]]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Ngày này chưa tới.")
        return day

    def clean(self):
        given = super().clean()
        if given.get("day") and given.get("since") and given["day"] < given["since"]:
            self.add_error("since", "Ngày bắt đầu phải trước ngày lập danh sách.")
        if given.get("full") and len(tidy(given.get("reason", ""))) < LEAST_REASON:
            self.add_error("reason", "Ghi rõ lý do, ít nhất 5 ký tự.")
        return given
