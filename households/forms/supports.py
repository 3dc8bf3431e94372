"""A support as a ward or an agency writes it down, and what the ledger of supports is asked for."""

from django import forms
from django.utils import timezone

from areas.vietnamese import number
from households.forms.fields import DayField, MoneyField, entry
from households.models import Household, Member, Policy
from households.services.finding import find_household
from households.support_stages import SOURCES, STAGES


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
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="Người hưởng",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chính sách tính theo người: chọn những người hưởng, mỗi người ghi một dòng.",
        error_messages={"invalid_choice": "Người này không ở trong hộ.", "invalid_pk_value": "Chọn trong danh sách."},
    )
    persons = forms.IntegerField(
        label="Số người hưởng",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Chỉ ghi khi không chọn từng người. Việc làm: số người có việc.",
        error_messages={"invalid": "Ghi số người bằng chữ số."},
    )
    amount = MoneyField(
        label="Số tiền hỗ trợ (đồng)",
        required=False,
        help_text="Ví dụ 50.000.000. Nhiều người hưởng: số tiền của mỗi người. Để trống nếu không bằng tiền.",
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

    def __init__(self, *args, household=None, names_members=True, **more):
        """`names_members`: False until it is known that the policy is given to persons, for who sees no more."""
        super().__init__(*args, **more)
        if "members" not in self.fields:
            return
        if household is None or not names_members:
            del self.fields["members"]
            return
        field = self.fields["members"]
        field.queryset = household.members.filter(left_on__isnull=True).order_by("pk")
        field.label_from_instance = lambda one: f"{one.full_name}, sinh năm {one.birth_year}"

    def clean(self):
        given = super().clean()
        policy, members = given.get("policy"), given.get("members")
        if members and policy and policy.unit == Policy.Unit.HOUSEHOLD:
            self.add_error("members", "Chính sách này tính theo hộ: bỏ chọn từng người.")
        elif members:
            given["persons"] = 1
        elif policy and policy.of_members and "members" not in self.errors:
            self.add_error("members" if "members" in self.fields else None, "Chọn người hưởng trong hộ.")
        elif given.get("persons") is None and "persons" not in self.errors:
            self.add_error("persons", "Ghi số người hưởng.")
        return given


class CorrectForm(SupportForm):
    policy = None  # another policy is another support: this one is cancelled
    members = None  # and another person's is another one too
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

    def __init__(self, *args, by, **more):
        super().__init__(*args, **more)
        self.by = by

    def clean(self):
        given = super().clean()
        if {"code", "head"} <= given.keys():
            self.household = find_household(**given, by=self.by, at=timezone.now())  # its refusal stands at the code
            if self.household is None:
                self.add_error("code", self.NOT_FOUND)
        return given


class PolicyForm(forms.Form):
    """Which policy an agency gives under: only then is it known whether the members must be shown."""

    policy = SupportForm.base_fields["policy"]


class HouseForm(forms.Form):
    """The days of the stages and who pays; a new one also says under which policy."""

    policy = forms.ModelChoiceField(
        Policy.objects.filter(kind__in=(Policy.Kind.HOUSE_NEW, Policy.Kind.HOUSE_REPAIR)).order_by("name"),
        label="Chính sách",
        empty_label="Chọn chính sách",
        error_messages={"required": "Chọn chính sách.", "invalid_choice": "Chọn một chính sách trong danh sách."},
    )
    outside_reason = forms.CharField(
        label="Lý do hỗ trợ ngoài diện",
        max_length=300,
        required=False,
        widget=entry(),
        help_text="Chỉ ghi khi hộ không thuộc diện của chính sách vào ngày được duyệt.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, work=None):
        held = {}
        if work:
            held = work.days | {name: number(getattr(work, name)) for name in SOURCES if getattr(work, name)}
            held["version"] = work.version
        super().__init__(data, prefix="house", initial=held)
        if work:
            del self.fields["policy"], self.fields["outside_reason"]
        for name, label in STAGES.items():
            self.fields[name] = DayField(label=f"{label} ngày", required=name == "approved_on")
        for name, label in SOURCES.items():
            self.fields[name] = MoneyField(label=f"{label} (đồng)", required=False)

    def stages(self):
        return [self[name] for name in STAGES]

    def sources(self):
        return [self[name] for name in SOURCES]

    @property
    def days(self):
        return {name: self.cleaned_data[name] for name in STAGES}

    @property
    def money(self):
        return {name: self.cleaned_data[name] or 0 for name in SOURCES}


class HouseListForm(forms.Form):
    stage = forms.ChoiceField(
        label="Đang ở bước",
        choices=[("", "Tất cả"), *STAGES.items()],
        required=False,
        error_messages={"invalid_choice": "Chọn một bước trong danh sách."},
    )


class BalanceForm(forms.Form):
    day = DayField(label="Tính đến ngày")
    outstanding = MoneyField(
        label="Dư nợ gốc (đồng)", help_text="Ghi 0 khi đã trả hết.", error_messages={"required": "Ghi dư nợ."}
    )
    overdue = MoneyField(label="Trong đó nợ quá hạn (đồng)", required=False, help_text="Để trống nếu không có.")


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
