"""One task as its page shows it: what everybody sees, and the inside for those who belong to it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch

from accounts.log import history_of
from accounts.models import Event, User
from accounts.roles import May
from targets import task_states
from targets.document import Entry, entry_of
from targets.models import Amendment, Assignment, Clause, Evidence, InputRequest, Subtask, TaskComment, TaskUpdate
from targets.task_people import insiders
from targets.task_states import Move, Shown

UPDATES, EVENTS = 50, 30


@dataclass(frozen=True)
class Inside:
    comments: list[TaskComment]
    requests: list[InputRequest]
    subtasks: list[Subtask]
    events: list[Event]
    people: list[User]  # who can be mentioned


@dataclass(frozen=True)
class TaskPage:
    task: Assignment
    entry: Entry
    shown: Shown
    due: date | None
    updates: list[TaskUpdate]
    files: int
    peers: list[Assignment]  # others who owe the same clause
    inside: Inside | None
    moves: list[Move]  # what this reader may do now

    @property
    def next_or_set(self) -> date | None:
        return self.due or self.task.due_on


def read(pk: int, user) -> Assignment | None:
    rows = Assignment.objects.visible_to(user).select_related(
        "clause__plan", "clause__parent", "agency__area", "via_group", "reported_by", "verified_by"
    )
    return rows.filter(pk=pk).first()


def owed(task: Assignment) -> tuple[str, str, bool]:
    return task.get_role_display(), (task.via_group or task.agency).short_name, task.via_group_id is not None


def task_page(task: Assignment, day: date, user) -> TaskPage:
    plan = task.clause.plan
    due = task.next_due(plan)
    is_inside = Assignment.objects.open_inside_to(user).filter(pk=task.pk).exists()
    # The bytes of a file are never read for a list of files.
    files = Evidence.objects.defer("content") if is_inside else Evidence.objects.none()
    updates = task.updates.select_related("by").prefetch_related(Prefetch("evidence", files))
    clause = Clause.objects.prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("agency", "via_group")),
        Prefetch("amendments", Amendment.objects.all()),
    ).get(pk=task.clause_id)
    return TaskPage(
        task,
        entry_of(clause, [owed(one) for one in clause.assignments.all()]),
        task_states.shown(task.state, due, day),
        due,
        list(updates[:UPDATES]),
        task.updates.aggregate(files=Count("evidence"))["files"],
        [one for one in clause.assignments.all() if one.pk != task.pk],
        _inside(task) if is_inside else None,
        moves_for(task, user),
    )


def _inside(task: Assignment) -> Inside:
    return Inside(
        list(task.comments.select_related("by")),
        list(task.requests.select_related("agency", "asked_by", "answered_by")),
        list(task.subtasks.select_related("made_by", "done_by")),
        list(history_of(task)[:EVENTS]),
        insiders(task),
    )


def moves_for(task: Assignment, user) -> list[Move]:
    """The buttons of this reader: the table, cut down to rights, own agency and the second person."""
    owns = Assignment.objects.owned_by(user).filter(pk=task.pk).exists()
    found = []
    for move in task_states.moves_from(task.state):
        right = task_states.MOVES[move].right
        if user.may(right) and (owns or right != May.UPDATE_TASKS):
            found.append(move)
    if Move.VERIFY in found and not may_be_second(task, user):
        found.remove(Move.VERIFY)
    return found


def may_be_second(task: Assignment, user) -> bool:
    wrote = task.updates.filter(by=user, move__in=[Move.UPDATE, Move.FINISH]).exists()
    return task.reported_by_id != user.pk and not wrote
