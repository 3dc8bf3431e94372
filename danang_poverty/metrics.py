"""Figures about the portal for Prometheus: requests, counted by each process, and the state of queue, post and disk."""

import os
import shutil

from django.conf import settings
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from accounts import jobs, notices

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
REQUESTS = Counter("portal_requests_total", "Requests answered", ["method", "view", "status"])
SECONDS = Histogram(
    "portal_request_seconds", "Time to answer", ["view"], buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
)


def count(method: str, view: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method if method in METHODS else "other", view, str(status)).inc()
    SECONDS.labels(view).observe(seconds)


def page() -> bytes:
    """All figures in the text format. Requests are of every process where they keep common files, else of this one."""
    state = CollectorRegistry()
    state.register(_State())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)
    else:
        requests = REGISTRY
    return generate_latest(requests) + generate_latest(state)


class _State:
    """Asked from the database when the page is read."""

    def collect(self):
        now = timezone.now()
        found = jobs.tally(at=now)
        family = GaugeMetricFamily(
            "portal_jobs", "Jobs by state; failed ones wait for an administrator", labels=["state"]
        )
        for state, number in found["states"].items():
            family.add_metric([state], number)
        yield family
        yield GaugeMetricFamily("portal_job_wait_seconds", "How long the oldest due job waits", value=found["wait"])
        family = GaugeMetricFamily("portal_daily_success_seconds", "When a daily job last ended well", labels=["kind"])
        for kind, at in found["daily"].items():
            family.add_metric([kind], at.timestamp())
        yield family
        yield GaugeMetricFamily(
            "portal_mails_waiting", "E-mails that have not gone", value=notices.waiting(now).count()
        )
        free = shutil.disk_usage(settings.VAR).free
        yield GaugeMetricFamily("portal_disk_free_bytes", "Free bytes where the portal keeps its files", value=free)
