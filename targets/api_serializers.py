"""What goes out of API v1 and what comes in. No query here, no write."""

from datetime import date

from rest_framework import serializers


class Parameters(serializers.Serializer):
    """Refuses what it does not know: a misspelt parameter must not be taken for its absence."""

    def to_internal_value(self, data):
        allowed = ", ".join(self.fields) or "none"
        unknown = {name: [f"Unknown parameter. Allowed here: {allowed}."] for name in data if name not in self.fields}
        twice = {
            name: ["Given more than once."] for name in data if name in self.fields and len(data.getlist(name)) > 1
        }
        if unknown or twice:
            raise serializers.ValidationError(unknown | twice)
        return super().to_internal_value(data.dict())  # a plain dict: an empty value is wrong, not left out


class NoParameters(Parameters):
    pass


class AsOf(Parameters):
    """`plan` and `today` come with the context: they say which days there are figures for."""

    as_of = serializers.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        help_text="Day in the plan's year, not in the future. Default: today while the year runs, else its last day with data.",
    )

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        if "plan" in self.context:  # not when only the schema is drawn
            self.fields["as_of"].error_messages["invalid"] = f"Not a date, written YYYY-MM-DD. Allowed: {self._days()}."

    def validate_as_of(self, day: date) -> date:
        first, last = self._first_and_last()
        if not first <= day <= last:
            raise serializers.ValidationError(f"No figures for {day.isoformat()}. Allowed: {self._days()}.")
        return day

    def _first_and_last(self) -> tuple[date, date]:
        year = self.context["plan"].year
        return date(year, 1, 1), min(date(year, 12, 31), self.context["today"])

    def _days(self) -> str:
        first, last = self._first_and_last()
        return f"from {first.isoformat()} to {last.isoformat()}"


class DistrictSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Code of the General Statistics Office.")
    name = serializers.CharField(source="full_name")
    kind = serializers.CharField()
    wards = serializers.IntegerField(help_text="Number of wards and communes on the day.")
    resident_households = serializers.IntegerField(
        allow_null=True, help_text="Denominator of the poverty rates in the plan's year; null when nobody counted."
    )
    resident_households_derived = serializers.BooleanField(
        help_text="True: derived from the rates printed in the plan, not a count of residents."
    )


class IndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(choices=["household", "person", "turn", "house", "percent"])
    source = serializers.ChoiceField(
        choices=["spells", "supports", "typed"],
        help_text="The list of households, the register of supports, or an agency.",
    )
    direction = serializers.ChoiceField(choices=["up", "down", "none"], help_text="Which way is better.")
    in_appendix = serializers.BooleanField()


class PaceSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=["ok", "watch", "late", "none"])
    expected = serializers.IntegerField(
        allow_null=True, help_text="Where the straight line over the year stands on the day."
    )
    gap = serializers.IntegerField(
        allow_null=True, help_text="Past the mark in the good direction; negative is missing."
    )


def a_decimal(**more):
    return serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True, **more)


class FigureSerializer(serializers.Serializer):
    """One indicator of one district on a day. Counts are whole numbers, rates are percent as decimal strings."""

    code = serializers.CharField()
    unit = serializers.CharField()
    target = a_decimal(help_text="In the indicator's unit; null when the plan sets none.")
    published_rate = a_decimal(help_text="Printed in the plan beside the target; never recomputed.")
    target_rate = a_decimal(source="plan_rate", help_text="Target / denominator, where the plan prints a rate.")
    published_rate_differs = serializers.BooleanField(
        source="rate_differs", help_text="True: the printed rate does not follow from the target and the denominator."
    )
    numerator = serializers.IntegerField(
        source="actual",
        allow_null=True,
        help_text="What was counted (persons behind a percentage). Null, where nobody counted or nobody lives, is not zero.",
    )
    denominator = serializers.IntegerField(allow_null=True)
    rate = a_decimal(source="computed_rate", help_text="Numerator / denominator.")
    difference = a_decimal(help_text="Actual less target, in the indicator's unit.")
    reached = a_decimal(help_text="Percent of the year's way.")
    pace = PaceSerializer()


class DistrictFiguresSerializer(serializers.Serializer):
    district = serializers.CharField(source="area.code")
    name = serializers.CharField(source="area.full_name")
    plan = serializers.CharField(source="plan.number")
    as_of = serializers.DateField()
    resident_households_derived = serializers.BooleanField()
    city_standard_confirmed = serializers.BooleanField(
        help_text="False while no document confirms the city's standard, which all but central_poor_reduction rest on."
    )
    indicators = FigureSerializer(many=True)


class AmendmentSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=["amended", "added"])
    before = serializers.CharField()
    after = serializers.CharField()
    basis = serializers.CharField()


class AssignmentSerializer(serializers.Serializer):
    agency = serializers.CharField(source="agency.code")
    name = serializers.CharField(source="agency.name")
    role = serializers.ChoiceField(choices=["lead", "lead_with_coordination", "coordinate", "own"])
    via_group = serializers.CharField(
        source="via_group.code", allow_null=True, default=None, help_text="The group that the task was given to."
    )


class ClauseSerializer(serializers.Serializer):
    ref = serializers.CharField()
    kind = serializers.ChoiceField(choices=["objective", "solution", "agency", "task"])
    text = serializers.CharField()
    parent = serializers.CharField(source="parent.ref", allow_null=True, default=None)
    assignments = AssignmentSerializer(many=True)
    amendments = AmendmentSerializer(many=True)


class PlanSerializer(serializers.Serializer):
    number = serializers.CharField()
    year = serializers.IntegerField()
    title = serializers.CharField()
    issued_on = serializers.DateField()
    signed_by = serializers.CharField()
    general_goal = serializers.CharField()
    funding = serializers.CharField()
    reporting = serializers.CharField()
    recipients = serializers.ListField(child=serializers.CharField())
    clauses = ClauseSerializer(many=True)
