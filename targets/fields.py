"""What forms of this floor and of those above share: the field for files that prove something."""

from django import forms

from targets import evidence_files
from targets.task_services import Given


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
