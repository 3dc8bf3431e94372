"""Files that a worker makes: the same as on the page, for the same rights, told and stopped on the way."""

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts import job_work, jobs
from accounts.models import Job, PersonalDataView
from households.views import file_jobs, lists
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/danh-sach/ket-qua-tim/xlsx/?q=tran"


@pytest.fixture
def many(cast, standards, monkeypatch):
    """Three households, which are more than one waits for."""
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    for name in ("Trần Văn A", "Trần Văn B", "Trần Văn C"):
        make.a_household(cast["hoa"].area, head=name)


def exports():
    return PersonalDataView.objects.filter(kind="export").count()


def test_a_long_list_is_made_by_a_worker_and_a_short_one_at_once(many, as_user, made_file, monkeypatch):
    page = as_user("hoa")
    rows = list(openpyxl.load_workbook(io.BytesIO(made_file(page, ADDRESS).content)).active.values)
    assert exports() == 1
    monkeypatch.setattr(lists, "AT_ONCE", 3)
    at_once = page.get(ADDRESS)
    assert rows == list(openpyxl.load_workbook(io.BytesIO(at_once.getvalue())).active.values)
    assert len(rows) == 4
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    assert page.get(ADDRESS.replace("xlsx", "csv")).streaming, "CSV flows as it is read"


def test_nobody_is_named_by_the_job(many, as_user):
    as_user("hoa").get("/danh-sach/ket-qua-tim/xlsx/?q=Trần")
    job = Job.objects.get()
    assert "Tr" not in job.title + job.key
    assert "q=" not in as_user("admin").get(f"/quan-tri/accounts/job/{job.pk}/change/").content.decode()


def test_who_lost_the_right_meanwhile_gets_nothing(many, cast, as_user):
    as_user("hoa").get(ADDRESS)
    cast["hoa"].role = "department_staff"
    cast["hoa"].save()
    job = Job.objects.get()
    job_work.do(job_id=job.pk, clock=lambda: job.due_at)
    job.refresh_from_db()
    assert (job.state, exports()) == ("failed", 0)
    assert "không còn quyền" in job.failure


def test_cancelled_it_stops_between_two_rows(many, cast, as_user, monkeypatch):
    as_user("hoa").get(ADDRESS)
    job = Job.objects.get()
    seen = []

    def cancelled(run, done, total, tell=job_work.Run.tell):
        seen.append((done, total))
        jobs.cancel(job=job, by=cast["hoa"], at=job.due_at)
        tell(run, done, total)

    monkeypatch.setattr(job_work.Run, "tell", cancelled)
    job_work.do(job_id=job.pk, clock=lambda: job.due_at)
    job.refresh_from_db()
    assert (job.state, seen) == ("cancelled", [(0, 3)])
    assert not hasattr(job, "file")


@pytest.mark.parametrize("path", ["/toi/", "/danh-sach/khong-co/tai/xlsx/"])
def test_nothing_else_is_done_in_somebodys_name(cast, standards, path):
    job = jobs.start(kind=file_jobs.KIND, title="x", by=cast["hoa"], args={"path": path, "query": ""})
    job_work.do(job_id=job.pk, clock=lambda: job.due_at)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", file_jobs.GONE)


def test_whoever_asks_too_much_is_told(cast, as_user, standards, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_LIVE", 0)
    page = as_user("hoa").get(reverse("aggregate_book"), follow=True)
    assert "việc chưa xong" in page.content.decode()
    assert page.redirect_chain[-1][0] == "/viec/"
