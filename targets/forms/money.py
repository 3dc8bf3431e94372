"""What is typed about money: a line, a spending, a leave to overspend."""

from django import forms

from accounts.fields import DayField, MoneyField, entry
from accounts.models import Agency
from households.models import Policy
from targets.models import Activity, BudgetSource, Clause, Plan

AMOUNT_HELP = "Đồng. Ghi được cả 50 triệu hoặc 1,25 tỷ."


class ClauseField(forms.ModelChoiceField):
    def label_from_instance(self, clause):
        text = clause.text if len(clause.text) <= 80 else f"{clause.text[:80]}…"
        return f"{clause.ref} {text}"


class LineForm(forms.Form):
    year = forms.IntegerField(
        label="Năm",
        widget=entry(inputmode="numeric"),
        error_messages={"required": "Ghi năm.", "invalid": "Ghi năm bằng bốn chữ số, ví dụ 2023."},
    )
    title = forms.CharField(
        label="Nội dung", max_length=200, widget=entry(), error_messages={"required": "Ghi nội dung của dòng kinh phí."}
    )
    agency = forms.ModelChoiceField(
        label="Cơ quan sử dụng",
        queryset=Agency.objects.exclude(kind=Agency.Kind.GROUP),
        empty_label="Chọn",
        error_messages={"required": "Chọn cơ quan.", "invalid_choice": "Chọn một cơ quan trong danh sách."},
    )
    source = forms.ModelChoiceField(
        label="Nguồn",
        queryset=BudgetSource.objects.all(),
        empty_label="Chọn",
        error_messages={"required": "Chọn nguồn.", "invalid_choice": "Chọn một nguồn trong danh sách."},
    )
    clause = ClauseField(
        label="Mục của kế hoạch",
        queryset=Clause.objects.none(),
        required=False,
        empty_label="Không gắn mục nào",
        error_messages={"invalid_choice": "Chọn một mục của kế hoạch đã ban hành trong năm đó."},
    )
    policy = forms.ModelChoiceField(
        label="Chính sách hỗ trợ",
        queryset=Policy.objects.order_by("name"),
        required=False,
        empty_label="Không theo chính sách nào",
        help_text="Chọn khi dòng này trả cho hỗ trợ của hộ.",
    )
    allotted = MoneyField(label="Số giao", help_text=AMOUNT_HELP, error_messages={"required": "Ghi số giao."})
    allotted_on = DayField(label="Ngày giao")
    basis = forms.CharField(
        label="Căn cứ",
        max_length=200,
        widget=entry(),
        help_text="Số và ngày của văn bản giao kinh phí.",
        error_messages={"required": "Ghi văn bản giao kinh phí."},
    )

    def __init__(self, *args, year, line=None, **options):
        """`year`: whose clauses are offered; what was sent names its own."""
        super().__init__(*args, **options)
        sent = self.data.get("year", "") if self.is_bound else ""
        year = int(sent) if sent.isdecimal() and len(sent) == 4 else year
        clauses = Clause.objects.filter(plan__in=Plan.objects.issued().filter(year=year))
        self.fields["clause"].queryset = clauses.exclude(kind=Clause.Kind.AGENCY).order_by("order")
        if line is None:
            self.fields["source"].queryset = BudgetSource.objects.filter(active=True)


class SpendForm(forms.Form):
    day = DayField(label="Ngày chi")
    amount = MoneyField(label="Số tiền", help_text=AMOUNT_HELP, error_messages={"required": "Ghi số tiền."})
    what = forms.CharField(
        label="Chi cho việc gì",
        max_length=300,
        widget=entry(),
        help_text="Không ghi tên hoặc số định danh của dân.",
        error_messages={"required": "Ghi chi cho việc gì."},
    )
    document = forms.CharField(label="Chứng từ số", max_length=60, required=False, widget=entry())
    activity = forms.ModelChoiceField(
        label="Cho hoạt động",
        queryset=Activity.objects.none(),
        required=False,
        empty_label="Không gắn hoạt động nào",
        error_messages={"invalid_choice": "Chọn một hoạt động của đơn vị trong năm đó."},
    )

    def __init__(self, *args, activities=None, **options):
        """`activities`: those of the line's agency and year; without any the field is not asked."""
        super().__init__(*args, **options)
        if activities is None or not activities.exists():
            del self.fields["activity"]
        else:
            self.fields["activity"].queryset = activities.order_by("-day", "-pk")


class CorrectForm(SpendForm):
    reason = forms.CharField(
        label="Lý do sửa", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do."}
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do hủy", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do."}
    )


class OverForm(forms.Form):
    amount = MoneyField(
        label="Được chi vượt",
        help_text=f"{AMOUNT_HELP} Ghi 0 để thôi cho vượt.",
        error_messages={"required": "Ghi số tiền được chi vượt."},
    )
    reason = forms.CharField(label="Lý do", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do."})
