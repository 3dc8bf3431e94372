"""API v1: what a machine may read of the districts, the catalogue and the plan. Writes nothing."""

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.log import stamp
from accounts.problems import ProblemSerializer
from accounts.roles import May
from areas.models import Area
from households.models import Standard
from targets.api_serializers import (
    AsOf,
    DistrictFiguresSerializer,
    DistrictSerializer,
    IndicatorSerializer,
    NoParameters,
    PlanSerializer,
)
from targets.api_tasks import CsvRenderer, TaskPageSerializer, TaskParameters
from targets.api_tasks import page as task_page
from targets.asof import opening_day
from targets.counting import places
from targets.indicators import INDICATORS
from targets.models import Clause, Plan
from targets.scoreboard import cached_scoreboard

PROBLEMS = {
    400: OpenApiResponse(ProblemSerializer, "A parameter is unknown or not allowed; `errors` names it."),
    401: OpenApiResponse(ProblemSerializer, "No token, or one that is not valid any more."),
    403: OpenApiResponse(ProblemSerializer, "This account may not use the API."),
    404: OpenApiResponse(ProblemSerializer, "There is no such district, or no plan yet."),
    429: OpenApiResponse(ProblemSerializer, "Too many requests; see Retry-After."),
}
CODE = OpenApiParameter(
    "code", str, OpenApiParameter.PATH, description="Code of the district, as in the list of districts."
)


class Door(APIView):
    may = May.USE_API

    def given(self, serializer_class, **context) -> dict:
        """The parameters, checked. Raises what becomes a 400."""
        parameters = serializer_class(data=self.request.query_params, context=context)
        parameters.is_valid(raise_exception=True)
        return parameters.validated_data

    def plan(self, *prefetched) -> Plan:
        plan = Plan.objects.prefetch_related(*prefetched).for_day(timezone.localdate())
        if plan is None:
            raise Http404("No plan was issued yet.")
        return plan


class Districts(Door):
    @extend_schema(
        operation_id="districts_list", summary="Districts", responses={200: DistrictSerializer(many=True), **PROBLEMS}
    )
    def get(self, request):
        self.given(NoParameters)
        plan = self.plan()
        day = opening_day(plan, timezone.localdate())
        found = places(year=plan.year, as_of=day)
        answers = [
            {
                "code": district.code,
                "full_name": district.full_name,
                "kind": district.kind,
                "wards": len(found.children(district)),
                "resident_households": found.residents.get(district.pk),
                "resident_households_derived": district.pk in found.derived,
            }
            for district in found.there
            if district.level == Area.Level.DISTRICT
        ]
        return Response(DistrictSerializer(answers, many=True).data)


class DistrictIndicators(Door):
    @extend_schema(
        operation_id="district_indicators",
        summary="Indicators of a district on a day",
        parameters=[AsOf, CODE],
        responses={200: DistrictFiguresSerializer, **PROBLEMS},
    )
    def get(self, request, code: str):
        plan, today = self.plan(), timezone.localdate()
        given = self.given(AsOf, plan=plan, today=today)
        day = given.get("as_of") or opening_day(plan, today)
        district = Area.objects.districts().existing_on(day).filter(code=code).first()
        if district is None:
            known = Area.objects.districts().existing_on(day).values_list("code", flat=True)
            raise Http404(f"No district has the code {code}. Codes: {', '.join(sorted(known))}.")
        board = cached_scoreboard(plan, day, district)
        answer = {
            "area": district,
            "plan": plan,
            "as_of": day,
            "resident_households_derived": board.residents_derived,
            "city_standard_confirmed": not Standard.objects.city_unconfirmed_on(day),
            "indicators": board.own.cells.values(),
        }
        return Response(DistrictFiguresSerializer(answer).data)


class IndicatorCatalogue(Door):
    @extend_schema(
        operation_id="indicators_list",
        summary="Catalogue of indicators",
        responses={200: IndicatorSerializer(many=True), **PROBLEMS},
    )
    def get(self, request):
        self.given(NoParameters)
        return Response(IndicatorSerializer(INDICATORS.values(), many=True).data)


class PlanDetail(Door):
    @extend_schema(
        operation_id="plan",
        summary="The plan with its clauses, assignments and amendments",
        responses={200: PlanSerializer, **PROBLEMS},
    )
    def get(self, request):
        self.given(NoParameters)
        clauses = Clause.objects.select_related("parent").prefetch_related(
            "assignments__agency", "assignments__via_group", "amendments"
        )
        return Response(PlanSerializer(self.plan(Prefetch("clauses", clauses))).data)


class Tasks(Door):
    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        operation_id="tasks_list",
        summary="Tasks by agency with their states",
        parameters=[TaskParameters],
        responses={200: TaskPageSerializer, **PROBLEMS},
    )
    def get(self, request):
        plan = self.plan()
        given = self.given(TaskParameters)
        day = given.get("as_of") or opening_day(plan, timezone.localdate())
        etag = f'"{stamp()}-{day.isoformat()}-{request.accepted_renderer.format}-{request.user.pk}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        answer = TaskPageSerializer(task_page(plan, given, day, request.user)).data
        return Response(answer, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
