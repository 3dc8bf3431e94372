"""A report's documents as long work: asked for on a page, rendered by a worker (tasks.py), shown while they are made."""

from datetime import datetime

from accounts import jobs
from accounts.models import Job, User
from areas.vietnamese import day as write_day
from reports.models import Report
from reports.periods import STALE

KIND = "reports.tasks.render_documents"


def start(*, report: Report, by: User) -> Job:
    """Asked for while it is under way, it is that one job. ValidationError for who has too many jobs waiting."""
    title = f"Lập tệp báo cáo {write_day(report.as_of)}, bản {report.version}"
    args = {"report": report.pk}
    return jobs.start(kind=KIND, title=title, by=by, key=_key(report), args=args, url=url_of(report))


def is_being_made(report: Report, now: datetime) -> bool:
    """Whether a worker has the report's period in hand, or is about to."""
    claimed = report.period.claimed_at
    if claimed is not None and claimed > now - STALE:
        return True
    return Job.objects.live().filter(kind=KIND, key=_key(report)).exists()


def of(report: Report, by: User) -> Job | None:
    """One's own job that is under way, to see how far it is."""
    return Job.objects.live().filter(kind=KIND, key=_key(report), by=by).first()


def url_of(report: Report) -> str:
    return f"/bao-cao/van-ban/{report.pk}/"


def _key(report: Report) -> str:
    return f"report-{report.pk}"
