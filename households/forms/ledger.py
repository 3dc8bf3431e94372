"""Which standard and which days a ledger or an aggregate form is asked for."""

from django import forms

from households.forms.fields import DayField


class WhichForm(forms.Form):
    standard = forms.ChoiceField(label="Chuẩn nghèo", error_messages={"invalid_choice": "Không có chuẩn nghèo này."})
    first = DayField(label="Từ ngày")
    last = DayField(label="Đến ngày")

    def __init__(self, *args, standards, **kwargs):
        super().__init__(*args, **kwargs)
        self.standards = {standard.code: standard for standard in standards}
        self.fields["standard"].choices = [
            (code, standard.name if standard.confirmed else f"{standard.name} (chưa xác nhận)")
            for code, standard in self.standards.items()
        ]

    def clean_standard(self):
        return self.standards[self.cleaned_data["standard"]]

    def clean(self):
        given = super().clean()
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "Ngày cuối phải từ ngày đầu trở đi.")
        return given


class LedgerForm(WhichForm):
    """The ledger is also asked for an area: the own one, or one below it that has areas of its own."""

    area = forms.ChoiceField(
        label="Địa bàn", required=False, error_messages={"invalid_choice": "Không có địa bàn này."}
    )

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.fields["area"].choices = [(code, area.full_name) for code, area in self.areas.items()]
        if len(self.areas) < 2:
            del self.fields["area"]

    def clean(self):
        given = super().clean()
        own = next(iter(self.areas.values()), None)
        return given | {"area": self.areas.get(given.get("area"), own)}
