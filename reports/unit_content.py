"""What a unit's report is prefilled with: its figures as of the period's day, its tasks and what was said of them, its
money by source.

Counting is left to targets (one way to count). Once the report is handed in, what it said then is read instead.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from areas.models import Area
from reports import checks
from reports.models import Duty, DutyRule, FigureFile, Period, UnitFigure
from targets import money_queries
from targets.cells import Cell
from targets.indicators import INDICATORS
from targets.measures import UNIT_LABELS, Measure
from targets.models import Assignment, BudgetLine, Indicator, TaskUpdate
from targets.scoreboard import scoreboard
from targets.spending import Money
from targets.task_queries import lines, stood
from targets.task_states import OPEN

MOST_UPDATES = 3  # of one task on the page; the task's own page has all
TEXT = 400  # characters of an update


@dataclass(frozen=True)
class FigureRow:
    """A figure of the report: the portal's beside the unit's, the target and the last period's."""

    code: str
    name: str
    unit: str
    target: Decimal | None
    computed: Decimal | None
    denominator: Decimal | None
    previous: Decimal | None
    kept: UnitFigure | None
    url: str  # the rows behind it; empty where there are none to open
    rises: bool
    asked: bool

    @property
    def typed(self) -> Decimal | None:
        return self.kept.typed if self.kept else None

    @property
    def value(self) -> Decimal | None:
        return self.computed if self.typed is None else self.typed

    @property
    def key(self) -> str:
        return self.code or f"own-{self.kept.pk}"

    @property
    def places(self) -> int:
        return 2 if self.unit == "%" else 0

    @property
    def given(self) -> checks.Given:
        return checks.Given(
            self.key, self.name, self.unit, self.typed, self.computed, self.previous, self.denominator, self.rises, self.asked
        )  # fmt: skip


@dataclass(frozen=True)
class TaskRow:
    """A task of the unit as it stands, with the newest words about it since the last period."""

    pk: int
    ref: str
    text: str
    label: str
    kind: str
    icon: str
    percent: int
    updates: list[str]
    silent: bool  # open, and nothing was said of it since the last period


@dataclass(frozen=True)
class MoneyRow:
    """What was allotted to the unit from a source and spent of it by the day, in dong."""

    source: str
    allotted: int
    disbursed: int

    @property
    def share(self) -> Decimal | None:
        return Money(self.allotted, self.disbursed).share


def as_of(duty: Duty, today: date) -> date:
    """The day of its figures: the period's, today while that has not come, never outside the plan's year."""
    return max(min(duty.period.day, today), date(duty.period.day.year, 1, 1))


def previous_of(duty: Duty) -> Period | None:
    """The regular period before this one, within the plan's year: figures start anew with the year."""
    return Period.objects.regular().filter(plan=duty.period.plan_id, day__lt=duty.period.day).order_by("-day").first()


def handed_in(duty: Duty) -> bool:
    """Whether it says what it said when it was handed in; being written, or written again, it follows the lists."""
    return not duty.is_writable and duty.frozen is not None


def figure_rows(duty: Duty, day: date) -> list[FigureRow]:
    """What is asked first, in the order of the catalogue, then the unit's own further figures."""
    files = Prefetch("files", FigureFile.objects.defer("content"))
    kept = list(duty.figures.select_related("edited_by").prefetch_related(files))
    by_code = {row.code: row for row in kept if row.code}
    before = _before(duty)
    asked = [] if handed_in(duty) else _cells(duty, day)
    rows = [_computed(cell, by_code.pop(cell.code, None), before, duty, day) for cell in asked]
    rows += [_stored(row, before, duty, day) for row in [*by_code.values(), *(row for row in kept if not row.code)]]
    return rows


def _cells(duty: Duty, day: date) -> list[Cell]:
    """In the order of the catalogue: what an ad hoc period asks for; else what the unit answers for, what its rule adds,
    and, of a People's Committee, all that the plan sets for its area."""
    codes = _asked_codes(duty)
    area = duty.agency.area or Area.objects.existing_on(duty.period.day).filter(level=Area.Level.CITY).first()
    if area is None or not (codes or duty.agency.area_id and codes is not None):
        return []
    cells = scoreboard(duty.period.plan, day, area).own.cells
    with_targets = bool(duty.agency.area_id) and not _is_chosen(duty)
    return [cell for code, cell in cells.items() if code in codes or (with_targets and cell.target is not None)]


def _is_chosen(duty: Duty) -> bool:
    """Whether the period asks about certain clauses or indicators only."""
    period = duty.period
    return period.is_ad_hoc and (period.indicators.exists() or period.clauses.exists())


def _asked_codes(duty: Duty) -> set[str] | None:
    """None: no figure is asked for."""
    if _is_chosen(duty):
        return set(duty.period.indicators.values_list("code", flat=True)) or None
    agency = duty.agency
    owned = Q(owner__members=agency.pk) if agency.area_id else Q(owner=agency.pk)
    added = DutyRule.objects.filter(agency=agency.pk).exclude(indicators=None).values("indicators")
    return set(Indicator.objects.filter(owned | Q(pk__in=added)).values_list("code", flat=True))


def _before(duty: Duty) -> dict[str, Decimal | None]:
    """By code, or name for a unit's own, what its last report said."""
    last = previous_of(duty)
    if last is None:
        return {}
    rows = UnitFigure.objects.filter(duty__period=last, duty__agency=duty.agency_id)
    return {row.code or row.name: row.value for row in rows.exclude(duty__first_submitted_at=None)}


def _computed(cell: Cell, kept: UnitFigure | None, before: dict, duty: Duty, day: date) -> FigureRow:
    percent = cell.unit == "percent"
    value = cell.computed_rate if percent else cell.actual
    return FigureRow(
        code=cell.code,
        name=cell.measure.name,
        unit=UNIT_LABELS[cell.unit],
        target=cell.target,
        computed=None if value is None else Decimal(value),
        denominator=None if percent or cell.denominator is None else Decimal(cell.denominator),
        previous=before.get(cell.code),
        kept=kept,
        url=rows_url(duty, cell.code, day),
        rises=_rises(cell.measure),
        asked=True,
    )


def _stored(row: UnitFigure, before: dict, duty: Duty, day: date) -> FigureRow:
    measure = INDICATORS.get(row.code)
    return FigureRow(
        code=row.code,
        name=row.name,
        unit=row.unit,
        target=row.target,
        computed=row.computed,
        denominator=None,
        previous=before.get(row.code or row.name),
        kept=row,
        url=rows_url(duty, row.code, day) if measure else "",
        rises=_rises(measure) if measure else False,
        asked=bool(row.code),
    )


def _rises(measure: Measure) -> bool:
    """What is done in a year only grows within it; a stock may fall."""
    return measure.direction == "up" and measure.over == "year"


def rows_url(duty: Duty, code: str, day: date) -> str:
    """Where the figure stands over what it is counted from: its own page, in the unit's area, as of the day."""
    area = f"dia_ban={duty.agency.area.code}&" if duty.agency.area_id else ""
    return f"{reverse('indicator', args=[code])}?{area}ngay={day.isoformat()}"


def task_rows(duty: Duty, day: date) -> list[TaskRow]:
    """The unit's tasks, as they stood at the end of the day; for an ad hoc period those that were asked about. Four
    queries."""
    if handed_in(duty):
        return [TaskRow(**row) for row in duty.frozen.get("tasks", [])]
    plan = duty.period.plan
    tasks = Assignment.objects.of_plan(plan).filter(agency=duty.agency_id).order_by("clause__order")
    if duty.period.is_ad_hoc and (asked := list(duty.period.clauses.values_list("pk", flat=True))):
        tasks = tasks.filter(clause__in=asked)
    elif duty.period.is_ad_hoc and duty.period.indicators.exists():
        return []
    found = stood(lines(tasks, day), day)
    texts = dict(plan.clauses.filter(pk__in=[line.clause for line in found]).values_list("pk", "text"))
    said = _said([line.pk for line in found], _since(duty), day)
    return [
        TaskRow(
            line.pk,
            line.ref,
            texts[line.clause],
            line.shown.label,
            line.shown.kind,
            line.shown.icon,
            line.percent,
            said.get(line.pk, [])[:MOST_UPDATES],
            line.state in OPEN and line.pk not in said,
        )
        for line in found
    ]


def money_rows(duty: Duty, day: date) -> list[MoneyRow]:
    """By source; for an ad hoc period that asks about clauses, of their lines. Two queries."""
    if handed_in(duty):
        return [MoneyRow(**row) for row in duty.frozen.get("money", [])]
    rows = BudgetLine.objects.standing().filter(year=duty.period.day.year, agency=duty.agency_id)
    if duty.period.is_ad_hoc and (asked := list(duty.period.clauses.values_list("pk", flat=True))):
        rows = rows.filter(clause__in=asked)
    elif duty.period.is_ad_hoc and duty.period.indicators.exists():
        return []
    found = money_queries.totals(rows, "source", day)
    return [MoneyRow(row.label, row.money.allotted, row.money.disbursed) for row in found]


def _since(duty: Duty) -> date:
    last = previous_of(duty)
    return last.day if last else date(duty.period.day.year, 1, 1) - timedelta(days=1)


def _said(keys: list[int], after: date, day: date) -> dict[int, list[str]]:
    """By task, newest first, what units wrote after one day up to another."""
    first = timezone.make_aware(datetime.combine(after + timedelta(days=1), time.min))
    last = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    found: dict[int, list[str]] = {}
    rows = TaskUpdate.objects.filter(assignment__in=keys, at__gte=first, at__lt=last).exclude(text="")
    for key, at, text in rows.order_by("-at", "-id").values_list("assignment_id", "at", "text"):
        found.setdefault(key, []).append(f"{timezone.localtime(at):%d/%m/%Y}: {text[:TEXT]}")
    return found


def faults_of(duty: Duty, figures: list[FigureRow], tasks: list[TaskRow], texts: dict[str, str]) -> list[checks.Fault]:
    """All that the checks say of the report as it stands."""
    return [
        *checks.of_parts(texts),
        *checks.of_figures(row.given for row in figures),
        *checks.of_tasks(row.ref for row in tasks if row.silent),
    ]
