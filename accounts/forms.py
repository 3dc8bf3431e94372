"""Forms of one's own account, and of the two logs."""

from django import forms

from accounts import actions, scopes
from accounts.fields import DayField, entry
from accounts.models import PersonalDataView
from accounts.tokens import DAYS, MOST_DAYS, read_networks
from areas.models import Area
from areas.vietnamese import fold


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


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code where one is taken."""

    code = forms.CharField(
        label="Mã xác thực",
        max_length=20,
        widget=entry(autocomplete="one-time-code", inputmode="numeric", autofocus=True),
        help_text="6 chữ số trên ứng dụng xác thực.",
        error_messages={"required": "Gõ mã 6 chữ số trên ứng dụng xác thực."},
    )


class CheckForm(CodeForm):
    code = forms.CharField(
        label="Mã xác thực",
        max_length=20,
        widget=entry(autocomplete="one-time-code", autofocus=True),
        help_text="6 chữ số trên ứng dụng xác thực, hoặc một mã dự phòng.",
        error_messages={"required": "Gõ mã 6 chữ số, hoặc một mã dự phòng."},
    )


class SearchForm(forms.Form):
    """What both logs are searched by."""

    who = forms.CharField(
        label="Ai", required=False, max_length=120, widget=entry(placeholder="Tên hoặc tên đăng nhập")
    )
    first = DayField(label="Từ ngày", required=False)
    last = DayField(label="Đến ngày", required=False)

    def clean_last(self):
        last, first = self.cleaned_data["last"], self.cleaned_data.get("first")
        if first and last and last < first:
            raise forms.ValidationError("Ngày cuối phải sau ngày đầu.")
        return last

    @property
    def asked(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def words(self) -> str:
        """What was asked, for the line about an export."""
        said = (f"{self.fields[name].label.lower()}: {self.data.get(name)}" for name in self.asked)
        return "; ".join(said) or "tất cả"


class EventSearchForm(SearchForm):
    action = forms.ChoiceField(label="Việc", required=False)
    kind = forms.ChoiceField(label="Loại đối tượng", required=False)
    label = forms.CharField(label="Đối tượng", required=False, max_length=200, widget=entry())
    area = forms.ModelChoiceField(
        Area.objects.order_by("path"), to_field_name="code", label="Địa bàn", required=False, empty_label="Mọi địa bàn"
    )

    def __init__(self, *args, kinds, **more):
        super().__init__(*args, **more)
        labels = sorted(actions.LABELS.items(), key=lambda action: fold(action[1]))
        self.fields["action"].choices = [("", "Mọi việc"), *labels]
        self.fields["kind"].choices = [("", "Mọi loại"), *kinds]


class LookSearchForm(SearchForm):
    kind = forms.ChoiceField(label="Việc", required=False, choices=[("", "Mọi việc"), *PersonalDataView.Kind.choices])
    code = forms.CharField(label="Mã hộ", required=False, max_length=40, widget=entry())
