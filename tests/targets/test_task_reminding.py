"""Units are told what falls due: once a step, never again the next night, and caught up after days off."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Event, Notice, OutgoingMail, User
from targets import task_reminding
from targets.models import Assignment, Plan, Reminder, ReminderStep
from targets.task_reminding import nudge_tasks, remind
from targets.tasks import remind as nightly
from tests.targets.tasks import a_stage, a_task, moved

MAY = date(2023, 5, 31)


@pytest.fixture
def stage(areas, cast):
    found = a_stage(areas, cast)
    User.objects.filter(username__in=["staff", "district"]).update(email="don-vi@example.vn")
    return found


def nights(first, last):
    """What was told on each night between two days, the same task's steps in order."""
    for number in range((last - first).days + 1):
        remind(today=first + timedelta(days=number))
    return list(Reminder.objects.order_by("pk").values_list("assignment", "due_on", "days"))


@pytest.mark.django_db
def test_the_shipped_steps():
    assert list(ReminderStep.objects.values_list("days", flat=True)) == [-14, -7, -1, 0, 3, 7]


def test_each_step_is_told_once_however_many_nights_pass(stage):
    Assignment.objects.exclude(pk=stage["own"].pk).update(state="not_applicable", reason="x")
    told = nights(MAY - timedelta(days=20), MAY + timedelta(days=20))
    assert told == [(stage["own"].pk, MAY, step) for step in (-14, -7, -1, 0, 3, 7)]
    mails = OutgoingMail.objects.filter(to="don-vi@example.vn")
    assert mails.count() == 6
    assert "quá hạn 7 ngày" in mails.first().body


def test_two_runs_on_one_day_tell_once(stage, cast):
    assert remind(today=MAY - timedelta(days=7)) == 3
    counts = (Notice.objects.count(), OutgoingMail.objects.count(), Reminder.objects.count())
    assert remind(today=MAY - timedelta(days=7)) == 0
    assert (Notice.objects.count(), OutgoingMail.objects.count(), Reminder.objects.count()) == counts
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(assignment=stage["own"], due_on=MAY, days=-7)


def test_days_off_are_caught_up_with_the_newest_step_only(stage):
    remind(today=MAY - timedelta(days=14))
    remind(today=MAY + timedelta(days=5))
    assert list(Reminder.objects.filter(assignment=stage["own"]).order_by("pk").values_list("days", flat=True)) == [
        -14,
        3,
    ]


def test_one_mail_holds_all_that_a_unit_owes(stage, cast):
    for number in range(50):
        a_task(stage["plan"], stage["own"].agency, f"IV.3.{number}")
    remind(today=MAY)
    mail = OutgoingMail.objects.get(subject__contains="51")
    assert mail.body.count("\n- ") == 41
    assert "và 11 nhiệm vụ khác" in mail.body
    # who updates tasks of that department: its own staff, and the office's two, who belong to it
    assert Notice.objects.filter(text__contains="51 sắp").count() == 0
    assert set(Notice.objects.filter(text__contains="51 nhiệm vụ").values_list("user__username", flat=True)) == {
        "staff",
        "cuc",
        "mai",
    }


def test_what_was_answered_is_not_asked_for(stage, cast):
    moved(stage["own"], "update", cast["staff"], for_day=MAY)
    remind(today=MAY)
    assert not Reminder.objects.filter(assignment=stage["own"]).exists()
    remind(today=date(2023, 11, 23))
    assert Reminder.objects.get(assignment=stage["own"]).due_on == date(2023, 11, 30)


def test_an_agency_without_accounts_is_told_once_it_has_one(stage, cast):
    User.objects.filter(username="other").update(is_active=False)
    remind(today=MAY)
    assert not Reminder.objects.filter(assignment=stage["health"]).exists()
    User.objects.filter(username="other").update(is_active=True)
    remind(today=MAY)
    assert Reminder.objects.filter(assignment=stage["health"]).count() == 1


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2026, 11, 24), "in_force"), (MAY, "draft"), (MAY, "closed"), (date(2022, 12, 1), "in_force")],
)
def test_a_plan_of_another_year_or_not_in_force_reminds_nobody(stage, today, state):
    Plan.objects.update(state=state)
    assert remind(today=today) == 0


@pytest.mark.parametrize("broken", ["tell", "post"])
def test_broken_in_its_middle_a_unit_is_told_nothing_and_the_others_all(stage, monkeypatch, broken):
    whole, calls = getattr(task_reminding, broken), []

    def breaks_first(**more):
        calls.append(more)
        if len(calls) == 1:
            raise ZeroDivisionError
        return whole(**more)

    monkeypatch.setattr(task_reminding, broken, breaks_first)
    with pytest.raises(ZeroDivisionError):
        remind(today=MAY)
    assert Reminder.objects.count() == 2
    assert remind(today=MAY) == 1
    assert Reminder.objects.count() == 3


def test_the_task_takes_today(stage, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: MAY)
    assert nightly.delay().get() == 3
    assert nightly.delay().get() == 0


def test_the_office_nudges_once_a_day_and_only_what_is_owed(stage, cast):
    tasks = [stage["own"], stage["district"], stage["health"]]
    moved(stage["health"], "finish", cast["other"])
    assert nudge_tasks(assignments=tasks, by=cast["cuc"], today=MAY) == 2
    assert nudge_tasks(assignments=tasks, by=cast["cuc"], today=MAY) == 0
    assert nudge_tasks(assignments=tasks, by=cast["cuc"], today=MAY + timedelta(days=1)) == 2
    assert Event.objects.filter(action="task.reminded").count() == 4
    with pytest.raises(PermissionDenied):
        nudge_tasks(assignments=tasks, by=cast["staff"], today=MAY)


def test_a_night_of_many_tasks_costs_by_agency(stage, django_assert_max_num_queries):
    for number in range(60):
        a_task(stage["plan"], stage["own"].agency, f"IV.5.{number}")
    with django_assert_max_num_queries(3 + 12 * 3):
        remind(today=MAY)
