"""What an officer says about a sheet: the file, what its columns mean, that it may be written."""

from django import forms
from django.core.exceptions import ValidationError

from households.forms.fields import DayField, entry
from households.intake.contents import MAX_BYTES, Unreadable, kind


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Tệp danh sách",
        help_text="XLSX, XLS hoặc CSV, không quá 50 MB. Mỗi dòng một người, hoặc mỗi dòng một hộ.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt"}),
        error_messages={"required": "Chọn tệp danh sách.", "empty": "Tệp không có nội dung."},
    )
    day = DayField(label="Ghi vào sổ từ ngày", help_text="Ngày lập hồ sơ của các hộ trong tệp.")

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError("Tệp lớn hơn 50 MB. Hãy chia thành nhiều tệp nhỏ hơn.")
        self.data_read = file.read()
        try:
            kind(self.data_read)
        except Unreadable as unreadable:
            raise ValidationError(unreadable.message) from unreadable
        return file

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError("Ngày không được ở tương lai.")
        if day.year < 1990:
            raise ValidationError("Ngày phải từ năm 1990.")
        return day


class ColumnsForm(forms.Form):
    """A choice for each column of the sheet, and of the sheet when there are several."""

    def __init__(self, *args, found: dict, fields: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.columns = found.get("columns", [])
        if len(found.get("sheets", [])) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label="Bảng", choices=[(name, name) for name in found["sheets"]], initial=found["sheet"]
            )
        if found.get("fonts"):
            self.fields["convert"] = forms.BooleanField(
                label=f"Chuyển chữ từ bảng mã {found['fonts']} sang Unicode",
                required=False,
                initial=bool(found.get("encoding")),
            )
        for place, column in enumerate(self.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["title"],
                choices=[("", "Không đọc"), *fields],
                required=False,
                initial=column["field"],
                help_text=column["how"] and f"Nhận ra {column['how']}.",
                widget=entry(forms.Select),
            )

    def chosen(self) -> list:
        return [self[f"column-{place}"] for place in range(len(self.columns))]

    def further(self) -> list:
        return [self[name] for name in ("sheet", "convert") if name in self.fields]

    def clean(self):
        taken: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            name = self.cleaned_data.get(f"column-{place}")
            if name and name in taken:
                self.add_error(f"column-{place}", f"Cột “{taken[name]}” đã được chọn cho ô này.")
            elif name:
                taken[name] = column["title"]
        return self.cleaned_data

    def changed(self) -> dict[str, str]:
        """Of each heading whose choice was changed, the field."""
        return {
            column["title"]: self.cleaned_data[f"column-{place}"]
            for place, column in enumerate(self.columns)
            if self.cleaned_data[f"column-{place}"] != column["field"]
        }


class ApproveForm(forms.Form):
    """`wrong`: the households with errors, which the officer agrees to leave out by their number."""

    leaving_out = forms.BooleanField(required=False)

    def __init__(self, *args, wrong: int, words: str, **options):
        super().__init__(*args, **options)
        self.wrong = wrong
        if wrong:
            self.fields["leaving_out"].label = words
        else:
            del self.fields["leaving_out"]

    def number(self) -> int:
        return self.wrong if self.cleaned_data.get("leaving_out") else 0
