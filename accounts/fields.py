"""What forms of every floor share: a day, an amount of money; and how a service's refusal is shown."""

from django import forms

from areas.vietnamese import number, parse_money

DAY_ERRORS = {
    "required": "Ghi ngày, dạng dd/mm/yyyy.",
    "invalid": "Không có ngày này. Ghi dạng dd/mm/yyyy, ví dụ 03/10/2023.",
}


def entry(widget=forms.TextInput, **attrs):
    """A box that browsers do not fill from memory: other people's data is typed here."""
    return widget(attrs={"autocomplete": "off"} | attrs)


class DayField(forms.DateField):
    """A day as offices write it: 03/10/2023."""

    widget = forms.DateInput(
        format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}
    )

    def __init__(self, **options):
        super().__init__(error_messages=DAY_ERRORS, **options)


class MoneyField(forms.CharField):
    """Dong, with or without dots, or in the words people use: 1.800.000; 50 triệu; 1,25 tỷ."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": "Ghi số tiền bằng chữ số, ví dụ 1.800.000."}

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            amount = parse_money(value)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if amount != int(amount):
            raise forms.ValidationError("Ghi số tiền tròn đồng.", code="invalid")
        return int(amount)

    def prepare_value(self, value):
        """A kept amount is shown as offices write it, so that nobody counts its noughts."""
        return number(value) if isinstance(value, int) else value


def version_of(request) -> int:
    """The version of the row that a posted form was drawn of. 0, which no row has, for what is no version: the service
    then answers as to a form that is out of date."""
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def refuse(form, error) -> None:
    """Put a service's refusal at the fields it names; what has no field, or one in error already, is not said twice."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        if name not in form.fields:
            form.add_error(None, errors)
        elif name not in form.errors:
            form.add_error(name, errors)
