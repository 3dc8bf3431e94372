"""Many rows into a table in one stroke: COPY on PostgreSQL, one prepared statement elsewhere.

Below all models, so it takes any model. It does what the database asks and no more: neither `save` nor `full_clean`
runs, so the caller has checked the rows. Constraints hold as always, and everything belongs to the caller's transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import orjson
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

AT_ONCE = 200  # rows whose text is in memory, and goes to the server, at a time
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
def insert(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence], same: dict[str, object] | None = None
) -> None:
    """Write the rows. `names`: the attribute of each value ('ward_id', not 'ward'); `same`: what all rows have alike.

    Other columns get their default. IntegrityError as from any insert. Without the key among the names the database
    gives one.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in names]
    alike = same or {}
    rest = [
        field for name, field in fields.items() if name not in names and not (field.primary_key and name not in alike)
    ]
    tail = [alike[field.attname] if field.attname in alike else field.get_default() for field in rest]
    (_copy if connection.vendor == "postgresql" else _statement)(model, given, rows, rest, tail)


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


def _copy(
    model: type[models.Model],
    columns: list[models.Field],
    rows: Iterable[Sequence],
    rest: list[models.Field],
    tail: list,
) -> None:
    """One COPY, whose lines are made while the server is busy with those before: two processors work at once."""
    named = ", ".join(f'"{field.column}"' for field in (*columns, *rest))
    end = f"\t{_copied(tail, *_kinds(rest))}\n" if rest else "\n"
    kinds = _kinds(columns)
    lines = _Lines(_copied(row, *kinds) + end for row in rows)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        try:
            cursor.cursor.copy_expert(f'COPY "{model._meta.db_table}" ({named}) FROM STDIN', lines)
        except Exception as failed:
            raise lines.failed or failed from None  # the driver tells only that there was an error in .read()


def _kinds(columns: list[models.Field]) -> tuple[list[int], dict[int, Callable]]:
    """Where a null may stand, and what is not written as str() writes it."""
    nullable = [at for at, field in enumerate(columns) if field.null]
    return nullable, {at: turned for at, f in enumerate(columns) if (turned := _COPIED.get(f.get_internal_type()))}


class _Lines:
    """The lines as a file that the driver reads, some at a time."""

    def __init__(self, lines: Iterator[str]):
        self._lines, self.failed = lines, None

    def read(self, size: int) -> bytes:
        try:
            return "".join(islice(self._lines, AT_ONCE)).encode()
        except Exception as failed:
            self.failed = failed
            raise


def _copied(row: Sequence, nullable: list[int], written: dict[int, Callable]) -> str:
    """A line of COPY's text format, without its end. Only a row that holds one of its own signs has them escaped, value by value."""
    row = list(row)
    for at, turned in written.items():
        row[at] = turned(row[at])
    nulls = [at for at in nullable if row[at] is None]
    for at in nulls:
        row[at] = "\\N"
    line = "\t".join(map(str, row))
    if line.count("\\") > len(nulls) or line.count("\t") >= len(row) or "\n" in line or "\r" in line:
        line = "\t".join([value if at in nulls else str(value).translate(_ESCAPED) for at, value in enumerate(row)])
    return line


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _json(value) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


_COPIED = {
    "JSONField": _json,
    "BinaryField": lambda value: f"\\x{bytes(value).hex()}",
}


def _statement(
    model: type[models.Model],
    columns: list[models.Field],
    rows: Iterable[Sequence],
    rest: list[models.Field],
    tail: list,
) -> None:
    named = ", ".join(f'"{field.column}"' for field in (*columns, *rest))
    marks = ", ".join(["%s"] * (len(columns) + len(rest)))
    end = [field.get_db_prep_save(value, connection) for field, value in zip(rest, tail, strict=True)]
    prepared = [
        (at, _json if isinstance(field, models.JSONField) else partial(field.get_db_prep_save, connection=connection))
        for at, field in enumerate(columns)
        if isinstance(field, _AS_TEXT)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({named}) VALUES ({marks})',
            (_prepared(row, prepared, end) for row in rows),
        )


def _prepared(row: Sequence, prepared: list, end: list) -> list:
    row = [*row, *end]
    for at, turned in prepared:
        row[at] = turned(row[at])
    return row
