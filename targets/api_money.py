"""API v1: what the budget allots and what was disbursed, added up."""

from datetime import date

from rest_framework import serializers

from accounts.api_door import told
from accounts.api_parameters import Parameters, a_day
from targets import money_queries
from targets.api import PlanDoor
from targets.api_serializers import a_code, a_year
from targets.asof import opening_day
from targets.models import BudgetLine

BY = ["source", "agency", "clause", "policy"]


class BudgetParameters(Parameters):
    year = a_year()
    by = a_code(BY, required=False, default="source")
    as_of = a_day(help_text="Allotted and disbursed by the evening of this day. Default: the day the pages open on.")


class BudgetRowSerializer(serializers.Serializer):
    """Whole dong."""

    label = serializers.CharField(allow_blank=True, help_text="Empty: lines that name none.")
    allotted = serializers.IntegerField(source="money.allotted")
    disbursed = serializers.IntegerField(source="money.disbursed")
    left = serializers.IntegerField(source="money.left", help_text="Below zero where overspending was allowed.")


class BudgetSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    as_of = serializers.DateField()
    by = a_code(BY)
    results = BudgetRowSerializer(many=True)


@told(BudgetSerializer, id="budget", summary="Money by source, agency, clause or policy", parameters=[BudgetParameters])
class Budget(PlanDoor):
    columns = BudgetRowSerializer().fields

    def answer(self, today: date):
        given = self.given(BudgetParameters)
        plan = self.plan(today, given.get("year"))
        day = given.get("as_of") or opening_day(plan, today)
        rows = BudgetLine.objects.visible_to(self.request.user).standing().filter(year=plan.year)
        found = money_queries.totals(rows, given["by"], day)
        return BudgetSerializer({"year": plan.year, "as_of": day, "by": given["by"], "results": found}).data
