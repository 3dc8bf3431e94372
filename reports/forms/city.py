from django import forms

from areas.vietnamese import tidy


class AgainForm(forms.Form):
    """Why a frozen report is made again. `version` is the one that whoever asks has before his eyes."""

    reason = forms.CharField(
        label="Lý do lập lại",
        max_length=300,
        strip=True,
        widget=forms.Textarea(attrs={"class": "in", "rows": 3}),
        help_text="In trong bản mới. Bản cũ giữ nguyên số liệu và tài liệu.",
        error_messages={"required": "Ghi lý do lập lại."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_reason(self):
        return tidy(self.cleaned_data["reason"])
