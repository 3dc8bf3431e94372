"""What is said around a task: comments with mentions, partners asked for their part, and a unit's own subtasks."""

import re
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import Agency, User
from accounts.notices import tell
from accounts.roles import May
from areas.vietnamese import day as write_day
from targets.models import Assignment, InputRequest, Subtask, TaskComment
from targets.task_people import insiders, task_url, workers, works_for

MENTION = re.compile(r"(?<![\w@.])@([\w.+-]*\w)")
LONGEST = 4000


def _inside(assignment: Assignment, by: User) -> Assignment:
    found = Assignment.objects.open_inside_to(by).select_related("clause__plan", "agency__area")
    row = found.filter(pk=assignment.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def _own(assignment: Assignment, by: User) -> Assignment:
    rows = Assignment.objects.owned_by(by).select_related("clause__plan", "agency__area")
    row = rows.filter(pk=assignment.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def _needs(text: str, message: str) -> str:
    if not text.strip():
        raise ValidationError({"text": message})
    if len(text) > LONGEST:
        raise ValidationError({"text": f"Viết không quá {LONGEST} ký tự."})
    return text.strip()


@transaction.atomic
def comment(*, assignment: Assignment, text: str, by: User, at: datetime) -> TaskComment:
    """Say something inside a task; `@username` tells that person. Somebody outside the task is refused at the field."""
    row, text = _inside(assignment, by), _needs(text, "Viết nội dung trao đổi.")
    known = {user.username: user for user in insiders(row)}
    named = dict.fromkeys(MENTION.findall(text))
    strangers = [name for name in named if name not in known]
    if strangers:
        told = ", ".join(f"@{name}" for name in strangers)
        raise ValidationError({"text": f"{told}: không thuộc đơn vị, đơn vị phối hợp hoặc văn phòng chương trình."})
    made = TaskComment.objects.create(assignment=row, at=at, by=by, text=text)
    # What was said stays inside the task: the log has only that something was.
    log(by, "task.commented", row, area=row.agency.area, after={"comment": made.pk, "mentions": len(named)})
    people = [known[name] for name in named if known[name].pk != by.pk]
    tell(users=people, text=f"{by} nhắc bạn ở nhiệm vụ {row.clause.ref}.", url=f"{task_url(row)}#trao-doi")
    return made


@transaction.atomic
def ask_partner(
    *, assignment: Assignment, agency: Agency, text: str, due_on: date, by: User, today: date, at: datetime
) -> InputRequest:
    """Ask another agency for its part by a day. By the task's own agency or the programme office."""
    row = _inside(assignment, by)
    if not by.may(May.ASSIGN_TASKS) and not works_for(by, row.agency):
        raise PermissionDenied
    text, year, wrong = _needs(text, "Ghi cần đơn vị phối hợp làm gì."), row.clause.plan.year, {}
    if agency.kind == Agency.Kind.GROUP:
        wrong["agency"] = f"“{agency}” là một nhóm; chọn một đơn vị."
    elif agency.pk == row.agency_id:
        wrong["agency"] = "Đây là đơn vị được giao nhiệm vụ; chọn đơn vị khác."
    if due_on.year != year:
        wrong["due_on"] = f"Kế hoạch này của năm {year}: hạn phải từ 01/01/{year} đến 31/12/{year}."
    if wrong:
        raise ValidationError(wrong)
    made = InputRequest.objects.create(
        assignment=row, agency=agency, text=text, due_on=due_on, asked_by=by, asked_at=at
    )
    after = {"agency": agency.pk, "due_on": due_on.isoformat()}
    log(by, "task.asked", row, area=row.agency.area, after=after)
    told = f"{row.agency.short_name} đề nghị phối hợp nhiệm vụ {row.clause.ref} trước {write_day(due_on)}."
    tell(users=workers([agency]), text=told, url=f"{task_url(row)}#phoi-hop")
    return made


@transaction.atomic
def answer_request(*, request: InputRequest, text: str, by: User, at: datetime) -> InputRequest:
    """The asked agency's answer, once."""
    row = InputRequest.objects.select_for_update(of=("self",)).select_related("agency", "asked_by").get(pk=request.pk)
    task = Assignment.objects.select_related("clause__plan", "agency__area").get(pk=row.assignment_id)
    if not by.may(May.UPDATE_TASKS) or not works_for(by, row.agency):
        raise PermissionDenied
    text = _needs(text, "Ghi nội dung trả lời.")
    if row.answer:
        raise ValidationError({"text": "Đơn vị đã trả lời đề nghị này."})
    row.answer, row.answered_by, row.answered_at = text, by, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    log(by, "task.answered", task, area=task.agency.area, after={"agency": row.agency_id})
    people = {user.pk: user for user in [row.asked_by, *workers([task.agency])]}
    people.pop(by.pk, None)
    told = f"{row.agency.short_name} đã trả lời đề nghị phối hợp nhiệm vụ {task.clause.ref}."
    tell(users=list(people.values()), text=told, url=f"{task_url(task)}#phoi-hop")
    return row


@transaction.atomic
def add_subtask(*, assignment: Assignment, text: str, due_on: date | None, by: User) -> Subtask:
    """A piece of work that a unit cuts out for itself."""
    row, year = _own(assignment, by), assignment.clause.plan.year
    text = _needs(text, "Ghi việc phải làm.")
    if len(text) > 300:
        raise ValidationError({"text": "Viết không quá 300 ký tự."})
    if due_on and due_on.year != year:
        raise ValidationError({"due_on": f"Kế hoạch này của năm {year}: ghi một ngày trong năm đó."})
    made = Subtask.objects.create(assignment=row, text=text, due_on=due_on, made_by=by)
    log(by, "task.subtask_added", row, area=row.agency.area, after={"subtask": made.pk})
    return made


@transaction.atomic
def tick_subtask(*, subtask: Subtask, by: User, today: date) -> Subtask:
    """Done, or, ticked again, not done after all."""
    row = Subtask.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=subtask.pk)
    task = _own(row.assignment, by)
    done = row.done_on is None
    row.done_on, row.done_by = (today, by) if done else (None, None)
    row.save(update_fields=["done_on", "done_by"])
    log(by, "task.subtask_done", task, area=task.agency.area, after={"subtask": row.pk, "done": done})
    return row
