"""Fields that forms about the plan share, and how a service's refusal is shown."""

from django import forms

from targets import evidence_files
from targets.task_services import Given

DAY_ERRORS = {
    "required": "Ghi ngày, dạng dd/mm/yyyy.",
    "invalid": "Không có ngày này. Ghi dạng dd/mm/yyyy, ví dụ 30/11/2023.",
}


class DayField(forms.DateField):
    """A day as offices write it: 30/11/2023."""

    widget = forms.DateInput(
        format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}
    )

    def __init__(self, **options):
        super().__init__(error_messages=DAY_ERRORS, **options)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each read no further than the limit: the service tells what is wrong with their content."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        given = [one for one in data if one] if isinstance(data, list | tuple) else [data] if data else []
        # one more than allowed is enough to be refused: a hundred are never read into memory
        return [
            Given(one.name, one.read(evidence_files.MAX_BYTES + 1)) for one in given[: evidence_files.MAX_FILES + 1]
        ]


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
