"""Many rows into a table in one stroke: COPY on PostgreSQL, one prepared statement elsewhere.

Below all models, so it takes any model. It does what the database asks and no more: neither `save` nor `full_clean`
runs, so the caller has checked the rows. Constraints hold as always, and everything belongs to the caller's transaction.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

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
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)::regclass::oid", [table, column])  # slow: once
            cursor.execute("SELECT nextval(%s::oid) FROM generate_series(1, %s)", [*cursor.fetchone(), count])
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
    end = "\t" + _Lines([tail], rest).text() if rest else "\n"
    lines = _Lines(rows, columns, end)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        try:
            cursor.cursor.copy_expert(f'COPY "{model._meta.db_table}" ({named}) FROM STDIN', lines)
        except Exception as failed:
            raise lines.failed or failed from None  # the driver tells only that there was an error in .read()


class _Lines:
    """Rows in COPY's text format, as a file that the driver reads, some at a time. `end`: of each line, already written."""

    def __init__(self, rows: Iterable[Sequence], columns: list[models.Field], end: str = "\n"):
        self._rows, self._width, self.failed = iter(rows), len(columns), None
        self._written = [
            (at, way) for at, field in enumerate(columns) if (way := _COPIED.get(field.get_internal_type()))
        ]
        self._line = "\t".join(["%s"] * len(columns)) + end.replace("%", "%%")

    def read(self, size: int) -> bytes:
        try:
            return self.text().encode()
        except Exception as failed:
            self.failed = failed
            raise

    def text(self) -> str:
        """The next rows. Only among such as hold one of the format's own signs is each value escaped."""
        rows = list(islice(self._rows, AT_ONCE))
        if self._written:
            rows = [self._as_written(row) for row in rows]
        if any(len(row) != self._width for row in rows):
            raise ValueError("a row has more or fewer values than there are columns")
        values = tuple(chain.from_iterable(rows))
        if nulls := values.count(None):
            values = tuple(["\\N" if value is None else value for value in values])
        text = self._line * len(rows) % values
        ours = {"\\": nulls, "\t": 0, "\n": 0, "\r": 0}
        if all(text.count(sign) == self._line.count(sign) * len(rows) + more for sign, more in ours.items()):
            return text
        values = chain.from_iterable(rows)
        escaped = tuple("\\N" if value is None else str(value).translate(_ESCAPED) for value in values)
        return self._line * len(rows) % escaped

    def _as_written(self, row: Sequence) -> list:
        row = list(row)
        for at, way in self._written:
            row[at] = way(row[at])
        return row


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
