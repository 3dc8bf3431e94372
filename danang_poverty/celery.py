"""The worker and its timetable. Every task is safe to run twice and catches up after the machine was off."""

import os
from pathlib import Path

from celery import Celery, current_task
from celery.schedules import crontab
from celery.signals import before_task_publish, heartbeat_sent, task_postrun, task_prerun

from danang_poverty.request_name import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_poverty.settings")

app = Celery("danang_poverty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The daily timetable: task and minute, in Asia/Ho_Chi_Minh. Each is a job of its own day (accounts/jobs.py), so it is done
# once however often it is asked for, tried again when it fails, and seen in the admin when it is given up.
DAILY = {
    # Half past midnight: a period is frozen once its day is over, so the whole day's decisions are in, and the report
    # is there when the office opens. Every night, not only those after 31 May and 30 November: a machine that was off
    # does the work when it is back.
    "reports.tasks.daily": "00:30",
    "households.tasks.refresh_search_words": "01:00",
    # Everything is counted again when the night's writes are over.
    "reports.tasks.audit": "02:00",
    "targets.tasks.keep_past": "02:30",
    "accounts.tasks.clean_jobs": "03:00",
    "accounts.tasks.clear_sessions": "03:10",
    # Units are told before the office opens; a morning that was missed is caught up by the next.
    "targets.tasks.remind": "06:00",
    "reports.tasks.remind": "06:10",
}


def _at(clock: str) -> crontab:
    hour, minute = clock.split(":")
    return crontab(hour=int(hour), minute=int(minute))


app.conf.beat_schedule = {
    **{
        kind: {"task": "accounts.tasks.start_daily", "args": [kind], "schedule": _at(clock)}
        for kind, clock in DAILY.items()
    },
    # What the timetable asked for while everything was off, and jobs whose worker was killed.
    "look-after-jobs": {"task": "accounts.tasks.look_after_jobs", "args": [DAILY], "schedule": 60.0},
    # E-mails that did not go at once, because the queue or the mail server was away.
    "waiting-mail": {"task": "accounts.tasks.send_waiting", "schedule": crontab(minute=15)},
    "waiting-webhooks": {"task": "accounts.tasks.send_waiting_webhooks", "schedule": crontab()},
}

# A task's lines in the log bear the name of the request that asked for it.


@before_task_publish.connect
def _say_who_asks(headers=None, **more):
    if request_id.get() != "-":
        headers["request_id"] = request_id.get()


@task_prerun.connect
def _take_the_name(task_id=None, **more):
    given = current_task.request.get("request_id") if current_task else None
    request_id.set(given or task_id)


@task_postrun.connect
def _lay_it_down(**more):
    request_id.set("-")


# For the containers' health checks (deploy/probe.py): the worker gives signs of life while it reaches its queue, beat
# with each message that it sends.
@heartbeat_sent.connect
@before_task_publish.connect
def _is_alive(**more):
    if os.environ.get("ALIVE_FILE"):
        Path(os.environ["ALIVE_FILE"]).touch()
