"""The answer to another ward's question."""

from django import forms

from households.models import WardRequest

State = WardRequest.State


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="Trả lời",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một câu trả lời."},
    )

    def __init__(self, *args, row: WardRequest, **kwargs):
        super().__init__(*args, **kwargs)
        name = row.member.full_name
        choices = [
            (State.HOUSEHOLD_MOVED, f"Cả hộ {row.household.code} đã chuyển đến {row.ward}: chuyển hồ sơ hộ đến đó"),
            (State.PERSON_MOVED, f"Chỉ {name} đã chuyển đến {row.ward}: ghi người này rời hộ"),
            (State.MISTAKE, f"{row.get_number_display()} của {name} ghi nhầm ở đây: gỡ số khỏi hồ sơ"),
            (State.DIFFERENT, f"{name} là người của hộ này, không phải người được hỏi: không đổi gì"),
        ]
        self.fields["answer"].choices = [one for one in choices if row.number or one[0] != State.MISTAKE]
