"""What an officer says about a sheet: the file, what its columns mean, that it may be written."""

from django import forms
from django.core.exceptions import ValidationError

from households.forms.fields import DayField, YesNoField, entry
from households.intake.contents import MAX_BYTES, TOO_BIG, Unreadable, kind


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Tệp danh sách",
        help_text="XLSX, XLS, ODS hoặc CSV, không quá 50 MB. Mỗi dòng một người, hoặc mỗi dòng một hộ.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt", "data-most-bytes": MAX_BYTES}),
        error_messages={"required": "Chọn tệp danh sách.", "empty": "Tệp không có nội dung."},
    )
    day = DayField(label="Ghi vào sổ từ ngày", help_text="Ngày lập hồ sơ của các hộ trong tệp.")

    def __init__(self, *args, today, sent: int = 0, **options):
        """`sent`: bytes of the whole request. A file that is too large was read past and is not here."""
        super().__init__(*args, **options)
        self.today = today
        if sent > MAX_BYTES:
            self.fields["file"].error_messages["required"] = TOO_BIG

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(TOO_BIG)
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
        return [self[name] for name in ("sheet",) if name in self.fields]

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


class FontForm(forms.Form):
    """Whether text of an old font is turned into Unicode: said, after a look, never taken for granted."""

    convert = YesNoField(
        label="Chữ trong tệp",
        no="Giữ nguyên như trong tệp",
        yes="Chuyển sang Unicode như bản xem trước",
        unanswered="Chọn chuyển sang Unicode hay giữ nguyên.",
    )


class AnswerForm(forms.Form):
    """One likely household, by its row, or all of them: the register's, or new."""

    answer = forms.RegexField(r"^(same|new):([0-9]{1,7}|all)$")

    def is_new(self) -> bool:
        return self.cleaned_data["answer"].startswith("new")

    def numbers(self) -> set[int] | None:
        said = self.cleaned_data["answer"].partition(":")[2]
        return None if said == "all" else {int(said)}


class ApproveForm(forms.Form):
    """`counts`: the households by kind as they are shown; those with errors are left out, agreed to by their number."""

    leaving_out = forms.BooleanField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, counts: dict[str, int], words: str, **options):
        super().__init__(*args, initial={"seen": self.told(counts)}, **options)
        self.wrong, self.counts = counts["wrong"], counts
        if self.wrong:
            self.fields["leaving_out"].label = words
        else:
            del self.fields["leaving_out"]

    @staticmethod
    def told(counts: dict[str, int]) -> str:
        return ",".join(f"{kind}={count}" for kind, count in counts.items())

    def shown(self) -> dict[str, int] | None:
        """What stood on the page that was sent; None when it cannot be read, which never equals the counts."""
        parts = [part.partition("=") for part in self.cleaned_data["seen"].split(",")]
        return {kind: int(count) for kind, _, count in parts if count.isdecimal()}

    def number(self) -> int:
        return self.wrong if self.cleaned_data.get("leaving_out") else 0
