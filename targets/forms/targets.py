"""The sheet of targets handed down: a box an area and indicator, a reason a column."""

from decimal import Decimal

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html

from areas.vietnamese import parse_number
from targets.indicators import APPENDIX, INDICATORS


class Box(forms.TextInput):
    """Drawn without a template of its own: a sheet has one for each area and indicator."""

    def render(self, name, value, attrs=None, renderer=None):
        widget = self.get_context(name, value, attrs)["widget"]
        given = {} if widget["value"] is None else {"value": widget["value"]}
        return format_html("<input{}>", flatatt({"type": "text", "name": name} | given | widget["attrs"]))


class ValueField(forms.CharField):
    """A target as offices write it: `6.271` is six thousand two hundred and seventy-one."""

    widget = Box

    def __init__(self, **options):
        super().__init__(required=False, **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            return Decimal(parse_number(value))
        except ValueError:
            raise forms.ValidationError("Ghi một số, ví dụ 1.259.", code="invalid") from None


def box(area: int, code: str) -> str:
    return f"v-{area}-{code}"


class AssignForm(forms.Form):
    """An empty box takes a target away, so a box that was not sent at all refuses the whole sheet."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, areas, **options):
        super().__init__(*args, **options)
        self.areas = list(areas)
        for area in self.areas:
            for code in APPENDIX:
                label = f"{area.full_name}, {INDICATORS[code].name.lower()}"
                self.fields[box(area.pk, code)] = ValueField(label=label)
                self.fields[box(area.pk, code)].widget.attrs |= {"aria-label": label, "data-sum": code, "class": "in"}
        for code in APPENDIX:
            label = f"Lý do cộng lại khác số được giao: {INDICATORS[code].name.lower()}"
            self.fields[f"r-{code}"] = forms.CharField(label=label, max_length=200, required=False)

    def clean(self):
        if any(name not in self.data for name in self.fields):
            raise forms.ValidationError("Bảng gửi lên thiếu ô: chưa ghi gì. Tải lại trang rồi làm lại.")
        return self.cleaned_data

    @property
    def values(self):
        return {area.pk: {code: self.cleaned_data[box(area.pk, code)] for code in APPENDIX} for area in self.areas}

    @property
    def reasons(self):
        return {code: self.cleaned_data[f"r-{code}"] for code in APPENDIX}

    def put(self, faults) -> None:
        """The service's findings at their boxes; a sum's at its reason."""
        for where, words in faults.items():
            name = box(*where) if isinstance(where, tuple) else f"r-{where}"
            self.add_error(name, words)

    def lines(self):
        """Area and its boxes, in the order of the columns."""
        return [(area, [self[box(area.pk, code)] for code in APPENDIX]) for area in self.areas]


class OwnForm(forms.Form):
    """`seen`: what the area had set itself when the form was drawn, indicator:mark of each."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.ChoiceField(label="Chỉ tiêu", choices=[(code, INDICATORS[code].name) for code in APPENDIX])
    value = ValueField(label="Địa bàn tự đặt", help_text="Chặt hơn số được giao. Để trống: bỏ số tự đặt.")
    basis = forms.CharField(label="Văn bản của địa bàn", max_length=200, required=False)

    def clean(self):
        marks = dict(one.split(":", 1) for one in self.cleaned_data.get("seen", "").split() if ":" in one)
        return self.cleaned_data | {"seen": marks.get(self.cleaned_data.get("code"), "")}

    def draw_anew(self, marks: str) -> None:
        """What was typed stays; sent again, it is about what stands now."""
        self.data = self.data.copy()
        self.data["seen"] = marks
