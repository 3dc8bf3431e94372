"""A unit's report as its page shows it: to its authors, to the programme office, and, once accepted, to everybody."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.safestring import SafeString, mark_safe

from accounts.roles import May
from reports import checks, prose, states, unit_content
from reports.models import Duty, DutyMove, PartEdit, PartNote, UnitPart
from reports.states import Move, State, Verdict
from reports.unit_content import FigureRow, MoneyRow, TaskRow

EDITS = 20


@dataclass(frozen=True)
class PartView:
    """A section: as text to write, or drawn, with the remarks on it."""

    row: UnitPart
    label: str
    drawn: SafeString
    notes: list[PartNote]
    writable: bool
    needed: bool

    @property
    def accepted(self) -> bool:
        return self.row.verdict == Verdict.ACCEPTED

    @property
    def returned(self) -> bool:
        return self.row.verdict == Verdict.RETURNED


@dataclass(frozen=True)
class Warned:
    """A warning, and what was said to it: `answer` is empty while it waits, or while the check says otherwise now."""

    fault: checks.Fault
    answer: str
    by: str


@dataclass(frozen=True)
class UnitPage:
    duty: Duty
    shown: states.Shown
    as_of: date
    parts: list[PartView]
    figures: list[FigureRow]
    tasks: list[TaskRow]
    money: list[MoneyRow]
    errors: list[checks.Fault]
    warnings: list[Warned]
    moves: list[Move]  # what this reader may do now
    history: list[DutyMove]
    edits: list[PartEdit]
    owns: bool
    reviews: bool  # the office, of a report that is in

    @property
    def waits(self) -> int:
        """How many things still keep the report back."""
        return len(self.errors) + sum(1 for one in self.warnings if not one.answer)

    @property
    def writes(self) -> bool:
        return self.owns and self.duty.is_writable


def read(pk: int, user) -> tuple[Duty | None, bool]:
    """The duty if it is there for this reader, and whether its content may be read too."""
    rows = Duty.objects.visible_to(user).select_related(
        "period__plan", "agency__area", "submitted_by", "signed_by", "accepted_by"
    )
    duty = rows.filter(pk=pk).first()
    return duty, bool(duty) and Duty.objects.readable_by(user).filter(pk=pk).exists()


def unit_page(duty: Duty, shown_on: date, today: date, user) -> UnitPage:
    """About twenty queries, whatever the report holds."""
    owns = Duty.objects.owned_by(user).filter(pk=duty.pk).exists()
    office = user.may(May.MAKE_REPORTS)
    day = unit_content.as_of(duty, today)
    if unit_content.handed_in(duty):
        day = date.fromisoformat(duty.frozen["as_of"])
    notes = PartNote.objects.select_related("by")
    if not office:
        notes = notes.filter(sent_at__isnull=False) if owns else notes.none()
    rows = list(duty.parts.select_related("edited_by").prefetch_related(Prefetch("notes", notes)))
    figures, tasks = unit_content.figure_rows(duty, day), unit_content.task_rows(duty, day)
    texts = {row.part: row.text for row in rows}
    faults = unit_content.faults_of(duty, figures, tasks, texts) if owns or office else []
    explained = {one.key: one for one in duty.explanations.select_related("by")}
    edits = (
        PartEdit.objects.filter(part__duty=duty).select_related("by", "part").order_by("-id") if owns or office else []
    )
    return UnitPage(
        duty,
        duty.shown(shown_on),
        day,
        [_part(row, owns and duty.is_writable) for row in rows],
        figures,
        tasks,
        unit_content.money_rows(duty, day),
        [one for one in faults if one.is_error],
        [_warned(one, explained) for one in faults if not one.is_error],
        moves_for(duty, user, owns),
        list(duty.moves.select_related("by")),
        list(edits[:EDITS]),
        owns,
        office and duty.state == State.SUBMITTED,
    )


def _part(row: UnitPart, may_write: bool) -> PartView:
    notes = list(row.notes.all())
    quotes = tuple(note.quote for note in notes if note.quote and not note.answered_at)
    part = states.Part(row.part)
    return PartView(
        row,
        states.PART_LABELS[part],
        mark_safe(prose.markup(row.text, quotes)),  # built of escaped words
        notes,
        may_write and row.verdict != Verdict.ACCEPTED,
        part in states.MUST_BE_WRITTEN,
    )


def _warned(fault: checks.Fault, explained: dict) -> Warned:
    said = explained.get(fault.key)
    holds = said is not None and said.says == fault.says
    return Warned(fault, said.text if holds else "", str(said.by) if holds else "")


def moves_for(duty: Duty, user, owns: bool) -> list[Move]:
    """The buttons of this reader: the table, cut down to rights, own unit and the second person."""
    found = []
    for move, row in states.MOVES.items():
        if duty.state not in row.leaves or not user.may(row.right) or (row.right == May.FILE_REPORTS and not owns):
            continue
        if move == Move.SIGN and duty.submitted_by_id == user.pk:
            continue
        if move == Move.ACCEPT and user.pk in (duty.submitted_by_id, duty.signed_by_id):
            continue
        found.append(move)
    return found
