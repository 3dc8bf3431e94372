from django import forms
from django.urls import reverse

from accounts.fields import DayField, entry
from reports.letter_text import LONGEST
from reports.models import Letter, Sending
from targets import evidence_files


class HeadForm(forms.ModelForm):
    """What stands around the text. Number, day and signer may wait until the report is signed."""

    dated = DayField(label="Ngày ký", required=False, help_text="Để trống khi chưa ký; bản in chừa chỗ điền tay.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Letter
        fields = ["number", "symbol", "place", "dated", "addressees", "authority", "title", "signer", "recipients"]
        widgets = {
            "number": entry(inputmode="numeric"),
            "symbol": entry(),
            "place": entry(),
            "authority": entry(),
            "title": entry(),
            "signer": entry(),
            "addressees": forms.Textarea(attrs={"rows": 3}),
            "recipients": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "number": "Văn thư cấp, ví dụ 05. Để trống khi chưa có.",
            "symbol": "Viết liền, ví dụ BC-SLĐTBXH.",
            "addressees": "Mỗi nơi một dòng. Dấu gạch đầu dòng, dấu câu tự thêm khi in.",
            "authority": "Ví dụ KT. GIÁM ĐỐC khi cấp phó ký thay.",
            "signer": "Họ và tên, không ghi học hàm, học vị.",
            "recipients": "Mỗi nơi một dòng; dòng đầu “Như trên”, dòng cuối “Lưu: VT, …”.",
        }

    def validate_unique(self):
        """The service says which number is taken, at its field."""

    def validate_constraints(self):
        pass


class SectionForm(forms.Form):
    """One part of the text. `version` is the one that whoever writes has before his eyes."""

    text = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Mỗi dòng một đoạn. Đầu dòng “- ” là một ý; **chữ đậm** đặt giữa hai cặp sao.",
        error_messages={"max_length": f"Phần này dài quá {LONGEST} ký tự."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        self.fields["text"].widget.attrs["data-clean-url"] = reverse("clean_pasted")


class SignedForm(forms.Form):
    file = forms.FileField(
        label="Bản ký",
        help_text="Tệp PDF đã ký, đóng dấu, tối đa 10 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Chọn tệp PDF.", "empty": "Tệp rỗng.", "invalid": "Chọn tệp PDF."},
    )

    def content(self) -> bytes:
        """No further than the limit: the service tells what is wrong with it."""
        return self.cleaned_data["file"].read(evidence_files.MAX_BYTES + 1)


class SentForm(forms.Form):
    to = forms.MultipleChoiceField(
        label="Nơi nhận",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một nơi nhận.", "invalid_choice": "Không có nơi nhận này."},
    )
    sent_on = DayField(label="Ngày gửi")
    how = forms.ChoiceField(label="Cách gửi", choices=Sending.How.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="Ghi chú", required=False, max_length=200, widget=entry())

    def __init__(self, *given, names: list[str], **options):
        super().__init__(*given, **options)
        self.fields["to"].choices = [(name, name) for name in names]
