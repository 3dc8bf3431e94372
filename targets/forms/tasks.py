"""What is typed about a task."""

from datetime import timedelta

from django import forms

from accounts.fields import DayField
from accounts.models import Agency
from areas.vietnamese import day as write_day
from targets import evidence_files, task_states
from targets.fields import FilesField
from targets.forms.figures import CountField
from targets.task_dates import RHYTHM_LABELS, Rhythm
from targets.task_states import Move

LONG = {"rows": 3}
PERIOD_OPENS = timedelta(days=30)  # from then on an update is taken for the period's report unless one says otherwise


class UpdateForm(forms.Form):
    """How far a task is; the same for a report that it is done, which needs no percent."""

    text = forms.CharField(
        label="Đã làm được gì",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi đã làm được gì."},
    )
    percent = forms.IntegerField(
        label="Tiến độ (%)",
        required=False,
        help_text="Từ 0 đến 100. Để trống nếu không đổi; báo xong là 100.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ghi một số nguyên từ 0 đến 100."},
    )
    for_day = forms.DateField(label="Cập nhật này là báo cáo của kỳ", required=False)
    counted = forms.CharField(
        label="Số liệu kèm theo: đếm gì",
        required=False,
        max_length=80,
        help_text="Ví dụ: lớp tập huấn, hộ được giao nhà.",
    )
    amount = CountField(label="Số liệu kèm theo: bao nhiêu", required=False)
    files = FilesField(
        label="Minh chứng",
        required=False,
        help_text=f"Nhận {evidence_files.ALLOWED}. Không tải lên danh sách có số định danh của dân.",
    )

    def __init__(self, *args, task, due, day, **options):
        super().__init__(*args, **options)
        if due is None or task.rhythm == Rhythm.ONCE:
            del self.fields["for_day"]
        else:
            choices = [("", "Cập nhật giữa kỳ"), (due.isoformat(), f"Kỳ {write_day(due)}")]
            self.fields["for_day"].widget = forms.Select(choices=choices)
            if due - day <= PERIOD_OPENS:
                self.fields["for_day"].initial = due.isoformat()
        if task.proof_asked:
            self.fields["files"].help_text = f"Báo xong phải có minh chứng. {self.fields['files'].help_text}"


class NoteForm(forms.Form):
    """Words that go with a move; whether they are needed is the table's to say."""

    text = forms.CharField(label="Ý kiến", required=False, max_length=4000, widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args, move: Move, **options):
        super().__init__(*args, **options)
        if task_states.MOVES[move].needs_note:
            self.fields["text"].label = "Lý do"
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = "Ghi lý do."


class ScheduleForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="Giao hạn", required=False, choices=[(one.value, label) for one, label in RHYTHM_LABELS.items()]
    )
    due_on = DayField(
        label="Phải xong trước hoặc trong ngày", required=False, help_text="Chỉ ghi khi giao hạn một lần."
    )
    proof_asked = forms.BooleanField(label="Phải có minh chứng khi báo xong", required=False)


class BulkScheduleForm(ScheduleForm):
    proof_asked = forms.NullBooleanField(
        label="Minh chứng khi báo xong",
        required=False,
        widget=forms.Select(choices=[("", "Giữ như đang có"), ("true", "Phải có"), ("false", "Không bắt buộc")]),
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Trao đổi",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Viết nội dung trao đổi."},
    )


class AskForm(forms.Form):
    agency = forms.ModelChoiceField(
        label="Đơn vị phối hợp",
        queryset=Agency.objects.none(),
        empty_label="Chọn",
        error_messages={"required": "Chọn đơn vị.", "invalid_choice": "Chọn một đơn vị trong danh sách."},
    )
    text = forms.CharField(
        label="Cần phối hợp việc gì",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi cần đơn vị phối hợp làm gì."},
    )
    due_on = DayField(label="Trả lời trước ngày")

    def __init__(self, *args, task, plan, **options):
        super().__init__(*args, **options)
        there = Agency.objects.existing_on(plan.issued_on).exclude(kind=Agency.Kind.GROUP)
        self.fields["agency"].queryset = there.exclude(pk=task.agency_id)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="Trả lời",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi nội dung trả lời."},
    )


class SubtaskForm(forms.Form):
    text = forms.CharField(
        label="Việc",
        max_length=300,
        error_messages={"required": "Ghi việc phải làm."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = DayField(label="Hạn", required=False)
