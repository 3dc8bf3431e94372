"""Long work as rows: asked for, taken by one worker, told how far, ended, tried again. What the work is, its own floor says.

    job = jobs.start(kind="reports.tasks.render", title="Báo cáo 31/5/2023", by=user, key="report-7", args={"report": 7})

The work itself is a function with `@work` in the floor's tasks.py (accounts/job_work.py). A worker takes a job by a
conditional update, so two never do it at once; whatever ends it names the attempt it was, so a worker that was given up
for dead and comes back changes nothing. A message that is lost, or a worker that is killed, is noticed by `overdue`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q

from accounts import job_kinds, progress
from accounts.log import log
from accounts.models import Job, JobFile, User
from accounts.notices import tell

State = Job.State
MOST_LIVE = 20  # jobs of one person at a time
WORTH_TELLING = timedelta(minutes=1)  # who waited longer has left the page
LOST = "Máy xử lý đã dừng giữa chừng."


@dataclass(frozen=True)
class File:
    """What a job hands to the one who asked."""

    name: str
    content_type: str
    content: bytes


# What people do


@transaction.atomic
def start(*, kind: str, title: str, by: User, key: str = "", args: dict | None = None, url: str = "") -> Job:
    """Have work done by a worker as soon as the caller's transaction stands. Rights are the caller's to ask.

    With a key the same work, asked for again by the same person while it waits or runs, is that one job. `title` names
    no person: administrators see it. ValidationError for who has too many jobs waiting.
    """
    mine = Job.objects.live().filter(by=by)
    if key and (same := mine.filter(kind=kind, key=key).first()):
        return same
    if mine.count() >= MOST_LIVE:
        raise ValidationError(f"Bạn đang có {MOST_LIVE} việc chưa xong. Đợi xong bớt hoặc hủy việc không cần nữa.")
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, key=key, title=title[:200], by=by, args=args or {}, url=url)
    except IntegrityError:  # asked for twice at the same moment
        return mine.get(kind=kind, key=key)
    log(by, "job.started", job, area=by.area, after={"kind": kind})
    _queue(job)
    return job


@transaction.atomic
def cancel(*, job: Job, by: User, at: datetime) -> Job:
    """Give a job up. A worker that is at it stops at its next step; what it makes afterwards is thrown away."""
    progress.ask_to_stop(name_of(job))  # first: on SQLite the worker may hold the database until then
    job = _held(job, by, *Job.LIVE)
    job.state, job.finished_at, job.failure = State.CANCELLED, at, ""
    job.save(update_fields=["state", "finished_at", "failure"])
    log(by, "job.cancelled", job, area=by.area)
    return job


@transaction.atomic
def retry(*, job: Job, by: User, at: datetime) -> Job:
    """Have a job done anew that failed or was cancelled. ValidationError when the same work is under way already."""
    job = _held(job, by, State.FAILED, State.CANCELLED)
    job.state, job.due_at, job.attempts, job.failure, job.detail = State.WAITING, at, 0, "", ""
    job.started_at = job.finished_at = job.queued_at = None
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        raise ValidationError("Việc này đang được làm ở một lần khác.", code="live") from None
    progress.forget(name_of(job))
    log(by, "job.retried", job, area=by.area)
    _queue(job)
    return job


@transaction.atomic
def take(*, job: Job, by: User) -> JobFile | None:
    """The file of one's own job, and a line in the log that it was taken. None: there is none, or it is too old."""
    if job.by_id != by.pk:
        raise PermissionDenied
    file = JobFile.objects.filter(job=job).first()
    if file:
        log(by, "job.taken", job, area=by.area, after={"size": file.size})
    return file


def _held(job: Job, by: User, *states: str) -> Job:
    mine = Job.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=job.pk).first()
    if mine is None:
        raise PermissionDenied
    if mine.state not in states:
        raise ValidationError(f"Việc này đang ở tình trạng “{mine.get_state_display()}”.", code="state")
    return mine


def _queue(job: Job) -> None:
    from accounts.tasks import run_job  # here, because the task calls this file

    Job.objects.filter(pk=job.pk).update(queued_at=F("due_at"))
    # robust: a queue that is away must not break what was written; `overdue` finds the job later
    transaction.on_commit(lambda: run_job.delay(job.pk), robust=True)


# What the timetable does


def schedule(*, kind: str, day: date, at: datetime) -> Job | None:
    """The day's run of a kind: the first who asks makes it, so that it is done once a day. None: it is there already."""
    job, created = Job.objects.get_or_create(
        kind=kind,
        key=day.isoformat(),
        by=None,
        defaults={"title": job_kinds.label_of(kind), "made_at": at, "due_at": at},
    )
    return job if created else None


@transaction.atomic
def overdue(*, at: datetime) -> list[int]:
    """Jobs that a worker must be told of (again): lost with their worker, due for another try, or never heard of.

    A job whose worker died is put back, or given up after too many tries.
    """
    for job in Job.objects.filter(state=State.RUNNING, started_at__lt=at - job_kinds.STALE):
        if progress.last_alive(name_of(job)) < (at - job_kinds.STALE).timestamp():
            _put_back(job, at=at, failure=LOST, detail="worker lost")
    unheard = Q(queued_at=None) | Q(queued_at__lt=at - job_kinds.UNHEARD)
    waiting = Job.objects.filter(unheard, state=State.WAITING, due_at__lte=at)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:500])
    Job.objects.filter(pk__in=keys).update(queued_at=at)
    return keys


def clean(*, at: datetime) -> int:
    """Old files, and old jobs that ended, are deleted; safe to repeat. Returns how many rows went."""
    files = JobFile.objects.filter(made_at__lt=at - job_kinds.FILE_KEPT).delete()[0]
    return files + Job.objects.exclude(state__in=Job.LIVE).filter(made_at__lt=at - job_kinds.JOB_KEPT).delete()[0]


# What a worker does


def claim(*, job_id: int, at: datetime) -> Job | None:
    """Take a waiting job: a conditional update, so of two workers one gets it. None: it is taken, ended or not yet due."""
    free = Job.objects.filter(pk=job_id, state=State.WAITING, due_at__lte=at)
    if not free.update(state=State.RUNNING, started_at=at, attempts=F("attempts") + 1, done=0, total=0):
        return None
    job = Job.objects.select_related("by__area", "by__agency").get(pk=job_id)
    progress.forget(name_of(job))
    progress.live(name_of(job), at.timestamp())
    return job


@transaction.atomic
def finish(*, job: Job, at: datetime, file: File | None = None, url: str = "") -> bool:
    """The job is done and its file kept, both or neither. False: it is no longer this worker's, so nothing is written."""
    seen = progress.seen(name_of(job)) or {"done": 0, "total": 0}
    total = seen["total"] or 1
    ended = {"state": State.DONE, "finished_at": at, "failure": "", "detail": "", "done": total, "total": total}
    if not _mine(job).update(**ended, url=url or job.url):
        return False
    if file:
        JobFile.objects.filter(job=job).delete()
        kept = {"name": file.name, "content_type": file.content_type, "content": file.content}
        JobFile.objects.create(job=job, **kept, size=len(file.content), made_at=at)
    if at - job.made_at > WORTH_TELLING:
        _tell(job, f"Đã xong: {job.title}")
    return True


@transaction.atomic
def put_back(*, job: Job, at: datetime, failure: str, detail: str) -> bool:
    """This attempt failed: the job waits for the next one, or is given up. False: it is no longer this worker's."""
    return _put_back(job, at=at, failure=failure, detail=detail)


@transaction.atomic
def fail(*, job: Job, at: datetime, failure: str, detail: str = "") -> bool:
    """The job cannot be done, however often it is tried. `failure`: a sentence for the one who asked."""
    return _fail(job, at=at, failure=failure, detail=detail)


def _put_back(job: Job, *, at: datetime, failure: str, detail: str) -> bool:
    wait = job_kinds.wait_after(job.attempts)
    if wait is None:
        told = f"{failure} Đã thử {job.attempts} lần không xong; quản trị hệ thống xem được lỗi."
        return _fail(job, at=at, failure=told, detail=detail)
    told = {"state": State.WAITING, "due_at": at + wait, "queued_at": None, "failure": failure[:300]}
    return bool(_mine(job).update(**told, detail=detail[:300]))


def _fail(job: Job, *, at: datetime, failure: str, detail: str) -> bool:
    told = {"state": State.FAILED, "finished_at": at, "failure": failure[:300], "detail": detail[:300]}
    if not _mine(job).update(**told):
        return False
    log(job.by, "job.failed", job, area=job.by and job.by.area, after={"kind": job.kind, "detail": detail[:300]})
    _tell(job, f"Không xong: {job.title}. {failure}")
    return True


def _mine(job: Job):
    """The row as long as this attempt holds it."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def _tell(job: Job, text: str) -> None:
    if job.by:
        tell(users=[job.by], text=text, url=f"/viec/{job.pk}/", key=f"job-{job.pk}-{job.attempts}-{text[:5]}")


# What pages show


def name_of(job: Job) -> str:
    """Of its progress."""
    return f"job-{job.pk}"


def seen(job: Job) -> dict:
    """How far it is: done, total and, while it runs, `left` seconds (None: nobody can say)."""
    row = {"done": job.done, "total": job.total, "left": None}
    return (progress.seen(name_of(job)) or row) if job.state == State.RUNNING else row


def tally(*, at: datetime) -> dict:
    """For whoever watches over the portal: jobs by state, seconds that the oldest due one waits, daily successes."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    due = Job.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at").values_list("due_at", flat=True)
    oldest = due.first()
    ended = Job.objects.filter(by=None, state=State.DONE).order_by()
    return {
        "states": {state: found.get(state, 0) for state in State.values},
        "wait": (at - oldest).total_seconds() if oldest else 0,
        "daily": dict(ended.values_list("kind").annotate(Max("finished_at"))),
    }
