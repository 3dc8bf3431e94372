"""What is typed about households: the search, the household, its members, the reason to see a number."""

import re
from itertools import chain, groupby

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households import identity
from households.forms.fields import DayField
from households.members import Person, Problem, parse_birth, search_words
from households.models import Household, Member
from households.standards import CATEGORY_LABELS, Category

MOST_MEMBERS = 40


def _input(widget=forms.TextInput, **attrs):
    return widget(attrs={"autocomplete": "off"} | attrs)


class QuickSelect(forms.Select):
    """A list of choices drawn in one go: the stock widget runs a template for each of 60 wards, a third of the page."""

    def render(self, name, value, attrs=None, renderer=None):
        context = self.get_context(name, value, attrs)["widget"]
        drawn = []
        for group, options, _ in context["optgroups"]:
            inside = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((option["value"], " selected" if option["selected"] else "", option["label"]) for option in options),
            )
            drawn.append(format_html('<optgroup label="{}">{}</optgroup>', group, inside) if group else inside)
        return format_html(
            '<select name="{}"{}>{}</select>', context["name"], flatatt(context["attrs"]), SafeString("".join(drawn))
        )


class SearchForm(forms.Form):
    """Filters live in the address, so that a list can be kept and sent on."""

    q = forms.CharField(
        label="Tên, địa chỉ, mã hộ, điện thoại hoặc 4 số cuối số định danh",
        max_length=100,
        required=False,
        widget=_input(forms.TextInput, type="search"),
    )
    ward = forms.ChoiceField(
        label="Phường, xã",
        required=False,
        widget=QuickSelect,
        error_messages={"invalid_choice": "Không có phường, xã này trong địa bàn của bạn."},
    )
    status = forms.ChoiceField(
        label="Phân loại",
        required=False,
        widget=QuickSelect,
        error_messages={"invalid_choice": "Không có phân loại này."},
    )
    day = DayField(label="Phân loại vào ngày", required=False)
    unreviewed = forms.ChoiceField(
        label="Chưa rà soát trong đợt",
        required=False,
        widget=QuickSelect,
        error_messages={"invalid_choice": "Không có đợt rà soát này."},
    )

    def __init__(self, data=None, *, wards, standards, rounds):
        super().__init__(data)
        self.wards, self.standards = wards, {standard.code: standard for standard in standards}
        self.rounds = {str(round.pk): round for round in rounds}
        if len(wards) < 2:
            del self.fields["ward"]
        else:
            self.fields["ward"].choices = [("", "Tất cả"), *_by_district(wards)]
        self.fields["status"].choices = [("", "Tất cả"), *chain.from_iterable(map(_statuses, standards))]
        self.fields["unreviewed"].choices = [("", "–"), *((key, round.name) for key, round in self.rounds.items())]

    def clean_q(self):
        text = self.cleaned_data["q"]
        if text and not search_words(text):
            raise forms.ValidationError("Gõ ít nhất một chữ cái hoặc chữ số.")
        return text

    @property
    def asks(self) -> bool:
        """No list before a search or a filter."""
        return self.is_bound and any(self.data.get(name) for name in self.fields if name != "day")

    @property
    def words(self) -> str:
        """What was asked, for the list of who looked at whose data."""
        given = self.cleaned_data
        round = self.rounds.get(given["unreviewed"])
        asked = [given["q"] and f"“{given['q']}”", given.get("ward"), given["status"]]
        asked += [given["day"] and f"ngày {written(given['day'])}", round and f"chưa có phiếu trong {round.name}"]
        return "; ".join(part for part in asked if part)

    def filters(self, today) -> dict:
        """The arguments of queries.search."""
        given = self.cleaned_data
        standard, _, category = given["status"].partition(":")
        code = given.get("ward")
        return {
            "text": given["q"],
            "wards": [ward.pk for ward in self.wards if code in (ward.code, ward.district_code)] if code else None,
            "standard": self.standards.get(standard),
            "category": category,
            "day": given["day"] or today,
            "unreviewed_in": self.rounds.get(given["unreviewed"]),
        }


def _by_district(wards):
    for (code, name), inside in groupby(wards, key=lambda ward: (ward.district_code, ward.district)):
        yield name, [(code, f"Cả {name}"), *((ward.code, ward.name) for ward in inside)]


def _statuses(standard):
    doubt = "" if standard.confirmed else " (chưa xác nhận)"
    for category in (Category.POOR, Category.NEAR_POOR):
        yield f"{standard.code}:{category.value}", f"{CATEGORY_LABELS[category]}: {standard.name}{doubt}"


def read_phone(text: str) -> str:
    """A Vietnamese telephone number as digits, +84 written as 0; empty stays empty."""
    digits = re.sub(r"^\+?84(?=\d{9})", "0", re.sub(r"[\s.\-()]", "", text))
    if digits and not re.fullmatch(r"0[0-9]{8,10}", digits):
        raise forms.ValidationError("Số điện thoại bắt đầu bằng 0 và có 9 đến 11 chữ số.")
    return digits


class HouseholdForm(forms.Form):
    group = forms.CharField(label="Tổ dân phố, thôn", max_length=60, widget=_input(placeholder="Tổ 14"))
    address = forms.CharField(label="Địa chỉ", max_length=200, widget=_input())
    phone = forms.CharField(
        label="Điện thoại", max_length=15, required=False, widget=_input(type="tel", inputmode="tel")
    )
    tenure = forms.ChoiceField(
        label="Chỗ ở",
        required=False,
        choices=[("", "Chưa hỏi"), *Household.Tenure.choices],
        widget=_input(forms.Select),
    )
    living_area = forms.DecimalField(
        label="Diện tích ở (m²)",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=2,
        localize=True,
        widget=_input(inputmode="decimal"),
    )
    day = DayField(label="Ngày lập hồ sơ", help_text="Thành viên thuộc hộ từ ngày này.")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_phone(self):
        return read_phone(self.cleaned_data["phone"])

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Ngày không được ở tương lai.")
        if day.year < 1990:
            raise forms.ValidationError("Ngày phải từ năm 1990.")
        return day


class HouseholdEditForm(HouseholdForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    # The newer version that the writer was shown and wants to write over.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label = "Ngày thay đổi"
        self.fields["day"].help_text = "Người thêm vào thuộc hộ từ ngày này; người bỏ ra rời hộ ngày này."


def _choice(label, kinds):
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "Chưa hỏi"), *kinds.choices], widget=_input(forms.Select)
    )


def _yes_no(label):
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", "Chưa hỏi"), ("True", "Có"), ("False", "Không")],
        coerce=lambda typed: typed == "True",
        empty_value=None,
        widget=_input(forms.Select),
    )


def _cleaned(rule, typed: str) -> str:
    try:
        return rule(typed) if typed else ""
    except ValueError as wrong:
        raise forms.ValidationError(str(wrong)) from wrong


class MemberForm(forms.Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(label="Họ và tên", max_length=120, widget=_input())
    relation = forms.ChoiceField(
        label="Quan hệ với chủ hộ", choices=[("", "Chọn"), *Member.Relation.choices], widget=_input(forms.Select)
    )
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Chọn"), *Member.Sex.choices], widget=_input(forms.Select))
    birth = forms.CharField(label="Ngày sinh", max_length=10, widget=_input(placeholder="20/05/1971 hoặc 1971"))
    ethnicity = forms.CharField(label="Dân tộc", max_length=40, initial="Kinh", widget=_input())
    citizen_id = forms.CharField(
        label="Số định danh", max_length=20, required=False, widget=_input(inputmode="numeric", placeholder="12 chữ số")
    )

    old_id = forms.CharField(
        label="CMND cũ", max_length=15, required=False, widget=_input(inputmode="numeric", placeholder="9 chữ số")
    )
    insurance = forms.CharField(
        label="Mã bảo hiểm", max_length=20, required=False, widget=_input(placeholder="10 chữ số hoặc 15 ký tự")
    )
    schooling = _choice("Đang học", Member.Schooling)
    education = _choice("Bằng cấp cao nhất", Member.Education)
    work = _choice("Việc làm", Member.Work)
    has_insurance = _yes_no("Có bảo hiểm y tế")
    has_allowance = _yes_no("Hưởng trợ cấp xã hội hằng tháng")
    is_disabled = _yes_no("Là người khuyết tật")
    is_malnourished = _yes_no("Suy dinh dưỡng")
    has_merit = _yes_no("Là người có công")

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
        return any(name in self.errors for name in self.FURTHER) if self.is_bound else False

    def clean_old_id(self):
        return _cleaned(identity.clean_old_id, self.cleaned_data["old_id"])

    def clean_insurance(self):
        return _cleaned(identity.clean_insurance, self.cleaned_data["insurance"])

    @property
    def odd(self) -> list[str]:
        """What looks odd in the number that was typed; it is saved all the same."""
        given = getattr(self, "cleaned_data", {})
        if not (given.get("citizen_id") and given.get("birth")):
            return []
        return identity.warnings(given["citizen_id"], given.get("sex", ""), given["birth"][0])

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = held
        self.known_at = ""  # the household that holds the ID number already, if it may be opened

    @property
    def member(self):
        """Who this row was before it was typed over; None for a new person."""
        key = self["key"].value()
        typed = str(key or "")
        return self.held.get(int(typed)) if typed.isdecimal() and len(typed) < 20 else None

    @property
    def masked(self) -> str:
        return identity.mask(self.member.citizen_id_last4) if self.member else ""

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

    def person(self) -> Person:
        given = self.cleaned_data
        kept = None if given["key"] and not given["citizen_id"] else given["citizen_id"]
        return Person(
            given["full_name"],
            given["relation"],
            given["sex"],
            *given["birth"],
            ethnicity=tidy(given["ethnicity"]),
            citizen_id=kept,
            key=given["key"],
            # An empty box leaves the number that is held; a new member has none.
            old_id=given["old_id"] or None,
            insurance=given["insurance"] or None,
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

    def get_deletion_widget(self):
        return forms.CheckboxInput(attrs={"data-formset-remove": ""})


def member_formset(data=None, *, held: dict[int, Member]):
    """Rows for the members that are held and three empty ones; a new household begins with its head."""
    initial = [_typed(member) for member in held.values()] or [{"relation": Member.Relation.HEAD}]
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


def show(problems: list[Problem], form: HouseholdForm, rows: list[MemberForm]) -> None:
    """Put what a service refused beside the field it is about."""
    for problem in problems:
        if problem.row is None:
            form.add_error(problem.field or None, problem.message)
        else:
            rows[problem.row].add_error(problem.field, problem.message)
            rows[problem.row].known_at = problem.household


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do xem số định danh",
        help_text="Ghi vào nhật ký cùng tên của bạn và giờ xem.",
        max_length=300,
        widget=_input(),
    )

    def clean_reason(self):
        reason = tidy(self.cleaned_data["reason"])
        if len(reason) < 5:
            raise forms.ValidationError("Ghi rõ lý do, ít nhất 5 ký tự.")
        return reason
