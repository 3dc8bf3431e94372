"""How far the demonstration's agencies are with the plan's tasks: synthetic updates, each of which says so.

A fixed pattern and no dice: every state stands in it, and the seats that can sign in have some of each.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.roles import Role
from accounts.services import create_user
from targets.demo.cast import OFFICE_AGENCY, STAFF_AGENCY, Cast
from targets.demo.ground import YEAR
from targets.models import Assignment, Evidence, InputRequest, Plan, Subtask, TaskComment, TaskUpdate
from targets.task_dates import Rhythm
from targets.task_states import Move, State

MAY, NOVEMBER = date(YEAR, 5, 31), date(YEAR, 11, 30)
SAYS_SO = "Dữ liệu minh họa."


@dataclass(frozen=True)
class Step:
    """One move of a task: which, on which day, how far it was then, for which report, with a file or not."""

    move: Move
    month: int
    day: int
    percent: int
    for_day: date | None = None
    file: bool = False
    text: str = ""


SIX_MONTHS = Step(Move.UPDATE, 5, 29, 45, MAY, text="Báo cáo 6 tháng: đã triển khai, đang làm các phần còn lại.")
YEAR_END = Step(Move.UPDATE, 11, 28, 85, NOVEMBER, True, "Báo cáo cuối năm: còn tổng hợp số liệu và văn bản.")
LATE_END = Step(Move.UPDATE, 8, 15, 60, text="Cập nhật giữa kỳ: vướng ở bước lấy ý kiến.")
FINISH = Step(Move.FINISH, 12, 11, 100, None, True, "Đã hoàn thành, gửi minh chứng kèm theo.")
VERIFY = Step(Move.VERIFY, 12, 14, 100)
RETURN = Step(Move.RETURN, 12, 15, 100, text="Thiếu văn bản ban hành; bổ sung rồi báo lại.")
VERIFIED, DONE = (SIX_MONTHS, YEAR_END, FINISH, VERIFY), (SIX_MONTHS, YEAR_END, FINISH)
RETURNED, GOING, LATE = (SIX_MONTHS, YEAR_END, FINISH, RETURN), (SIX_MONTHS, YEAR_END), (SIX_MONTHS, LATE_END)
EXCUSED = (Step(Move.EXCUSE, 4, 10, 0, text="Năm nay không phát sinh việc này tại đơn vị."),)
# Five is prime to twelve, so walking by fives meets every story.
STORIES = (VERIFIED, GOING, VERIFIED, DONE, VERIFIED, LATE, GOING, VERIFIED, RETURNED, (), GOING, EXCUSED)


AFTER = {
    Move.UPDATE: State.IN_PROGRESS,
    Move.FINISH: State.DONE,
    Move.VERIFY: State.VERIFIED,
    Move.RETURN: State.IN_PROGRESS,
    Move.EXCUSE: State.NOT_APPLICABLE,
}


def write_progress(agencies: dict[str, Agency], cast: Cast) -> dict[str, int]:
    """Units with their staff, and what they did of each task. Returns rows by kind."""
    plan = Plan.objects.get(year=YEAR)
    rows = list(
        Assignment.objects.filter(clause__plan=plan)
        .select_related("clause", "agency__area")
        .order_by("clause__order", "agency__order")
    )
    staff = _staff({row.agency.code: row.agency for row in rows})
    told = [(row, STORIES[number * 5 % len(STORIES)]) for number, row in enumerate(rows)]
    for number, (row, story) in enumerate(told):
        _stand(row, story, staff[row.agency.code], cast.office, number)
    names = ["state", "percent", "reported_to", "reported_by", "verified_by", "verified_at", "reason", "rhythm"]
    Assignment.objects.bulk_update(rows, [*names, "due_on", "proof_asked", "version"], batch_size=200)
    updates = TaskUpdate.objects.bulk_create(
        _update(row, step, staff[row.agency.code], cast.office) for row, story in told for step in story
    )
    steps = [step for _, story in told for step in story]
    evidence = [_file(update) for update, step in zip(updates, steps, strict=True) if step.file]
    Evidence.objects.bulk_create(evidence)
    _talk(rows, staff, cast.office, agencies)
    Event.objects.bulk_create(_event(update) for update in updates)
    return {"updates": len(updates), "evidence": len(evidence)}


def _staff(agencies: dict[str, Agency]) -> dict[str, User]:
    """Somebody of each unit: the seats where there is one, else accounts that nobody can sign in to."""
    seats = {user.username: user for user in User.objects.filter(username__in=("so", "quan"))}
    found = {}
    for code, agency in agencies.items():
        if code == STAFF_AGENCY:
            found[code] = seats["so"]
        elif agency.area_id and agency.area_id == seats["quan"].area_id:
            found[code] = seats["quan"]
        else:
            found[code] = create_user(
                username=f"nv-{code}",
                full_name=f"Chuyên viên minh họa {agency.short_name}",
                role=Role.DISTRICT_OFFICER if agency.area_id else Role.DEPARTMENT_STAFF,
                area=agency.area,
                agency=None if agency.area_id else agency,
                password=None,
                by=None,
            )
    return found


def _stand(row: Assignment, story: tuple[Step, ...], worker: User, office: User, number: int) -> None:
    """Where the story leaves the task; every fifth is owed once by a day, every eleventh each month."""
    row.proof_asked = number % 3 == 0
    row.version += len(story)
    if number % 5 == 2:
        row.rhythm, row.due_on = Rhythm.ONCE.value, date(YEAR, 9 + number % 4, 15)
    elif number % 11 == 6:
        row.rhythm = Rhythm.MONTHLY.value
    for step in story:
        row.percent = step.percent
        if step.for_day and row.rhythm != Rhythm.ONCE:
            row.reported_to = step.for_day
    last = story[-1].move if story else None
    row.state = (AFTER[last] if last else State.NOT_STARTED).value
    if last in (Move.FINISH, Move.VERIFY):
        row.reported_by = worker
    if last == Move.VERIFY:
        row.verified_by, row.verified_at = office, _at(story[-1])
    if last == Move.EXCUSE:
        row.reason = f"{SAYS_SO} {story[-1].text}"


def _at(step: Step) -> datetime:
    return timezone.make_aware(datetime.combine(date(YEAR, step.month, step.day), time(9, 30)))


def _update(row: Assignment, step: Step, worker: User, office: User) -> TaskUpdate:
    return TaskUpdate(
        assignment=row,
        at=_at(step),
        by=worker if step.move in (Move.UPDATE, Move.FINISH) else office,
        move=step.move.value,
        text=f"{SAYS_SO} {step.text}".strip(),
        percent=step.percent,
        state=AFTER[step.move].value,
        for_day=step.for_day if row.rhythm != Rhythm.ONCE else None,
    )


def _file(update: TaskUpdate) -> Evidence:
    content = small_pdf(f"Minh chung minh hoa {update.pk}: khong phai van ban that.")
    return Evidence(
        update=update,
        name=f"minh-chung-minh-hoa-{update.pk}.pdf",
        kind="pdf",
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def small_pdf(line: str) -> bytes:
    """One page with one line of plain letters: half a kilobyte, and every reader opens it."""
    stream = f"BT /F1 14 Tf 60 780 Td ({line}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    text, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + end).encode("ascii")


def _talk(rows: list[Assignment], staff: dict[str, User], office: User, agencies: dict[str, Agency]) -> None:
    """A question that waits for the department's seat, one that was answered, a comment and a unit's own work."""
    own = [row for row in rows if row.agency.code == STAFF_AGENCY]
    other = next(row for row in rows if row.agency.code == OFFICE_AGENCY)
    at = _at(SIX_MONTHS)
    common = {"asked_at": at, "due_on": NOVEMBER}
    InputRequest.objects.bulk_create(
        [
            InputRequest(
                assignment=other,
                agency=agencies[STAFF_AGENCY],
                text=f"{SAYS_SO} Đề nghị gửi số nhà đã hỗ trợ.",
                asked_by=staff[OFFICE_AGENCY],
                **common,
            ),
            InputRequest(
                assignment=own[0],
                agency=agencies[OFFICE_AGENCY],
                text=f"{SAYS_SO} Đề nghị gửi danh sách hộ cần hỗ trợ nhà ở.",
                asked_by=staff[STAFF_AGENCY],
                answer=f"{SAYS_SO} Đã gửi.",
                answered_by=staff[OFFICE_AGENCY],
                answered_at=_at(LATE_END),
                **common,
            ),
        ]
    )
    TaskComment.objects.create(assignment=own[0], at=at, by=office, text=f"{SAYS_SO} @so gửi giúp số liệu quý II.")
    Subtask.objects.create(
        assignment=own[0], text=f"{SAYS_SO} Lấy số liệu của các quận, huyện", due_on=MAY, made_by=staff[STAFF_AGENCY]
    )


def _event(update: TaskUpdate) -> Event:
    row = update.assignment
    return Event(
        at=update.at,
        by=update.by,
        action=f"task.{update.move}",
        subject_type=row._meta.label_lower,
        subject_id=str(row.pk),
        label=str(row)[:200],
        area=row.agency.area,
        after={"state": update.state, "percent": update.percent, "move": update.move},
    )
