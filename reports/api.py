"""API v1: who owes a report and whether it is in; the city's reports and their documents."""

from django.db.models import F, Prefetch
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.api_door import READ_PROBLEMS, Door, ReadDoor, a_path, told
from accounts.api_parameters import PageParameters, a_day, an_ordering, page_class, page_of, page_of_list, told_page
from accounts.scopes import Scope
from reports.frozen_lines import told_lines
from reports.models import Document, Duty, Report
from reports.periods import Kind
from reports.services import download
from reports.states import Standing, standing
from targets.api_serializers import LEVELS, SUPPRESSION, a_code, a_decimal, a_numerator, a_suppression, an_area_code
from targets.disclosure import scope_of

KINDS = [kind.value for kind in Kind]


class DutyParameters(PageParameters):
    day = a_day(help_text="The period's day: 2023-05-31.")
    agency = serializers.SlugField(required=False, help_text="Code of an agency.")
    state = serializers.ChoiceField(required=False, choices=[one.value for one in Standing])
    as_of = a_day(help_text="Day on which lateness is judged; states are those of now. Default: today.")
    ordering = an_ordering("period", "due", "agency")


class DutySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    period = serializers.DateField(source="period.day")
    kind = serializers.ChoiceField(choices=KINDS, source="period.kind")
    agency = serializers.CharField(source="agency.code")
    name = serializers.CharField(source="agency.name")
    due = serializers.DateField(source="due_on", help_text="With extensions.")
    first_due = serializers.DateField(source="first_due_on")
    state = serializers.ChoiceField(choices=[one.value for one in Standing], source="stands")
    first_submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)


DutyPageSerializer = page_class(DutySerializer, as_of=serializers.DateField())


@told(DutyPageSerializer, id="duties_list", summary="Reports that units owe", parameters=[DutyParameters])
class Duties(ReadDoor):
    read_scope = Scope.READ_REPORTS
    columns = DutySerializer().fields
    orderings = {"period": F("period__day"), "due": F("due_on"), "agency": F("agency__order")}

    def answer(self, today):
        given = self.given(DutyParameters)
        day = given.get("as_of") or today
        rows = Duty.objects.visible_to(self.request.user).select_related("period", "agency")
        if "day" in given:
            rows = rows.filter(period__day=given["day"])
        if "agency" in given:
            rows = rows.filter(agency__code=given["agency"])
        if "state" in given:
            rows = rows.standing_at(given["state"], day)
        shown, following = page_of(rows, given, self.orderings)
        for row in shown:
            row.stands = standing(row.state, row.due_on, day)
        return DutyPageSerializer({"as_of": day, "next": following, "results": shown}).data


class ReportParameters(PageParameters):
    day = a_day(help_text="The period's day: 2023-05-31.")
    ordering = an_ordering("as_of")


class DocumentSerializer(serializers.Serializer):
    format = serializers.ChoiceField(choices=Document.Format.values)
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class ReportSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    period = serializers.DateField(source="period.day")
    kind = serializers.ChoiceField(choices=KINDS, source="period.kind")
    version = serializers.IntegerField(help_text="A correction is a new version of the same period.")
    reason = serializers.CharField(allow_blank=True, help_text="Why it was made again.")
    as_of = serializers.DateField()
    frozen_at = serializers.DateTimeField()
    checksum = serializers.CharField(help_text="SHA-256 over the frozen figures.")
    demo = serializers.BooleanField(help_text="True: of demonstration data, no official figures.")
    issued_at = serializers.DateTimeField(source="letter.issued_at", allow_null=True, default=None)
    documents = DocumentSerializer(many=True, help_text="Each at /api/v1/reports/{id}/documents/{kind}/.")


ReportPageSerializer = page_class(ReportSerializer)


@told(ReportPageSerializer, id="reports_list", summary="The city's reports", parameters=[ReportParameters])
class Reports(ReadDoor):
    read_scope = Scope.READ_REPORTS
    columns = ReportSerializer().fields
    orderings = {"as_of": F("as_of")}

    def answer(self, today):
        given = self.given(ReportParameters)
        documents = Prefetch("documents", Document.objects.defer("content"))
        rows = Report.objects.select_related("period", "letter").prefetch_related(documents)
        if "day" in given:
            rows = rows.filter(period__day=given["day"])
        return told_page(ReportPageSerializer, page_of(rows, given, self.orderings))


class LineParameters(PageParameters):
    area = an_area_code()
    level = a_code(LEVELS, required=False)
    indicator = serializers.SlugField(required=False, max_length=50, help_text="Code, also of one that is no more.")
    ordering = an_ordering("order")


class LineSerializer(serializers.Serializer):
    """One frozen figure: an indicator in an area beside its target, as the report tells it."""

    order = serializers.IntegerField(help_text="Place in the report.")
    area = serializers.CharField(help_text="Code of the General Statistics Office.")
    name = serializers.CharField()
    level = a_code(LEVELS)
    indicator = serializers.CharField()
    unit = serializers.CharField()
    target = a_decimal()
    published_rate = a_decimal(help_text="Printed in the plan; never recomputed.")
    numerator = a_numerator()
    denominator = serializers.IntegerField(allow_null=True)
    rate = a_decimal(help_text="Numerator / denominator, percent.")
    reached = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, help_text="Part of the year's way, percent."
    )
    suppressed = a_suppression()


LinePageSerializer = page_class(LineSerializer, as_of=serializers.DateField(), version=serializers.IntegerField())


@told(
    LinePageSerializer,
    id="report_lines",
    summary="The frozen figures of a report",
    parameters=[a_path("key", "`id` of the report.", int), LineParameters],
    description=SUPPRESSION,
)
class ReportLines(ReadDoor):
    read_scope = Scope.READ_REPORTS
    columns = LineSerializer().fields

    def answer(self, today, key: int):
        given = self.given(LineParameters)
        report = Report.objects.filter(pk=key).first() if key < 2**63 else None
        if report is None:
            raise Http404(f"There is no report {key}.")
        rows = told_lines(report.lines.select_related("area"), scope_of(self.request.user))
        asked = {name: given[name] for name in ("area", "level", "indicator") if name in given}
        rows = [row for row in rows if all(row[name] == value for name, value in asked.items())]
        keys = {"order": lambda row: row["order"], "key": lambda row: row["order"]}
        found = page_of_list(rows, given, keys)
        return told_page(LinePageSerializer, found, as_of=report.as_of, version=report.version)


class ReportDocument(Door):
    read_scope = Scope.READ_REPORTS
    renderer_classes = [JSONRenderer]

    @extend_schema(
        operation_id="report_document",
        summary="A document of a report",
        parameters=[a_path("key", "`id` of the report.", int), a_path("kind", "As `documents` tells.")],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file; each taking is logged."),
            **READ_PROBLEMS,
        },
    )
    def get(self, request, key: int, kind: str):
        rows = Document.objects.select_related("report__period").filter(format=kind)
        document = rows.filter(report=key).first() if key < 2**63 else None
        if document is None:
            raise Http404(f"Report {key} has no document {kind!r}, or it is still being made.")
        headers = {"ETag": f'"{document.sha256}"', "Cache-Control": "private, no-cache"}
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        name = f"report-{document.report.period.day}-{document.report.version}.{kind.partition('-')[0]}"
        headers |= {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        content = download(document=document, by=request.user)
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)
