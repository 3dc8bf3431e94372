"""Forms of a plan's life: its draft, its issue, its amendments, what units said of it."""

from datetime import date

from django import forms

from accounts.fields import DayField
from accounts.models import Agency
from targets.models import Assignment, Clause, PlanComment


def long_text(label: str, missing: str, **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": missing},
        **options,
    )


class ClauseForm(forms.Form):
    """The words of a draft's clause."""

    text = long_text("Nội dung", "Ghi nội dung.")


class AmendForm(forms.Form):
    """New words for a clause in force, or its repeal."""

    what = forms.ChoiceField(
        label="Thay đổi",
        choices=[("amend", "Sửa nội dung"), ("repeal", "Bãi bỏ mục này")],
        initial="amend",
        widget=forms.RadioSelect,
    )
    text = long_text("Nội dung mới", "Ghi nội dung mới.", required=False, help_text="Bãi bỏ thì không cần sửa ô này.")
    basis = forms.CharField(
        label="Căn cứ",
        max_length=200,
        help_text="Số, ký hiệu văn bản sửa đổi, bổ sung.",
        error_messages={"required": "Ghi căn cứ: số văn bản sửa đổi, bổ sung."},
    )
    day = DayField(label="Có hiệu lực từ")

    def clean(self):
        given = super().clean()
        if given.get("what") == "amend" and not (given.get("text") or "").strip():
            self.add_error("text", "Ghi nội dung mới.")
        return given

    @property
    def new_text(self) -> str:
        return "" if self.cleaned_data["what"] == "repeal" else self.cleaned_data["text"]


class AddForm(forms.Form):
    """A new objective, solution, unit or task; in force with its basis and day."""

    kind = forms.ChoiceField(label="Thêm", choices=[(kind.value, kind.label) for kind in Clause.Kind], initial="task")
    heading = forms.ModelChoiceField(
        label="Đơn vị thực hiện",
        queryset=Clause.objects.none(),
        required=False,
        empty_label="Chọn",
        help_text="Của nhiệm vụ.",
    )
    role = forms.ChoiceField(
        label="Vai trò", choices=[("", "Chọn"), *Assignment.Role.choices], required=False, help_text="Của nhiệm vụ."
    )
    agency = forms.ModelChoiceField(
        label="Đơn vị mới trong phần IV",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="Chọn",
        help_text="Chỉ khi thêm một đơn vị chưa có nhiệm vụ.",
    )
    text = long_text("Nội dung", "Ghi nội dung.", required=False)
    basis = forms.CharField(label="Căn cứ", max_length=200, help_text="Số, ký hiệu văn bản sửa đổi, bổ sung.")
    day = DayField(label="Có hiệu lực từ")

    def __init__(self, *args, plan, today: date, **options):
        super().__init__(*args, **options)
        headings = plan.clauses.filter(kind=Clause.Kind.AGENCY)
        self.fields["heading"].queryset = headings
        self.fields["heading"].label_from_instance = lambda clause: f"{clause.ref} {clause.text}"
        day = min(today, date(plan.year, 12, 31))
        self.fields["agency"].queryset = Agency.objects.existing_on(day).exclude(name__in=headings.values("text"))
        if plan.state == plan.State.DRAFT:
            del self.fields["basis"], self.fields["day"]


class IssueForm(forms.Form):
    number = forms.CharField(
        label="Số, ký hiệu",
        max_length=40,
        help_text="Ví dụ 66/KH-UBND.",
        error_messages={"required": "Ghi số, ký hiệu, ví dụ 66/KH-UBND."},
    )
    issued_on = DayField(label="Ngày ban hành")
    signed_by = forms.CharField(label="Người ký", max_length=150, error_messages={"required": "Ghi người ký."})
    title = forms.CharField(
        label="Trích yếu",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi trích yếu."},
    )


class CommentForm(forms.Form):
    agency = forms.ModelChoiceField(
        label="Đơn vị",
        queryset=Agency.objects.none(),
        empty_label="Chọn đơn vị",
        error_messages={"required": "Chọn đơn vị."},
    )
    clause = forms.ModelChoiceField(
        label="Về mục", queryset=Clause.objects.none(), required=False, empty_label="Cả kế hoạch"
    )
    document = forms.CharField(label="Công văn số", max_length=60, required=False)
    given_on = DayField(label="Ngày góp ý")
    text = long_text("Nội dung", "", required=False, help_text="Để trống: đơn vị thống nhất, không có ý kiến khác.")

    def __init__(self, *args, plan, **options):
        super().__init__(*args, **options)
        self.fields["agency"].queryset = Agency.objects.order_by("order")
        self.fields["clause"].queryset = plan.clauses.exclude(kind=Clause.Kind.AGENCY)
        self.fields["clause"].label_from_instance = lambda clause: f"{clause.ref} {clause.text[:80]}"


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="Kết quả",
        choices=PlanComment.Answer.choices[2:],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tiếp thu hay giải trình."},
    )
    explanation = long_text("Nội dung giải trình", "", required=False)
