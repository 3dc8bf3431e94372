"""What is asked of a targeted list: where."""

from django import forms

from households.forms.register import QuickSelect, wards_by_district


class PlaceForm(forms.Form):
    """The filter lives in the address. There is none where the user has one ward."""

    ward = forms.ChoiceField(
        label="Phường, xã",
        required=False,
        widget=QuickSelect,
        error_messages={"invalid_choice": "Không có phường, xã này trong địa bàn của bạn."},
    )

    def __init__(self, data=None, *, wards):
        super().__init__(data)
        self.wards = wards
        if len(wards) < 2:
            del self.fields["ward"]
        else:
            self.fields["ward"].choices = [("", "Tất cả"), *wards_by_district(wards)]

    @property
    def code(self) -> str:
        """Of the ward or district asked for; '' for everywhere."""
        return self.cleaned_data.get("ward", "")

    def chosen(self) -> list[int] | None:
        """Keys of the wards asked for; None for everywhere."""
        code = self.code
        return [ward.pk for ward in self.wards if code in (ward.code, ward.district_code)] if code else None
