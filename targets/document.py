"""The plan as a living document: its clauses in order, each with its state, its agencies and what was amended."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from targets import activity_pages, charts, money_queries, pages, task_queries
from targets.appendix import Line, lines_of
from targets.counting import count_areas
from targets.disclosure import seen_among, withheld_figures
from targets.models import Amendment, Assignment, BudgetLine, Clause, Plan
from targets.scoreboard import scoreboard
from targets.spending import Money
from targets.task_queries import Standing
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
    standing: Standing | None = None
    bar: charts.Bar | None = None
    held: list[activity_pages.Margin] = field(default_factory=list)  # activities that served the clause
    quotas: list[activity_pages.Quota] = field(default_factory=list)
    money: Money | None = None  # of the budget lines that name the clause


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

    @property
    def late(self) -> bool:
        return any(entry.standing and entry.standing.late for entry in self.entries)


@dataclass(frozen=True)
class LivingPlan:
    objectives: list[Entry]
    solutions: list[Entry]
    agencies: list[Section]
    tasks: int
    changes: int
    unconfirmed: bool
    tally: str
    money: Money  # of all budget lines of the plan's year


def living_plan(plan: Plan, day: date) -> LivingPlan:
    board = scoreboard(plan, day)
    ahead = pages.objectives_ahead(plan, day, board)
    figures = {objective.no: pages.objective_figure(objective, ahead) for objective in board.objectives}
    clauses = plan.clauses.select_related("parent").prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("agency", "via_group")),
        Prefetch("amendments", Amendment.objects.all()),
    )
    standings, held = standings_of(plan, day), activity_pages.margins(plan, day)
    quotas = activity_pages.quotas_of(board.own.cells)
    lines = BudgetLine.objects.standing().filter(year=plan.year)
    money = {one.key: one.money for one in money_queries.totals(lines, "clause", day)}
    entries: dict[str, list[Entry]] = {Clause.Kind.OBJECTIVE: [], Clause.Kind.SOLUTION: []}
    sections, changes, tasks = {}, 0, 0
    for clause in clauses:
        changes += len(clause.amendments.all())
        if clause.kind == Clause.Kind.AGENCY:
            sections[clause.pk] = Section(clause.ref, anchor_of(clause), clause.text)
        elif clause.kind == Clause.Kind.TASK:
            tasks += 1
            sections[clause.parent_id].entries.append(
                entry_of(clause, None, standings.get(clause.pk), held.get(clause.pk), money.get(clause.pk))
            )
        else:
            no = len(entries[clause.kind]) + 1
            figure = figures.get(no) if clause.kind == Clause.Kind.OBJECTIVE else None
            entry = entry_of(clause, figure, held=held.get(clause.pk), money=money.get(clause.pk))
            if clause.ref == activity_pages.QUOTA_CLAUSE and quotas:
                entry = replace(entry, quotas=quotas)
            entries[clause.kind].append(entry)
    return LivingPlan(
        entries[Clause.Kind.OBJECTIVE],
        entries[Clause.Kind.SOLUTION],
        list(sections.values()),
        tasks,
        changes,
        board.unconfirmed,
        pages.tally(board),
        sum(money.values(), Money()),
    )


@dataclass(frozen=True)
class AppendixPage:
    lines: list[Line]
    residents_derived: bool
    unconfirmed: bool

    @property
    def notes(self) -> list[str]:
        return [note for line in self.lines for note in line.notes]


def appendix(plan: Plan, day: date, user) -> AppendixPage:
    """As the user is told it: small figures only of areas whose rows one sees."""
    counted = count_areas(year=plan.year, as_of=day, further=False)
    hidden = withheld_figures(counted, seen_among(user, counted.places.there))
    board = scoreboard(plan, day, counted=counted, hidden=hidden, further=False)
    return AppendixPage(lines_of(board.rows), board.residents_derived, board.unconfirmed)


def anchor_of(clause: Clause) -> str:
    """Where a link into the page lands: one name a clause, the agency's apart from its only task."""
    return ("co-quan-" if clause.kind == Clause.Kind.AGENCY else "muc-") + clause.ref.replace(".", "-")


def standings_of(plan: Plan, day: date) -> dict[int, Standing]:
    """How far each task is now, late as of the page's day. One query."""
    found: dict[int, list] = {}
    for line in task_queries.lines(Assignment.objects.of_plan(plan), day, files=True):
        found.setdefault(line.clause, []).append(line)
    return {key: task_queries.standing_of(lines) for key, lines in found.items()}


def bar_of(ref: str, standing: Standing) -> charts.Bar:
    kind = {"late": "bad", "ok": "ok"}.get(standing.kind, "sea")
    label = f"Tiến độ {ref}: {standing.percent} %"
    return charts.pace_bar(label=label, share=Decimal(standing.percent), mark=None, kind=kind)


def entry_of(
    clause: Clause,
    figure: pages.Figure | None = None,
    standing: Standing | None = None,
    held: list[activity_pages.Margin] | None = None,
    money: Money | None = None,
) -> Entry:
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
    bar = bar_of(clause.ref, standing) if standing else None
    anchor, key, repealed = anchor_of(clause), clause.pk, clause.repealed_on
    return Entry(
        clause.ref, anchor, pieces, changes, chips, figure, key, repealed, standing, bar, held or [], money=money
    )


def chips_of(assignments) -> list[Chip]:
    """One chip an agency; the members of a group are told as the group that was given the task."""
    chips: dict[tuple, list] = {}
    for assignment in assignments:
        named = assignment.via_group or assignment.agency
        chips.setdefault((assignment.role, named.pk), [assignment, named, 0])[2] += bool(assignment.via_group_id)
    return [
        Chip(assignment.get_role_display(), named.short_name, members) for assignment, named, members in chips.values()
    ]
