"""Fields that households' forms share: those of every floor, and a number with decimals and a yes or no."""

from django import forms

from accounts.fields import DAY_ERRORS, DayField, MoneyField, entry, refuse, version_of
from areas.vietnamese import parse_number

__all__ = ["DAY_ERRORS", "DayField", "MoneyField", "NumberField", "YesNoField", "entry", "refuse", "version_of"]


class NumberField(forms.CharField):
    """A number of at most two decimals as offices write it: 12,5."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    WRONG = "Ghi bằng chữ số, từ 0 đến 100.000.000, không quá hai số lẻ, ví dụ 12,5."

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            found = parse_number(value)
        except ValueError:
            raise forms.ValidationError(self.WRONG, code="invalid") from None
        if not 0 <= found <= 100_000_000 or found != round(found, 2):
            raise forms.ValidationError(self.WRONG, code="invalid")
        return found


class YesNoField(forms.TypedChoiceField):
    """Two radio buttons, neither chosen at first: 'no' must be said, not left."""

    def __init__(self, *, no: str, yes: str, unanswered: str, **options):
        super().__init__(
            choices=[("no", no), ("yes", yes)],
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
            error_messages={"required": unanswered, "invalid_choice": unanswered},
            **options,
        )
