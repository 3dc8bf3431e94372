"""A worker killed with a sheet half written: nothing of it stays, and another worker writes it whole."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

PATIENCE = 120  # seconds that a process may take to start
BEGIN = """
import sys, time
from datetime import date, timedelta
import django
django.setup()
from django.utils import timezone
from accounts.models import Event
from households.members import Person
from households.models import Household, ImportBatch, ImportRow, Member
from households.services import import_apply, import_reading, imports
from tests import make

def counts():
    written = Event.objects.filter(action="household.registered").count()
    return [Household.objects.count(), Member.objects.count(), written, ImportRow.objects.exclude(household=None).count()]

def stop(done=1, total=0):
    if not done:
        return  # nothing is written yet
    print("half", done, flush=True)
    time.sleep(60)

def sheet():
    return [imports.Staged(n, "Tổ 1", f"{n} Lê Duẩn", "", [Person(f"Lê {n}", "head", "male", 1971)]) for n in range(2, 8)]

imports.CHUNK = import_apply.CHUNK = 2
"""
PREPARE = """
by = make.a_user("ward_officer", make.a_city()["ward"])
batch = imports.keep_file(name="x", data=b"x", day=date(2023, 5, 4), by=by)
if sys.argv[1] == "apply":
    imports.approve(batch=imports.stage(batch=batch, households=sheet(), by=by), leaving_out=0, by=by)
"""
KILLED = {
    "apply": "import_apply.run(batch_id=ImportBatch.objects.get().pk, at=timezone.now(), tell=stop)",
    "read": """
def half(batch, tell):
    def drawn():
        yield from sheet()
        stop()
    return {}, drawn()
import_reading.read = half
import_reading.run(batch_id=ImportBatch.objects.get().pk, at=timezone.now())
""",
}
AFTER = """
batch = ImportBatch.objects.get()
print(batch.state, batch.rows.count(), *counts())
work = import_apply.run if sys.argv[1] == "apply" else import_reading.run
import_reading.read = lambda batch, tell: ({}, iter(sheet()))
try:
    work(batch_id=batch.pk, at=timezone.now())
except import_apply.Busy:
    print("busy")
work(batch_id=batch.pk, at=timezone.now() + timedelta(hours=1))
batch.refresh_from_db()
print(batch.state, batch.rows.count(), *counts())
"""


@pytest.fixture
def database(transactional_db, tmp_path, request):
    """Where the processes find a database of their own: the test's on PostgreSQL, else a file."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "danang_poverty.settings", "PORTAL_VAR": str(tmp_path)}
    if connection.vendor == "postgresql":
        given = connection.settings_dict
        who = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        return environment | {"DATABASE_URL": f"postgres://{who}/{given['NAME']}"}
    shutil.copy(request.getfixturevalue("migrated"), tmp_path)
    return environment | {"DATABASE_URL": ""}


def python(code, step, environment):
    command = [sys.executable, "-c", BEGIN + code, step]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("step", "half", "whole"),
    [("apply", "approved 6 0 0 0 0", "applied 6 6 6 6 6"), ("read", "uploaded 0", "checked 6")],
)
def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_whole(database, step, half, whole):
    with python(PREPARE, step, database) as prepared:
        assert prepared.wait(timeout=PATIENCE) == 0
    with python(KILLED[step], step, database) as worker:
        assert worker.stdout.readline().startswith("half")
        worker.kill()
    with python(AFTER, step, database) as after:
        first, busy, last = after.communicate(timeout=PATIENCE)[0].splitlines()
    assert (first.startswith(half), busy, last.startswith(whole)) == (True, "busy", True)
