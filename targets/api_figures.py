"""API v1: figures as of a day and over the year, the ledger, what agencies typed. Small cells are withheld."""

from datetime import date

from django.db.models import F
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api_door import WRITE_PROBLEMS, a_path, told
from accounts.api_parameters import PageParameters, an_ordering, page_class, page_of, page_of_list, told_page
from accounts.scopes import Scope
from areas.models import Area
from households.models import Standard
from targets.api import PlanDoor
from targets.api_serializers import (
    SUPPRESSION,
    ActualParameters,
    ActualSerializer,
    AsOf,
    DistrictFiguresSerializer,
    FigureSerializer,
    LedgerLineSerializer,
    LedgerParameters,
    SeriesParameters,
    TypedFigureSerializer,
    a_code,
    a_year,
    an_area_code,
    area_facts,
)
from targets.asof import opening_day
from targets.cells import cell_of
from targets.counting import Counted
from targets.disclosure import cached_counts, cached_months, keep_back, scope_of, seen_among, withheld_figures
from targets.figure_services import enter_figure
from targets.indicators import INDICATORS
from targets.ledger_figures import ledger_lines
from targets.models import Figure, Indicator
from targets.pace import share_of_year
from targets.scoreboard import cached_scoreboard


@told(
    DistrictFiguresSerializer,
    id="district_indicators",
    summary="Indicators of a district on a day",
    parameters=[AsOf, a_path("code", "Code of the district, as in the list of districts.")],
    description=SUPPRESSION,
)
class DistrictIndicators(PlanDoor):
    columns = FigureSerializer().fields

    def answer(self, today, code: str):
        plan = self.asked_plan(today)
        day = self.given(AsOf, plan=plan, today=today).get("as_of") or opening_day(plan, today)
        district = Area.objects.districts().existing_on(day).filter(code=code).first()
        if district is None:
            known = Area.objects.districts().existing_on(day).values_list("code", flat=True)
            raise Http404(f"No district has the code {code}. Codes: {', '.join(sorted(known))}.")
        board = cached_scoreboard(plan, day, district)
        hidden = withheld_figures(cached_counts(plan.year, day), scope_of(self.request.user))
        answer = {
            "area": district,
            "plan": plan,
            "as_of": day,
            "resident_households_derived": board.residents_derived,
            "city_standard_confirmed": not Standard.objects.city_unconfirmed_on(day),
            "indicators": [keep_back(cell, district.pk, hidden) for cell in board.own.cells.values()],
        }
        return DistrictFiguresSerializer(answer).data


HEAD = {"plan": serializers.CharField(), "as_of": serializers.DateField()}
ActualPageSerializer = page_class(ActualSerializer, **HEAD)
SeriesPageSerializer = type("SeriesPageSerializer", (page_class(ActualSerializer, plan=serializers.CharField()),), {})
LedgerPageSerializer = page_class(
    LedgerLineSerializer,
    standard=serializers.CharField(),
    day_from=serializers.DateField(),
    day_to=serializers.DateField(),
)
ORDER = {code: place for place, code in enumerate(INDICATORS)}
ROW_KEYS = {
    "key": lambda row: f"{row['day']} {row['area']} {ORDER[row['indicator']]:03}",
    "day": lambda row: f"{row['day']}",
    "area": lambda row: row["area"],
    "indicator": lambda row: ORDER[row["indicator"]],
}


@told(
    ActualPageSerializer,
    id="actuals_list",
    summary="Figures of every area on a day",
    parameters=[ActualParameters],
    description=SUPPRESSION,
)
class Actuals(PlanDoor):
    columns = ActualSerializer().fields

    def answer(self, today):
        plan = self.asked_plan(today)
        given = self.given(ActualParameters, plan=plan, today=today)
        day = given.get("as_of") or opening_day(plan, today)
        rows = told_rows(cached_counts(plan.year, day), day, given, scope_of(self.request.user))
        return told_page(ActualPageSerializer, page_of_list(rows, given, ROW_KEYS), plan=plan.number, as_of=day)


@told(
    SeriesPageSerializer,
    id="series_list",
    summary="Figures of every area at the end of each month",
    parameters=[SeriesParameters],
    description=SUPPRESSION,
)
class Series(PlanDoor):
    columns = ActualSerializer().fields

    def answer(self, today):
        plan = self.asked_plan(today)
        given = self.given(SeriesParameters, plan=plan, today=today)
        last = given.get("day_to") or opening_day(plan, today)
        first = min(given.get("day_from") or date(plan.year, 1, 1), last)
        scope, rows = scope_of(self.request.user), []
        for day, counted in cached_months(plan.year, last).items():
            if day >= first:
                rows += told_rows(counted, day, given, scope)
        return told_page(SeriesPageSerializer, page_of_list(rows, given, ROW_KEYS), plan=plan.number)


def told_rows(counted: Counted, day: date, given: dict, scope: int) -> list[dict]:
    """The figures asked for, an area and an indicator each, with what is small withheld."""
    hidden, share = withheld_figures(counted, scope), share_of_year(day.year, day)
    rows = []
    for area in counted.places.there:
        if not area.has_residents or any(name in given and given[name] != value for name, value in _of(area)):
            continue
        for code, measure in INDICATORS.items():
            if given.get("indicator", code) == code:
                cell = cell_of(measure, counted.of(area), None, None, share, listed=counted.listed)
                rows.append(_row(area, day, keep_back(cell, area.pk, hidden)))
    return rows


def _of(area: Area):
    return (("area", area.code), ("level", area.level))


def _row(area: Area, day: date, cell) -> dict:
    return area_facts(area) | {
        "day": day,
        "indicator": cell.code,
        "unit": cell.unit,
        "numerator": cell.actual,
        "denominator": cell.denominator,
        "rate": cell.computed_rate,
        "suppressed": cell.suppressed,
    }


@told(
    LedgerPageSerializer,
    id="ledger_list",
    summary="Movements between two days: opening + in = out + closing",
    parameters=[LedgerParameters],
    description=SUPPRESSION,
)
class LedgerLines(PlanDoor):
    columns = LedgerLineSerializer().fields

    def answer(self, today):
        plan = self.asked_plan(today)
        given = self.given(LedgerParameters, plan=plan, today=today)
        last = given.get("day_to") or opening_day(plan, today)
        first = min(given.get("day_from") or date(plan.year, 1, 1), last)
        standard = _standard(given.get("standard"), last)
        there = [area for area in Area.objects.existing_on(last) if area.has_residents]
        lines = ledger_lines(standard, first, last, there, seen_among(scope_of(self.request.user), there))
        rows = [
            _line_row(place, line)
            for place, line in enumerate(lines)
            if given.get("group", line.group) == line.group
            and all(given.get(name, value) == value for name, value in _of(line.area))
        ]
        keys = {"area": lambda row: row["area"], "key": lambda row: row["place"]}
        head = {"standard": standard.code, "day_from": first, "day_to": last}
        return told_page(LedgerPageSerializer, page_of_list(rows, given, keys), **head)


def _standard(code: str | None, day: date) -> Standard:
    rows = Standard.objects.in_force(day)
    found = rows.filter(code=code) if code else rows.filter(issuer=Standard.Issuer.CITY).order_by("-valid_from", "-id")
    if standard := found.first():
        return standard
    known = ", ".join(rows.order_by("code").values_list("code", flat=True)) or "none"
    raise serializers.ValidationError({"standard": [f"No such standard in force on {day}. In force: {known}."]})


def _line_row(place: int, line) -> dict:
    count = line.count
    return area_facts(line.area) | {
        "place": place,
        "group": line.group,
        "line": line.line,
        "reason": line.reason,
        "households": count and count.households,
        "persons": count and count.persons,
        "suppressed": count is None,
    }


class TypedParameters(PageParameters):
    year = a_year()
    area = an_area_code()
    indicator = a_code(INDICATORS, required=False)
    ordering = an_ordering("day")


class TypedFigureInput(serializers.Serializer):
    indicator = a_code(INDICATORS)
    area = serializers.CharField(max_length=10, help_text="Code of the city or of a district.")
    day = serializers.DateField(input_formats=["%Y-%m-%d"])
    count = serializers.IntegerField(min_value=0, max_value=2**53)
    whole = serializers.IntegerField(required=False, min_value=1, max_value=2**53, help_text="Where it is a share.")
    evidence = serializers.CharField(max_length=300, help_text="Number of the document or where the list is kept.")
    reason = serializers.CharField(
        required=False, max_length=300, help_text="Why it differs from what the portal counts by more than is allowed."
    )

    def validate_indicator(self, code: str) -> Indicator:
        return self._found(Indicator.objects.filter(code=code), "This indicator is not in the catalogue yet.")

    def validate_area(self, code: str) -> Area:
        places = Area.objects.existing_on(self.context["day"]).filter(has_residents=True)
        return self._found(
            places.filter(code=code).exclude(level=Area.Level.WARD), "No city or district has this code."
        )

    def _found(self, rows, reason: str):
        if found := rows.first():
            return found
        raise serializers.ValidationError(reason)


TypedFigurePageSerializer = page_class(TypedFigureSerializer)


@told(TypedFigurePageSerializer, id="figures_list", summary="Figures that agencies typed", parameters=[TypedParameters])
class TypedFigures(PlanDoor):
    write_scope = Scope.WRITE_FIGURES
    columns = TypedFigureSerializer().fields
    orderings = {"day": F("day")}

    def answer(self, today):
        given = self.given(TypedParameters)
        rows = Figure.objects.filter(day__year=self.plan(today, given.get("year")).year)
        rows = rows.select_related("indicator", "area")
        for name in ("area", "indicator"):
            if name in given:
                rows = rows.filter(**{f"{name}__code": given[name]})
        return told_page(TypedFigurePageSerializer, page_of(rows, given, self.orderings))

    @extend_schema(
        operation_id="figures_create",
        summary="Type a figure",
        description="Nothing is overwritten: of each area the newest day counts, then the newest entry.",
        request=TypedFigureInput,
        responses={201: TypedFigureSerializer, **WRITE_PROBLEMS},
    )
    def post(self, request):
        today = timezone.localdate()
        plan = self.plan(today)
        given = TypedFigureInput(data=request.data, context={"day": date(plan.year, 12, 31)})
        given.is_valid(raise_exception=True)
        figure = enter_figure(plan=plan, today=today, by=request.user, **given.validated_data)
        return Response(TypedFigureSerializer(figure).data, status=201)
