"""Writes about tasks: when they are owed, the moves of the table in task_states.py, and the same for many at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from accounts.log import facts, log, log_many
from accounts.models import User
from accounts.notices import tell
from accounts.roles import May
from targets import evidence_files, task_dates, task_states
from targets.models import Assignment, Evidence, Plan, TaskUpdate
from targets.task_people import office, task_url, workers
from targets.task_states import Move

LOGGED = ("state", "percent", "reported_to", "reported_by", "verified_by", "reason")
SCHEDULE = ("rhythm", "due_on", "proof_asked")
STALE = "Nhiệm vụ vừa được người khác thay đổi. Tải lại trang rồi làm lại."


@dataclass(frozen=True)
class Given:
    """A file as it was uploaded."""

    name: str
    content: bytes


@transaction.atomic
def move_task(
    *,
    assignment: Assignment,
    move: str,
    by: User,
    at: datetime,
    version: int,
    text: str = "",
    percent: int | None = None,
    for_day: date | None = None,
    counted: str = "",
    amount: int | None = None,
    files: Sequence[Given] = (),
) -> TaskUpdate:
    """Make one move of the table, with its words, figure and files. PermissionDenied without the right or for another
    agency's task; ValidationError at the field, and then nothing is written."""
    row = _locked(assignment, version)
    _check_right(row, move, by)
    kept = checked_files(files)
    had = Evidence.objects.filter(update__assignment=row).count()
    told = {"text": text.strip(), "counted": counted.strip(), "amount": amount}
    wrong = task_states.faults(
        state=row.state,
        move=move,
        note=text,
        percent=percent,
        proof_asked=row.proof_asked,
        files=had + len(kept),
        counted=counted,
        amount=amount,
    )
    due = row.next_due(row.clause.plan)
    if for_day and (for_day != due or row.rhythm == task_dates.Rhythm.ONCE):
        wrong["for_day"] = "Kỳ này không còn chờ báo cáo. Tải lại trang để chọn lại."
    if wrong:
        raise ValidationError(wrong)
    if move == Move.VERIFY:
        _check_second_person(row, by)
    before = facts(row, LOGGED)
    row.percent = task_states.percent_after(move, row.percent, percent)
    _apply(row, move, by, at, text.strip(), for_day)
    row.version += 1
    row.save()
    update = TaskUpdate.objects.create(
        assignment=row, at=at, by=by, move=move, percent=row.percent, state=row.state, for_day=for_day, **told
    )
    for given, kind in kept:
        _keep(update, given, kind)
    after = facts(row, LOGGED) | {"move": str(move), "files": len(kept)}
    log(by, f"task.{move}", row, area=row.agency.area, before=before, after=after)
    _tell_the_other_side(row, move, by, update)
    return update


def _locked(assignment: Assignment, version: int) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("clause__plan", "agency__area")
    row = rows.get(pk=assignment.pk)
    if row.version != version:
        raise ValidationError(STALE)
    _check_plan(row.clause.plan)
    return row


def _check_plan(plan: Plan) -> None:
    if plan.state != Plan.State.IN_FORCE:
        raise ValidationError(f"{plan} không ở tình trạng đang thực hiện: nhiệm vụ chỉ để xem.")


def _check_right(row: Assignment, move: str, by: User) -> None:
    found = task_states.MOVES.get(move)
    if found is None or not by.may(found.right):
        raise PermissionDenied
    if found.right == May.UPDATE_TASKS and not Assignment.objects.owned_by(by).filter(pk=row.pk).exists():
        raise PermissionDenied


def _check_second_person(row: Assignment, by: User) -> None:
    """Not who reported it, nor anybody else who wrote of its progress: the database refuses the first of them too."""
    wrote = row.updates.filter(by=by, move__in=[Move.UPDATE, Move.FINISH]).exists()
    if row.reported_by_id == by.pk or wrote:
        raise ValidationError("Bạn đã cập nhật hoặc báo xong nhiệm vụ này: người khác phải xác nhận.")


def checked_files(files: Sequence[Given]) -> list[tuple[Given, str]]:
    """Each file with its kind. ValidationError at `files` naming those that are not taken."""
    if len(files) > evidence_files.MAX_FILES:
        raise ValidationError({"files": f"Mỗi lần đính kèm nhiều nhất {evidence_files.MAX_FILES} tệp."})
    found, wrong = [], []
    for given in files:
        try:
            found.append((given, evidence_files.kind_of(given.content)))
        except evidence_files.Forbidden as problem:
            wrong.append(f"{given.name[:100]}: {problem}")
    if wrong:
        raise ValidationError({"files": wrong})
    return found


def _apply(row: Assignment, move: str, by: User, at: datetime, note: str, for_day: date | None) -> None:
    row.state = task_states.MOVES[Move(move)].to.value
    if for_day:
        row.reported_to = for_day
    if move == Move.FINISH:
        row.reported_by = by
    elif move == Move.VERIFY:
        row.verified_by, row.verified_at = by, at
    elif move == Move.EXCUSE:
        row.reason = note
    else:
        row.reported_by = row.verified_by = row.verified_at = None
        row.reason = ""


def _keep(update: TaskUpdate, given: Given, kind: str) -> None:
    Evidence.objects.create(
        update=update,
        name=evidence_files.safe_name(given.name, kind),
        kind=kind,
        content=given.content,
        size=len(given.content),
        sha256=hashlib.sha256(given.content).hexdigest(),
    )


def _tell_the_other_side(row: Assignment, move: str, by: User, update: TaskUpdate) -> None:
    """The office hears what waits for it; the unit hears what the office made of its task."""
    label = task_states.MOVE_LABELS[Move(move)].lower()
    if move == Move.FINISH:
        people, text = office(), f"{row.agency.short_name} báo xong nhiệm vụ {row.clause.ref}, chờ xác nhận."
    elif move in (Move.VERIFY, Move.RETURN, Move.EXCUSE, Move.REOPEN):
        people, text = workers([row.agency]), f"Nhiệm vụ {row.clause.ref}: văn phòng chương trình {label}."
        if move == Move.RETURN:
            text = f"Nhiệm vụ {row.clause.ref} bị trả lại: {update.text}"
    else:
        return
    tell(users=[user for user in people if user.pk != by.pk], text=text, url=task_url(row))


@transaction.atomic
def download(*, evidence: Evidence, by: User) -> bytes:
    """The bytes of a file, with a line in the log: it may name people. PermissionDenied outside the task's circle."""
    if not Evidence.objects.visible_to(by).filter(pk=evidence.pk).exists():
        raise PermissionDenied
    log(by, "task.evidence", evidence, after={"sha256": evidence.sha256})
    return bytes(evidence.content)


@transaction.atomic
def schedule_tasks(
    *, assignments: Sequence[Assignment], rhythm: str, due_on: date | None, proof_asked: bool | None, by: User
) -> int:
    """Set when tasks are owed and whether proof is asked (None: as it is). Returns how many changed.

    ValidationError at the field when the day lies outside the plan's year; then none of them is changed.
    """
    if not by.may(May.ASSIGN_TASKS):
        raise PermissionDenied
    rows = _many(assignments)
    for plan in {row.clause.plan for row in rows}:
        _check_plan(plan)
        if wrong := task_dates.schedule_faults(rhythm=rhythm, due_on=due_on, year=plan.year):
            raise ValidationError(wrong)
    lines, changed = [], []
    for row in rows:
        before = facts(row, SCHEDULE)
        row.rhythm, row.due_on = rhythm, due_on
        row.proof_asked = row.proof_asked if proof_asked is None else proof_asked
        if facts(row, SCHEDULE) != before:
            row.version += 1
            changed.append(row)
            lines.append((row, before, facts(row, SCHEDULE)))
    Assignment.objects.bulk_update(changed, [*SCHEDULE, "version"], batch_size=200)
    log_many(by, "task.scheduled", lines)
    return len(changed)


@transaction.atomic
def verify_tasks(*, assignments: Sequence[Assignment], by: User, at: datetime) -> int:
    """Verify all of them or none. ValidationError names those that are not done or that oneself reported."""
    if not by.may(May.VERIFY_TASKS):
        raise PermissionDenied
    rows = _many(assignments)
    for plan in {row.clause.plan for row in rows}:
        _check_plan(plan)
    wrote = set(
        TaskUpdate.objects.filter(assignment__in=rows, by=by, move__in=[Move.UPDATE, Move.FINISH]).values_list(
            "assignment_id", flat=True
        )
    )
    wrong = [f"{row}: không chờ xác nhận." for row in rows if not task_states.allowed(row.state, Move.VERIFY)]
    wrong += [
        f"{row}: bạn đã cập nhật hoặc báo xong, người khác phải xác nhận."
        for row in rows
        if row.pk in wrote or row.reported_by_id == by.pk
    ]
    if wrong:
        raise ValidationError(wrong)
    before = {row.pk: facts(row, LOGGED) for row in rows}
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=task_states.State.VERIFIED.value, verified_by=by, verified_at=at, version=F("version") + 1
    )
    TaskUpdate.objects.bulk_create(
        TaskUpdate(
            assignment=row, at=at, by=by, move=Move.VERIFY, percent=row.percent, state=task_states.State.VERIFIED.value
        )
        for row in rows
    )
    after = {"state": task_states.State.VERIFIED.value, "verified_by": by.pk, "move": str(Move.VERIFY)}
    log_many(by, "task.verify", [(row, before[row.pk], before[row.pk] | after) for row in rows])
    tell(
        users=[user for user in workers([row.agency for row in rows]) if user.pk != by.pk],
        text="Văn phòng chương trình đã xác nhận nhiệm vụ của đơn vị.",
        url="/",
    )
    return len(rows)


def _many(assignments: Sequence[Assignment]) -> list[Assignment]:
    """Locked in one order, so that two at a time wait instead of blocking each other."""
    keys = [row.pk for row in assignments]
    rows = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows.select_related("clause__plan", "agency__area"))
