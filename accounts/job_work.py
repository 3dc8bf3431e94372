"""How a worker does a job: finds the work of its kind, gives signs of life while it lasts, says how it ended.

    @work("reports.tasks.render")
    def render(run: Run) -> jobs.File | str | None:
        for done, part in enumerate(parts):
            run.tell(done, len(parts))  # raises Stopped when it was cancelled
            ...

It returns a file, the address of its result, or nothing. It may be killed anywhere and run again: it must not mind.
ValidationError and PermissionDenied say that trying again is of no use. A kind that nobody named so is a Celery task.
"""

import errno
import logging
import threading
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime

from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils.module_loading import autodiscover_modules

from accounts import jobs, progress
from accounts.models import Job

logger = logging.getLogger(__name__)
BEAT = 15  # seconds between two signs of life
WORKS: dict[str, Callable] = {}
BUSY = "Máy chủ đang bận hoặc mất kết nối."
BROKEN = "Có lỗi khi xử lý."
FULL = "Máy chủ hết chỗ ghi."


class Stopped(Exception):
    """Somebody cancelled the job."""


class Run:
    """One attempt at a job, as its work sees it: `by`, `args`, and where to tell how far it is."""

    def __init__(self, job: Job, clock: Callable[[], datetime]):
        self.job, self.by, self.args, self.clock = job, job.by, job.args, clock

    def tell(self, done: int, total: int) -> None:
        name = jobs.name_of(self.job)
        if progress.is_asked_to_stop(name):
            raise Stopped
        progress.tell(name, done, total, self.clock().timestamp())


def work(kind: str):
    """Names the function that does the jobs of this kind."""

    def register(function):
        WORKS[kind] = function
        return function

    return register


def do(*, job_id: int, clock: Callable[[], datetime]) -> bool:
    """Take a job and do it. False: it was not to be had, or did not end well."""
    job = jobs.claim(job_id=job_id, at=clock())
    if job is None:
        return False
    if job.by and not job.by.is_active:
        jobs.fail(job=job, at=clock(), failure="Tài khoản đã ngừng dùng.")
        return False
    try:
        with signs_of_life(jobs.name_of(job), clock):
            made = _work_of(job.kind)(Run(job, clock))
    except Stopped:
        return False
    except ValidationError as error:
        jobs.fail(job=job, at=clock(), failure=" ".join(error.messages), detail="ValidationError")
        return False
    except PermissionDenied:
        jobs.fail(job=job, at=clock(), failure="Bạn không còn quyền làm việc này.", detail="PermissionDenied")
        return False
    except Exception as error:
        logger.exception("job %s of %s, attempt %s", job.pk, job.kind, job.attempts)
        jobs.put_back(job=job, at=clock(), failure=_sentence(error), detail=_place(error))
        return False
    file = made if isinstance(made, jobs.File) else None
    return jobs.finish(job=job, at=clock(), file=file, url=made if isinstance(made, str) else "")


def _work_of(kind: str) -> Callable[[Run], object]:
    if kind not in WORKS:
        autodiscover_modules("tasks")
    if kind in WORKS:
        return WORKS[kind]
    task = current_app.tasks[kind]  # KeyError: nobody knows how to do it
    return lambda run: task() and None


@contextmanager
def signs_of_life(name: str, clock):
    """Of work under a name (progress.last_alive), every BEAT seconds. From beside it, since it may be long at one step; in
    the cache, since it may hold the database."""
    over = threading.Event()

    def beat():
        while not over.wait(BEAT):
            try:
                progress.live(name, clock().timestamp())
            except Exception:  # the cache is away: the next one may go
                logger.warning("%s: no sign of life could be given", name)

    progress.live(name, clock().timestamp())
    thread = threading.Thread(target=beat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return FULL
    return BUSY if isinstance(error, OperationalError | OSError) else BROKEN


def _place(error: Exception) -> str:
    """Kind and place, never the message: it may quote a person."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {last.filename.rpartition('/')[2]}:{last.lineno} {last.name}"
