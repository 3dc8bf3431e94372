"""Forms of one's own account."""

from django import forms

from accounts import scopes
from accounts.fields import entry
from accounts.tokens import DAYS, MOST_DAYS, read_networks


class TokenForm(forms.Form):
    """A key for one program: what it may do, from where, for how long."""

    name = forms.CharField(
        label="Tên khóa",
        max_length=100,
        widget=entry(),
        help_text="Tên chương trình sẽ dùng khóa, ví dụ: Kho dữ liệu của sở.",
        error_messages={"required": "Ghi tên để nhận ra khóa."},
    )
    scopes = forms.MultipleChoiceField(
        label="Được dùng để",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một việc."},
    )
    days = forms.IntegerField(
        label="Thời hạn (ngày)",
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        widget=entry(inputmode="numeric"),
        error_messages={
            "required": "Ghi số ngày.",
            "invalid": "Ghi số ngày bằng chữ số.",
            "min_value": "Thời hạn ít nhất 1 ngày.",
            "max_value": f"Thời hạn nhiều nhất {MOST_DAYS} ngày.",
        },
    )
    networks = forms.CharField(
        label="Chỉ dùng từ địa chỉ",
        required=False,
        max_length=1000,
        widget=entry(forms.Textarea, rows=2),
        help_text="Mỗi dòng một địa chỉ IP hoặc một dải, ví dụ 203.0.113.7 hoặc 203.0.113.0/24. Để trống: mọi địa chỉ.",
    )

    def __init__(self, *args, user, **more):
        super().__init__(*args, **more)
        offered = scopes.offered(user.may)
        self.fields["scopes"].choices = [(scope.value, scopes.LABELS[scope]) for scope in offered]
        self.fields["scopes"].initial = [scope.value for scope in scopes.READING if scope in offered]

    def clean_networks(self) -> list[str]:
        kept, unread = read_networks(self.cleaned_data["networks"].replace(",", " ").split())
        if unread:
            raise forms.ValidationError(f"Không đọc được địa chỉ: {', '.join(unread)}.")
        return kept
