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
    "search-words": {"task": "households.tasks.refresh_search_words", "schedule": crontab(hour=1, minute=0)},
}
