import fcntl
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests import make

# How fast the machine is that draws the examples says nothing about the portal.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_configure():
    """Tests empty their database, the append-only log included: its owner may, having said so."""
    from django.conf import settings

    options = settings.DATABASES["default"].get("OPTIONS", {})
    if "options" in options:
        options["options"] += " -c portal.rewrite_log=on"


@pytest.fixture(autouse=True)
def quick_and_clean(settings, monkeypatch):
    """Fast hashing, eager tasks, no second step, an empty cache: nothing leaks from one test to the next."""
    from django.core.cache import cache, caches

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    monkeypatch.setattr("accounts.roles.NEEDS_SECOND_FACTOR", frozenset())  # tests/accounts/test_second_factor.py asks
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": memory, "progress": memory | {"LOCATION": "progress"}}
    cache.clear()
    caches["progress"].clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Threads of the live server and of the tests of two at once may leave a connection; PostgreSQL would not let go."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A SQLite file whose tables are made and empty, for tests that start processes of their own to copy.

    Migrating takes half a minute: it is done once for all processes of a run.
    """
    from django.conf import settings

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    done, file = folder / "migrated", folder / "migrated-in" / "portal.sqlite3"
    with open(folder / "migrated.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            file.parent.mkdir(exist_ok=True)
            environment = os.environ | {"PORTAL_VAR": str(file.parent), "DATABASE_URL": ""}
            command = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
            done.touch()
    return file


@pytest.fixture
def areas(db):
    return make.a_city()


@pytest.fixture
def cast(areas):
    return make.a_cast(areas)


@pytest.fixture
def standards(db):
    return make.the_standards()


@pytest.fixture
def as_user(client, cast):
    """as_user('hoa') is a browser with Hoa signed in."""

    def sign_in(name):
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def made_file(django_capture_on_commit_callbacks):
    """made_file(client, address, query) is the file that a worker made of what was asked there."""

    def ask(client, address, query=None):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.get(address, query or {})
        assert answer.url.startswith("/viec/"), answer.url
        return client.get(f"{answer.url}tep/")

    return ask


def pytest_terminal_summary(terminalreporter):
    """A skipped browser test must not go unnoticed."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "/browser/" in report.nodeid or "browser" in report.nodeid
    ]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} browser tests did not run: no Chromium on this machine (apt-get install chromium)."
        )
