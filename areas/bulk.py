"""Many rows into a table in one stroke: COPY on PostgreSQL, one prepared statement elsewhere.

Below all models, so it takes any model. It does what the database asks and no more: neither `save` nor `full_clean`
runs, so the caller has checked the rows. Constraints hold as always, and everything belongs to the caller's transaction.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

AT_ONCE = 2000  # rows whose text is in memory at a time
PIECE = 1024 * 1024  # bytes of it that the driver takes at once
_AS_TEXT = (
    models.DateField,
    models.DecimalField,
    models.JSONField,
    models.BinaryField,
)  # what SQLite is not given as is


def chunks(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of `size`, the last one shorter."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def these(values: Iterable[str]) -> RawSQL:
    """Many strings for an `__in`, as one parameter: a statement takes any number of them and is planned as a join."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [list(values)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(values))])


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new rows, in rising order, that nobody else gets. Inside a transaction."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite holds one writer at a time, so what is read here is still true when the rows are written.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
        cursor.execute(f"SELECT max({column}) FROM {table}")
        last = max(known[0] if known else 0, cursor.fetchone()[0] or 0)
        if known:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + count])
        return list(range(last + 1, last + count + 1))


@transaction.atomic
def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write the rows. `names`: the attribute of each value ('ward_id', not 'ward'); other columns get their default.

    IntegrityError as from any insert. Without the key among the names the database gives one.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in names]
    rest = [field for name, field in fields.items() if name not in names and not field.primary_key]
    tail = tuple(field.get_default() for field in rest)
    columns = [*given, *rest]
    rows = (_with(row, tail) for row in rows) if tail else rows
    (_copy if connection.vendor == "postgresql" else _statement)(model, columns, rows)


def set_column(model: type[models.Model], name: str, values: Iterable[tuple[int, object]]) -> None:
    """Give one column of many rows, by key, a whole number each."""
    column, table, key = model._meta.get_field(name).column, model._meta.db_table, model._meta.pk.column
    pairs = list(values)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = given.value'
                f' FROM unnest(%s::bigint[], %s::bigint[]) AS given(key, value) WHERE "{table}"."{key}" = given.key',
                [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
            )
        else:
            cursor.executemany(
                f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [(value, pk) for pk, value in pairs]
            )


def _with(row: Sequence, tail: tuple) -> tuple:
    return (*row, *tail)


def _copy(model: type[models.Model], columns: list[models.Field], rows: Iterable[Sequence]) -> None:
    named = ", ".join(f'"{field.column}"' for field in columns)
    statement = f'COPY "{model._meta.db_table}" ({named}) FROM STDIN'
    nullable = [at for at, field in enumerate(columns) if field.null]
    written = {at: turned for at, field in enumerate(columns) if (turned := _COPIED.get(field.get_internal_type()))}
    for some in chunks(rows, AT_ONCE):
        text = io.BytesIO("".join([_copied(row, nullable, written) for row in some]).encode())
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.cursor.copy_expert(statement, text, PIECE)


def _copied(row: Sequence, nullable: list[int], written: dict[int, Callable]) -> str:
    """A line of COPY's text format. Only a row that holds one of its own signs has them escaped, value by value."""
    row = list(row)
    for at, turned in written.items():
        row[at] = turned(row[at])
    nulls = [at for at in nullable if row[at] is None]
    for at in nulls:
        row[at] = "\\N"
    line = "\t".join(map(str, row))
    if line.count("\\") > len(nulls) or line.count("\t") >= len(row) or "\n" in line or "\r" in line:
        line = "\t".join([value if at in nulls else str(value).translate(_ESCAPED) for at, value in enumerate(row)])
    return line + "\n"


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_in_json = json.JSONEncoder(ensure_ascii=False).encode
_EMPTY = {list: "[]", dict: "{}"}  # the encoder takes its time for them too
_COPIED = {
    "JSONField": lambda value: _in_json(value) if value else _EMPTY.get(type(value)) or _in_json(value),
    "BinaryField": lambda value: f"\\x{bytes(value).hex()}",
}


def _statement(model: type[models.Model], columns: list[models.Field], rows: Iterable[Sequence]) -> None:
    named = ", ".join(f'"{field.column}"' for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    prepared = [
        (at, lambda value, field=field: field.get_db_prep_save(value, connection))
        for at, field in enumerate(columns)
        if isinstance(field, _AS_TEXT)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({named}) VALUES ({marks})',
            (_prepared(row, prepared) for row in rows),
        )


def _prepared(row: Sequence, prepared: list) -> list:
    row = list(row)
    for at, turned in prepared:
        row[at] = turned(row[at])
    return row
