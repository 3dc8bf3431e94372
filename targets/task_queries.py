"""Reading tasks: what a filter in the address leaves, and rows light enough for two thousand on a page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Agency
from areas.vietnamese import fold
from targets import task_states
from targets.models import Assignment, Clause, Plan, TaskUpdate
from targets.task_states import SHOWN_LABELS, Shown

NAMES = ("co_quan", "vai_tro", "tinh_trang", "han", "muc", "q", "sap")
SOON = {"7": "Trong 7 ngày tới", "30": "Trong 30 ngày tới", "late": "Đã quá hạn"}
ORDERS = {"": "Theo mục của kế hoạch", "han": "Hạn gần nhất trước", "co_quan": "Theo cơ quan"}
FAR = date(9999, 12, 31)  # sorts after every due date where nothing is owed


@dataclass(frozen=True)
class Filter:
    """What stood in the address, cut to what a field may hold; unknown values are told and left aside."""

    co_quan: str = ""
    vai_tro: str = ""
    tinh_trang: str = ""
    han: str = ""
    muc: str = ""
    q: str = ""
    sap: str = ""

    @classmethod
    def read(cls, asked: Mapping) -> "Filter":
        return cls(**{name: asked.get(name, "").strip()[:60] for name in NAMES})

    @property
    def query(self) -> str:
        """As it stands in the address, without what is empty."""
        return urlencode(self.items)

    @property
    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name in NAMES if (value := getattr(self, name))]

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in NAMES if name != "sap")


@dataclass(frozen=True)
class Choices:
    """What can be asked of a plan, its headings and tasks by key, and what was asked in vain."""

    agencies: list[Agency]
    parts: list[Clause]
    clauses: dict[int, Clause]
    errors: dict[str, str]


def choices(plan: Plan, asked: Filter) -> Choices:
    """Two queries."""
    agencies = list(Agency.objects.filter(assignments__clause__plan=plan).distinct())
    clauses = {row.pk: row for row in plan.clauses.filter(kind__in=[Clause.Kind.AGENCY, Clause.Kind.TASK])}
    parts = [row for row in clauses.values() if row.kind == Clause.Kind.AGENCY]
    errors = {}
    if asked.co_quan and asked.co_quan not in {agency.code for agency in agencies}:
        errors["co_quan"] = "Cơ quan này không có nhiệm vụ trong kế hoạch."
    if asked.vai_tro and asked.vai_tro not in Assignment.Role.values:
        errors["vai_tro"] = "Không có vai trò này."
    if asked.tinh_trang and asked.tinh_trang not in SHOWN_LABELS:
        errors["tinh_trang"] = "Không có tình trạng này."
    if asked.muc and asked.muc not in {part.ref for part in parts}:
        errors["muc"] = "Không có mục này trong phần IV."
    if asked.han and asked.han not in SOON and read_day(asked.han) is None:
        errors["han"] = "Không đọc được hạn này."
    if asked.sap not in ORDERS:
        errors["sap"] = "Không có cách sắp xếp này."
    return Choices(agencies, parts, clauses, errors)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def filtered(plan: Plan, asked: Filter, known: Choices, day: date, user):
    """The tasks a filter leaves, with `due`. What `choices` found fault with is left aside."""
    rows = Assignment.objects.visible_to(user).of_plan(plan)
    given = {name: "" if name in known.errors else getattr(asked, name) for name in NAMES}
    if given["co_quan"]:
        rows = rows.filter(agency__code=given["co_quan"])
    if given["vai_tro"]:
        rows = rows.filter(role=given["vai_tro"])
    if given["tinh_trang"]:
        rows = rows.shown_as(given["tinh_trang"], day)
    if given["muc"]:
        rows = rows.filter(clause__parent__ref=given["muc"])
    if given["han"] == "late":
        rows = rows.late_on(day)
    elif given["han"] in SOON:
        rows = rows.filter(due__gte=day, due__lte=day + timedelta(days=int(given["han"])))
    elif given["han"]:
        rows = rows.filter(due=read_day(given["han"]))
    if given["q"]:
        rows = rows.filter(clause__in=clauses_with(known, given["q"]))
    return ordered(rows, given["sap"])


def ordered(rows, sap: str):
    if sap == "han":
        return rows.annotate(by_due=Coalesce("due", Value(FAR))).order_by("by_due", "clause__order", "agency__order")
    if sap == "co_quan":
        return rows.order_by("agency__order", "agency__name", "clause__order")
    return rows.order_by("clause__order", "agency__order", "pk")


def clauses_with(known: Choices, text: str) -> list[int]:
    """Tasks whose number or text has every word; marks and case do not matter."""
    words = fold(text).split()
    tasks = [row for row in known.clauses.values() if row.kind == Clause.Kind.TASK]
    return [row.pk for row in tasks if all(word in f"{fold(row.ref)} {fold(row.text)}" for word in words)]


def tally(lines: Iterable["Line"]) -> dict[str, int]:
    """How many are shown in each state, in the board's order, zeros among them."""
    found = dict.fromkeys(SHOWN_LABELS, 0)
    for line in lines:
        found[line.shown.key] += 1
    return found


@dataclass(frozen=True)
class Line:
    """A task of one agency as lists, boards and matrices show it."""

    pk: int
    clause: int
    ref: str
    agency: str
    code: str
    role: str
    role_label: str
    group: str  # short name of the group that the task was given to
    shown: Shown
    state: str
    due: date | None
    percent: int
    files: int


ROLE_LABELS = dict(Assignment.Role.choices)


def lines(rows, day: date, *, files: bool = False) -> list[Line]:
    """One query, no model instances. `files`: with the number of files of evidence."""
    names = ["pk", "clause_id", "clause__ref", "agency__short_name", "agency__code", "role", "via_group__short_name"]
    names += ["state", "due", "percent"]
    if files:
        rows = rows.annotate(files=Count("updates__evidence"))
        names.append("files")
    return [_line(day, *values) for values in rows.values_list(*names)]


def _line(day, pk, clause, ref, agency, code, role, group, state, due, percent, files=0) -> Line:
    shown = task_states.shown(state, due, day)
    return Line(pk, clause, ref, agency, code, role, ROLE_LABELS[role], group or "", shown, state, due, percent, files)


def stood(found: Iterable[Line], day: date) -> list[Line]:
    """The lines with state and percent as their moves left them by the end of the day: before its first move a task was
    not started; one without any stands as it does. Due days are those of now. One query."""
    found = list(found)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    moved = set()
    by_then: dict[int, tuple[str, int]] = {}
    rows = TaskUpdate.objects.filter(assignment__in=[line.pk for line in found]).order_by("id")
    for task, at, state, percent in rows.values_list("assignment", "at", "state", "percent"):
        moved.add(task)
        if at < end:
            by_then[task] = state, percent
    first = str(task_states.State.NOT_STARTED), 0
    return [_standing(line, *by_then.get(line.pk, first), day) if line.pk in moved else line for line in found]


def _standing(line: Line, state: str, percent: int, day: date) -> Line:
    return replace(line, state=state, percent=percent, shown=task_states.shown(state, line.due, day))


def counts(rows, day: date) -> dict[str, int]:
    """How many tasks are shown in each state, in the board's order, zeros among them."""
    found = Counter()
    grouped = rows.order_by().annotate(is_late=Q(due__isnull=False, due__lt=day)).values_list("state", "is_late")
    for state, late, amount in grouped.annotate(amount=Count("pk")):
        found[task_states.LATE if late else state] += amount
    return {key: found[key] for key in SHOWN_LABELS}


def late_by_agency(plan: Plan, day: date) -> list[tuple[str, str, int]]:
    """(code, short name, how many late), most first."""
    rows = Assignment.objects.of_plan(plan).late_on(day).order_by()
    grouped = rows.values_list("agency__code", "agency__short_name").annotate(amount=Count("pk"))
    return [(code, name, amount) for code, name, amount in grouped.order_by("-amount", "agency__order")]


@dataclass(frozen=True)
class Standing:
    """How far a clause is: one task's own state, or a tally of those who owe it."""

    pk: int | None  # of the only task
    kind: str
    icon: str
    label: str
    tally: str
    due: date | None
    percent: int
    files: int
    late: bool


def standing_of(lines: Iterable[Line]) -> Standing | None:
    """None without tasks. Percent is the plain mean over those to whom the task applies, rounded down."""
    lines = list(lines)
    if not lines:
        return None
    dues = [line.due for line in lines if line.due]
    files = sum(line.files for line in lines)
    if len(lines) == 1:
        one = lines[0]
        look, tally = one.shown, ""
    else:
        look, tally = _together(lines)
    counted = [line.percent for line in lines if line.state != task_states.State.NOT_APPLICABLE]
    return Standing(
        lines[0].pk if len(lines) == 1 else None,
        look.kind,
        look.icon,
        look.label,
        tally,
        min(dues, default=None),
        sum(counted) // len(counted) if counted else 0,
        files,
        any(line.shown.key == task_states.LATE for line in lines),
    )


def _together(lines: list[Line]) -> tuple[Shown, str]:
    tally = Counter(line.shown.key for line in lines)
    told = ", ".join(f"{tally[key]} {label.lower()}" for key, label in SHOWN_LABELS.items() if tally[key])
    for key in (task_states.LATE, *task_states.STATE_LABELS):
        if tally[key] == len(lines):
            worst = next(line.shown for line in lines)
            label = SHOWN_LABELS[key]
            return Shown(key, label, worst.kind, worst.icon), f"{len(lines)} đơn vị"
    if late := tally[task_states.LATE]:
        return Shown(task_states.LATE, f"{late} đơn vị quá hạn", "late", ""), told
    return Shown(task_states.State.IN_PROGRESS, SHOWN_LABELS[task_states.State.IN_PROGRESS], "sea", "half"), told
