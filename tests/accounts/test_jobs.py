"""Jobs: asked for once, done by one worker, tried again, given up, found again by whoever asked."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from accounts import job_kinds, job_work, jobs, progress, tasks
from accounts.models import Event, Job, JobFile, Notice
from danang_poverty.celery import DAILY

NOW = timezone.make_aware(datetime(2023, 5, 31, 8))
KIND = "tests.make_sheet"
STALE = job_kinds.STALE + timedelta(seconds=1)


@pytest.fixture
def doing(monkeypatch):
    """doing(function) is what a job of the tests' kind does."""
    return lambda function: monkeypatch.setitem(job_work.WORKS, KIND, function)


def a_job(by, **more):
    job = jobs.start(kind=KIND, title="Danh sách hộ", by=by, **more)
    Job.objects.filter(pk=job.pk).update(made_at=NOW, due_at=NOW, queued_at=NOW)
    return Job.objects.get(pk=job.pk)


def do(job, at=NOW):
    done = job_work.do(job_id=job.pk, clock=lambda: at)
    job.refresh_from_db()
    return done


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, None), (9, None)])
def test_each_wait_is_twice_the_last_one_until_a_job_is_given_up(attempts, seconds):
    assert job_kinds.wait_after(attempts) == (seconds and timedelta(seconds=seconds))


def test_every_kind_of_the_timetable_and_of_the_floors_has_a_name():
    autodiscover_modules("tasks")
    assert {*DAILY, *job_work.WORKS} == set(job_kinds.LABELS)


def test_a_job_hands_its_file_to_the_one_who_asked_and_nobody_else(cast, as_user, doing):
    job = a_job(cast["hoa"], args={"ward": 7})
    seen = []
    doing(lambda run: seen.append((run.args, run.by)) or jobs.File("ho.csv", "text/csv", b"a;b"))
    assert do(job)
    assert seen == [({"ward": 7}, cast["hoa"])]
    assert (job.state, job.attempts, job.finished_at) == ("done", 1, NOW)
    answer = as_user("hoa").get(reverse("job_file", args=[job.pk]))
    assert answer.content == b"a;b"
    assert answer["Content-Disposition"] == 'attachment; filename="ho.csv"'
    assert Event.objects.filter(action="job.taken", by=cast["hoa"]).exists()
    for other in ("leader", "admin"):
        assert as_user(other).get(reverse("job_file", args=[job.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        jobs.take(job=job, by=cast["admin"])


def test_asked_for_twice_it_is_one_job_and_of_another_person_another(cast):
    first, same = a_job(cast["hoa"], key="a"), a_job(cast["hoa"], key="a")
    assert first == same
    assert a_job(cast["leader"], key="a") != first
    assert a_job(cast["hoa"], key="b") != first
    Job.objects.filter(pk=first.pk).update(state="done")
    assert a_job(cast["hoa"], key="a") != first


def test_nobody_fills_the_queue(cast):
    for _ in range(jobs.MOST_LIVE):
        a_job(cast["hoa"])
    with pytest.raises(ValidationError, match="20 việc chưa xong"):
        a_job(cast["hoa"])
    a_job(cast["leader"])


def test_of_two_workers_one_gets_the_job(cast):
    job = a_job(cast["hoa"])
    assert jobs.claim(job_id=job.pk, at=NOW)
    assert jobs.claim(job_id=job.pk, at=NOW) is None


def test_a_worker_that_was_given_up_for_dead_changes_nothing(cast):
    job = a_job(cast["hoa"])
    first = jobs.claim(job_id=job.pk, at=NOW)
    assert jobs.overdue(at=NOW + timedelta(seconds=60)) == [], "it may be at it still"
    later = NOW + STALE
    assert jobs.overdue(at=later) == [], "it waits for its second try"
    later += timedelta(seconds=30)
    assert jobs.overdue(at=later) == [job.pk]
    assert jobs.overdue(at=later) == [], "a worker was told"
    second = jobs.claim(job_id=job.pk, at=later)
    assert second.attempts == 2
    file = jobs.File("a.csv", "text/csv", b"late")
    assert not jobs.finish(job=first, at=later, file=file)
    assert not jobs.fail(job=first, at=later, failure="x")
    assert not jobs.put_back(job=first, at=later, failure="x", detail="")
    assert not JobFile.objects.exists()
    assert jobs.finish(job=second, at=later)


def test_signs_of_life_keep_a_long_job(cast):
    job = jobs.claim(job_id=a_job(cast["hoa"]).pk, at=NOW)
    later = NOW + timedelta(hours=1)
    progress.live(jobs.name_of(job), later.timestamp())
    assert jobs.overdue(at=later + timedelta(seconds=80)) == []
    job.refresh_from_db()
    assert job.state == "running"


def test_a_message_that_was_lost_is_sent_again(cast):
    job = a_job(cast["hoa"])
    assert jobs.overdue(at=NOW + job_kinds.UNHEARD) == []
    assert jobs.overdue(at=NOW + job_kinds.UNHEARD + timedelta(seconds=1)) == [job.pk]


def test_what_fails_is_tried_again_ever_later_and_then_given_up(cast, doing):
    def broken(run):
        raise OperationalError("server closed the connection; row of Nguyễn Văn A")

    doing(broken)
    job, at = a_job(cast["hoa"]), NOW
    for attempt in range(1, job_kinds.MOST_ATTEMPTS):
        assert not do(job, at)
        assert (job.state, job.attempts) == ("waiting", attempt)
        assert job.failure == job_work.BUSY
        assert not do(job, job.due_at - timedelta(seconds=1)), "not before its time"
        assert job.attempts == attempt
        at = job.due_at
    do(job, at)
    assert (job.state, job.attempts) == ("failed", job_kinds.MOST_ATTEMPTS)
    assert "Đã thử 5 lần" in job.failure
    assert "OperationalError, test_jobs.py" in job.detail
    assert "Nguyễn" not in job.detail + job.failure
    assert Notice.objects.get(user=cast["hoa"]).url == f"/viec/{job.pk}/"
    assert Event.objects.filter(action="job.failed").count() == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [(ValidationError("Kỳ chưa đến ngày."), "Kỳ chưa đến ngày."), (PermissionDenied(), "không còn quyền")],
)
def test_what_can_never_succeed_is_not_tried_again(cast, doing, error, told):
    def refused(run):
        raise error

    doing(refused)
    job = a_job(cast["hoa"])
    do(job)
    assert (job.state, job.attempts) == ("failed", 1)
    assert told in job.failure


def test_somebody_who_left_gets_nothing_made(cast, doing):
    doing(lambda run: pytest.fail("the work was done"))
    job = a_job(cast["hoa"])
    cast["hoa"].is_active = False
    cast["hoa"].save()
    do(job)
    assert job.state == "failed"


def test_a_kind_that_nobody_knows_is_a_dead_letter_not_a_crash(cast):
    job = a_job(cast["hoa"])
    do(job)
    assert (job.state, job.detail.split(",")[0]) == ("waiting", "NotRegistered")


def test_cancelled_while_it_runs_it_stops_at_its_next_step_and_leaves_no_file(cast, doing):
    job = a_job(cast["hoa"])

    def counting(run):
        run.tell(1, 3)
        jobs.cancel(job=job, by=cast["hoa"], at=NOW)
        run.tell(2, 3)
        pytest.fail("it did not stop")

    doing(counting)
    assert not do(job)
    assert job.state == "cancelled"
    doing(lambda run: jobs.File("a.csv", "text/csv", b"1"))
    jobs.retry(job=job, by=cast["hoa"], at=NOW)
    assert do(job), "the old wish to stop is forgotten"
    assert job.file.size == 1


def test_a_step_that_is_too_late_is_refused(cast):
    job = a_job(cast["hoa"])
    jobs.cancel(job=job, by=cast["hoa"], at=NOW)
    with pytest.raises(ValidationError, match="Đã hủy"):
        jobs.cancel(job=job, by=cast["hoa"], at=NOW)
    jobs.retry(job=job, by=cast["hoa"], at=NOW)
    with pytest.raises(ValidationError, match="Đang chờ"):
        jobs.retry(job=job, by=cast["hoa"], at=NOW)


def test_the_same_work_is_not_done_again_beside_itself(cast):
    job = a_job(cast["hoa"], key="a")
    jobs.cancel(job=job, by=cast["hoa"], at=NOW)
    a_job(cast["hoa"], key="a")
    with pytest.raises(ValidationError, match="ở một lần khác"):
        jobs.retry(job=job, by=cast["hoa"], at=NOW)


def test_a_day_of_the_timetable_is_one_job_however_often_it_is_asked_for(db):
    day = NOW.date()
    job = jobs.schedule(kind=KIND, day=day, at=NOW)
    assert jobs.schedule(kind=KIND, day=day, at=NOW) is None
    assert jobs.schedule(kind=KIND, day=day + timedelta(days=1), at=NOW)
    assert (job.by, job.key) == (None, "2023-05-31")


def test_a_task_of_the_timetable_that_breaks_waits_for_its_next_try(db, monkeypatch):
    """A Celery task that would try again by itself is tried again by its row instead."""
    monkeypatch.setattr(jobs, "clean", broken := lambda at: (_ for _ in ()).throw(OSError("disk")))
    assert broken
    assert not tasks.start_daily("accounts.tasks.clean_jobs")
    job = Job.objects.get()
    assert (job.state, job.attempts, job.by) == ("waiting", 1, None)
    monkeypatch.undo()
    Job.objects.update(due_at=NOW)
    assert do(job, timezone.now())
    assert job.state == "done"


def test_what_the_timetable_missed_is_caught_up_and_what_is_still_to_come_is_not(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)  # 08:00
    daily = {"accounts.tasks.clean_jobs": "03:00", "accounts.tasks.send_waiting": "08:01"}
    assert tasks.look_after_jobs(daily) == 1
    assert [(job.kind, job.state) for job in Job.objects.all()] == [("accounts.tasks.clean_jobs", "done")]
    assert tasks.look_after_jobs(daily) == 0


def test_old_files_and_jobs_go_and_live_ones_stay(cast, doing):
    doing(lambda run: jobs.File("a.csv", "text/csv", b"1"))
    job, waiting = a_job(cast["hoa"]), a_job(cast["hoa"])
    do(job)
    jobs.clean(at=NOW + job_kinds.FILE_KEPT)
    assert JobFile.objects.exists()
    jobs.clean(at=NOW + job_kinds.FILE_KEPT + timedelta(seconds=1))
    assert not JobFile.objects.exists()
    jobs.clean(at=NOW + job_kinds.JOB_KEPT + timedelta(seconds=1))
    assert list(Job.objects.all()) == [waiting]


# The pages


def test_one_finds_the_own_jobs_and_an_administrator_everybodys(cast, as_user):
    job = a_job(cast["hoa"])
    assert "Danh sách hộ" in as_user("hoa").get("/viec/").content.decode()
    assert "Danh sách hộ" not in as_user("leader").get("/viec/?xem=tat-ca").content.decode()
    assert as_user("leader").get(f"/viec/{job.pk}/").status_code == 404
    assert "Danh sách hộ" not in as_user("admin").get("/viec/").content.decode()
    assert "Danh sách hộ" in as_user("admin").get("/viec/?xem=tat-ca").content.decode()
    assert as_user("admin").get(f"/viec/{job.pk}/").status_code == 200


def test_a_page_tells_how_far_it_is_and_looks_again_without_a_script(cast, as_user):
    job = jobs.claim(job_id=a_job(cast["hoa"]).pk, at=NOW)
    progress.tell(jobs.name_of(job), 0, 40, 100.0)
    progress.tell(jobs.name_of(job), 10, 40, 110.0)
    page = as_user("hoa").get(f"/viec/{job.pk}/").content.decode()
    assert '<progress class="imp-bar" max="40" value="10"' in page
    assert "Đã làm 10 trong 40, còn khoảng 30 giây" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "10/40" in as_user("hoa").get("/viec/").content.decode()


def test_buttons_cancel_and_do_again(cast, as_user):
    job = a_job(cast["hoa"])
    page = as_user("hoa")
    assert "Đã hủy" in page.post(f"/viec/{job.pk}/", {"do": "cancel"}, follow=True).content.decode()
    assert "tình trạng “Đã hủy”" in page.post(f"/viec/{job.pk}/", {"do": "cancel"}, follow=True).content.decode()
    assert "cho chạy lại" in page.post(f"/viec/{job.pk}/", {"do": "retry"}, follow=True).content.decode()
    assert page.post(f"/viec/{job.pk}/", {"do": "x"}).status_code == 400
    job.refresh_from_db()
    assert job.state == "waiting"


def test_dead_letters_are_done_again_from_the_admin(cast, as_user):
    job = jobs.claim(job_id=a_job(cast["hoa"]).pk, at=NOW)
    jobs.fail(job=job, at=NOW, failure="Hỏng.", detail="KeyError, a.py:1 f")
    page = as_user("admin")
    listed = page.get("/quan-tri/accounts/job/?state__exact=failed").content.decode()
    assert "Hỏng." in listed
    assert "KeyError" in page.get(f"/quan-tri/accounts/job/{job.pk}/change/").content.decode()
    page.post("/quan-tri/accounts/job/", {"action": "do_again", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert as_user("hoa").get("/quan-tri/accounts/job/").status_code == 403


def test_a_long_list_of_jobs_takes_few_queries(cast, as_user, django_assert_max_num_queries):
    for title in range(15):
        a_job(cast["hoa"], key=str(title))
    page = as_user("hoa")
    with django_assert_max_num_queries(12):
        page.get("/viec/")
