"""What is typed about units' reports: moves, figures, remarks, explanations, and the request for an ad hoc report."""

from django import forms

from accounts.fields import DayField
from accounts.models import Agency
from areas.vietnamese import parse_number
from reports.states import MOVES, Move
from targets import evidence_files
from targets.fields import FilesField
from targets.models import Clause, Indicator

LONG = {"rows": 3}


class VersionForm(forms.Form):
    """`version`: of the report that whoever acts has before the eyes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class MoveForm(VersionForm):
    note = forms.CharField(label="Ý kiến", required=False, max_length=2000, widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args, move: Move, **options):
        super().__init__(*args, **options)
        if move == Move.RETURN:
            self.fields["note"].help_text = "Có thể để trống nếu đã ghi ý kiến tại từng phần."
        elif MOVES[move].needs_note:
            self.fields["note"].label = "Lý do"
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "Ghi lý do."


class ExtendForm(VersionForm):
    due_on = DayField(label="Hạn mới")
    note = forms.CharField(
        label="Lý do gia hạn",
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi lý do gia hạn."},
    )


class RemarkForm(forms.Form):
    quote = forms.CharField(
        label="Về đoạn",
        required=False,
        max_length=300,
        help_text="Chép đúng đoạn cần sửa; để trống nếu nói về cả phần.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label="Cần sửa gì",
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi cần sửa gì."},
    )


class ExplainForm(forms.Form):
    text = forms.CharField(
        label="Giải trình",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi giải trình."},
    )


class NumberField(forms.CharField):
    """A number as offices write it: 1.259 or 93,5."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            return round(parse_number(value), 2)
        except ValueError:
            raise forms.ValidationError("Ghi một con số, ví dụ 1.259 hoặc 93,5.", code="invalid") from None


class FigureForm(forms.Form):
    """The unit's own word on a figure; what the portal asks for has its name already."""

    name = forms.CharField(
        label="Số liệu",
        max_length=200,
        help_text="Đếm gì, ví dụ: học bổng cho học sinh hộ nghèo.",
        error_messages={"required": "Ghi số liệu này đếm gì."},
    )
    unit = forms.CharField(
        label="Đơn vị tính", max_length=20, error_messages={"required": "Ghi đơn vị tính, ví dụ: suất, lớp, đồng."}
    )
    typed = NumberField(label="Đơn vị nhập", required=False)
    source = forms.CharField(
        label="Nguồn", required=False, max_length=300, help_text="Số văn bản, tên danh sách hoặc nơi lưu."
    )
    files = FilesField(
        label="Minh chứng",
        required=False,
        help_text=f"Nhận {evidence_files.ALLOWED}. Không tải lên danh sách có số định danh của dân.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args, asked, **options):
        """`asked`: the FigureRow that the portal asks for, or None."""
        super().__init__(*args, **options)
        if asked:
            del self.fields["name"], self.fields["unit"]
            self.fields["typed"].label = f"Đơn vị nhập ({asked.unit})"
            if asked.computed is not None:
                self.fields["typed"].help_text = "Để trống nếu đồng ý với số của cổng."
        else:
            self.fields["typed"].label = "Con số"


class AdHocForm(forms.Form):
    name = forms.CharField(
        label="Phục vụ",
        max_length=200,
        help_text="Ví dụ: kỳ họp cuối năm của HĐND thành phố.",
        error_messages={"required": "Ghi báo cáo phục vụ việc gì."},
    )
    basis = forms.CharField(label="Văn bản yêu cầu", required=False, max_length=200)
    day = DayField(label="Số liệu đến ngày")
    due_on = DayField(label="Nộp trước hoặc trong ngày")
    agencies = forms.ModelMultipleChoiceField(
        label="Đơn vị phải báo cáo",
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Chọn ít nhất một đơn vị.",
            "invalid_choice": "Có đơn vị không có trong danh sách.",
        },
    )
    indicators = forms.ModelMultipleChoiceField(
        label="Chỉ tiêu",
        queryset=Indicator.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn chỉ tiêu và nhiệm vụ nào: đơn vị báo cáo mọi việc như định kỳ.",
        error_messages={"invalid_choice": "Có chỉ tiêu không có trong danh sách."},
    )
    clauses = forms.ModelMultipleChoiceField(
        label="Nhiệm vụ",
        queryset=Clause.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Có mục không có trong kế hoạch này."},
    )

    def __init__(self, *args, plan, owing, **options):
        super().__init__(*args, **options)
        self.fields["agencies"].queryset = owing
        self.fields["clauses"].queryset = plan.clauses.filter(kind=Clause.Kind.TASK)
        self.fields["clauses"].label_from_instance = lambda clause: f"{clause.ref}: {clause.text[:90]}"
