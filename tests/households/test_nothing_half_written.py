"""Each service that writes is broken at its very last write; the database is then exactly what it was before.

The services are found in households/services by reading them; one that is added without a scene fails here. How to add
a scene: tests/households/scenes/__init__.py.
"""

import ast
import hashlib
import importlib
import pkgutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from tests.households import scenes

SERVICES = Path(settings.BASE_DIR, "households/services")
SCENES = {}
for found in pkgutil.iter_modules(scenes.__path__):
    SCENES |= importlib.import_module(f"{scenes.__name__}.{found.name}").SCENES
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
# Public functions that write inside a caller's transaction, or keep a worker's claim on purpose (import_apply.claimed).
PARTS = {
    "complaints.changed",
    "dossiers.take",
    "import_apply.claimed",
    "register.write_members",
    "statuses.apply",
}


class PowerCut(Exception):
    pass


def public():
    """(name, node) of each public function of a service module."""
    for path in sorted(SERVICES.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{path.stem}.{node.name}", node


def is_atomic(node) -> bool:
    return any(ast.unparse(one).startswith("transaction.atomic") for one in node.decorator_list)


def writes(node) -> bool:
    """Whether the function itself writes: by a manager, a row or the log."""
    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    by_row = any(isinstance(one, ast.Attribute) and one.attr in WRITES for one in calls)
    return by_row or any(isinstance(one, ast.Name) and one.id in ("log", "log_many") for one in calls)


def test_every_service_that_writes_has_its_scene():
    atomic = {name for name, node in public() if is_atomic(node)}
    assert atomic - SCENES.keys() == set(), "add a scene in tests/households/scenes"
    assert SCENES.keys() - atomic == set(), "no such service"


def test_what_writes_without_a_transaction_of_its_own_is_known():
    assert {name for name, node in public() if writes(node) and not is_atomic(node)} == PARTS


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    with transaction.atomic():
        call = SCENES[name](scenes.World())
        with cut_after(None) as counted:
            call()
        transaction.set_rollback(True)
    assert counted, "the scene writes nothing, so nothing is tested"
    call = SCENES[name](scenes.World())
    before = digest()
    with pytest.raises(PowerCut), cut_after(len(counted)):
        call()
    assert digest() == before


def test_a_service_without_its_transaction_would_be_noticed(db):
    call = SCENES["complaints.assign_complaint"](scenes.World())
    before = digest()
    with pytest.raises(PowerCut), cut_after(2):
        call.func.__wrapped__(**call.keywords)
    transaction.set_rollback(False)
    assert digest() != before


@contextmanager
def cut_after(last: int | None):
    """The statements that write, as they are carried out; after the last one the power goes."""
    written = []

    def wrapper(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
            if len(written) == last:
                raise PowerCut
        return answer

    with connection.execute_wrapper(wrapper):
        yield written


def digest() -> dict[str, str]:
    """A mark of each table's rows."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        rows = sorted(repr([plain(value) for value in row]) for row in model._base_manager.order_by().values_list())
        found[model._meta.label] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def plain(value):
    """PostgreSQL gives bytes as a view of memory, which says only where they lie."""
    return bytes(value) if isinstance(value, memoryview) else value
