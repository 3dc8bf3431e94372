"""What the API says of tasks: parameters, rows, pages by key. No write."""

import base64
import csv
import io
import json
from datetime import date

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from targets import task_states
from targets.api_serializers import Parameters
from targets.models import Assignment, Plan
from targets.task_queries import FAR
from targets.task_states import SHOWN_LABELS

MOST, DEFAULT = 500, 100
# name → what it sorts by; each with '-' the other way round
ORDERINGS = {
    "clause": F("clause__order"),
    "agency": F("agency__order"),
    "due": Coalesce("due", Value(FAR)),
    "percent": F("percent"),
}


class TaskParameters(Parameters):
    agency = serializers.SlugField(required=False, help_text="Code of an agency.")
    clause = serializers.RegexField(
        r"^IV\.", required=False, help_text="A task (IV.4.a) or an agency's heading (IV.4)."
    )
    role = serializers.ChoiceField(required=False, choices=Assignment.Role.values)
    state = serializers.ChoiceField(
        required=False, choices=list(SHOWN_LABELS), help_text="`late`: open and past its day."
    )
    due_from = serializers.DateField(required=False, input_formats=["%Y-%m-%d"])
    due_to = serializers.DateField(required=False, input_formats=["%Y-%m-%d"])
    as_of = serializers.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        help_text="Day on which lateness is judged; states are those of now. Default: the day the pages open on.",
    )
    ordering = serializers.ChoiceField(
        required=False, default="clause", choices=[sign + name for name in ORDERINGS for sign in ("", "-")]
    )
    limit = serializers.IntegerField(required=False, default=DEFAULT, min_value=1, max_value=MOST)
    cursor = serializers.CharField(required=False, help_text="`next` of the page before.")
    format = serializers.ChoiceField(required=False, choices=["json", "csv"])

    def validate_cursor(self, text: str) -> tuple:
        try:
            value, key = json.loads(base64.urlsafe_b64decode(text.encode()))
            return (value if isinstance(value, int) else date.fromisoformat(value)), int(key)
        except (ValueError, TypeError):
            raise serializers.ValidationError("Not a cursor of this API; take `next` of the page before.") from None


class TaskSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    clause = serializers.CharField(source="clause.ref")
    text = serializers.CharField(source="clause.text")
    agency = serializers.CharField(source="agency.code")
    name = serializers.CharField(source="agency.name")
    role = serializers.ChoiceField(choices=Assignment.Role.values)
    via_group = serializers.CharField(source="via_group.code", allow_null=True, default=None)
    rhythm = serializers.ChoiceField(
        choices=["report", "once", "monthly"],
        help_text="`report`: for each report of the plan; also where none was set.",
    )
    due = serializers.DateField(allow_null=True, help_text="When something is owed next; null when nothing is.")
    state = serializers.ChoiceField(choices=list(task_states.STATE_LABELS))
    late = serializers.BooleanField()
    percent = serializers.IntegerField()
    verified_at = serializers.DateTimeField(allow_null=True)


class TaskPageSerializer(serializers.Serializer):
    plan = serializers.CharField()
    as_of = serializers.DateField()
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page; null on the last.")
    results = TaskSerializer(many=True)


def page(plan: Plan, given: dict, day: date, user) -> dict:
    """One page of tasks by key: nothing is told twice or left out when rows change between two pages."""
    rows = _narrowed(Assignment.objects.visible_to(user).of_plan(plan), given, day)
    down, name = given["ordering"].startswith("-"), given["ordering"].lstrip("-")
    rows = rows.annotate(sorted_by=ORDERINGS[name])
    if "cursor" in given:
        value, key = given["cursor"]
        if isinstance(value, date) != (name == "due"):
            raise serializers.ValidationError({"cursor": ["This cursor is of another ordering."]})
        step = "lt" if down else "gt"
        rows = rows.filter(Q(**{f"sorted_by__{step}": value}) | Q(sorted_by=value, **{f"pk__{step}": key}))
    rows = rows.select_related("clause", "agency", "via_group").order_by(
        *(("-sorted_by", "-pk") if down else ("sorted_by", "pk"))
    )
    found = list(rows[: given["limit"] + 1])
    shown, more = found[: given["limit"]], len(found) > given["limit"]
    for row in shown:
        row.late = row.due is not None and row.due < day
        row.rhythm = row.rhythm or "report"
    return {
        "plan": plan.number,
        "as_of": day,
        "next": _cursor(shown[-1]) if more else None,
        "results": shown,
    }


def _narrowed(rows, given: dict, day: date):
    if "agency" in given:
        rows = rows.filter(agency__code=given["agency"])
    if "clause" in given:
        rows = rows.filter(Q(clause__ref=given["clause"]) | Q(clause__parent__ref=given["clause"]))
    if "role" in given:
        rows = rows.filter(role=given["role"])
    if "state" in given:
        rows = rows.shown_as(given["state"], day)
    if "due_from" in given:
        rows = rows.filter(due__gte=given["due_from"])
    if "due_to" in given:
        rows = rows.filter(due__lte=given["due_to"])
    return rows


def _cursor(row) -> str:
    value = row.sorted_by.isoformat() if isinstance(row.sorted_by, date) else row.sorted_by
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode()


class CsvRenderer(BaseRenderer):
    """The results as CSV, commas and points as machines read them; a refusal stays a problem document."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if "results" not in (data or {}):
            return json.dumps(data)
        out = io.StringIO()
        writer = csv.DictWriter(out, list(TaskSerializer().fields))
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in data["results"])
        return out.getvalue()


def _harmless(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
