"""The exit plan as the ward's officer fills it in: a form for each thing that may be written into it."""

from django import forms
from django.db.models import Q

from accounts.models import Agency
from households.forms.fields import DayField, entry
from households.models import ExitPlan, PlanAction, Policy, Review


class AgencyField(forms.ModelChoiceField):
    """Units that exist on a day, and the one chosen before. Groups of units answer for nothing, so they are not shown."""

    def __init__(self, **options):
        super().__init__(
            Agency.objects.none(),
            required=False,
            empty_label="Không chọn",
            error_messages={"invalid_choice": "Chọn một đơn vị trong danh sách."},
            **options,
        )

    def offer(self, today, chosen=None):
        existing = Agency.objects.existing_on(today).exclude(kind=Agency.Kind.GROUP)
        held = Q(pk__in=existing.values("pk")) | Q(pk=chosen)
        self.queryset = Agency.objects.filter(held).order_by("name")


class DialogueForm(forms.Form):
    dialogue_on = DayField(label="Ngày đối thoại")
    dialogue_with = forms.CharField(
        label="Người tham gia",
        max_length=200,
        widget=entry(),
        error_messages={"required": "Ghi người tham gia đối thoại."},
    )
    dialogue_minutes = forms.CharField(
        label="Biên bản",
        max_length=5000,
        widget=entry(forms.Textarea, rows=5),
        help_text="Nguyên nhân nghèo, nguyện vọng của hộ, điều hai bên thống nhất.",
        error_messages={"required": "Ghi nội dung đối thoại."},
    )

    def __init__(self, data=None, *, plan, today):
        held = {name: getattr(plan, name) for name in ("dialogue_on", "dialogue_with", "dialogue_minutes")}
        super().__init__(data, prefix="dialogue", initial=held)


class HelperForm(forms.Form):
    helper_agency = AgencyField(label="Đơn vị giúp đỡ")
    helper_person = forms.CharField(label="Người giúp đỡ", max_length=120, required=False, widget=entry())

    def __init__(self, data=None, *, plan, today):
        held = {"helper_agency": plan.helper_agency_id, "helper_person": plan.helper_person}
        super().__init__(data, prefix="helper", initial=held)
        self.fields["helper_agency"].offer(today, plan.helper_agency_id)


class ActionForm(forms.Form):
    asked = ("policy", "agency")  # left empty only when the last field says why; the service asks for that

    need = forms.CharField(
        label="Nhu cầu", max_length=200, widget=entry(), error_messages={"required": "Ghi nhu cầu của hộ."}
    )
    cause = forms.ChoiceField(
        label="Nguyên nhân",
        choices=[("", "Chọn nguyên nhân"), *PlanAction.Cause.choices],
        error_messages={"required": "Chọn nguyên nhân.", "invalid_choice": "Chọn một nguyên nhân trong danh sách."},
    )
    text = forms.CharField(
        label="Việc làm", max_length=300, widget=entry(), error_messages={"required": "Ghi việc sẽ làm."}
    )
    due_on = DayField(label="Hạn")
    policy = forms.ModelChoiceField(
        Policy.objects.none(),
        label="Theo chính sách",
        required=False,
        empty_label="Chọn chính sách",
        error_messages={"invalid_choice": "Chọn một chính sách trong danh sách."},
    )
    agency = AgencyField(label="Đơn vị phụ trách")
    responsible = forms.CharField(
        label="Người phụ trách",
        max_length=120,
        required=False,
        widget=entry(),
        help_text="Phường, xã tự làm: không chọn đơn vị, ghi người của phường, xã.",
    )
    other_reason = forms.CharField(
        label="Việc khác: vì sao không theo chính sách nào, hoặc chưa có ai phụ trách",
        max_length=150,
        required=False,
        widget=entry(),
        help_text="Chỉ ghi khi để trống chính sách hoặc người phụ trách.",
    )

    def __init__(self, data=None, *, plan, today):
        super().__init__(data, prefix="action")
        in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
        self.fields["policy"].queryset = Policy.objects.filter(in_force).order_by("name")
        self.fields["agency"].offer(today)


class EndActionForm(forms.Form):
    """One action that is still planned: done on a day, or not done for a reason."""

    action = forms.ModelChoiceField(
        PlanAction.objects.none(),
        label="Việc",
        empty_label="Chọn việc",
        error_messages={"required": "Chọn việc.", "invalid_choice": "Việc này đã kết thúc."},
    )
    how = forms.ChoiceField(
        label="Kết quả",
        choices=[("done", "Đã xong"), ("dropped", "Không làm nữa")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn kết quả.", "invalid_choice": "Chọn kết quả."},
    )
    done_on = DayField(label="Ngày xong", required=False)
    note = forms.CharField(
        label="Ghi chú", max_length=300, required=False, widget=entry(), help_text="Không làm nữa: ghi lý do."
    )

    def __init__(self, data=None, *, plan, today):
        super().__init__(data, prefix="end", initial={"done_on": today})
        self.fields["action"].queryset = plan.actions.filter(state=PlanAction.State.PLANNED)
        self.fields["action"].label_from_instance = lambda one: one.text

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("how") == "done" and not cleaned.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", "Ghi ngày xong.")
        return cleaned


class VisitForm(forms.Form):
    day = DayField(label="Ngày đến")
    who = forms.CharField(
        label="Người đến", max_length=120, widget=entry(), error_messages={"required": "Ghi người đến thăm."}
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False, widget=entry(forms.Textarea, rows=3))

    def __init__(self, data=None, *, plan, today):
        super().__init__(data, prefix="visit", initial={"day": today})


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=[("", "Chọn kết quả"), *ExitPlan.Outcome.choices],
        error_messages={"required": "Chọn kết quả.", "invalid_choice": "Chọn kết quả."},
    )
    outcome_review = forms.ModelChoiceField(
        Review.objects.none(),
        label="Theo phiếu rà soát",
        empty_label="Chọn phiếu",
        help_text="Phiếu của hộ đã có quyết định, khảo sát từ ngày lập kế hoạch.",
        error_messages={
            "required": "Chọn phiếu rà soát đã có quyết định.",
            "invalid_choice": "Chọn một phiếu trong danh sách.",
        },
    )

    def __init__(self, data=None, *, plan, today):
        super().__init__(data, prefix="close")
        decided = Review.objects.filter(household=plan.household_id, state=Review.State.DECIDED)
        field = self.fields["outcome_review"]
        field.queryset = decided.filter(surveyed_on__gte=plan.opened_on).order_by("-surveyed_on")
        field.label_from_instance = lambda one: f"Phiếu số {one.pk}, khảo sát {one.surveyed_on:%d/%m/%Y}"


FORMS = {
    "dialogue": DialogueForm,
    "helper": HelperForm,
    "action": ActionForm,
    "end": EndActionForm,
    "visit": VisitForm,
    "close": CloseForm,
}
