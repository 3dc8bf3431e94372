"""Units are told of their reports, once for each step; what was missed is caught up with the newest step only."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Event, Notice, OutgoingMail
from danang_poverty.celery import DAILY
from reports import duty_reminding, services, tasks
from reports.models import Duty, DutyReminder
from reports.states import Move
from tests.reports.units import DAY, a_stage, handed_in, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(areas, cast, year, plan):
    return a_stage(areas, cast, plan)


def told(user):
    return Notice.objects.filter(user=user, text__contains="báo cáo").count()


def test_each_step_once_from_two_weeks_before_to_a_week_after(stage, cast):
    for ahead in range(20, -15, -1):
        today = DAY - timedelta(days=ahead)
        duty_reminding.remind(today=today)
        duty_reminding.remind(today=today)
    steps = DutyReminder.objects.filter(duty=stage["health"]).order_by("days").values_list("days", flat=True)
    assert list(steps) == [-14, -7, -1, 0, 3, 7]
    assert told(cast["writer"]) == OutgoingMail.objects.filter(to="writer@example.vn").count() == 6


def test_weeks_off_are_caught_up_with_one_reminder(stage, cast):
    duty_reminding.remind(today=DAY + timedelta(days=30))
    assert list(DutyReminder.objects.filter(duty=stage["health"]).values_list("days", flat=True)) == [7]
    assert told(cast["writer"]) == 1
    assert "quá hạn 30 ngày" in OutgoingMail.objects.get(to="writer@example.vn").body


def test_two_reports_are_one_digest(stage, cast):
    Duty.objects.filter(pk=stage["committee"].pk).update(agency=stage["health"].agency, period=_another(stage))
    duty_reminding.remind(today=DAY)
    assert told(cast["writer"]) == 1
    assert Notice.objects.get(user=cast["writer"]).text == "Sở Y tế: 2 báo cáo sắp đến hạn."


def _another(stage):
    period = stage["period"]
    period.pk, period.kind, period.name = None, "ad_hoc", "Kỳ họp"
    period.save()
    return period


def test_what_is_in_is_not_asked_for_and_an_extension_begins_anew(stage, cast):
    handed_in(stage["committee"], cast["writer2"])
    move(stage["health"], Move.EXTEND, cast["cuc"], note="Bão.", due_on=DAY + timedelta(days=10))
    before = told(cast["writer"])
    assert duty_reminding.remind(today=DAY) == 1, (
        "ten days before the new day: a week's step is not reached, two weeks' is"
    )
    assert (told(cast["writer"]), told(cast["writer2"])) == (before + 1, 0)


def test_a_unit_without_accounts_is_told_once_it_has_one(stage, cast):
    people = [cast["writer"], cast["chief"]]
    for user in people:
        user.is_active = False
        user.save()
    assert duty_reminding.remind(today=DAY) == 1
    people[0].is_active = True
    people[0].save()
    assert duty_reminding.remind(today=DAY) == 1


def test_one_unit_that_fails_keeps_no_other_from_its_turn(stage, cast, monkeypatch):
    tell = duty_reminding.tell
    failing = {cast["writer"].pk}

    def broken(*, users, **more):
        if {user.pk for user in users} & failing:
            raise OSError("away")
        return tell(users=users, **more)

    monkeypatch.setattr(duty_reminding, "tell", broken)
    with pytest.raises(OSError, match="away"):
        duty_reminding.remind(today=DAY)
    assert set(DutyReminder.objects.values_list("duty", flat=True)) == {stage["committee"].pk}
    failing.clear()
    assert duty_reminding.remind(today=DAY) == 1


def test_the_office_nudges_once_a_day(stage, cast):
    given = {"duties": list(Duty.objects.all()), "by": cast["cuc"], "today": DAY}
    assert duty_reminding.nudge_duties(**given) == 2
    assert duty_reminding.nudge_duties(**given) == 0
    assert Event.objects.filter(action="duty.reminded").count() == 2
    with pytest.raises(PermissionDenied):
        duty_reminding.nudge_duties(**given | {"by": cast["writer"]})


def test_it_runs_every_morning():
    assert tasks.remind.name in DAILY


def test_a_year_with_the_machine_off_on_some_days(year, plan, areas, cast):
    """Day by day through the reporting seasons: in the end the same duties and reports, and no step told twice."""
    from tests.targets.tasks import a_task

    a_task(plan, cast["staff"].agency, "IV.1.a")
    for start, off in ((date(2023, 4, 28), {3, 4, 5, 18, 33}), (date(2023, 10, 28), {1, 2, 34, 35})):
        for number in range(48):
            if number not in off:
                today = start + timedelta(days=number)
                services.daily(today=today)
                duty_reminding.remind(today=today)
    assert list(Duty.objects.order_by("due_on").values_list("due_on", flat=True)) == [DAY, date(2023, 11, 30)]
    assert [report.as_of for report in services.Report.objects.order_by("as_of")] == [DAY, date(2023, 11, 30)]
    found = list(DutyReminder.objects.values_list("due_on", "days"))
    assert len(found) == len(set(found))
    assert {days for due, days in found if due == DAY} == {-14, -7, -1, 0, 3, 7}
