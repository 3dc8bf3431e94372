"""Reading what units owe and what they said: for the city's report, the homes of the roles and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Agency
from reports import checks, states, unit_content
from reports.models import Duty, Period, UnitPart
from reports.states import OWED, Standing, State


@dataclass(frozen=True)
class At:
    """Where a duty stood on a day: its state, its due date then, and when its report had first come in."""

    state: str
    due_on: date
    came: date | None


def at(duty: Duty, day: date) -> At:
    """From its moves (prefetched), so that a day that is past is shown as it was."""
    came = received_on(duty)
    came = came if came and came <= day else None
    for move in duty.moves.all():  # newest first
        if timezone.localtime(move.at).date() <= day:
            return At(move.state, move.due_on, came)
    return At(State.OPEN.value, duty.first_due_on, came)


@dataclass(frozen=True)
class Tally:
    """Of some duties on a day: how many there are, have come in, came in time; and by how they are shown."""

    expected: int
    received: int
    on_time: int
    by_standing: dict[str, int]

    @property
    def received_rate(self) -> int | None:
        return _rate(self.received, self.expected)

    @property
    def on_time_rate(self) -> int | None:
        return _rate(self.on_time, self.expected)

    @property
    def late(self) -> int:
        return self.by_standing[Standing.LATE]


def _rate(part: int, whole: int) -> int | None:
    """Whole percent, rounded down: 99,6 % are not all of them."""
    return part * 100 // whole if whole else None


def tally(stands: Iterable[At], day: date) -> Tally:
    found = dict.fromkeys(Standing, 0)
    expected = received = in_time = 0
    for stand in stands:
        expected += 1
        found[states.standing(stand.state, stand.due_on, day)] += 1
        received += stand.came is not None
        in_time += states.on_time(stand.came, stand.due_on)
    return Tally(expected, received, in_time, found)


def tally_of(period: Period, day: date, known: date | None = None) -> Tally:
    """Two queries. `day`: by which lateness is judged; `known`: up to which moves count, the same day if not given."""
    return tally([at(duty, known or day) for duty in duties_of(period).prefetch_related("moves")], day)


def received_on(duty: Duty) -> date | None:
    """The day on which it first reached the programme office."""
    return timezone.localtime(duty.first_submitted_at).date() if duty.first_submitted_at else None


def duties_of(period: Period):
    """A period's duties with their units, in the order of the plan."""
    return Duty.objects.filter(period=period).select_related("agency__area", "period").order_by("agency__order", "pk")


def late_units(period: Period, day: date) -> list[Duty]:
    """Whose report has not come in although its day is past."""
    return list(duties_of(period).standing_at(Standing.LATE, day))


def missing_units(period: Period) -> list[Duty]:
    """Whose report has not come in, late or not."""
    return list(duties_of(period).filter(first_submitted_at=None))


def came_late(period: Period) -> list[Duty]:
    """Whose report came after its day."""
    rows = duties_of(period).filter(first_submitted_at__isnull=False)
    return list(rows.annotate(came_on=TruncDate("first_submitted_at")).filter(came_on__gt=F("due_on")))


@dataclass(frozen=True)
class AcceptedPart:
    """A section as the programme office accepted it; `text` is of reports/prose.py (blocks() for documents)."""

    agency: Agency
    part: str
    text: str


def accepted_parts(period: Period, part: str = "") -> list[AcceptedPart]:
    """What the city's report may gather: the accepted sections, those of accepted reports among them, in the plan's order."""
    rows = UnitPart.objects.filter(duty__period=period, verdict=states.Verdict.ACCEPTED.value).exclude(text="")
    rows = rows.filter(duty__state__in=[State.SUBMITTED.value, State.RETURNED.value, State.ACCEPTED.value])
    if part:
        rows = rows.filter(part=part)
    rows = rows.select_related("duty__agency").order_by("duty__agency__order", "duty", "id")
    return [AcceptedPart(row.duty.agency, row.part, row.text) for row in rows]


@dataclass(frozen=True)
class OwnDuty:
    """A report of one's own unit that is still in the unit's hands, for its home: what it lacks."""

    duty: Duty
    shown: states.Shown
    lacks: list[str]
    notes: int


def own_duties(user, day: date) -> list[OwnDuty]:
    """The nearest due first; returned ones among them."""
    wanted = [*OWED, State.RETURNED]
    rows = Duty.objects.owned_by(user).filter(state__in=wanted)
    rows = rows.select_related("period__plan", "agency__area").prefetch_related(
        Prefetch("parts", UnitPart.objects.prefetch_related("notes"))
    )
    found = []
    for duty in rows.order_by("due_on", "pk")[:10]:
        parts = list(duty.parts.all())
        lacks = [states.PART_LABELS[one] for one in checks.parts_missing({one.part: one.text for one in parts})]
        notes = sum(1 for one in parts for note in one.notes.all() if note.sent_at and not note.answered_at)
        found.append(OwnDuty(duty, duty.shown(day), lacks, notes))
    return found


@dataclass(frozen=True)
class OfficeWork:
    """Of a plan's reports, what the programme office must look at: what waits for its word, and who is late."""

    waiting: list[Duty]  # the oldest first
    waits: int
    late: list[Duty]


def office_work(plan, day: date, most: int = 8) -> OfficeWork:
    """Three queries."""
    duties = Duty.objects.filter(period__plan=plan).select_related("agency", "period").defer("frozen")
    waiting = duties.filter(state=State.SUBMITTED.value).order_by("submitted_at")
    late = duties.standing_at(Standing.LATE, day).order_by("due_on", "agency__order")
    return OfficeWork(list(waiting[:most]), waiting.count(), list(late))


def lacking(duty: Duty, today: date) -> list[checks.Fault]:
    """All that the checks say of a report as it stands: for its page and its home."""
    day = unit_content.as_of(duty, today)
    figures, tasks = unit_content.figure_rows(duty, day), unit_content.task_rows(duty, day)
    return unit_content.faults_of(duty, figures, tasks, dict(duty.parts.values_list("part", "text")))
