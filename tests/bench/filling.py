"""300,000 households with five years of spells, written by PostgreSQL itself. Kept until this file changes."""

import hashlib
import itertools
import time
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from psycopg2.extras import execute_values

from accounts.models import Agency, Installation, User
from areas.models import Area
from areas.vietnamese import fold, name_key
from households.models import Standard
from targets.demo import cast
from targets.demo.people import FAMILY, GIVEN, MIDDLE

HOUSEHOLDS = 300_000
TABLES = ("household", "member", "review", "result", "statusspell", "support")
SQL = Path(__file__).with_name("filling.sql")


def fill() -> None:
    call_command("migrate", verbosity=0)
    mark = hashlib.sha256(SQL.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_filled (mark text)")
        cursor.execute("SELECT mark FROM bench_filled")
        if [(mark,)] == cursor.fetchall():
            print(f"{HOUSEHOLDS:,} households are there from an earlier run (--fresh makes them again).")
            return
    started = time.perf_counter()
    print(f"Writing {HOUSEHOLDS:,} households …", flush=True)
    with transaction.atomic(), connection.cursor() as cursor:
        ground()
        write(cursor)
        cursor.execute("INSERT INTO bench_filled VALUES (%s)", [mark])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()  # forget the settings of writing
    print(f"Written in {time.perf_counter() - started:.0f} s.")


def write(cursor) -> None:
    cursor.execute("SET statement_timeout = 0; SET work_mem = '128MB'; SET maintenance_work_mem = '512MB'")
    indexes = drop_indexes(cursor)
    without_triggers(cursor)
    unnamed = empty_by_default(cursor)
    names(cursor)
    for statement in SQL.read_text(encoding="utf-8").split(";\n"):
        if sql := statement.strip():
            cursor.execute(sql.replace(":households", str(HOUSEHOLDS)))
    for table, column in unnamed:
        cursor.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP DEFAULT')
    for definition in indexes:
        cursor.execute(definition)
    for table in (*(f"households_{table}" for table in TABLES), "accounts_event"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


EMPTY = {"character varying": "''", "text": "''", "boolean": "false", "integer": "0", "smallint": "0", "bigint": "0"}


def empty_by_default(cursor) -> list[tuple[str, str]]:
    """Columns that must hold something and that filling.sql does not name are written empty; returns them."""
    cursor.execute(
        """
        SELECT table_name, column_name, data_type FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name = ANY(%s) AND is_nullable = 'NO' AND column_default IS NULL
           AND is_identity = 'NO'
        """,
        [[f"households_{table}" for table in TABLES]],
    )
    found = [row for row in cursor.fetchall() if row[2] in EMPTY and not row[1].endswith("_id")]
    for table, column, kind in found:
        cursor.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET DEFAULT {EMPTY[kind]}')
    return [(table, column) for table, column, _ in found]


def ground() -> None:
    """What a new installation has, the demonstration's accounts, and the standards of the years before."""
    if Area.objects.exists():
        raise SystemExit("The benchmark's database was filled by another version of it. Run with --fresh.")
    for command in ("load_areas", "load_agencies", "load_standards", "load_plan"):
        call_command(command, verbosity=0)
    for issuer in Standard.Issuer.values:
        newer = Standard.objects.get(issuer=issuer)
        newer.pk, newer.code, newer.name = None, f"{issuer}-2016", f"{issuer} 2016-2021"
        newer.valid_from, newer.valid_to = date(2016, 1, 1), date(2021, 12, 31)
        newer.save(force_insert=True)
    wards = list(Area.objects.wards().select_related("parent__parent").order_by("code"))
    cast.create(wards, {agency.code: agency for agency in Agency.objects.all()}, None)
    Installation.objects.update_or_create(id=1, defaults={"demo": True})
    assert User.objects.count() > 2 * len(wards)


def drop_indexes(cursor) -> list[str]:
    """Indexes are made faster at the end, all at once. Primary keys and whole-table constraints stay."""
    cursor.execute(
        """
        SELECT quote_ident(relname), pg_get_indexdef(indexrelid)
          FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = ANY (%s::regclass[])
           AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
        """,
        [[f"households_{table}" for table in TABLES]],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def without_triggers(cursor) -> None:
    """Foreign keys are not checked row by row, where the user may say so: the statements make none that is wrong."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET session_replication_role = replica")


def names(cursor) -> None:
    rows = []
    for sex in ("male", "female"):
        for words in itertools.product(FAMILY, MIDDLE[sex], GIVEN[sex]):
            name = " ".join(words)
            rows.append((len(rows) + 1, sex, name, fold(name), name_key(name)))
    cursor.execute("CREATE TEMP TABLE bench_name (id int PRIMARY KEY, sex text, name text, folded text, key text)")
    execute_values(cursor.cursor, "INSERT INTO bench_name VALUES %s", rows, page_size=2000)
