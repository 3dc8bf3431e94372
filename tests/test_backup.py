"""`manage.py backup` and `restore`, as they are typed: into another, empty database every table comes back as it was."""

import hashlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import dj_database_url
import pytest
from django.conf import settings

KEY = "a-long-key-for-the-tests-only"
FILL = """
import django; django.setup()
from django.core.management import call_command
if {new}:
    for command in ("migrate", "load_areas", "load_agencies", "load_standards", "load_plan"):
        call_command(command, verbosity=0)
from accounts import log, notices
from accounts.models import User
from areas.models import Area
from households import search_words
from tests import make
ward = Area.objects.filter(level="ward").first()
by = make.a_user("ward_officer", ward, username="{name}")
for place in range(40 if {new} else 0):
    make.a_household(ward, head="Trần \\\\N " + str(place))
log.log(by, "user.changed", by, before=dict(a="\\\\t\\n"), after=dict(b=None))
notices.tell(users=[by], text="Một thông báo")
search_words.refresh()  # a view of PostgreSQL, made anew by a restore
"""


class Place:
    """An installation: a data folder and a database of its own."""

    def __init__(self, folder: Path, url: str):
        folder.mkdir()
        self.folder, self.url = folder, url
        self.environment = os.environ | {"PORTAL_VAR": str(folder), "DATABASE_URL": url, "BACKUP_KEY": KEY}
        self.environment |= {"SECRET_KEY": "s", "FIELD_KEYS": "k1", "DJANGO_SETTINGS_MODULE": "danang_poverty.settings"}

    def run(self, *command, limit: int | None = None, **more):
        preexec = limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=preexec or None,
        )

    def manage(self, *command, **more):
        return self.run("manage.py", *map(str, command), **more)

    def tables(self) -> dict[str, str]:
        """A mark of each table's rows, read past Django."""
        found = {}
        for name, rows in self._rows():
            found[name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
        return found

    def _rows(self):
        if not self.url:
            with sqlite3.connect(self.folder / "portal.sqlite3") as database:
                names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                yield from ((name, database.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in names)
            database.close()
            return
        import psycopg2

        database = psycopg2.connect(**_where(self.url))
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relkind FROM pg_class WHERE relkind IN ('r', 'S', 'm') AND relnamespace = 'public'::regnamespace"
            )
            for name, kind in cursor.fetchall():
                cursor.execute(f'SELECT {"last_value, is_called" if kind == "S" else "t::text"} FROM "{name}" t')
                yield name, cursor.fetchall()
        database.close()


def _where(url):
    told = dj_database_url.parse(url)
    return {
        "dbname": told["NAME"],
        "user": told["USER"],
        "password": told["PASSWORD"],
        "host": told["HOST"],
        "port": told["PORT"] or 5432,
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def places(request, tmp_path_factory, migrated):
    """A filled installation and a maker of empty ones."""
    folder, made = tmp_path_factory.mktemp("backup"), []

    def empty() -> Place:
        name = f"portal_backup_{os.getpid()}_{len(made)}"
        url = ""
        if request.param == "postgresql":
            base = os.environ.get("DATABASE_URL", "")
            if not base.startswith("postgres"):
                pytest.skip("needs PostgreSQL: DATABASE_URL")
            _admin(base, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            url = f"{base.rpartition('/')[0]}/{name}"
        made.append(name)
        return Place(folder / name, url)

    full = empty()
    if not full.url:
        shutil.copy(migrated, full.folder)
    done = full.run("-c", FILL.format(new=True, name="canbo"))
    assert done.returncode == 0, done.stderr
    (full.folder / "mail").mkdir()
    (full.folder / "mail" / "thư 1.log").write_bytes(b"\x00mail\xff")
    yield full, empty
    if request.param == "postgresql":
        _admin(os.environ["DATABASE_URL"], *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in made))


def _admin(url, *statements):
    import psycopg2

    database = psycopg2.connect(**_where(url) | {"dbname": "postgres"})
    database.autocommit = True
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    database.close()


@pytest.fixture(scope="module")
def backup(places, tmp_path_factory):
    full, _ = places
    path = tmp_path_factory.mktemp("kept") / "a.backup"
    done = full.manage("backup", path)
    assert done.returncode == 0, done.stderr
    assert "đã đọc lại đủ" in done.stdout
    assert path.stat().st_mode & 0o077 == 0, "for its owner only"
    return path


def test_every_table_comes_back_into_an_empty_database(places, backup):
    full, empty = places
    other = empty()
    assert "đọc được đủ" in other.manage("restore", backup, "--check").stdout
    assert "accounts_user" not in other.tables(), "it was only read"
    done = other.manage("restore", backup)
    assert done.returncode == 0, done.stderr
    there, here = other.tables(), full.tables()
    assert len(here) > 60
    assert {name for name in here if there.get(name) != here[name]} == set()
    assert (other.folder / "mail" / "thư 1.log").read_bytes() == b"\x00mail\xff"
    more = other.run("-c", FILL.format(new=False, name="later"))
    assert more.returncode == 0, f"its numbers go on: {more.stderr}"


REFUSED = """
import sys, django; django.setup()
from pathlib import Path
from unittest.mock import patch
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
good, broken, other, none = map(Path, sys.argv[1:])
data = bytearray(good.read_bytes())
data[len(data) // 2] ^= 1
broken.write_bytes(data)
other.write_bytes(b"PK" * 200)
built = MigrationLoader.build_graph

def older(loader):
    built(loader)
    loader.graph.nodes.pop(max(key for key in loader.graph.nodes if key[0] == "reports"))

def full(*given, **more):
    raise DatabaseError("disk full")

ASKED = [
    (good, [], {}, "--replace"),
    (good, ["--replace"], {"BACKUP_KEY": "another-long-key-for-tests"}, "Sai BACKUP_KEY"),
    (good, ["--replace"], {"BACKUP_KEY": ""}, "BACKUP_KEY chưa đặt"),
    (good, ["--replace"], {"FIELD_KEYS": ["k2"]}, "FIELD_KEYS thiếu khóa"),
    (broken, ["--replace"], {}, "hỏng"),
    (other, ["--replace"], {}, "không phải bản sao lưu"),
    (none, ["--replace"], {}, "No such file"),
    (good, ["--replace"], {"older": True}, "phiên bản mới hơn"),
    (good, ["--replace"], {"full": True}, "dữ liệu cũ còn nguyên"),  # everything is loaded, and does not yet stand
]
for path, flags, more, told in ASKED:
    grown = patch.object(MigrationLoader, "build_graph", older) if more.pop("older", False) else override_settings()
    broken_off = patch("accounts.backup.call_command", full) if more.pop("full", False) else override_settings()
    try:
        with override_settings(**more), grown, broken_off:
            call_command("restore", path, *flags)
        sys.exit(f"not refused: {told}")
    except CommandError as error:
        assert told in str(error), (told, error)
"""


def test_nothing_is_changed_by_a_restore_that_is_refused_or_breaks_in_its_middle(places, backup, tmp_path):
    full, _ = places
    before = full.tables()
    done = full.run("-c", REFUSED, *(str(tmp_path / name) for name in (backup, "broken", "other", "none")))
    assert done.returncode == 0, done.stderr
    assert full.tables() == before


def test_over_data_with_the_flag_and_what_came_later_is_gone(places, backup):
    full, _ = places
    before = full.tables()
    assert full.run("-c", FILL.format(new=False, name="later")).returncode == 0
    assert full.tables() != before
    done = full.manage("restore", backup, "--replace")
    assert done.returncode == 0, done.stderr
    assert full.tables() == before


def test_a_full_disk_leaves_no_file_and_an_old_one_is_not_written_over(places, backup, tmp_path):
    full, _ = places
    done = full.manage("backup", tmp_path / "b.backup", limit=backup.stat().st_size // 2)
    assert done.returncode == 1
    assert "Không ghi được" in done.stderr
    assert list(tmp_path.iterdir()) == []
    mark = backup.read_bytes()
    assert "không ghi đè" in full.manage("backup", backup).stderr
    assert backup.read_bytes() == mark
