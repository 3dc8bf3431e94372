"""Telling units which reports fall due: the nightly digests by steps, and the office's own nudge.

As with tasks (targets/task_reminding.py): a step is told once for one due date of one duty, its row is written in the
transaction of the notice and the e-mail, and a night that was missed is caught up with the newest step only.
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
from reports.duty_services import duty_url
from reports.models import Duty, DutyReminder
from reports.states import OWED
from targets.models import Plan, ReminderStep
from targets.task_dates import due_words, step_reached
from targets.task_people import workers

logger = logging.getLogger(__name__)


@dataclass
class Digest:
    """What one unit is told on one night."""

    agency: Agency
    duties: list[tuple[Duty, int]] = field(default_factory=list)  # with the step reached


def remind(*, today: date) -> int:
    """Tell every unit which of its reports newly reached a step by `today`. Returns how many units were told.

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
    """By unit, the reports still owed that have reached a step not told yet. Three queries.

    What has been late for longer than the last step, and longer than a machine is off, is the office's to nudge.
    """
    steps = list(ReminderStep.objects.filter(active=True).values_list("days", flat=True))
    if not steps:
        return []
    first, last = today - timedelta(days=max(steps) + LONG_AGO), today - timedelta(days=min(steps))
    owed = Duty.objects.filter(state__in=sorted(OWED), due_on__gte=first, due_on__lte=last)
    owed = owed.filter(period__plan__state=Plan.State.IN_FORCE).select_related("period", "agency__area")
    done = set(DutyReminder.objects.filter(duty__in=owed).values_list("duty", "due_on", "days"))
    found: dict[int, Digest] = {}
    for duty in owed.order_by("due_on", "pk"):
        step = step_reached(steps, duty.due_on, today)
        if step is not None and (duty.pk, duty.due_on, step) not in done:
            found.setdefault(duty.agency_id, Digest(duty.agency)).duties.append((duty, step))
    return sorted(found.values(), key=lambda digest: digest.agency.order)


LONG_AGO = 60  # days


@transaction.atomic
def _tell(digest: Digest, today: date) -> bool:
    """False when nobody of the unit has an account: nothing is written, so it is told once somebody has one."""
    people = workers([digest.agency], May.FILE_REPORTS)
    if not people:
        return False
    DutyReminder.objects.bulk_create(
        DutyReminder(duty=duty, due_on=duty.due_on, days=step) for duty, step in digest.duties
    )
    late = sum(duty.due_on < today for duty, _ in digest.duties)
    text = words(len(digest.duties) - late, late)
    first = digest.duties[0][0]
    key = f"report-digest-{today}-{digest.agency.pk}"
    tell(users=people, text=f"{digest.agency.short_name}: {text}.", url=duty_url(first), key=key)
    post(users=people, subject=f"Báo cáo giảm nghèo: {text}", body=body(digest, today))
    return True


def words(soon: int, late: int) -> str:
    parts = [f"{late} báo cáo quá hạn"] if late else []
    parts += [f"{soon} báo cáo sắp đến hạn" if not late else f"{soon} sắp đến hạn"] if soon else []
    return ", ".join(parts)


def body(digest: Digest, today: date) -> str:
    """Plain text: which report, when it is due, where it is written."""
    lines = [f"Kính gửi {digest.agency.name},", ""]
    for duty, _ in digest.duties:
        what = f"{duty.period}{f' ({duty.period.name})' if duty.period.name else ''}"
        lines.append(f"- Báo cáo {what}, {due_words(duty.due_on, today)}: {settings.PORTAL_URL}{duty_url(duty)}")
    lines += ["", f"Tiến độ của các đơn vị: {settings.PORTAL_URL}{reverse('duty_board')}"]
    return "\n".join([*lines, "", "Thư tự động của cổng giảm nghèo bền vững."])


@transaction.atomic
def nudge_duties(*, duties: Sequence[Duty], by: User, today: date) -> int:
    """The office reminds these units now; the same report at most once a day. Returns how many units were told."""
    if not by.may(May.MAKE_REPORTS):
        raise PermissionDenied
    rows = Duty.objects.filter(pk__in=[one.pk for one in duties], state__in=sorted(OWED))
    lines = []
    for duty in rows.select_related("period", "agency__area"):
        text = f"Văn phòng chương trình nhắc nộp báo cáo {duty.period}, {due_words(duty.due_on, today)}."
        people = workers([duty.agency], May.FILE_REPORTS)
        key = f"report-nudge-{today}-{duty.pk}"
        if tell_many(told=[Told(user, text, duty_url(duty), key) for user in people]):
            post(
                users=people,
                subject=f"Nhắc nộp báo cáo {duty.period}",
                body=body(Digest(duty.agency, [(duty, 0)]), today),
            )
            lines.append((duty, {}, {"due_on": duty.due_on.isoformat()}))
    log_many(by, "duty.reminded", lines)
    return len(lines)
