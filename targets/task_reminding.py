"""Telling units what falls due: the nightly digests by steps, and the office's own nudge.

A step is told once for one due date of one task: its `Reminder` row is written in the transaction of the notice and the
e-mail, and the database refuses a second. A night that was missed is caught up with the newest step only.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.log import log_many
from accounts.models import Agency, User
from accounts.notices import Told, post, tell, tell_many
from accounts.roles import May
from targets.models import Assignment, Plan, Reminder, ReminderStep
from targets.task_dates import due_words, step_reached
from targets.task_people import workers

logger = logging.getLogger(__name__)
MOST_LINES = 40  # of one e-mail; the rest is counted


@dataclass
class Digest:
    """What one agency is told on one night."""

    agency: Agency
    tasks: list[tuple[Assignment, int]] = field(default_factory=list)  # with the step reached


def remind(*, today: date) -> int:
    """Tell every unit what newly reached a step by `today`. Returns how many units were told.

    Each unit commits on its own: a failure does not keep the others from their turn, and the next run completes it.
    """
    told, failures = 0, []
    for digest in digests(today):
        try:
            told += _tell(digest, today)
        except IntegrityError:
            logger.info("%s: another run has told it", digest.agency)
        except Exception as failure:
            logger.exception("%s was not told", digest.agency)
            failures.append(failure)
    if failures:
        raise failures[0]
    return told


def digests(today: date) -> list[Digest]:
    """By agency, what has reached a step that was not told yet. Two queries for the tasks of a plan, and one for steps."""
    steps = list(ReminderStep.objects.filter(active=True).values_list("days", flat=True))
    if not steps:
        return []
    first, last = today - timedelta(days=max(steps)), today - timedelta(days=min(steps))
    found: dict[int, Digest] = {}
    # A plan whose year has been over for longer than the last step is nobody's work any more.
    for plan in Plan.objects.in_force().filter(year__in={first.year, today.year, last.year}):
        rows = list(
            Assignment.objects.of_plan(plan)
            .filter(due__isnull=False, due__lte=last)
            .select_related("clause", "agency__area")
        )
        done = {
            (key, due, days)
            for key, due, days in Reminder.objects.filter(assignment__clause__plan=plan).values_list(
                "assignment", "due_on", "days"
            )
        }
        for row in rows:
            step = step_reached(steps, row.due, today)
            if step is not None and (row.pk, row.due, step) not in done:
                found.setdefault(row.agency_id, Digest(row.agency)).tasks.append((row, step))
    return sorted(found.values(), key=lambda digest: digest.agency.order)


@transaction.atomic
def _tell(digest: Digest, today: date) -> bool:
    """False when nobody of the agency has an account: nothing is written, so it is told once somebody has one."""
    people = workers([digest.agency])
    if not people:
        return False
    Reminder.objects.bulk_create(Reminder(assignment=task, due_on=task.due, days=step) for task, step in digest.tasks)
    url = reverse("task_agency", args=[digest.agency.code])
    late = sum(task.due < today for task, _ in digest.tasks)
    text = words(len(digest.tasks) - late, late)
    tell(users=people, text=f"{digest.agency.short_name}: {text}.", url=url, key=f"digest-{today}-{digest.agency.pk}")
    post(users=people, subject=f"Nhiệm vụ giảm nghèo: {text}", body=body(digest, today, url))
    return True


def words(soon: int, late: int) -> str:
    parts = [f"{late} nhiệm vụ quá hạn"] if late else []
    parts += [f"{soon} nhiệm vụ sắp đến hạn" if not late else f"{soon} sắp đến hạn"] if soon else []
    return ", ".join(parts)


def body(digest: Digest, today: date, url: str) -> str:
    """Plain text: the clause, its beginning and when it is due, most overdue first."""
    tasks = sorted((task for task, _ in digest.tasks), key=lambda task: (task.due, task.clause.order))
    lines = [f"Kính gửi {digest.agency.name},", ""]
    lines += [
        f"- {task.clause.ref} ({due_words(task.due, today)}): {task.clause.text[:160]}" for task in tasks[:MOST_LINES]
    ]
    if len(tasks) > MOST_LINES:
        lines.append(f"- và {len(tasks) - MOST_LINES} nhiệm vụ khác.")
    lines += ["", f"Xem và cập nhật: {settings.PORTAL_URL}{url}", "", "Thư tự động của cổng giảm nghèo bền vững."]
    return "\n".join(lines)


@transaction.atomic
def nudge_tasks(*, assignments: Sequence[Assignment], by: User, today: date) -> int:
    """The office reminds the units of these tasks now; the same task at most once a day. Returns how many tasks."""
    if not by.may(May.ASSIGN_TASKS):
        raise PermissionDenied
    by_plan: dict[Plan, list[int]] = {}
    for row in Assignment.objects.filter(pk__in=[one.pk for one in assignments]).select_related("clause__plan"):
        by_plan.setdefault(row.clause.plan, []).append(row.pk)
    lines = []
    for plan, keys in by_plan.items():
        rows = Assignment.objects.of_plan(plan).filter(pk__in=keys, due__isnull=False)
        per_agency: dict[int, Digest] = {}
        for row in rows.select_related("clause", "agency__area"):
            per_agency.setdefault(row.agency_id, Digest(row.agency)).tasks.append((row, 0))
        for digest in per_agency.values():
            lines += _nudge(digest, today)
    log_many(by, "task.reminded", lines)
    return len(lines)


def _nudge(digest: Digest, today: date) -> list[tuple[Assignment, dict, dict]]:
    people = workers([digest.agency])
    if not people:
        return []
    url = reverse("task_agency", args=[digest.agency.code])
    keys = {f"nudge-{today}-{task.pk}": (task, step) for task, step in digest.tasks}
    told = [
        Told(
            user,
            f"Văn phòng chương trình đôn đốc nhiệm vụ {task.clause.ref}, {due_words(task.due, today)}.",
            reverse("task", args=[task.pk]),
            key,
        )
        for key, (task, _) in keys.items()
        for user in people
    ]
    fresh = [keys[key] for key in dict.fromkeys(one.key for one in tell_many(told=told))]
    if fresh:
        text = f"Đôn đốc {len(fresh)} nhiệm vụ giảm nghèo"
        post(users=people, subject=text, body=body(Digest(digest.agency, fresh), today, url))
    return [(task, {}, {"due_on": task.due.isoformat()}) for task, _ in fresh]
