"""What waits for a unit and for the programme office on a day, for their homes."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Agency
from targets import task_states
from targets.models import Assignment, Clause, InputRequest, Plan
from targets.task_pages import Row, row_of
from targets.task_people import agency_of
from targets.task_queries import Line, counts, late_by_agency, lines, ordered, tally
from targets.task_states import Move

SOON = timedelta(days=14)
ROWS = 8


@dataclass(frozen=True)
class OwnWork:
    """A unit's tasks: those that need it first."""

    agency: Agency
    counts: dict[str, int]
    soon: int
    returned: list[Line]
    asked: list[InputRequest]
    rows: list[Row]  # late and due soon, nearest day first

    @property
    def late(self) -> int:
        return self.counts[task_states.LATE]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def own_work(plan: Plan, day: date, user) -> OwnWork | None:
    """None for somebody without an agency or whose agency owes nothing of the plan."""
    agency = agency_of(user)
    if agency is None:
        return None
    tasks = lines(ordered(Assignment.objects.visible_to(user).of_plan(plan).filter(agency=agency), "han"), day)
    near = [line for line in tasks if line.due and line.due <= day + SOON]
    sent_back = returned_of([line.pk for line in tasks if line.state == task_states.State.IN_PROGRESS])
    texts = Clause.objects.in_bulk([line.clause for line in near[:ROWS]])
    asked = InputRequest.objects.filter(agency=agency, answer="", assignment__clause__plan=plan)
    return OwnWork(
        agency,
        tally(tasks),
        sum(1 for line in near if line.due >= day),
        [line for line in tasks if line.pk in sent_back],
        list(asked.select_related("assignment__clause", "assignment__agency").order_by("due_on")[:ROWS]),
        [row_of(line, texts[line.clause]) for line in near[:ROWS]],
    )


def returned_of(keys: list[int]) -> set[int]:
    """Those whose newest move is a return."""
    newest: dict[int, str] = {}
    moves = Assignment.objects.filter(pk__in=keys, updates__isnull=False).order_by("pk", "updates__id")
    for key, move in moves.values_list("pk", "updates__move"):
        newest[key] = move
    return {key for key, move in newest.items() if move == Move.RETURN}


@dataclass(frozen=True)
class OfficeWork:
    """What the programme office must look at: what waits for its word, and who is late."""

    counts: dict[str, int]
    soon: int
    waiting: list[Row]
    late: list[tuple[str, str, int]]  # code, short name, how many

    @property
    def waits(self) -> int:
        return self.counts[task_states.State.DONE]

    @property
    def late_tasks(self) -> int:
        return self.counts[task_states.LATE]


def office_work(plan: Plan, day: date, user) -> OfficeWork:
    everything = ordered(Assignment.objects.visible_to(user).of_plan(plan), "")
    waiting = lines(everything.filter(state=task_states.State.DONE.value)[:ROWS], day, files=True)
    texts = Clause.objects.in_bulk([line.clause for line in waiting])
    return OfficeWork(
        counts(everything, day),
        everything.filter(due__gte=day, due__lte=day + SOON).count(),
        [row_of(line, texts[line.clause]) for line in waiting],
        late_by_agency(plan, day),
    )
