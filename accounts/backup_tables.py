"""Every table of the database into an archive and back, exactly: COPY on PostgreSQL, the file itself on SQLite.

On PostgreSQL a restore is one transaction, with the tables made by the migrations that the backup knew: whatever goes
wrong, and wherever the machine stops, the database is as it was.
"""

import errno
import sqlite3
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from accounts.backup_archive import PIECE, Stream, Writer

TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
GROUP BY c.relname ORDER BY c.relname"""
OF_KIND = """SELECT relname FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind = %s
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY relname"""
FUNCTIONS = """SELECT oid::regprocedure FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""


class Newer(Exception):
    """The backup was made by a newer portal than this one."""


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def migrations() -> list[list[str]]:
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def unknown(recorded: list[list[str]]) -> list[str]:
    """Migrations of a backup that this portal does not have."""
    known = MigrationExecutor(connection).loader.graph.nodes
    return [f"{app}.{name}" for app, name in recorded if (app, name) not in known]


def dump(archive: Writer, scratch: Path) -> int:
    """Everything as of one moment, while others go on writing. `scratch`: where SQLite's copy lies meanwhile.

    Returns how many tables.
    """
    return _dump_postgresql(archive) if is_postgresql() else _dump_sqlite(archive, scratch)


def _dump_postgresql(archive: Writer) -> int:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(TABLES)
        tables = cursor.fetchall()
        for name, columns in tables:
            with archive.blocks({"table": name, "columns": columns}) as blocks:
                cursor.copy_expert(f"COPY (SELECT {_list(columns)} FROM {_name(name)}) TO STDOUT", blocks, PIECE)
        cursor.execute(OF_KIND, ["S"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT last_value, is_called FROM {_name(name)}")
            value, called = cursor.fetchone()
            archive.line({"sequence": name, "value": value, "called": called})
        return len(tables)


def _dump_sqlite(archive: Writer, scratch: Path) -> int:
    connection.ensure_connection()
    copy = sqlite3.connect(scratch)
    try:
        connection.connection.backup(copy)
        (tables,) = copy.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
    except sqlite3.OperationalError as error:
        raise OSError(errno.ENOSPC, str(error)) from error  # all that can go wrong with a new file
    finally:
        copy.close()
    with archive.blocks({"sqlite": True}) as blocks, scratch.open("rb") as file:
        while piece := file.read(PIECE):
            blocks.write(piece)
    return tables


class Restoring:
    """Puts what an archive holds in place of the database: `make` the tables, `take` each, `end`."""

    def __init__(self, recorded: list[list[str]]):
        self.recorded = recorded

    def make(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(OF_KIND, ["m"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP MATERIALIZED VIEW {_name(name)} CASCADE")
            cursor.execute(TABLES)
            names = [name for name, _ in cursor.fetchall()]
            if names:
                cursor.execute(f"DROP TABLE {_list(names)} CASCADE")
            cursor.execute(FUNCTIONS)
            for (signature,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {signature} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table that waits for a check cannot be altered
        executor = MigrationExecutor(connection)
        executor.migrate(self._as_recorded(executor.loader.graph))
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.columns = dict(cursor.fetchall())
            for name in self.columns:  # migrations may have written rows; the backup has its own
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_name(name)})")
                if cursor.fetchone()[0]:
                    cursor.execute(f"TRUNCATE {_name(name)} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _as_recorded(self, graph) -> list[tuple[str, str]]:
        """Of each app the last migrations that the backup had."""
        recorded = set(map(tuple, self.recorded)) & set(graph.nodes)
        return [
            key
            for key in sorted(recorded)
            if not any(child.key in recorded and child.key[0] == key[0] for child in graph.node_map[key].children)
        ]

    def take(self, told: dict, stream: Stream | None) -> None:
        with connection.cursor() as cursor:
            if "table" in told:
                columns = _list(told["columns"])
                cursor.copy_expert(f"COPY {_name(told['table'])} ({columns}) FROM STDIN", stream, PIECE)
            elif "sequence" in told:
                cursor.execute("SELECT setval(%s, %s, %s)", [_name(told["sequence"]), told["value"], told["called"]])

    def end(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference is checked here
            cursor.execute(OF_KIND, ["m"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"REFRESH MATERIALIZED VIEW {_name(name)}")


def swap_sqlite(source: Path, keep: Path | None = None) -> None:
    """Put a file's contents in place of the database, in one transaction of SQLite; before that, `keep` what is there."""
    connection.ensure_connection()
    for path, back in ((keep, True), (source, False)):
        if path is None:
            continue
        other = sqlite3.connect(path)
        try:
            if back:
                connection.connection.backup(other)
            else:
                other.backup(connection.connection)
        finally:
            other.close()


def is_whole(path: Path) -> bool:
    other = sqlite3.connect(path)
    try:
        return other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
    finally:
        other.close()


def _name(name: str) -> str:
    return connection.ops.quote_name(name)


def _list(names: list[str]) -> str:
    return ", ".join(map(_name, names))
