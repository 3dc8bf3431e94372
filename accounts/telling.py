"""A log line in words: names of tables and columns as people know them, choices and references resolved."""

from collections import defaultdict

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from accounts.models import Event

WORDS = {None: "–", "": "–", True: "có", False: "không"}
SEALED = "sealed"  # what only readers of households may read; their pages open it
COLUMNS = {SEALED: "nội dung về hộ", "changed": "mục đã sửa", "version": "bản"}
COLUMNS |= {"number": "số quyết định", "day": "ngày quyết định", "amended_on": "có hiệu lực từ", "basis": "căn cứ"}


def table_of(event: Event) -> str:
    """The table's name; the code itself when the table is no longer there."""
    model = _model(event)
    return str(model._meta.verbose_name) if model else event.subject_type


def changes_of(event: Event, named: dict | None = None) -> list[tuple[str, str, str]]:
    """(column, before, after) for each column that the line speaks of. `named`: as names_in finds them for many lines."""
    model = _model(event)
    named = names_in([event]) if named is None else named
    names = [*event.before, *(name for name in event.after if name not in event.before)]
    sides = event.before, event.after
    return [(_column(model, name), *(_value(model, name, side.get(name), named) for side in sides)) for name in names]


def names_in(events) -> dict[tuple, str]:
    """What the rows are called that these lines point to: one query for each table."""
    wanted = defaultdict(set)
    for event in events:
        model = _model(event)
        for name, value in [*event.before.items(), *event.after.items()]:
            field = _field(model, name)
            if field is not None and field.many_to_one and isinstance(value, int):
                wanted[field.related_model].add(value)
    found = {model: model._default_manager.in_bulk(keys) for model, keys in wanted.items()}
    return {(model, pk): str(row) for model, rows in found.items() for pk, row in rows.items()}


def _model(event):
    try:
        return apps.get_model(event.subject_type)
    except (LookupError, ValueError):
        return None


def _field(model, name):
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _column(model, name) -> str:
    field = _field(model, name)
    if name in COLUMNS and (field is None or name == "version"):
        return COLUMNS[name]
    if field is not None and not field.concrete and field.related_model:
        return str(field.related_model._meta.verbose_name)
    return str(getattr(field, "verbose_name", name))


def _value(model, name, value, named) -> str:
    field = _field(model, name)
    if name == SEALED and value:
        return "đã niêm phong"
    if name == "changed" and isinstance(value, list):
        return ", ".join(_column(model, one) for one in value) or "–"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    if isinstance(value, dict):
        return str(value)
    if value in ("", None) or isinstance(value, bool):
        return WORDS[value]
    if getattr(field, "choices", None):  # rows that point here ('members') are no columns
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.many_to_one and isinstance(value, int):
        return named.get((field.related_model, value), str(value))
    return str(value)
