"""Many rows written in one statement from rows that the database holds already: no row travels to Python and back.

The SQL is the same on PostgreSQL and SQLite. Neither a model's defaults nor its `save` take part, so every column that
must not be null is named. Both run in the caller's transaction and return how many rows were written.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def insert_from(model: type[Model], columns: list[str], rows: QuerySet) -> int:
    """INSERT … SELECT. `rows`: a values_list with an expression for each of the columns, in their order."""
    return _run(rows, lambda sql: f"INSERT INTO {_table(model)} ({_names(model, columns)}) {sql}")


def update_from(model: type[Model], columns: list[str], rows: QuerySet) -> int:
    """UPDATE … FROM. `rows`: a values_list of the key of the row to change and an expression for each of the columns."""
    names = _names(model, columns).split(", ")
    key = connection.ops.quote_name(model._meta.pk.column)
    sets = ", ".join(f"{name} = given.{name}" for name in names)
    return _run(
        rows,
        lambda sql: (
            f"WITH given (given_key, {', '.join(names)}) AS ({sql}) "
            f"UPDATE {_table(model)} SET {sets} FROM given WHERE {_table(model)}.{key} = given.given_key"
        ),
    )


def _run(rows: QuerySet, around) -> int:
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:  # asked of nothing, nothing is written
        return 0
    with connection.cursor() as cursor:
        cursor.execute(around(sql), params)
        return cursor.rowcount


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(model: type[Model], columns: list[str]) -> str:
    return ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in columns)
