"""The worker and its timetable. Every task is safe to run twice and catches up after the machine was off."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_poverty.settings")

app = Celery("danang_poverty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Half past midnight: a period is frozen once its day is over, so the whole day's decisions are in, and the report
    # is there when the office opens. Every night, not only those after 31 May and 30 November: a machine that was off
    # does the work when it is back.
    "periodic-reports": {"task": "reports.tasks.daily", "schedule": crontab(hour=0, minute=30)},
    # Everything is counted again when the night's writes are over.
    "audit": {"task": "reports.tasks.audit", "schedule": crontab(hour=2, minute=0)},
    # Units are told before the office opens; a morning that was missed is caught up by the next.
    "task-reminders": {"task": "targets.tasks.remind", "schedule": crontab(hour=6, minute=0)},
    # E-mails that did not go at once, because the queue or the mail server was away.
    "waiting-mail": {"task": "accounts.tasks.send_waiting", "schedule": crontab(minute=15)},
    "waiting-webhooks": {"task": "accounts.tasks.send_waiting_webhooks", "schedule": crontab()},
    "search-words": {"task": "households.tasks.refresh_search_words", "schedule": crontab(hour=1, minute=0)},
}
