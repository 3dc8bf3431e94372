"""A real worker process does the daily job: over files in the embedded start, over Redis where REDIS_URL is set."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings

from danang_poverty.cache import MayBeAway


@pytest.fixture
def installation(tmp_path, migrated):
    """An installation of its own in a folder: what its processes see in the environment."""
    environment = os.environ | {"PORTAL_VAR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": settings.REDIS_URL}
    shutil.copy(migrated, tmp_path)
    for command in ("load_areas", "load_agencies", "load_standards", "load_plan"):
        run([sys.executable, "manage.py", command, "-v0"], environment)
    return environment


def run(command, environment):
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True)


def periods(environment):
    with sqlite3.connect(f"file:{environment['PORTAL_VAR']}/portal.sqlite3?mode=ro", uri=True) as database:
        rows = database.execute("SELECT day FROM reports_period ORDER BY day").fetchall()
    database.close()
    return [day for (day,) in rows]


def test_a_worker_process_runs_the_daily_job(installation):
    worker = [sys.executable, "-m", "celery", "--quiet", "-A", "danang_poverty", "worker", "--pool", "threads"]
    process = subprocess.Popen(
        [*worker, "--loglevel", "ERROR"], cwd=settings.BASE_DIR, env=installation, stderr=subprocess.DEVNULL
    )
    try:
        ask = "import django; django.setup(); from reports.tasks import daily; daily.delay(); daily.delay()"
        run([sys.executable, "-c", ask], installation | {"DJANGO_SETTINGS_MODULE": "danang_poverty.settings"})
        for _ in range(300):
            if len(periods(installation)) == 2:
                break
            time.sleep(0.2)
        assert periods(installation) == ["2023-05-31", "2023-11-30"]
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def redis_cache():
    """A cache over Redis whose sockets are closed at the end: one left open would be found by the last test's cleaning."""
    cache = MayBeAway(settings.REDIS_URL, {})
    yield cache
    cache._cache.get_client(write=True).connection_pool.disconnect()


@pytest.mark.skipif(not settings.REDIS_URL, reason="needs REDIS_URL")
def test_figures_are_remembered_in_redis(redis_cache):
    redis_cache.set("portal-test", {"figure": 6271}, 5)
    assert redis_cache.get("portal-test") == {"figure": 6271}
    redis_cache.delete("portal-test")


@pytest.mark.skipif(not settings.REDIS_URL, reason="needs REDIS_URL")
def test_a_count_in_redis_begins_once_and_ends_by_itself(redis_cache):
    redis_cache.delete("portal-count")
    with pytest.raises(ValueError, match="not found"):
        redis_cache.incr("portal-count")
    assert redis_cache.get("portal-count") is None, "a count without an end is not left behind"
    assert redis_cache.add("portal-count", 1, 5)
    assert redis_cache.incr("portal-count") == 2
    redis_cache.delete("portal-count")
