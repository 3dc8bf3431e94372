"""What is typed about households: the search, the household, the reason to see a number."""

import re
from itertools import chain, groupby

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households.forms.fields import DayField, entry
from households.forms.members import MemberForm
from households.members import Problem, search_words
from households.models import Household
from households.standards import CATEGORY_LABELS, Category


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
        widget=entry(forms.TextInput, type="search"),
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
            self.fields["ward"].choices = [("", "Tất cả"), *wards_by_district(wards)]
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


def wards_by_district(wards):
    """Choices of wards under their districts; a district can be chosen as a whole."""
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
    group = forms.CharField(label="Tổ dân phố, thôn", max_length=60, widget=entry(placeholder="Tổ 14"))
    address = forms.CharField(label="Địa chỉ", max_length=200, widget=entry())
    phone = forms.CharField(
        label="Điện thoại", max_length=15, required=False, widget=entry(type="tel", inputmode="tel")
    )
    tenure = forms.ChoiceField(
        label="Chỗ ở",
        required=False,
        choices=[("", "Chưa hỏi"), *Household.Tenure.choices],
        widget=entry(forms.Select),
    )
    living_area = forms.DecimalField(
        label="Diện tích ở (m²)",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=2,
        localize=True,
        widget=entry(inputmode="decimal"),
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
    # What the writer saw, sealed; see forms.merging.
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label = "Ngày thay đổi"
        self.fields["day"].help_text = "Người thêm vào thuộc hộ từ ngày này; người bỏ ra rời hộ ngày này."

    def clean_living_area(self):
        """'' when emptied: None would leave the area that is held."""
        area = self.cleaned_data["living_area"]
        return "" if area is None else area


def show(problems: list[Problem], form: HouseholdForm, rows: list[MemberForm]) -> None:
    """Put what a service refused beside the field it is about."""
    for problem in problems:
        if problem.row is None:
            form.add_error(problem.field or None, problem.message)
        else:
            rows[problem.row].add_error(problem.field, problem.message)
            rows[problem.row].known_at = problem.household
            rows[problem.row].ask_at(problem.ward)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        help_text="Ghi vào nhật ký cùng tên của bạn và giờ xem.",
        max_length=280,
        widget=entry(),
    )

    def __init__(self, *args, what="Số định danh", **kwargs):
        super().__init__(*args, **kwargs)
        self.what = what
        # The name inside a sentence: CMND stays in capitals.
        self.inside = what if what[:2].isupper() else what[:1].lower() + what[1:]
        self.fields["reason"].label = f"Lý do xem {self.inside}"

    def told(self) -> str:
        """The reason as it stands in the list of looks: which number was seen, unless it is the citizen ID."""
        reason = self.cleaned_data["reason"]
        return reason if self.what == "Số định danh" else f"{self.what}: {reason}"

    def clean_reason(self):
        reason = tidy(self.cleaned_data["reason"])
        if len(reason) < 5:
            raise forms.ValidationError("Ghi rõ lý do, ít nhất 5 ký tự.")
        return reason
