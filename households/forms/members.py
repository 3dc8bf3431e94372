"""What is typed about the members of a household, a row each."""

import re

from django import forms

from areas.vietnamese import tidy
from households import identity
from households.forms.fields import entry
from households.members import Person, parse_birth
from households.models import Member
from households.sealed import vault
from households.services.register import LEAVING

MOST_MEMBERS = 40


def _choice(label, kinds):
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "Chưa hỏi"), *kinds.choices], widget=entry(forms.Select)
    )


def _yes_no(label):
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", "Không rõ"), ("True", "Có"), ("False", "Không")],
        coerce=lambda typed: typed == "True",
        empty_value="",
        widget=entry(forms.Select),
    )


def _cleaned(rule, typed: str) -> str:
    try:
        return rule(typed) if typed else ""
    except ValueError as wrong:
        raise forms.ValidationError(str(wrong)) from wrong


class MemberForm(forms.Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(label="Họ và tên", max_length=120, widget=entry())
    relation = forms.ChoiceField(
        label="Quan hệ với chủ hộ", choices=[("", "Chọn"), *Member.Relation.choices], widget=entry(forms.Select)
    )
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Chọn"), *Member.Sex.choices], widget=entry(forms.Select))
    birth = forms.CharField(label="Ngày sinh", max_length=10, widget=entry(placeholder="20/05/1971 hoặc 1971"))
    ethnicity = forms.CharField(label="Dân tộc", max_length=40, initial="Kinh", widget=entry())
    citizen_id = forms.CharField(
        label="Số định danh", max_length=20, required=False, widget=entry(inputmode="numeric", placeholder="12 chữ số")
    )

    old_id = forms.CharField(
        label="CMND cũ", max_length=15, required=False, widget=entry(inputmode="numeric", placeholder="9 chữ số")
    )
    insurance = forms.CharField(
        label="Mã bảo hiểm", max_length=20, required=False, widget=entry(placeholder="10 chữ số hoặc 15 ký tự")
    )
    schooling = _choice("Đang học", Member.Schooling)
    education = _choice("Bằng cấp cao nhất", Member.Education)
    work = _choice("Việc làm", Member.Work)
    has_insurance = _yes_no("Có bảo hiểm y tế")
    has_allowance = _yes_no("Hưởng trợ cấp xã hội hằng tháng")
    is_disabled = _yes_no("Là người khuyết tật")
    is_malnourished = _yes_no("Suy dinh dưỡng")
    has_merit = _yes_no("Là người có công")

    # An empty box leaves the number that is held, so taking one away is said here.
    clear = forms.MultipleChoiceField(
        label="Xóa số đang giữ", required=False, widget=forms.CheckboxSelectMultiple(attrs={"autocomplete": "off"})
    )

    left_as = forms.ChoiceField(
        label="Vì sao rời hộ",
        required=False,
        choices=[("", "Chọn"), *((one.value, one.label) for one in LEAVING)],
        widget=entry(forms.Select),
    )

    ask = forms.CharField(
        label="Lý do hỏi",
        required=False,
        max_length=500,
        widget=entry(placeholder="Ví dụ: gia đình chuyển đến từ tháng 3, đang lập hồ sơ"),
    )

    FURTHER = (
        "old_id",
        "insurance",
        "schooling",
        "education",
        "work",
        "has_insurance",
        "has_allowance",
        "is_disabled",
        "is_malnourished",
        "has_merit",
    )

    @property
    def further(self):
        """Fields of the part that opens on demand."""
        return [self[name] for name in self.FURTHER]

    @property
    def further_wrong(self) -> bool:
        return any(name in self.errors for name in (*self.FURTHER, "clear")) if self.is_bound else False

    def clean_old_id(self):
        return _cleaned(identity.clean_old_id, self.cleaned_data["old_id"])

    def clean_insurance(self):
        return _cleaned(identity.clean_insurance, self.cleaned_data["insurance"])

    @property
    def odd(self) -> list[str]:
        """What looks odd in the number that was typed, or in the one that is held beside a new sex or birth year.

        It is saved all the same. Of a number that is held nothing is told but that something does not fit it.
        """
        given = getattr(self, "cleaned_data", {})
        if not given.get("birth"):
            return []
        if given.get("citizen_id"):
            return identity.warnings(given["citizen_id"], given.get("sex", ""), given["birth"][0])
        facts = {"sex", "birth"} & set(self.changed_data)
        if not (facts and self.member and self.member.citizen_id_sealed) or "citizen_id" in given.get("clear", []):
            return []
        held = vault().open(self.member.citizen_id_sealed)
        before = identity.warnings(held, self.member.sex, self.member.birth_year)
        now = identity.warnings(held, given.get("sex", ""), given["birth"][0])
        return ["Giới tính hoặc năm sinh đã ghi không khớp số định danh đang giữ."] if set(now) - set(before) else []

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = held
        self.elsewhere = ""  # the ward whose household holds a number of this row, if the household may not be opened
        self.known_at = ""  # the household that holds the ID number already, if it may be opened
        self.fields["clear"].choices = [
            (name, label)
            for name, label in (("citizen_id", "Số định danh"), ("old_id", "CMND cũ"), ("insurance", "Mã bảo hiểm"))
            if self.member and getattr(self.member, f"{name}_last4")
        ]

    @property
    def member(self):
        """Who this row was before it was typed over; None for a new person."""
        key = self["key"].value()
        typed = str(key or "")
        return self.held.get(int(typed)) if typed.isdecimal() and len(typed) < 20 else None

    @property
    def masked(self) -> str:
        return identity.mask(self.member.citizen_id_last4) if self.member else ""

    def ask_at(self, ward: str) -> None:
        """Offer to ask the ward; '' offers nothing."""
        self.elsewhere = self.elsewhere or ward

    def clean_full_name(self):
        name = tidy(self.cleaned_data["full_name"])
        if not re.fullmatch(r"[^\W\d_]+(?:[ .'’\-]+[^\W\d_]+)*\.?", name):
            raise forms.ValidationError("Họ và tên chỉ gồm chữ cái.")
        return name

    def clean_birth(self):
        try:
            return parse_birth(self.cleaned_data["birth"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean_citizen_id(self):
        typed = self.cleaned_data["citizen_id"]
        try:
            return identity.clean(typed) if typed else ""
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean(self):
        given = super().clean()
        for name in given.get("clear", []):
            if given.get(name):
                self.add_error(name, "Đã chọn xóa số đang giữ: để trống, hoặc bỏ chọn xóa.")
        return given

    def _number(self, name: str) -> str | None:
        """An empty box leaves the number that is held, unless it is to be taken away; a new member has none."""
        given = self.cleaned_data
        return given[name] if given[name] or not given["key"] or name in given.get("clear", []) else None

    def person(self) -> Person:
        given = self.cleaned_data
        return Person(
            given["full_name"],
            given["relation"],
            given["sex"],
            *given["birth"],
            ethnicity=tidy(given["ethnicity"]),
            citizen_id=self._number("citizen_id"),
            key=given["key"],
            old_id=self._number("old_id"),
            insurance=self._number("insurance"),
            **{name: given[name] for name in self.FURTHER[2:]},
        )


class BaseMemberFormSet(forms.BaseFormSet):
    def filled(self) -> list[MemberForm]:
        """The rows that stay, in order; empty rows are only room."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.has_changed() or form["key"].value())
        ]

    def gone(self) -> set[int]:
        """Members whose row was ticked to leave. A ticked row is not validated, so its key is read as typed."""
        return {form.member.pk for form in self.deleted_forms if form.member}

    def left_as(self) -> dict[int, str]:
        """Why each of `gone` leaves, as typed."""
        return {form.member.pk: form["left_as"].value() or "" for form in self.deleted_forms if form.member}

    def clean(self):
        """A ticked row is not validated but for this."""
        known = dict(MemberForm.base_fields["left_as"].choices)
        for form in self.deleted_forms:
            if form.member and (form["left_as"].value() or "") not in known.keys() - {""}:
                form.add_error("left_as", "Chọn vì sao rời hộ.")
                raise forms.ValidationError(f"{form.member.full_name}: chọn vì sao rời hộ.")

    def get_deletion_widget(self):
        return forms.CheckboxInput(attrs={"data-formset-remove": ""})


def member_formset(data=None, *, held: dict[int, Member]):
    """Rows for the members that are held and three empty ones; a new household begins with its head."""
    initial = [_typed(member) for member in held.values()] or [{"relation": Member.Relation.HEAD}]
    if data is not None and held:
        # By their keys: who joined or left since the page was opened must not move the others' rows.
        begun = data.get("members-INITIAL_FORMS", "")
        rows = range(min(int(begun), MOST_MEMBERS + 10) if begun.isdecimal() and len(begun) < 5 else 0)
        typed = [str(data.get(f"members-{place}-key", "")) for place in rows]
        known = {str(key): member for key, member in held.items()}
        initial = [_typed(known[key]) if key in known else {} for key in typed]
    kind = forms.formset_factory(
        MemberForm,
        formset=BaseMemberFormSet,
        extra=3,
        can_delete=True,
        max_num=MOST_MEMBERS,
        validate_max=True,
        absolute_max=MOST_MEMBERS + 10,
    )
    return kind(data, prefix="members", initial=initial, form_kwargs={"held": held})


def _typed(member: Member) -> dict:
    return {
        "key": member.pk,
        "full_name": member.full_name,
        "relation": member.relation,
        "sex": member.sex,
        "birth": member.birth,
        "ethnicity": member.ethnicity,
    } | {name: getattr(member, name) for name in MemberForm.FURTHER[2:]}
