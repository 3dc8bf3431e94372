"""A request as the ward writes it down, and Form A as the ward answers it."""

from django import forms

from households.forms.fields import DayField, entry
from households.models import ReviewRequest


class RequestForm(forms.Form):
    form = forms.ChoiceField(
        label="Giấy đề nghị",
        choices=ReviewRequest.Form.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn Mẫu 01 hoặc Mẫu 04."},
    )
    received_on = DayField(label="Ngày nhận")
    channel = forms.ChoiceField(label="Cách nộp", choices=ReviewRequest.Channel.choices)
    note = forms.CharField(label="Ghi chú", max_length=1000, required=False, widget=entry(forms.Textarea, rows=3))


class ScreeningForm(forms.Form):
    yes = forms.MultipleChoiceField(
        label="Phiếu A: đánh dấu các mục hộ có",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Phiếu A vừa thay đổi. Mở lại trang rồi trả lời lại."},
    )
    refusal_reason = forms.CharField(
        label="Lý do từ chối",
        max_length=1000,
        required=False,
        help_text="Khi số câu có đến ngưỡng. Ghi vào văn bản trả lời hộ.",
        widget=entry(forms.Textarea, rows=3),
    )
    override_reason = forms.CharField(
        label="Lý do vẫn khảo sát",
        max_length=1000,
        required=False,
        help_text="Khi số câu có đến ngưỡng nhưng phường, xã thấy vẫn phải khảo sát.",
        widget=entry(forms.Textarea, rows=3),
    )

    def __init__(self, *args, items, **options):
        """Without items nothing is asked: the request goes on to the survey."""
        super().__init__(*args, **options)
        if items:
            self.fields["yes"].choices = [(item.code, str(item)) for item in items]
        else:
            self.fields.clear()
