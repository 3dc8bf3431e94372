import threading
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from accounts import job_kinds
from accounts.models import Event
from danang_poverty.celery import app
from reports import periods, services, tasks
from reports.models import Document, Period, Report
from targets.models import Plan
from tests.reports import build
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


def made():
    return [
        (report.as_of.isoformat(), report.version, report.documents.count())
        for report in Report.objects.order_by("as_of")
    ]


def test_a_spring_day_by_day(year):
    services.daily(today=date(2023, 4, 30))
    assert not Period.objects.exists()
    services.daily(today=date(2023, 5, 1))
    assert Period.objects.get().day == DAY
    services.daily(today=date(2023, 5, 30))
    assert made() == []
    services.daily(today=DAY)
    assert made() == [], "the day is not over: decisions may still be entered"
    services.daily(today=NEXT)
    assert made() == [("2023-05-31", 1, 4)]
    assert services.daily(today=NEXT) == []
    assert made() == [("2023-05-31", 1, 4)]


def test_what_is_decided_late_on_the_day_is_in_the_report(year):
    services.daily(today=DAY)
    spell = year["next"].spells.get()
    spell.valid_to, spell.closed_as = DAY, "escaped"
    spell.save()
    services.daily(today=NEXT)
    cut = Report.objects.get().lines.get(area__code="48", indicator="poor_labour_reduction")
    assert (cut.report.as_of, cut.actual) == (DAY, 2)


def test_the_job_starts_after_midnight_when_the_day_is_over():
    beat = app.conf.beat_schedule[tasks.daily.name]
    assert (beat["task"], beat["args"]) == ("accounts.tasks.start_daily", ["reports.tasks.daily"])
    assert (beat["schedule"].hour, beat["schedule"].minute) == ({0}, {30})
    assert app.conf.timezone == "Asia/Ho_Chi_Minh"


def test_weeks_off_are_caught_up_with_figures_as_of_the_day_itself(year):
    services.daily(today=date(2023, 12, 20))
    assert made() == [("2023-05-31", 1, 4), ("2023-11-30", 1, 4)]
    jobs = [
        report.lines.get(area__code="48", indicator="job_introductions").actual
        for report in Report.objects.order_by("as_of")
    ]
    assert jobs == [1, 2], "the job of 1 June is in the second report only"


def test_a_worker_killed_between_freezing_and_rendering_is_completed_by_the_next(year, period):
    report = services.freeze(period=period, today=DAY)
    assert made() == [("2023-05-31", 1, 0)]
    assert services.daily(today=date(2023, 6, 1)) == [report]
    assert made() == [("2023-05-31", 1, 4)]


def test_a_worker_killed_with_the_claim_in_hand_is_taken_over_after_a_while(year, period):
    now = timezone.now()
    Period.objects.update(claimed_at=now - periods.STALE + timedelta(minutes=1))
    assert services.daily(today=NEXT) == [], "somebody may still be at it"
    Period.objects.update(claimed_at=now - periods.STALE - timedelta(minutes=1))
    assert len(services.daily(today=NEXT)) == 1
    assert Period.objects.get().claimed_at is None


def test_the_first_further_try_of_a_killed_workers_job_finds_the_period_free():
    """Else the job is given up while it waits for a dead worker's claim."""
    assert job_kinds.STALE + job_kinds.wait_after(1) >= periods.STALE


def test_of_two_at_a_time_one_gets_the_claim_and_nobody_gives_back_the_others(period):
    first = services.claim(period=period, at=timezone.now())
    with pytest.raises(services.Busy):
        services.claim(period=period, at=timezone.now())
    later = services.claim(period=period, at=first + periods.STALE + timedelta(seconds=1))
    services.release(period=period, claimed_at=first)
    assert Period.objects.get().claimed_at == later
    services.release(period=period, claimed_at=later)
    assert Period.objects.get().claimed_at is None


def test_rendering_that_breaks_keeps_the_figures_and_is_made_good_later(year, monkeypatch):
    def broken(content):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setitem(services.RENDERERS, Document.Format.XLSX, broken)
        with pytest.raises(OSError, match="disk full"):
            services.daily(today=NEXT)
    assert made() == [("2023-05-31", 1, 0)], "all documents or none"
    checksum = Report.objects.get().checksum
    services.daily(today=NEXT)
    assert made() == [("2023-05-31", 1, 4)]
    assert Report.objects.get().checksum == checksum


def test_one_period_that_fails_does_not_keep_the_other_from_its_turn(year, monkeypatch):
    whole = services.freeze

    def half(*, period, **more):
        if period.day == DAY:
            raise OperationalError("locked")
        return whole(period=period, **more)

    monkeypatch.setattr(services, "freeze", half)
    with pytest.raises(OperationalError):
        services.daily(today=date(2023, 12, 1))
    assert made() == [("2023-11-30", 1, 4)]


def test_an_empty_portal_and_a_draft_plan_make_nothing(areas, standards):
    assert services.daily(today=NEXT) == []
    build.a_plan(areas, state=Plan.State.DRAFT)
    assert services.daily(today=NEXT) == []
    assert not Period.objects.exists()
    Plan.objects.update(state=Plan.State.IN_FORCE)
    assert services.daily(today=NEXT) == [], "a plan, but nobody on any list"
    assert not Report.objects.exists()


def test_the_task_is_safe_twice_and_tries_again_when_the_database_or_disk_is_away(year):
    assert tasks.daily.delay().get() == 2
    assert tasks.daily.delay().get() == 0
    assert {OperationalError, OSError} <= set(tasks.daily.autoretry_for)


def test_the_command_makes_one_report_however_often_it_runs(year, capsys):
    call_command("generate_report", "2023-05-31")
    assert "version 1 made" in capsys.readouterr().out
    call_command("generate_report", "2023-05-31")
    assert "version 1 was there already" in capsys.readouterr().out
    assert made() == [("2023-05-31", 1, 4)]
    call_command("generate_report", "2023-05-31", "--again", "--reason", "Sửa số")
    assert "version 2 made" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["2023-06-01"], "2023-05-31, 2023-11-30"),
        (["31/5/2023"], "write it as"),
        (["2022-05-31"], "no plan for 2022"),
        (["2023-05-31", "--again"], "go together"),
        (["2023-05-31", "--reason", "Sửa"], "go together"),
        (["2199-05-31"], "still to come"),
    ],
)
def test_the_command_says_what_is_wrong(areas, year, given, said):
    build.a_plan(areas, year=2199)
    with pytest.raises(CommandError, match=said):
        call_command("generate_report", *given)
    assert not Report.objects.exists()


def test_the_command_says_when_there_is_nothing_to_count_or_another_is_at_it(plan, standards, areas):
    with pytest.raises(CommandError, match="Chưa có số liệu"):
        call_command("generate_report", "2023-05-31")
    build.a_year(areas, standards)
    Period.objects.update(claimed_at=timezone.now())
    with pytest.raises(CommandError, match="another run"):
        call_command("generate_report", "2023-05-31")


def test_catching_up_by_hand(year, capsys):
    call_command("run_daily", "--today", "2023-06-01")
    assert made() == [("2023-05-31", 1, 4)]
    call_command("run_daily")
    assert "2023-11-30: version 1" in capsys.readouterr().out
    call_command("run_daily")
    assert "nothing to do" in capsys.readouterr().out
    with pytest.raises(CommandError, match="still to come"):
        call_command("run_daily", "--today", "2199-01-01")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_make_one_report(year):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite in memory has one writer anyway")
    start, failures = threading.Barrier(2), []

    def worker():
        try:
            start.wait()
            services.daily(today=NEXT)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert made() == [("2023-05-31", 1, 4)]
    assert Event.objects.filter(action="period.opened").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_decided_while_a_report_is_counted_is_all_in_or_all_out(year, period, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has one writer at a time")
    city_of = services._city

    def decide():
        try:
            year["next"].spells.update(valid_to=date(2023, 5, 30), closed_as="escaped")
        finally:
            connections.close_all()

    def meanwhile(day):
        found = city_of(day)
        decision = threading.Thread(target=decide)
        decision.start()
        decision.join()
        return found

    monkeypatch.setattr(services, "_city", meanwhile)
    report = services.freeze(period=period, today=DAY)
    assert year["next"].spells.get().valid_to == date(2023, 5, 30), "the decision was committed in the meantime"
    assert report.lines.get(area__code="48", indicator="poor_labour_reduction").actual == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_snapshot_is_asked_for_in_a_transaction_of_its_own_only(db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")

    def level():
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            return cursor.fetchone()[0]

    with services.one_snapshot():
        assert level() == "repeatable read"
    assert level() == "read committed"
    with transaction.atomic():
        assert level() == "read committed"
        with services.one_snapshot():
            assert level() == "read committed"
