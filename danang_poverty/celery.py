"""The worker and its timetable. Every task is safe to run twice and catches up after the machine was off."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_poverty.settings")

app = Celery("danang_poverty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Every morning, not only on 31 May and 30 November: a machine that was off on the day does the work when it is back.
    "periodic-reports": {"task": "reports.tasks.daily", "schedule": crontab(hour=5, minute=30)},
}
