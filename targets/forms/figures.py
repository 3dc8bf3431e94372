from datetime import date

from django import forms

from accounts.fields import DayField
from accounts.models import Agency
from areas.models import Area
from areas.vietnamese import parse_number
from targets import evidence_files
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator
from targets.typed import faults


class CountField(forms.CharField):
    """A whole number as offices write it: '1.140' is one thousand one hundred and forty, never 1."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": "Ghi một số nguyên, ví dụ 1.140.", "large": "Số này lớn quá."}
    LARGEST = 10**15  # dong among the counts: a bank's balance

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


class ProofField(forms.FileField):
    """One file, read no further than the limit: the service tells what is wrong with its content."""

    def clean(self, data, initial=None):
        return (data.name, data.read(evidence_files.MAX_BYTES + 1)) if data else None


class FigureForm(forms.ModelForm):
    """A figure of an indicator that one's agency answers for, with its day and where it comes from."""

    day = forms.DateField(
        label="Số liệu đến ngày",
        help_text="Viết như 30/11/2023. Chỉ tiêu ghi từng tháng: một ngày bất kỳ trong tháng đó.",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Ghi ngày.",
            "invalid": "Không có ngày này. Ghi dạng dd/mm/yyyy, ví dụ 30/11/2023.",
        },
    )
    count = CountField(
        label="Số thực hiện",
        help_text="Lũy kế từ đầu năm hoặc số hiện có, như định nghĩa của chỉ tiêu.",
        error_messages={"required": "Ghi số thực hiện."},
    )
    whole = CountField(label="Tổng số", required=False, help_text="Chỉ với chỉ tiêu tính bằng %: tổng số phải đạt.")
    file = ProofField(
        label="Tệp minh chứng",
        required=False,
        help_text=f"Nhận {evidence_files.ALLOWED}. Không tải lên danh sách có số định danh của dân.",
    )

    class Meta:
        model = Figure
        fields = ["indicator", "area", "day", "count", "whole", "evidence", "file", "reason"]
        help_texts = {
            "evidence": "Số văn bản, tên danh sách hoặc nơi lưu.",
            "reason": "Khi số ghi khác số cổng tính được quá mức cho phép.",
        }
        error_messages = {
            "indicator": {"required": "Chọn chỉ tiêu."},
            "area": {"required": "Chọn địa bàn."},
            "evidence": {"required": "Ghi nguồn hoặc minh chứng."},
        }

    def __init__(self, *args, plan, today, user, **more):
        super().__init__(*args, **more)
        self.plan, self.today = plan, today
        self.fields["indicator"].queryset = Indicator.objects.typable_by(user).filter(code__in=INDICATORS)
        self.fields["indicator"].empty_label = self.fields["area"].empty_label = "Chọn"
        places = Area.objects.existing_on(date(plan.year, 12, 31)).filter(has_residents=True)
        places = places.filter(level__in=[Area.Level.CITY, Area.Level.DISTRICT])
        district = (
            Agency.objects.of(user).filter(kind=Agency.Kind.DISTRICT).values_list("area__path", flat=True).first()
        )
        self.fields["area"].queryset = places.filter(path__startswith=district) if district else places

    def clean(self):
        given = super().clean()
        indicator = given.get("indicator")
        share = indicator is not None and INDICATORS[indicator.code].is_share
        values = {name: given.get(name) for name in ("day", "count", "whole")}
        closed = self.plan.figures_closed_to
        for name, message in faults(
            year=self.plan.year, today=self.today, closed_to=closed, share=share, **values
        ).items():
            self.add_error(name, message)
        if share and given.get("whole") is None and "whole" not in self.errors:
            self.add_error("whole", "Ghi tổng số.")
        return given


class OpenFiguresForm(forms.Form):
    """Taking figures of a closed period again, with the reason."""

    to = DayField(label="Giữ chốt đến ngày", required=False, help_text="Bỏ trống: mở lại cả năm.")
    reason = forms.CharField(label="Lý do mở lại", max_length=300, error_messages={"required": "Ghi lý do mở lại."})
