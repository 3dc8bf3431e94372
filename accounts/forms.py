from django import forms

from accounts.fields import entry


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code where one is taken."""

    code = forms.CharField(
        label="Mã xác thực",
        max_length=20,
        widget=entry(autocomplete="one-time-code", inputmode="numeric", autofocus=True),
        help_text="6 chữ số trên ứng dụng xác thực.",
        error_messages={"required": "Gõ mã 6 chữ số trên ứng dụng xác thực."},
    )


class CheckForm(CodeForm):
    code = forms.CharField(
        label="Mã xác thực",
        max_length=20,
        widget=entry(autocomplete="one-time-code", autofocus=True),
        help_text="6 chữ số trên ứng dụng xác thực, hoặc một mã dự phòng.",
        error_messages={"required": "Gõ mã 6 chữ số, hoặc một mã dự phòng."},
    )
