"""API v1: tasks by agency with their states, and a unit's word on its own task."""

from datetime import date

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response

from accounts.api_door import WRITE_PROBLEMS, Door, a_path, told
from accounts.api_parameters import PageParameters, a_day, an_ordering, page_class, page_of
from accounts.problems import Conflict, documented
from accounts.scopes import Scope
from targets import evidence_files, task_states
from targets.api import PlanDoor
from targets.api_serializers import a_year
from targets.asof import opening_day
from targets.models import Assignment, Plan
from targets.task_queries import FAR
from targets.task_services import Given, move_task
from targets.task_states import SHOWN_LABELS, Move

# name → what it sorts by; each with '-' the other way round
ORDERINGS = {
    "clause": F("clause__order"),
    "agency": F("agency__order"),
    "due": Coalesce("due", Value(FAR)),
    "percent": F("percent"),
}


class TaskParameters(PageParameters):
    year = a_year()
    agency = serializers.SlugField(required=False, help_text="Code of an agency.")
    clause = serializers.RegexField(
        r"^IV\.", required=False, max_length=12, help_text="A task (IV.4.a) or an agency's heading (IV.4)."
    )
    role = serializers.ChoiceField(required=False, choices=Assignment.Role.values)
    state = serializers.ChoiceField(
        required=False, choices=[str(key) for key in SHOWN_LABELS], help_text="`late`: open and past its day."
    )
    due_from = a_day()
    due_to = a_day()
    as_of = a_day(
        help_text="Day on which lateness is judged; states are those of now. Default: the day the pages open on."
    )
    ordering = an_ordering(*ORDERINGS)


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
    state = serializers.ChoiceField(choices=[str(state) for state in task_states.STATE_LABELS])
    late = serializers.BooleanField()
    percent = serializers.IntegerField()
    verified_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it back with an update: it says which state you read.")


TaskPageSerializer = page_class(TaskSerializer, plan=serializers.CharField(), as_of=serializers.DateField())


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


def _told(row: Assignment, day: date) -> Assignment:
    row.late = row.due is not None and row.due < day
    row.rhythm = row.rhythm or "report"
    return row


def _tasks(plan: Plan, user):
    return Assignment.objects.visible_to(user).of_plan(plan).select_related("clause", "agency", "via_group")


@told(TaskPageSerializer, id="tasks_list", summary="Tasks by agency with their states", parameters=[TaskParameters])
class Tasks(PlanDoor):
    read_scope = Scope.READ_TASKS
    columns = TaskSerializer().fields

    def answer(self, today):
        given = self.given(TaskParameters)
        plan = self.plan(today, given.get("year"))
        day = given.get("as_of") or opening_day(plan, today)
        rows = _narrowed(_tasks(plan, self.request.user), given, day)
        shown, following = page_of(rows, given, ORDERINGS)
        head = {"plan": plan.number, "as_of": day, "next": following}
        return TaskPageSerializer(head | {"results": [_told(row, day) for row in shown]}).data


class TaskMove(serializers.Serializer):
    """What a unit may say of its own task; with files as proof it is sent as a form (multipart)."""

    move = serializers.ChoiceField(choices=[Move.UPDATE.value, Move.FINISH.value, Move.TAKE_BACK.value])
    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000, help_text="Of the task, as it was read.")
    text = serializers.CharField(max_length=5000, help_text="What was done.")
    percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    for_day = serializers.DateField(
        required=False, input_formats=["%Y-%m-%d"], help_text="The due day that this is the report for."
    )
    counted = serializers.CharField(required=False, max_length=80, help_text="What `amount` counts.")
    amount = serializers.IntegerField(required=False, min_value=0, max_value=2**53)

    def validate(self, given):
        if ("counted" in given) != ("amount" in given):
            raise serializers.ValidationError({"amount": ["Give `counted` and `amount` together."]})
        return given


class TaskMoveWithFiles(TaskMove):
    files = serializers.ListField(
        child=serializers.FileField(),
        required=False,
        max_length=evidence_files.MAX_FILES,
        help_text="PDF, DOCX, XLSX, JPG or PNG, told by content; 10 MB each. No lists of people's ID numbers.",
    )


@extend_schema(parameters=[a_path("key", "`id` of the task.", int)])
class TaskUpdates(Door):
    parser_classes = [JSONParser, FormParser, MultiPartParser]
    read_scope = None
    write_scope = Scope.WRITE_TASKS

    @extend_schema(
        operation_id="task_update",
        summary="Say how far a task of one's own agency is",
        request={"application/json": TaskMove, "multipart/form-data": TaskMoveWithFiles},
        responses={
            201: TaskSerializer,
            **WRITE_PROBLEMS,
            **documented(409),
        },
    )
    def post(self, request, key: int):
        is_form = request.content_type.startswith("multipart/")
        given = (TaskMoveWithFiles if is_form else TaskMove)(data=request.data)
        given.is_valid(raise_exception=True)
        most = evidence_files.MAX_BYTES + 1  # enough to be refused
        files = [Given(one.name, one.read(most)) for one in given.validated_data.pop("files", [])]
        tasks = Assignment.objects.visible_to(request.user).select_related("clause__plan")
        task = tasks.filter(pk=key).first() if key < 2**63 else None
        if task is None:
            raise Http404(f"There is no task {key}.")
        if task.version != given.validated_data["version"]:
            raise Conflict(f"The task was changed meanwhile: it is at version {task.version}. Read it again.")
        move_task(assignment=task, by=request.user, at=timezone.now(), files=files, **given.validated_data)
        plan = task.clause.plan
        return Response(TaskSerializer(_told(_tasks(plan, request.user).get(pk=key), timezone.localdate())).data, 201)
