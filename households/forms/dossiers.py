"""What is typed into a dossier: who is left out and why, minutes, posting, a note to the step before, the decision."""

from django import forms

from households.forms.fields import DayField
from households.rounds import FIRST_YEAR, LAST_YEAR


def _text(label, **options):
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)


class OfDossier(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AddForm(OfDossier):
    code = _text("Mã hộ", max_length=20, help_text="Hộ có giấy đề nghị (Mẫu 01, Mẫu 04) mà chưa có trong danh sách.")


class LeaveOutForm(OfDossier):
    listed = forms.TypedMultipleChoiceField(label="Hộ", coerce=int, error_messages={"required": "Chọn ít nhất một hộ."})
    reason = _text("Lý do không rà soát", max_length=300, required=False)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["listed"].choices = [(row.pk, row.household.code) for row in rows]


class MeetingForm(OfDossier):
    group = forms.ChoiceField(label="Tổ dân phố, thôn")
    held_on = DayField(label="Ngày họp")
    place = _text("Địa điểm", max_length=200)
    chair = _text("Chủ trì", max_length=120)
    secretary = _text("Thư ký", max_length=120)
    present = forms.IntegerField(label="Số người dự", min_value=1)
    agreed = forms.IntegerField(label="Số người đồng ý", min_value=0, help_text="Từ 50 % số người dự trở lên là đạt.")
    note = forms.CharField(label="Ý kiến khác", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(group, group) for group in groups]


class PostingForm(OfDossier):
    from_on = DayField(label="Niêm yết từ ngày")
    to_on = DayField(label="Đến hết ngày")
    places = _text("Nơi niêm yết", max_length=300, help_text="Trụ sở UBND, nhà văn hóa tổ dân phố, thôn…")


class MoveForm(OfDossier):
    move = forms.CharField(widget=forms.HiddenInput)
    document = _text("Số văn bản", max_length=120, required=False)
    note = forms.CharField(label="Ghi chú, lý do", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DecideDossierForm(OfDossier):
    number = _text("Số quyết định", max_length=60, help_text="Ví dụ 398/QĐ-UBND.")
    day = DayField(label="Ngày quyết định")
    sure = forms.BooleanField(
        label="Tôi đã xem danh sách và biên bản", error_messages={"required": "Đánh dấu để xác nhận."}
    )


class YearForm(forms.Form):
    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "required": "Ghi năm.",
            "invalid": "Ghi năm bằng chữ số.",
            "min_value": f"Năm từ {FIRST_YEAR} đến {LAST_YEAR}.",
            "max_value": f"Năm từ {FIRST_YEAR} đến {LAST_YEAR}.",
        },
    )
