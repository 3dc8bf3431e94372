from datetime import date

from django import forms

from areas.models import Area
from areas.vietnamese import parse_number
from targets.indicators import TYPED
from targets.models import Figure, Indicator
from targets.typed import faults


class CountField(forms.CharField):
    """A whole number as offices write it: '1.140' is one thousand one hundred and forty, never 1."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": "Ghi một số nguyên, ví dụ 1.140.", "large": "Số này lớn quá."}
    LARGEST = 2_000_000_000

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            count = parse_number(value)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if count != int(count):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if abs(count) > self.LARGEST:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        return int(count)


class FigureForm(forms.ModelForm):
    """A figure that no row of the portal yields, with its day and where it comes from."""

    day = forms.DateField(
        label="Số liệu đến ngày",
        help_text="Viết như 30/11/2023. Số liệu mới nhất của mỗi địa bàn được tính.",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Ghi ngày.",
            "invalid": "Không có ngày này. Ghi dạng dd/mm/yyyy, ví dụ 30/11/2023.",
        },
    )
    count = CountField(
        label="Đã đạt", help_text="Số đã đạt đến ngày trên.", error_messages={"required": "Ghi số đã đạt."}
    )
    whole = CountField(label="Tổng số", help_text="Tổng số phải đạt.", error_messages={"required": "Ghi tổng số."})

    class Meta:
        model = Figure
        fields = ["indicator", "area", "day", "count", "whole", "evidence"]
        help_texts = {"evidence": "Số văn bản, tên danh sách hoặc nơi lưu."}
        error_messages = {
            "indicator": {"required": "Chọn chỉ tiêu."},
            "area": {"required": "Chọn địa bàn."},
            "evidence": {"required": "Ghi nguồn hoặc minh chứng."},
        }

    def __init__(self, *args, plan, today, **more):
        super().__init__(*args, **more)
        self.plan, self.today = plan, today
        self.fields["indicator"].queryset = Indicator.objects.filter(code__in=TYPED)
        self.fields["indicator"].empty_label = self.fields["area"].empty_label = "Chọn"
        places = Area.objects.existing_on(date(plan.year, 12, 31)).filter(has_residents=True)
        self.fields["area"].queryset = places.filter(level__in=[Area.Level.CITY, Area.Level.DISTRICT])

    def clean(self):
        given = super().clean()
        values = {name: given.get(name) for name in ("day", "count", "whole")}
        for name, message in faults(year=self.plan.year, today=self.today, **values).items():
            self.add_error(name, message)
        return given
