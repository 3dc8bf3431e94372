"""The board of what units owe: units × periods on a day. The same few queries for one unit or a thousand."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Agency
from areas.vietnamese import number
from reports import states
from reports.models import Duty, Period
from reports.states import Standing
from reports.unit_queries import At, Tally, at, tally

GROUPS = [
    (Agency.Kind.DEPARTMENT, "Sở, ngành"),
    (Agency.Kind.FRONT, "Mặt trận, hội, đoàn thể"),
    (Agency.Kind.BANK, "Ngân hàng, bảo hiểm"),
    (Agency.Kind.DISTRICT, "UBND quận, huyện"),
    (Agency.Kind.PRESS, "Cơ quan báo chí"),
]
BAR = [
    (Standing.ACCEPTED, "ok"),
    (Standing.SUBMITTED, "sea"),
    (Standing.RETURNED, "watch"),
    (Standing.LATE, "bad"),
    (Standing.DUE, "warm"),
    (Standing.NOT_DUE, "none"),
]


@dataclass(frozen=True)
class Cell:
    """A unit's report of a period, as the table shows it: its state, and the day it came or its due date."""

    pk: int
    shown: states.Shown
    day: date
    late: bool  # still owed after its day
    came_late: bool


@dataclass(frozen=True)
class UnitRow:
    agency: Agency
    cells: list[Cell | None]  # one for each period; None: nothing is asked of the unit


@dataclass(frozen=True)
class Piece:
    """A part of the bar: x and width in percent, as text with a point."""

    x: str
    width: str
    kind: str


@dataclass(frozen=True)
class Column:
    """A period with its numbers."""

    period: Period
    tally: Tally
    bar: list[Piece]
    words: str

    @property
    def title(self) -> str:
        return f"{'Đột xuất' if self.period.is_ad_hoc else 'Định kỳ'} {self.period.day:%d/%m/%Y}"

    @property
    def tag(self) -> tuple[str, str]:
        tally = self.tally
        if tally.by_standing[Standing.ACCEPTED] == tally.expected:
            return "ok", "Đã duyệt đủ"
        if tally.late:
            return "late", f"{number(tally.late)} quá hạn"
        return "warm", "Đang nhận"


@dataclass(frozen=True)
class Board:
    day: date
    columns: list[Column]
    groups: list[tuple[str, list[UnitRow]]]

    @property
    def late(self) -> int:
        return sum(column.tally.late for column in self.columns)


def board(year: int, day: date, user, *, known: date | None = None, only: str = "") -> Board:
    """Three queries. `day`: by which lateness is judged; `known`: up to which moves count, the same day if not given
    (of a year that is over, pages judge by its last day and show what was done since). `only`: a standing; then units
    that have none so are left out."""
    known = known or day
    periods = list(Period.objects.filter(plan__year=year, opens_on__lte=known).order_by("day", "id"))
    duties = list(
        Duty.objects.visible_to(user)
        .filter(period__in=periods)
        .select_related("agency")
        .prefetch_related("moves")
        .defer("frozen")
    )
    stands = {duty.pk: at(duty, known) for duty in duties}
    by_period: dict[int, list[At]] = {period.pk: [] for period in periods}
    rows: dict[int, dict[int, Cell]] = {}
    agencies: dict[int, Agency] = {}
    for duty in duties:
        stand = stands[duty.pk]
        by_period[duty.period_id].append(stand)
        agencies[duty.agency_id] = duty.agency
        rows.setdefault(duty.agency_id, {})[duty.period_id] = _cell(duty.pk, stand, day)
    periods = [period for period in periods if by_period[period.pk]]
    columns = [_column(period, tally(by_period[period.pk], day)) for period in periods]
    units = [
        UnitRow(agency, [rows[agency.pk].get(period.pk) for period in periods])
        for agency in sorted(agencies.values(), key=lambda one: (one.order, one.name))
    ]
    if only:
        units = [unit for unit in units if any(cell and cell.shown.key == only for cell in unit.cells)]
    return Board(day, columns, _grouped(units))


def _grouped(units: list[UnitRow]) -> list[tuple[str, list[UnitRow]]]:
    groups = [(label, [unit for unit in units if unit.agency.kind == kind]) for kind, label in GROUPS]
    return [(label, rows) for label, rows in groups if rows]


def _cell(pk: int, stand: At, day: date) -> Cell:
    shown = states.shown(stand.state, stand.due_on, day)
    came_late = stand.came is not None and not states.on_time(stand.came, stand.due_on)
    return Cell(pk, shown, stand.came or stand.due_on, shown.key == Standing.LATE, came_late)


def _column(period: Period, found: Tally) -> Column:
    pieces, x = [], 0.0
    for standing, kind in BAR:
        width = 100 * found.by_standing[standing] / found.expected
        if width:
            pieces.append(Piece(f"{x:.2f}", f"{width:.2f}", kind))
        x += width
    told = [
        f"{number(found.by_standing[one])} {states.STANDING_LABELS[one].lower()}"
        for one, _ in BAR
        if found.by_standing[one]
    ]
    return Column(period, found, pieces, ", ".join(told))


EXPORT_HEADINGS = ["Đơn vị", "Kỳ", "Tình trạng", "Hạn nộp", "Ngày nộp", "Đúng hạn"]


def export_rows(year: int, day: date, user, known: date):
    """What the board shows, a row for each report."""
    duties = Duty.objects.visible_to(user).filter(period__plan__year=year, period__opens_on__lte=known)
    duties = duties.select_related("agency", "period").prefetch_related("moves").defer("frozen")
    for duty in duties.order_by("period__day", "period", "agency__order"):
        stand = at(duty, known)
        label = states.shown(stand.state, stand.due_on, day).label
        in_time = "" if stand.came is None else "có" if states.on_time(stand.came, stand.due_on) else "không"
        yield [duty.agency.name, str(duty.period), label, stand.due_on, stand.came, in_time]
