"""The plan as a living document: its clauses in order, each with its state, its agencies and what was amended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from targets import activity_pages, charts, money_queries, pages, task_queries
from targets.appendix import Line, lines_of
from targets.counting import count_areas
from targets.disclosure import cached_months, scope_of, withheld_figures
from targets.models import Amendment, Assignment, BudgetLine, Clause, Plan
from targets.scoreboard import objective_texts, scoreboard
from targets.series import cached_series
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


def living_plan(plan: Plan, day: date, newest: int) -> LivingPlan:
    """Fourteen queries: seven to count, with the months behind the forecast; targets, past years, clauses, amendments,
    tasks, activities and money. `newest`: the stamp."""
    counted = cached_months(plan.year, day, newest)[day]
    clauses = list(plan.clauses.prefetch_related("amendments"))
    board = scoreboard(plan, day, counted=counted, texts=objective_texts(clauses))
    ahead = pages.outlooks_of(board, cached_series(plan.year, day, newest))
    figures = {objective.no: pages.objective_figure(objective, ahead) for objective in board.objectives}
    owed, held = owed_of(plan, day), activity_pages.margins(plan, day)
    quotas = activity_pages.quotas_of(board.own.cells)
    budget = BudgetLine.objects.standing().filter(year=plan.year)
    money = {one.key: one.money for one in money_queries.totals(budget, "clause", day)}
    entries: dict[str, list[Entry]] = {Clause.Kind.OBJECTIVE: [], Clause.Kind.SOLUTION: []}
    sections, changes, tasks = {}, 0, 0
    for clause in clauses:
        changes += len(clause.amendments.all())
        if clause.kind == Clause.Kind.AGENCY:
            sections[clause.pk] = Section(clause.ref, anchor_of(clause), clause.text)
            continue
        lines = owed.get(clause.pk, [])
        entry = replace(
            entry_of(clause, [(line.role_label, line.group or line.agency, bool(line.group)) for line in lines]),
            held=held.get(clause.pk, []),
            money=money.get(clause.pk),
        )
        if clause.kind == Clause.Kind.TASK:
            tasks += 1
            standing = task_queries.standing_of(lines)
            bar = bar_of(clause.ref, standing) if standing else None
            sections[clause.parent_id].entries.append(replace(entry, standing=standing, bar=bar))
        else:
            no = len(entries[clause.kind]) + 1
            if clause.kind == Clause.Kind.OBJECTIVE:
                entry = replace(entry, figure=figures.get(no))
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
    hidden = withheld_figures(counted, scope_of(user))
    board = scoreboard(plan, day, counted=counted, hidden=hidden, further=False)
    return AppendixPage(lines_of(board.rows), board.residents_derived, board.unconfirmed)


def anchor_of(clause: Clause) -> str:
    """Where a link into the page lands: one name a clause, the agency's apart from its only task."""
    return ("co-quan-" if clause.kind == Clause.Kind.AGENCY else "muc-") + clause.ref.replace(".", "-")


def owed_of(plan: Plan, day: date) -> dict[int, list[task_queries.Line]]:
    """Who owes each clause and how far they are now, late as of the page's day. One query."""
    found: dict[int, list] = {}
    for line in task_queries.lines(Assignment.objects.of_plan(plan), day, files=True):
        found.setdefault(line.clause, []).append(line)
    return found


def bar_of(ref: str, standing: Standing) -> charts.Bar:
    kind = {"late": "bad", "ok": "ok"}.get(standing.kind, "sea")
    label = f"Tiến độ {ref}: {standing.percent} %"
    return charts.pace_bar(label=label, share=Decimal(standing.percent), mark=None, kind=kind)


def entry_of(clause: Clause, owed: Iterable[tuple[str, str, bool]]) -> Entry:
    """The clause's own words and what was amended of them. `owed`: as `chips_of` takes it."""
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
    return Entry(
        clause.ref, anchor_of(clause), pieces, changes, chips_of(owed), key=clause.pk, repealed_on=clause.repealed_on
    )


def chips_of(owed: Iterable[tuple[str, str, bool]]) -> list[Chip]:
    """One chip an agency; the members of a group are told as the group that was given the task.

    `owed`: role, short name of the agency or of the group it owes it by, and whether it is a group.
    """
    chips = Counter()
    for role, name, is_group in owed:
        chips[role, name] += is_group
    return [Chip(role, name, members) for (role, name), members in chips.items()]
