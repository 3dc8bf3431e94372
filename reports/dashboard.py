"""What the programme's agencies are doing on a day: tasks by agency and state, reports received, money."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import Agency
from areas.vietnamese import number
from reports import duty_board
from reports.duty_board import Piece
from targets import charts, money_queries, task_states
from targets.models import Assignment, BudgetLine, Clause, Plan
from targets.money_queries import Total
from targets.spending import Money
from targets.task_queries import Line, lines, ordered
from targets.task_states import LATE, SHOWN_LABELS, State

LATE_ROWS = 8
COLOURS = {
    LATE: "bad",
    State.NOT_STARTED: "none",
    State.IN_PROGRESS: "sea",
    State.DONE: "warm",
    State.VERIFIED: "ok",
    State.NOT_APPLICABLE: "idle",
}


@dataclass(frozen=True)
class AgencyTasks:
    """`counts`: by SHOWN_LABELS, in its order."""

    code: str
    name: str
    counts: list[int]
    pieces: list[Piece]

    @property
    def late(self) -> int:
        return self.counts[0]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def aloud(self) -> str:
        told = zip(self.counts, SHOWN_LABELS.values(), strict=True)
        return f"{self.name}: " + ", ".join(f"{amount} {label.lower()}" for amount, label in told if amount)


@dataclass(frozen=True)
class MoneyRow:
    """An allotment outlined and what was spent of it filled, on one scale (components as on the budget's page)."""

    label: str
    money: Money
    whole: str
    part: str

    @property
    def kind(self) -> str:
        return "bad" if self.money.left < 0 else "sea"


@dataclass(frozen=True)
class Work:
    agency: Agency | None
    tasks: list[AgencyTasks]
    sums: list[tuple[str, str, int]]  # colour, label and how many, of all agencies shown
    late: list[tuple[Line, str, int]]  # with the words of its clause and how many days
    columns: list  # duty_board.Column: a period with its numbers
    own: list[tuple[str, object]]  # of one agency: a period and its report (duty_board.Cell)
    money: Money
    sources: list[MoneyRow]

    @property
    def late_tasks(self) -> int:
        return sum(row.late for row in self.tasks)


def work(plan: Plan, day: date, user, *, known: date, agency: Agency | None = None) -> Work:
    """Ten queries, for one agency or all. Tasks stand as they do now and are late as of `day`; moves of reports count
    up to `known`; money up to `day`."""
    rows = Assignment.objects.visible_to(user).of_plan(plan)
    rows = rows.filter(agency=agency) if agency else rows
    tasks = by_agency(rows, day)
    late = lines(ordered(rows.late_on(day), "han")[:LATE_ROWS], day)
    texts = Clause.objects.in_bulk([line.clause for line in late]) if late else {}
    board = duty_board.board(plan.year, day, user, known=known)
    own = []
    if agency:
        units = [unit for _, group in board.groups for unit in group if unit.agency.pk == agency.pk]
        own = [(column.title, cell) for unit in units for column, cell in zip(board.columns, unit.cells, strict=True)]
    budget = BudgetLine.objects.visible_to(user).standing().filter(year=plan.year)
    totals = money_queries.totals(budget.filter(agency=agency) if agency else budget, "source", day)
    sums = [
        (COLOURS[key], label, sum(row.counts[place] for row in tasks))
        for place, (key, label) in enumerate(SHOWN_LABELS.items())
    ]
    return Work(
        agency,
        tasks,
        sums,
        [(line, texts[line.clause].text, (day - line.due).days) for line in late],
        board.columns,
        own,
        sum((one.money for one in totals), Money()),
        money_rows(totals),
    )


def by_agency(rows, day: date) -> list[AgencyTasks]:
    """Those with late tasks first, then in the plan's order. One query."""
    grouped = rows.order_by().annotate(is_late=Q(due__isnull=False, due__lt=day))
    found: dict[tuple, Counter] = {}
    names = ("agency__order", "agency__code", "agency__short_name", "state", "is_late")
    for order, code, name, state, late, amount in grouped.values_list(*names).annotate(amount=Count("pk")):
        found.setdefault((order, code, name), Counter())[task_states.LATE if late else state] += amount
    told = [
        AgencyTasks(code, name, counts := [own[key] for key in SHOWN_LABELS], pieces_of(counts))
        for (_, code, name), own in sorted(found.items(), key=lambda one: (-one[1][LATE], one[0][0], one[0][1]))
    ]
    return told


def pieces_of(counts: list[int]) -> list[Piece]:
    """The states side by side, in percent of the agency's tasks."""
    whole, x, pieces = sum(counts), 0.0, []
    for key, amount in zip(SHOWN_LABELS, counts, strict=True):
        width = 100 * amount / whole
        if width:
            pieces.append(Piece(f"{x:.2f}", f"{width:.2f}", COLOURS[key]))
        x += width
    return pieces


def money_rows(totals: list[Total]) -> list[MoneyRow]:
    lengths = charts.twin_bars([(one.money.allotted, one.money.disbursed) for one in totals])
    return [MoneyRow(one.label, one.money, *pair) for one, pair in zip(totals, lengths, strict=True)]


def tasks_table(page: Work):
    """`bang=nhiem-vu`."""
    return ["Cơ quan", *SHOWN_LABELS.values(), "Tổng"], [[row.name, *row.counts, row.total] for row in page.tasks]


def reports_table(page: Work):
    """`bang=bao-cao`."""
    rows = [
        [one.title, one.tally.expected, one.tally.received, one.tally.on_time, one.tally.late, one.tag[1]]
        for one in page.columns
    ]
    return ["Kỳ", "Phải nộp", "Đã nhận", "Đúng hạn", "Quá hạn", "Tình trạng"], rows


def money_table(page: Work):
    """`bang=kinh-phi`, in dong."""
    rows = [
        [row.label, row.money.allotted, row.money.disbursed, row.money.left, row.money.share] for row in page.sources
    ]
    return ["Nguồn", "Số giao", "Đã chi", "Còn lại", "Đã chi (%)"], rows


TABLES = {"nhiem-vu": tasks_table, "bao-cao": reports_table, "kinh-phi": money_table}


def lead_of(page: Work) -> str:
    """'5 nhiệm vụ quá hạn; báo cáo định kỳ 30/11/2023 đã nhận 21 trên 24; đã chi 61,2 % kinh phí.'"""
    told = [f"{number(page.late_tasks)} nhiệm vụ quá hạn" if page.late_tasks else "Không có nhiệm vụ quá hạn"]
    if page.columns and page.agency is None:
        newest = page.columns[-1]
        tally = newest.tally
        told.append(f"báo cáo {newest.title.lower()} đã nhận {number(tally.received)} trên {number(tally.expected)}")
    if page.money.share is not None:
        told.append(f"đã chi {number(page.money.share, 1)} % kinh phí")
    return "; ".join(told) + "."
