"""The plan as a living document: its clauses in order, each with its state, its agencies and what was amended."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from accounts.models import Agency
from areas.models import Area
from households.models import Standard
from targets import pages
from targets.appendix import Line, lines_of
from targets.models import Amendment, Assignment, Clause, Plan
from targets.scoreboard import scoreboard
from targets.wording import Piece, compare, within


@dataclass(frozen=True)
class Chip:
    """Who owes a task and as what; a group is one chip, with the number of its members."""

    role: str
    name: str
    members: int  # 0: not a group


@dataclass(frozen=True)
class Change:
    kind: str  # amended or added
    label: str
    before: list[Piece]
    after: list[Piece]
    basis: str
    day: date | None  # none: between the draft and the plan


@dataclass(frozen=True)
class Entry:
    """A clause as it is shown: its text with the amended words marked, and what stands in the margin."""

    ref: str
    anchor: str
    pieces: list[Piece]
    changes: list[Change]
    chips: list[Chip]
    figure: pages.Figure | None = None
    key: int = 0  # of the clause, for who may amend it
    repealed_on: date | None = None


@dataclass(frozen=True)
class Section:
    """An agency's heading in part IV with its tasks."""

    ref: str
    anchor: str
    title: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def no(self) -> str:
        return self.ref.rpartition(".")[2]

    @property
    def short(self) -> str:
        """For the table of contents: the short name of who owes the first task under it."""
        chips = self.entries[0].chips if self.entries else []
        return chips[0].name if chips else self.title


@dataclass(frozen=True)
class LivingPlan:
    objectives: list[Entry]
    solutions: list[Entry]
    agencies: list[Section]
    tasks: int
    changes: int
    unconfirmed: bool
    tally: str


def living_plan(plan: Plan, day: date) -> LivingPlan:
    board = scoreboard(plan, day, Area.objects.existing_on(day).get(level=Area.Level.CITY))
    figures = {objective.no: pages.objective_figure(objective) for objective in board.objectives}
    clauses = plan.clauses.select_related("parent").prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("agency", "via_group")),
        Prefetch("amendments", Amendment.objects.all()),
    )
    entries: dict[str, list[Entry]] = {Clause.Kind.OBJECTIVE: [], Clause.Kind.SOLUTION: []}
    sections, changes, tasks = {}, 0, 0
    for clause in clauses:
        changes += len(clause.amendments.all())
        if clause.kind == Clause.Kind.AGENCY:
            sections[clause.pk] = Section(clause.ref, anchor_of(clause), clause.text)
        elif clause.kind == Clause.Kind.TASK:
            tasks += 1
            sections[clause.parent_id].entries.append(entry_of(clause))
        else:
            no = len(entries[clause.kind]) + 1
            figure = figures.get(no) if clause.kind == Clause.Kind.OBJECTIVE else None
            entries[clause.kind].append(entry_of(clause, figure))
    return LivingPlan(
        entries[Clause.Kind.OBJECTIVE],
        entries[Clause.Kind.SOLUTION],
        list(sections.values()),
        tasks,
        changes,
        Standard.objects.city_unconfirmed_on(day),
        pages.tally(board),
    )


@dataclass(frozen=True)
class AppendixPage:
    lines: list[Line]
    residents_derived: bool
    unconfirmed: bool

    @property
    def notes(self) -> list[str]:
        return [note for line in self.lines for note in line.notes]


def appendix(plan: Plan, day: date) -> AppendixPage:
    board = scoreboard(plan, day, Area.objects.existing_on(day).get(level=Area.Level.CITY))
    return AppendixPage(lines_of(board.rows), board.residents_derived, Standard.objects.city_unconfirmed_on(day))


def anchor_of(clause: Clause) -> str:
    """Where a link into the page lands: one name a clause, the agency's apart from its only task."""
    return ("co-quan-" if clause.kind == Clause.Kind.AGENCY else "muc-") + clause.ref.replace(".", "-")


def entry_of(clause: Clause, figure: pages.Figure | None = None) -> Entry:
    pieces, changes = [Piece("same", clause.text)], []
    for amendment in clause.amendments.all():
        before, after = compare(amendment.before, amendment.after)
        if amendment.change == Amendment.Change.AMENDED:
            pieces = within(clause.text, amendment.after, after)
        changes.append(
            Change(
                amendment.change, amendment.get_change_display(), before, after, amendment.basis, amendment.amended_on
            )
        )
    chips = chips_of(clause.assignments.all())
    return Entry(clause.ref, anchor_of(clause), pieces, changes, chips, figure, clause.pk, clause.repealed_on)


def chips_of(assignments) -> list[Chip]:
    """One chip an agency; the members of a group are told as the group that was given the task."""
    chips: dict[tuple, list] = {}
    for assignment in assignments:
        named = assignment.via_group or assignment.agency
        chips.setdefault((assignment.role, named.pk), [assignment, named, 0])[2] += bool(assignment.via_group_id)
    return [
        Chip(assignment.get_role_display(), named.short_name, members) for assignment, named, members in chips.values()
    ]


@dataclass(frozen=True)
class TasksPage:
    sections: list[Section]
    count: int
    agencies: list[Agency]
    roles: list[tuple[str, str]]
    agency_error: str
    role_error: str


def tasks(plan: Plan, agency: str, role: str) -> TasksPage:
    """Tasks owed by an agency, in a role; an empty choice is every one, an unknown one is told and left aside."""
    agencies = list(Agency.objects.filter(assignments__clause__plan=plan).distinct())
    agency_error = role_error = ""
    owed = Assignment.objects.all()
    if agency and agency not in {known.code for known in agencies}:
        agency_error = "Cơ quan này không có nhiệm vụ trong kế hoạch."
    elif agency:
        owed = owed.filter(agency__code=agency)
    if role and role not in Assignment.Role.values:
        role_error = "Không có vai trò này."
    elif role:
        owed = owed.filter(role=role)
    found = (
        plan.clauses.filter(kind=Clause.Kind.TASK, pk__in=owed.values("clause"))
        .select_related("parent")
        .prefetch_related(Prefetch("assignments", Assignment.objects.select_related("agency", "via_group")))
    )
    sections = tasks_by_agency(found)
    return TasksPage(sections, len(found), agencies, Assignment.Role.choices, agency_error, role_error)


def tasks_by_agency(clauses) -> list[Section]:
    """Tasks under the heading they stand under in the plan; headings without a task left out."""
    sections: dict[int, Section] = {}
    for task in clauses:
        heading = task.parent
        section = sections.setdefault(heading.pk, Section(heading.ref, anchor_of(heading), heading.text))
        section.entries.append(entry_of_task(task))
    return list(sections.values())


def entry_of_task(task: Clause) -> Entry:
    return Entry(task.ref, anchor_of(task), [Piece("same", task.text)], [], chips_of(task.assignments.all()))
