"""A support as the ward's officer writes it down."""

from django import forms

from households.forms.fields import DayField, MoneyField
from households.models import Policy


class SupportForm(forms.Form):
    policy = forms.ModelChoiceField(
        Policy.objects.order_by("name"),
        label="Chính sách",
        empty_label="Chọn chính sách",
        error_messages={"required": "Chọn chính sách.", "invalid_choice": "Chọn một chính sách trong danh sách."},
    )
    given_on = DayField(
        label="Ngày hưởng", help_text="Nhà: ngày bàn giao. Việc làm: ngày nhận việc. Thẻ bảo hiểm: ngày có hiệu lực."
    )
    persons = forms.IntegerField(
        label="Số người hưởng",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Thẻ bảo hiểm: số người trong hộ được cấp thẻ. Việc làm: số người có việc.",
        error_messages={"required": "Ghi số người hưởng.", "invalid": "Ghi số người bằng chữ số."},
    )
    amount = MoneyField(
        label="Số tiền hỗ trợ (đồng)",
        required=False,
        help_text="Ví dụ 50.000.000. Để trống nếu không hỗ trợ bằng tiền.",
    )
    ends_on = DayField(
        label="Đến hết ngày", required=False, help_text="Thẻ bảo hiểm: ngày thẻ hết hạn. Để trống nếu không có."
    )
