"""What the accepted reports of one period say, side by side: for the office that answers a session of the city, and
for whoever reads. Nothing is computed here: it stands as it was handed in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from accounts.models import Agency
from reports import prose, unit_queries
from reports.models import Duty, Period, UnitFigure
from reports.states import PART_LABELS, State
from reports.unit_content import TaskRow, task_rows
from targets.measures import UNIT_LABELS

EXPORT_HEADINGS = ["Số liệu", "Đơn vị tính", "Đơn vị báo cáo", "Kế hoạch", "Cổng tính", "Đơn vị nhập", "Nguồn"]
PERCENT = UNIT_LABELS["percent"]


@dataclass(frozen=True)
class FigureOf:
    agency: Agency
    duty: int
    figure: UnitFigure


@dataclass(frozen=True)
class Figures:
    """One figure as each unit reported it, in the order of the plan."""

    name: str
    unit: str
    rows: list[FigureOf]

    @property
    def places(self) -> int:
        return 2 if self.unit == PERCENT else 0


@dataclass(frozen=True)
class Compiled:
    accepted: list[Duty]
    waiting: list[Duty]  # came, but the office has not accepted them
    missing: list[Duty]
    figures: list[Figures]
    parts: list[tuple[str, list[tuple[Agency, SafeString]]]]  # heading → the units' words
    tasks: list[tuple[Agency, list[TaskRow]]]


def compiled(period: Period) -> Compiled:
    """Three queries, however many units report."""
    duties = list(_duties(period))
    accepted = [duty for duty in duties if duty.state == State.ACCEPTED]
    whole = {duty.agency_id for duty in accepted}
    said = [one for one in unit_queries.accepted_parts(period) if one.agency.pk in whole]
    parts = [
        (label, [(one.agency, mark_safe(prose.markup(one.text))) for one in said if one.part == part])  # escaped words
        for part, label in PART_LABELS.items()
    ]
    tasks = [(duty.agency, task_rows(duty, period.day)) for duty in accepted]  # of the report, so nothing is asked
    return Compiled(
        accepted,
        waiting=[duty for duty in duties if duty.first_submitted_at and duty.state != State.ACCEPTED],
        missing=[duty for duty in duties if not duty.first_submitted_at],
        figures=_figures(accepted),
        parts=[(label, words) for label, words in parts if words],
        tasks=[(agency, rows) for agency, rows in tasks if rows],
    )


def _duties(period: Period):
    return unit_queries.duties_of(period).prefetch_related("figures")


def _figures(accepted: Iterable[Duty]) -> list[Figures]:
    found: dict[tuple[str, str], Figures] = {}
    for duty in accepted:
        for row in duty.figures.all():
            group = found.setdefault((row.code or row.name, row.unit), Figures(row.name, row.unit, []))
            group.rows.append(FigureOf(duty.agency, duty.pk, row))
    return list(found.values())


def export_rows(period: Period) -> list[list]:
    return [
        [group.name, group.unit, one.agency.name, one.figure.target, one.figure.computed, one.figure.typed, one.figure.source]
        for group in _figures(_duties(period).filter(state=State.ACCEPTED))
        for one in group.rows
    ]  # fmt: skip
