"""A support as a ward or an agency writes it down, and what the ledger of supports is asked for."""

from django import forms

from areas.vietnamese import fold
from households.forms.fields import DayField, MoneyField, entry
from households.models import Household, Policy


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
    outside_reason = forms.CharField(
        label="Lý do hỗ trợ ngoài diện",
        max_length=300,
        required=False,
        widget=entry(),
        help_text="Chỉ ghi khi hộ không thuộc diện của chính sách.",
    )


class CorrectForm(SupportForm):
    policy = None  # another policy is another support: this one is cancelled
    reason = forms.CharField(
        label="Lý do sửa", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do."}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Lý do hủy", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do."}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class FindForm(forms.Form):
    """One household by its whole code and its head's name: codes follow each other, so a code alone would be guessed."""

    NOT_FOUND = "Không có hộ với mã và chủ hộ này."

    code = forms.CharField(
        label="Mã hộ",
        max_length=20,
        widget=entry(),
        help_text="Ghi đúng, đủ mã hộ, ví dụ 20194-00001.",
        error_messages={"required": "Ghi mã hộ."},
    )
    head = forms.CharField(
        label="Họ và tên chủ hộ",
        max_length=120,
        widget=entry(),
        help_text="Có dấu hay không dấu đều được.",
        error_messages={"required": "Ghi họ và tên chủ hộ."},
    )
    household: Household | None = None

    def clean(self):
        given = super().clean()
        if {"code", "head"} <= given.keys():
            found = Household.objects.for_list().filter(code=given["code"].strip()).first()
            if found is None or fold(found.head_name or "") != fold(given["head"]):
                self.add_error("code", self.NOT_FOUND)
            else:
                self.household = found
        return given


class LedgerForm(forms.Form):
    policy = forms.ModelChoiceField(
        Policy.objects.order_by("name"),
        label="Chính sách",
        required=False,
        empty_label="Tất cả",
        error_messages={"invalid_choice": "Chọn một chính sách trong danh sách."},
    )
    kind = forms.ChoiceField(
        label="Loại",
        choices=[("", "Tất cả"), *Policy.Kind.choices],
        required=False,
        error_messages={"invalid_choice": "Chọn một loại trong danh sách."},
    )
    first = DayField(label="Từ ngày")
    last = DayField(label="Đến ngày")

    def clean(self):
        given = super().clean()
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "Ngày cuối phải từ ngày đầu trở đi.")
        return given

    @property
    def words(self) -> str:
        """What was asked, for the log of looks. Valid forms only."""
        given = self.cleaned_data
        named = [str(given["policy"] or ""), str(Policy.Kind(given["kind"]).label) if given["kind"] else ""]
        days = f"Sổ hỗ trợ từ {given['first']:%d/%m/%Y} đến {given['last']:%d/%m/%Y}"
        return ", ".join(filter(None, [days, *named]))
