"""Complaints as the ward writes them down and answers them."""

from django import forms

from accounts.models import User
from households.forms.fields import DayField
from households.models import Complaint, Household


class ComplaintForm(forms.Form):
    category = forms.ChoiceField(label="Loại đơn", choices=Complaint.Category.choices)
    from_name = forms.CharField(
        label="Người gửi", max_length=120, error_messages={"required": "Ghi họ và tên người gửi."}
    )
    contact = forms.CharField(label="Liên hệ", max_length=200, required=False, help_text="Điện thoại hoặc địa chỉ.")
    household = forms.CharField(label="Mã hộ", max_length=20, required=False, help_text="Để trống nếu không về một hộ.")
    received_on = DayField(label="Ngày nhận")
    due_on = DayField(label="Hạn trả lời", required=False, help_text="Để trống: 7 ngày làm việc, đã trừ ngày nghỉ lễ.")
    text = forms.CharField(
        label="Nội dung",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Ghi nội dung đơn."},
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_household(self):
        code = self.cleaned_data["household"].strip()
        if not code:
            return None
        found = Household.objects.visible_to(self.user).select_related("ward").filter(code=code).first()
        if found is None:
            raise forms.ValidationError("Không có hộ này trong địa bàn.")
        return found


class AnswerForm(forms.Form):
    result = forms.CharField(
        label="Nội dung trả lời",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Ghi nội dung trả lời."},
    )


class FindingForm(forms.Form):
    finding = forms.CharField(
        label="Kết quả phúc tra",
        max_length=2000,
        help_text="Kiểm tra lại điều gì, với ai; giữ nguyên hay thay đổi kết quả.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi kết quả phúc tra."},
    )


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(
        label="Giao cho",
        queryset=User.objects.none(),
        empty_label="Chọn người xử lý",
        error_messages={
            "required": "Chọn người xử lý.",
            "invalid_choice": "Người này không xử lý đơn của phường, xã.",
        },
    )

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["owner"].queryset = User.objects.filter(pk__in=[one.pk for one in people])
        self.fields["owner"].label_from_instance = lambda one: one.full_name
