"""2023 day by day, with the machine off for random days and workers killed at their work: nothing is lost or doubled."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts import job_work, jobs, tasks
from accounts.models import Job
from danang_poverty.celery import DAILY
from reports import services
from reports.duty_reminding import LONG_AGO
from reports.models import Duty, DutyReminder, Period, Report
from targets.models import Reminder, ReminderStep
from tests.targets.tasks import a_task

pytestmark = pytest.mark.django_db
WATCHED = {kind: DAILY[kind] for kind in ("reports.tasks.daily", "targets.tasks.remind", "reports.tasks.remind")}
FIRST, LAST = date(2023, 4, 20), date(2023, 12, 31)
DUE = [date(2023, 5, 31), date(2023, 8, 15), date(2023, 11, 30)]


class Machine:
    """The clock, and what befalls the worker on a day that the machine is on."""

    def __init__(self, monkeypatch, chance: random.Random):
        self.now, self.chance, self.patch = None, chance, monkeypatch
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def day(self, day: date) -> str:
        """What befell the worker. Beat ticks four times, from some moment of the morning on; at the first one the worker may die or fail."""
        self.now = timezone.make_aware(datetime(day.year, day.month, day.day, 6, self.chance.randrange(60)))
        with self.patch.context() as patch:
            befalls = self.chance.choice(["nothing", "nothing", "killed", "database away"])
            if befalls == "killed":
                patch.setattr(
                    job_work, "do", lambda *, job_id, clock: bool(jobs.claim(job_id=job_id, at=clock())) and False
                )
            elif befalls == "database away":
                patch.setattr(services, "open_periods", self._away)
            tasks.look_after_jobs(WATCHED)
        for minutes in (5, 10, 400):
            self.now += timedelta(minutes=minutes)
            tasks.look_after_jobs(WATCHED)
        if self.chance.random() < 0.3:  # beat sends the day's messages once more, as after a restart
            for kind in WATCHED:
                tasks.start_daily(kind)
        return befalls

    def _away(self, **asked):
        raise OperationalError("server closed the connection")


def expected(due: date, days_on: list[date], steps: list[int], longest: int = 365) -> set[int]:
    """A step is told when the machine was on at least once from its day to the one before the next step's.

    The last step for `longest` days more: what is late for longer is the office's to nudge.
    """
    ends = [*steps[1:], steps[-1] + longest + 1]
    between = zip(steps, ends, strict=True)
    return {step for step, end in between if any(step <= (day - due).days < end for day in days_on)}


def by_subject(reminders) -> dict[tuple, set[int]]:
    told = {}
    for subject, due, step in reminders:
        assert step not in told.setdefault((subject, due), set())
        told[subject, due].add(step)
    return told


@pytest.mark.parametrize("seed", [66, 2023])
def test_a_year_with_the_worker_off_for_random_days(year, plan, cast, monkeypatch, seed):
    chance = random.Random(seed)
    staff = cast["staff"].agency
    dated = {a_task(plan, staff, f"IV.9.{place}", rhythm="once", due_on=due).pk: due for place, due in enumerate(DUE)}
    machine, days_on, is_on, frozen_on, befell = Machine(monkeypatch, chance), [], True, {}, {}
    every = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    for day in every:
        is_on = chance.random() < (0.65 if is_on else 0.08)  # on for some days, then off for a week or so
        if is_on or day == LAST:
            days_on.append(day)
            befell[day] = machine.day(day)
            for as_of in Report.objects.values_list("as_of", flat=True):
                frozen_on.setdefault(as_of, day)

    assert len(days_on) < len(every) / 2, "the machine was off most of the time"
    assert set(Period.objects.values_list("day", "state")) == {(DUE[0], "frozen"), (DUE[2], "frozen")}
    made = [(one.as_of, one.version, one.documents.count()) for one in Report.objects.order_by("as_of")]
    assert made == [(DUE[0], 1, len(services.RENDERERS)), (DUE[2], 1, len(services.RENDERERS))]
    first_mornings = {due: min(day for day in days_on if day > due) for due in (DUE[0], DUE[2])}
    assert frozen_on == first_mornings, "once the day is over, as soon as the machine is on"

    steps = sorted(ReminderStep.objects.filter(active=True).values_list("days", flat=True))
    told = by_subject(Reminder.objects.values_list("assignment", "due_on", "days"))
    for task, due in dated.items():
        assert told.get((task, due), set()) == expected(due, days_on, steps)

    duties = Duty.objects.order_by("period__day").values_list("pk", "period__day", "period__opens_on", "agency")
    assert [(day, agency) for _, day, _, agency in duties] == [(DUE[0], staff.pk), (DUE[2], staff.pk)]
    told = by_subject(DutyReminder.objects.values_list("duty", "due_on", "days"))
    for duty, due, opens_on, _ in duties:
        opened = min(day for day in days_on if day >= opens_on)
        late = befell[opened] == "database away"  # on that day the units were reminded before there was a duty
        there = [day for day in days_on if day > opened or (day == opened and not late)]
        assert told.get((duty, due), set()) == expected(due, there, steps, LONG_AGO)

    ran = set(Job.objects.filter(by=None).values_list("kind", "key", "state"))
    assert ran == {(kind, day.isoformat(), "done") for kind in WATCHED for day in days_on}
