"""What the pages of tasks show: a list by clause, a board, a calendar, a matrix, one agency."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from accounts.models import Agency
from targets import task_states
from targets.document import anchor_of
from targets.models import Assignment, Clause, InputRequest, Plan
from targets.task_queries import Choices, Filter, Line, choices, filtered, lines, ordered, tally
from targets.task_states import SHOWN_LABELS

LINES_A_PAGE = 300  # reached, the next clause begins another page; Plan 66 with its 129 stays on one
DAY_LINES = 40  # of one day of the calendar; the rest is a link to the list
CARDS = 12  # of a column of the board; the rest is a link to the list
FOLDED = 4  # more agencies than that under one clause are folded


@dataclass(frozen=True)
class Row:
    """A clause with those of its tasks that the filter leaves."""

    ref: str
    anchor: str
    text: str
    group: str
    lines: list[Line]

    @property
    def folded(self) -> bool:
        return len(self.lines) > FOLDED


def row_of(line: Line, clause: Clause) -> Row:
    """A row of one agency's table."""
    return Row(line.ref, anchor_of(clause), clause.text, line.group, [line])


@dataclass(frozen=True)
class Section:
    no: str
    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class ListPage:
    sections: list[Section]
    clauses: int
    tasks: int
    counts: list[tuple[str, str, int]]
    choices: Choices
    number: int
    pages: int

    @property
    def numbers(self) -> range:
        return range(1, self.pages + 1)


def list_page(plan: Plan, asked: Filter, day: date, user, number: int) -> ListPage:
    """Paged by clause, so that a clause is never cut in two."""
    known = choices(plan, asked)
    tasks = lines(filtered(plan, asked, known, day, user), day, files=True)
    by_clause: dict[int, list[Line]] = defaultdict(list)
    for line in tasks:
        by_clause[line.clause].append(line)
    pages = _paged(by_clause)
    number = min(max(number, 1), len(pages))
    keys = pages[number - 1]
    sections: list[Section] = []
    for key in keys:
        clause = known.clauses[key]
        heading = known.clauses[clause.parent_id]
        no = heading.ref.rpartition(".")[2]
        if not sections or sections[-1].no != no:
            sections.append(Section(no, heading.text))
        own = by_clause[key]
        sections[-1].rows.append(Row(clause.ref, anchor_of(clause), clause.text, own[0].group, own))
    shown = [(key, SHOWN_LABELS[key], amount) for key, amount in tally(tasks).items()]
    return ListPage(sections, len(by_clause), len(tasks), shown, known, number, len(pages))


def _paged(by_clause: dict[int, list[Line]]) -> list[list[int]]:
    """Clauses cut into pages of at least LINES_A_PAGE tasks, the last one aside."""
    pages, held = [[]], 0
    for key, own in by_clause.items():
        if held >= LINES_A_PAGE:
            pages.append([])
            held = 0
        pages[-1].append(key)
        held += len(own)
    return pages


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    amount: int
    cards: list[tuple[Line, str]]  # with the words of its clause

    @property
    def rest(self) -> int:
        return self.amount - len(self.cards)


def board(plan: Plan, asked: Filter, day: date, user) -> tuple[list[Column], Choices]:
    """By state, the nearest due date first."""
    by_state: dict[str, list[Line]] = defaultdict(list)
    known = choices(plan, asked)
    for line in lines(filtered(plan, replace(asked, sap="han"), known, day, user), day):
        by_state[line.shown.key].append(line)
    columns = [
        Column(
            key, label, len(by_state[key]), [(line, known.clauses[line.clause].text) for line in by_state[key][:CARDS]]
        )
        for key, label in SHOWN_LABELS.items()
    ]
    return columns, known


@dataclass(frozen=True)
class Month:
    label: str
    days: list["Day"]

    @property
    def amount(self) -> int:
        return sum(len(day.lines) for day in self.days)


@dataclass(frozen=True)
class Day:
    day: date
    late: bool
    lines: list[Line]

    @property
    def shown(self) -> list[Line]:
        return self.lines[:DAY_LINES]


def calendar(plan: Plan, asked: Filter, day: date, user) -> tuple[list[Month], Choices]:
    """What is owed next, by its day, month by month of the plan's year."""
    by_day: dict[date, list[Line]] = defaultdict(list)
    known = choices(plan, asked)
    for line in lines(filtered(plan, asked, known, day, user).filter(due__isnull=False), day):
        by_day[line.due].append(line)
    months = []
    for month in range(1, 13):
        days = [Day(one, one < day, by_day[one]) for one in sorted(by_day) if one.month == month]
        months.append(Month(f"Tháng {month}/{plan.year}", days))
    return months, known


@dataclass(frozen=True)
class MatrixRow:
    code: str
    agency: str
    cells: list[Line | None]
    late: int


@dataclass(frozen=True)
class Matrix:
    clauses: list[tuple[str, str]]  # ref, text
    rows: list[MatrixRow]


def matrix(plan: Plan, day: date, user) -> Matrix:
    """Every agency beside every task. Three queries, whatever there is."""
    clauses = list(plan.clauses.filter(kind=Clause.Kind.TASK).values_list("pk", "ref", "text"))
    place = {key: number for number, (key, *_) in enumerate(clauses)}
    rows: dict[str, list[Line | None]] = {}
    names = {}
    found = ordered(Assignment.objects.visible_to(user).of_plan(plan), "co_quan")
    for line in lines(found, day):
        names[line.code] = line.agency
        rows.setdefault(line.code, [None] * len(clauses))[place[line.clause]] = line
    late = {
        code: sum(1 for cell in cells if cell and cell.shown.key == task_states.LATE) for code, cells in rows.items()
    }
    return Matrix(
        [(ref, text) for _, ref, text in clauses],
        [MatrixRow(code, names[code], cells, late[code]) for code, cells in rows.items()],
    )


@dataclass(frozen=True)
class AgencyPage:
    agency: Agency
    rows: list[Row]
    counts: list[tuple[str, str, int]]
    asked: list[InputRequest]  # what others wait for from this agency


def agency_page(plan: Plan, agency: Agency, day: date, user) -> AgencyPage:
    """One agency's tasks, the nearest due date first, and what others asked of it."""
    found = ordered(Assignment.objects.visible_to(user).of_plan(plan).filter(agency=agency), "han")
    tasks = lines(found, day, files=True)
    clauses = Clause.objects.in_bulk([line.clause for line in tasks])
    asked = InputRequest.objects.filter(
        agency=agency, answer="", assignment__clause__plan=plan, assignment__in=Assignment.objects.open_inside_to(user)
    )
    asked = asked.select_related("assignment__clause", "assignment__agency").order_by("due_on", "pk")
    shown = [(key, SHOWN_LABELS[key], amount) for key, amount in tally(tasks).items()]
    return AgencyPage(agency, [row_of(line, clauses[line.clause]) for line in tasks], shown, list(asked))


EXPORT_HEADINGS = [
    "Mục",
    "Nhiệm vụ",
    "Cơ quan",
    "Vai trò",
    "Giao cho nhóm",
    "Tình trạng",
    "Hạn",
    "Tiến độ (%)",
    "Số minh chứng",
]


def export_rows(plan: Plan, asked: Filter, day: date, user):
    """What is seen, as rows of a sheet."""
    known = choices(plan, asked)
    for line in lines(filtered(plan, asked, known, day, user), day, files=True):
        yield [
            line.ref,
            known.clauses[line.clause].text,
            line.agency,
            line.role_label,
            line.group,
            line.shown.label,
            line.due,
            line.percent,
            line.files,
        ]
