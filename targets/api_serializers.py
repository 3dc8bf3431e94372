"""What goes out of API v1 and what comes in. No query here, no write."""

from datetime import date

from rest_framework import serializers

from accounts.api_parameters import PageParameters, Parameters, a_day, an_ordering
from areas.models import Area
from households.ledger import Group
from targets.indicators import INDICATORS
from targets.measures import SOURCE_LABELS, UNIT_LABELS
from targets.models import Clause, Plan

LEVELS = ["city", "district", "ward"]


def a_code(choices, **more):
    return serializers.ChoiceField(choices=list(choices), **more)


def an_area_code(**more):
    text = "Code of an area (General Statistics Office)."
    return serializers.RegexField(r"^[0-9A-Za-z-]{1,10}\Z", required=False, help_text=text, **more)


def a_year():
    return serializers.IntegerField(
        required=False, min_value=2000, max_value=2100, help_text="Year of the plan. Default: the plan of today."
    )


class YearParameters(Parameters):
    year = a_year()


class AsOf(YearParameters):
    """`plan` and `today` come with the context: they say which days there are figures for."""

    as_of = a_day(
        help_text="Day in the plan's year, not in the future. Default: today while the year runs, else its last day with data."
    )

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        if "plan" in self.context:  # not when only the schema is drawn
            self.fields["as_of"].error_messages["invalid"] = f"Not a date, written YYYY-MM-DD. Allowed: {self._days()}."

    def validate_as_of(self, day: date) -> date:
        return self._within(day)

    def _within(self, day: date) -> date:
        first, last = self._first_and_last()
        if not first <= day <= last:
            raise serializers.ValidationError(f"No figures for {day.isoformat()}. Allowed: {self._days()}.")
        return day

    def _first_and_last(self) -> tuple[date, date]:
        year = self.context["plan"].year
        first = date(year, 1, 1)
        return first, max(first, min(date(year, 12, 31), self.context["today"]))

    def _days(self) -> str:
        first, last = self._first_and_last()
        return f"from {first.isoformat()} to {last.isoformat()}"


class DistrictsParameters(PageParameters):
    ordering = an_ordering("order", "code", "resident_households")


class WardsParameters(PageParameters):
    district = an_area_code()
    zone = a_code(["urban", "rural"], required=False)
    ordering = an_ordering("code", "name", "district")
    as_of = a_day(help_text="Day on which the wards exist. Default: the day the pages open on.")


class CatalogueParameters(PageParameters):
    source = a_code(SOURCE_LABELS, required=False)
    unit = a_code(UNIT_LABELS, required=False)
    in_appendix = serializers.BooleanField(required=False, allow_null=False, default=None)
    ordering = an_ordering("order", "code")


class ClauseParameters(PageParameters):
    year = a_year()
    kind = a_code(Clause.Kind.values, required=False)
    parent = serializers.CharField(required=False, max_length=12, help_text="Clauses right under this one: IV.4.")
    agency = serializers.SlugField(required=False, help_text="Code of an agency that the clause gives work to.")
    ordering = an_ordering("order")


class TargetParameters(PageParameters):
    year = a_year()
    area = an_area_code()
    level = a_code(LEVELS, required=False)
    indicator = a_code(INDICATORS, required=False)
    ordering = an_ordering("area", "indicator", "value")


class ActualParameters(AsOf, PageParameters):
    area = an_area_code()
    level = a_code(LEVELS, required=False)
    indicator = a_code(INDICATORS, required=False)
    ordering = an_ordering("area", "indicator")


class SeriesParameters(ActualParameters):
    as_of = None
    ordering = an_ordering("day", "area", "indicator")
    day_from = a_day(help_text="First day; month ends from then on. Default: 1 January of the plan's year.")
    day_to = a_day(help_text="Last day, told even where no month ends. Default: the day the pages open on.")

    def __init__(self, *args, **more):
        super(AsOf, self).__init__(*args, **more)

    def validate_day_from(self, day: date) -> date:
        return self._within(day)

    validate_day_to = validate_day_from

    def validate(self, given: dict) -> dict:
        if given.get("day_from") and given.get("day_to") and given["day_from"] > given["day_to"]:
            raise serializers.ValidationError({"day_to": ["Before day_from."]})
        return given


class LedgerParameters(SeriesParameters):
    indicator = None
    standard = serializers.SlugField(required=False, help_text="Code of a poverty standard. Default: the city's.")
    group = a_code([one.value for one in Group], required=False)
    ordering = an_ordering("area")
    day_from = a_day(help_text="Morning of the first day. Default: 1 January of the plan's year.")
    day_to = a_day(help_text="Evening of the last day. Default: the day the pages open on.")


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


class WardSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Code of the General Statistics Office.")
    name = serializers.CharField(source="full_name")
    kind = serializers.CharField()
    zone = a_code(["urban", "rural"])
    district = serializers.CharField(source="parent.code")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class IndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = a_code(UNIT_LABELS)
    source = a_code(
        SOURCE_LABELS,
        help_text="`spells`: the list of households; `supports`: the register of supports; `typed`: an agency.",
    )
    direction = a_code(["up", "down", "none"], help_text="Which way is better.")
    in_appendix = serializers.BooleanField()


class PaceSerializer(serializers.Serializer):
    state = a_code(["ok", "watch", "late", "none"])
    expected = serializers.IntegerField(
        allow_null=True, help_text="Where the straight line over the year stands on the day."
    )
    gap = serializers.IntegerField(
        allow_null=True, help_text="Past the mark in the good direction; negative is missing."
    )


def a_decimal(**more):
    return serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True, **more)


def a_numerator(**more):
    text = (
        "What was counted (persons behind a percentage). Null, where nobody counted, nobody lives or the count is "
        "suppressed, is not zero."
    )
    return serializers.IntegerField(allow_null=True, help_text=text, **more)


SUPPRESSION = (
    "Counts of one to four households or persons are null and `suppressed`, unless the account sees their rows."
)


def a_suppression():
    return serializers.BooleanField(
        help_text="True: one to four households or persons, or a figure that would give such a count away; not told to this account."
    )


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
    numerator = a_numerator(source="actual")
    denominator = serializers.IntegerField(allow_null=True)
    rate = a_decimal(source="computed_rate", help_text="Numerator / denominator.")
    suppressed = a_suppression()
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


class ActualSerializer(serializers.Serializer):
    """One indicator of one area on a day."""

    day = serializers.DateField()
    area = serializers.CharField(help_text="Code of the General Statistics Office.")
    name = serializers.CharField()
    level = a_code(LEVELS)
    indicator = serializers.CharField()
    unit = serializers.CharField()
    numerator = a_numerator()
    denominator = serializers.IntegerField(allow_null=True)
    rate = a_decimal(help_text="Numerator / denominator, percent.")
    suppressed = a_suppression()


class LedgerLineSerializer(serializers.Serializer):
    """One line of one group's ledger in one area: opening + in = out + closing."""

    area = serializers.CharField()
    name = serializers.CharField()
    level = a_code(LEVELS)
    group = a_code([one.value for one in Group])
    line = a_code(["opening", "in", "out", "closing"])
    reason = serializers.CharField(
        allow_blank=True, help_text="Why households came or left; `all`: the sum; else empty."
    )
    households = serializers.IntegerField(allow_null=True)
    persons = serializers.IntegerField(allow_null=True)
    suppressed = a_suppression()


class TargetSerializer(serializers.Serializer):
    indicator = serializers.CharField(source="indicator.code")
    area = serializers.CharField(source="area.code")
    name = serializers.CharField(source="area.full_name")
    level = a_code(LEVELS, source="area.level")
    unit = serializers.CharField(source="indicator.unit")
    value = a_decimal(help_text="In the indicator's unit, as assigned.")
    published_rate = a_decimal(help_text="Printed in the plan; never recomputed.")
    own_value = a_decimal(help_text="The area's own stricter value, where it set one.")
    own_basis = serializers.CharField(allow_blank=True)
    in_appendix = serializers.BooleanField()


class TypedFigureSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    indicator = serializers.CharField(source="indicator.code")
    area = serializers.CharField(source="area.code")
    day = serializers.DateField()
    count = serializers.IntegerField()
    whole = serializers.IntegerField(allow_null=True, help_text="Of how many; null where it is no share.")
    reason = serializers.CharField(allow_blank=True, help_text="Why it differs from what the portal counts.")
    evidence = serializers.CharField()
    entered_at = serializers.DateTimeField()


class AmendmentSerializer(serializers.Serializer):
    change = a_code(["amended", "added", "repealed"])
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    basis = serializers.CharField()
    amended_on = serializers.DateField(allow_null=True, help_text="Null: between the draft and the plan.")


class AssignmentSerializer(serializers.Serializer):
    agency = serializers.CharField(source="agency.code")
    name = serializers.CharField(source="agency.name")
    role = a_code(["lead", "lead_with_coordination", "coordinate", "own"])
    via_group = serializers.CharField(
        source="via_group.code", allow_null=True, default=None, help_text="The group that the task was given to."
    )


class ClauseSerializer(serializers.Serializer):
    ref = serializers.CharField()
    kind = a_code(Clause.Kind.values)
    text = serializers.CharField()
    parent = serializers.CharField(source="parent.ref", allow_null=True, default=None)
    assignments = AssignmentSerializer(many=True)
    amendments = AmendmentSerializer(many=True)


class PlanSummarySerializer(serializers.Serializer):
    number = serializers.CharField()
    year = serializers.IntegerField()
    title = serializers.CharField()
    state = a_code([Plan.State.IN_FORCE.value, Plan.State.CLOSED.value])
    issued_on = serializers.DateField(allow_null=True)
    signed_by = serializers.CharField(allow_blank=True)


class PlanSerializer(PlanSummarySerializer):
    general_goal = serializers.CharField(allow_blank=True)
    funding = serializers.CharField(allow_blank=True)
    reporting = serializers.CharField(allow_blank=True)
    recipients = serializers.ListField(child=serializers.CharField())
    clauses = ClauseSerializer(many=True)


def area_facts(area: Area) -> dict:
    return {"area": area.code, "name": area.full_name, "level": area.level}
