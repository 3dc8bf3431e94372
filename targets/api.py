"""API v1: the areas, the catalogue, the plan and what it sets. Figures are in api_figures.py, tasks in api_tasks.py."""

from django.db.models import F, Prefetch, Q
from django.http import Http404

from accounts.api_door import ReadDoor, told
from accounts.api_parameters import NoParameters, page_class, page_of, page_of_list, told_page
from areas.models import Area
from targets.api_serializers import (
    CatalogueParameters,
    ClauseParameters,
    ClauseSerializer,
    DistrictSerializer,
    DistrictsParameters,
    IndicatorSerializer,
    PlanSerializer,
    PlanSummarySerializer,
    TargetParameters,
    TargetSerializer,
    WardSerializer,
    WardsParameters,
    YearParameters,
)
from targets.asof import opening_day
from targets.counting import places
from targets.indicators import INDICATORS
from targets.models import Clause, Plan, Target


class PlanDoor(ReadDoor):
    def plan(self, today, year: int | None = None, *prefetched) -> Plan:
        """The plan of that year, else of today; never a draft. Http404 where there is none."""
        plans = Plan.objects.prefetch_related(*prefetched)
        plan = plans.for_day(today) if year is None else plans.issued().filter(year=year).first()
        if plan is None:
            raise Http404(f"No plan of {year} was issued." if year else "No plan was issued yet.")
        return plan

    def asked_plan(self, today) -> Plan:
        """The plan that `year` names, before the other parameters are read: they depend on it."""
        year = self.request.query_params.get("year", "")
        return self.plan(today, int(year) if year.isdecimal() and year.isascii() and len(year) == 4 else None)


DistrictPageSerializer = page_class(DistrictSerializer)
WardPageSerializer = page_class(WardSerializer)
IndicatorPageSerializer = page_class(IndicatorSerializer)
ClausePageSerializer = page_class(ClauseSerializer)
TargetPageSerializer = page_class(TargetSerializer)


@told(DistrictPageSerializer, id="districts_list", summary="Districts", parameters=[DistrictsParameters])
class Districts(PlanDoor):
    columns = DistrictSerializer().fields

    def answer(self, today):
        given = self.given(DistrictsParameters)
        plan = self.plan(today)
        found = places(year=plan.year, as_of=opening_day(plan, today))
        rows = [
            {
                "code": district.code,
                "full_name": district.full_name,
                "kind": district.kind,
                "wards": len(found.children(district)),
                "resident_households": found.residents.get(district.pk),
                "resident_households_derived": district.pk in found.derived,
                "order": district.order,
            }
            for district in found.there
            if district.level == Area.Level.DISTRICT
        ]
        keys = {name: lambda row, name=name: row[name] or 0 for name in ("order", "resident_households")}
        keys["key"] = keys["code"] = lambda row: row["code"]
        return told_page(DistrictPageSerializer, page_of_list(rows, given, keys))


@told(WardPageSerializer, id="wards_list", summary="Wards and communes", parameters=[WardsParameters])
class Wards(PlanDoor):
    columns = WardSerializer().fields
    orderings = {"code": F("code"), "name": F("name"), "district": F("parent__order")}

    def answer(self, today):
        given = self.given(WardsParameters)
        day = given.get("as_of") or opening_day(self.plan(today), today)
        rows = Area.objects.wards().existing_on(day).select_related("parent")
        if "district" in given:
            rows = rows.filter(parent__code=given["district"])
        if "zone" in given:
            rows = rows.filter(zone=given["zone"])
        return told_page(WardPageSerializer, page_of(rows, given, self.orderings))


@told(
    IndicatorPageSerializer, id="indicators_list", summary="Catalogue of indicators", parameters=[CatalogueParameters]
)
class IndicatorCatalogue(ReadDoor):
    columns = IndicatorSerializer().fields

    def answer(self, today):
        given = self.given(CatalogueParameters)
        order = {code: place for place, code in enumerate(INDICATORS)}
        asked = {name: given[name] for name in ("source", "unit", "in_appendix") if given.get(name) is not None}
        rows = [one for one in INDICATORS.values() if all(getattr(one, name) == asked[name] for name in asked)]
        keys = {"order": lambda one: order[one.code], "code": lambda one: one.code, "key": lambda one: one.code}
        return told_page(IndicatorPageSerializer, page_of_list(rows, given, keys))


@told(PlanSummarySerializer(many=True), id="plans_list", summary="Plans by year")
class Plans(ReadDoor):
    columns = PlanSummarySerializer().fields

    def answer(self, today):
        self.given(NoParameters)
        return PlanSummarySerializer(Plan.objects.issued(), many=True).data


def _clauses():
    return Clause.objects.select_related("parent").prefetch_related(
        "assignments__agency", "assignments__via_group", "amendments"
    )


@told(
    PlanSerializer,
    id="plan",
    summary="The plan with its clauses, assignments and amendments",
    parameters=[YearParameters],
)
class PlanDetail(PlanDoor):
    def answer(self, today):
        given = self.given(YearParameters)
        return PlanSerializer(self.plan(today, given.get("year"), Prefetch("clauses", _clauses()))).data


@told(ClausePageSerializer, id="clauses_list", summary="Clauses of a plan", parameters=[ClauseParameters])
class Clauses(PlanDoor):
    columns = ClauseSerializer().fields
    orderings = {"order": F("order")}

    def answer(self, today):
        given = self.given(ClauseParameters)
        rows = _clauses().filter(plan=self.plan(today, given.get("year")))
        if "kind" in given:
            rows = rows.filter(kind=given["kind"])
        if "parent" in given:
            rows = rows.filter(parent__ref=given["parent"])
        if "agency" in given:
            rows = rows.filter(Q(assignments__agency__code=given["agency"])).distinct()
        return told_page(ClausePageSerializer, page_of(rows, given, self.orderings))


@told(
    TargetPageSerializer,
    id="targets_list",
    summary="Targets by area and indicator",
    parameters=[TargetParameters],
    description="What the plan sets is public: it is never suppressed.",
)
class Targets(PlanDoor):
    columns = TargetSerializer().fields
    orderings = {"area": F("area__code"), "indicator": F("indicator__order"), "value": F("value")}

    def answer(self, today):
        given = self.given(TargetParameters)
        rows = Target.objects.filter(plan=self.plan(today, given.get("year"))).select_related("area", "indicator")
        for name, column in (("area", "area__code"), ("level", "area__level"), ("indicator", "indicator__code")):
            if name in given:
                rows = rows.filter(**{column: given[name]})
        return told_page(TargetPageSerializer, page_of(rows, given, self.orderings))
