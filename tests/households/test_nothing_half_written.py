"""Each service that writes is broken at its very last write; the database is then exactly what it was before.

The services are found in households/services by reading them; one that is added without a scene fails here, and so does
a scene that would not notice that its service lost its transaction. How to add one: tests/households/scenes/__init__.py.
"""

import ast
import hashlib
import importlib
import pkgutil
import re
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Value

from accounts import log
from accounts.set_based import update_from
from areas import bulk
from areas.models import Area
from tests.households import scenes

SERVICES = Path(settings.BASE_DIR, "households/services")
SCENES = {}
for found in pkgutil.iter_modules(scenes.__path__):
    SCENES |= importlib.import_module(f"{scenes.__name__}.{found.name}").SCENES
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
WRITES |= {"log", "log_many", "log_rows", "log_found", "insert", "set_column", "insert_from", "update_from"}
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\bUPDATE)\b", re.DOTALL | re.IGNORECASE)
# Public functions that write inside a caller's transaction, or keep a worker's claim on purpose (import_apply.claimed).
PARTS = {
    "change_rows.carry",
    "change_rows.finish",
    "change_rows.join_rows",
    "change_rows.keep",
    "change_rows.move_spells",
    "change_rows.reopen",
    "complaints.changed",
    "dossiers.take",
    "form_rows.write",
    "import_apply.claimed",
    "import_insert.enter",
    "import_updates.take_back",
    "import_updates.write",
    "register.write_members",
    "statuses.apply",
}
# Whole without its transaction too: all that is written is one write that Django, or another service, does whole.
ONE_WRITE = {"changes.as_seen", "reviews.save_draft"}


class PowerCut(Exception):
    pass


class Service:
    """A public function of a service module, and the private ones of the module that it calls."""

    def __init__(self, node, module):
        self.nodes, waiting = [], [node]
        while waiting:
            one = waiting.pop()
            self.nodes.append(one)
            called = {name.id for name in ast.walk(one) if isinstance(name, ast.Name)}
            waiting += [other for name, other in module.items() if name in called and name.startswith("_")
                        and other not in self.nodes + waiting]  # fmt: skip

    @property
    def is_atomic(self) -> bool:
        """Itself, or as all it does is to hand its work to a private function that is."""
        if len(self.nodes[0].body) <= 2 and isinstance(self.nodes[0].body[-1], ast.Return):
            return any(map(_is_atomic, self.nodes))
        return _is_atomic(self.nodes[0])

    @property
    def writes(self) -> bool:
        """By a manager, a row, the log or a set-based statement."""
        calls = [one.func for node in self.nodes for one in ast.walk(node) if isinstance(one, ast.Call)]
        return any(getattr(one, "attr", getattr(one, "id", "")) in WRITES for one in calls)


def _is_atomic(node) -> bool:
    return any(ast.unparse(one).startswith("transaction.atomic") for one in node.decorator_list)


def services() -> dict[str, Service]:
    found = {}
    for path in sorted(SERVICES.glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        module = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        public = {name: node for name, node in module.items() if not name.startswith("_")}
        found |= {f"{path.stem}.{name}": Service(node, module) for name, node in public.items()}
    return found


def test_every_service_that_writes_has_its_scene():
    atomic = {name for name, service in services().items() if service.is_atomic}
    played = {name.partition(" ")[0] for name in SCENES}
    assert atomic - played == set(), "add a scene in tests/households/scenes"
    assert played - atomic == set(), "no such service"


def test_what_writes_without_a_transaction_of_its_own_is_known():
    assert {name for name, service in services().items() if service.writes and not service.is_atomic} == PARTS


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    with transaction.atomic():
        call = SCENES[name](scenes.World())
        with cut_after(None) as counted:
            call()
        transaction.set_rollback(True)
    assert counted, "the scene writes nothing, so nothing is tested"
    if name not in ONE_WRITE:
        with transaction.atomic():
            assert broken(name, len(counted), without_its_transaction()), "it would not be noticed without @atomic"
            transaction.set_rollback(True)
    assert not broken(name, len(counted))


def broken(name, last: int, how=None) -> set[str]:
    """The tables that the scene, broken at a write, leaves otherwise than they were."""
    call = SCENES[name](scenes.World())
    before = digest()
    with pytest.raises(PowerCut), cut_after(last), how or nullcontext():
        call()
    transaction.set_rollback(False)  # so that what is left can be looked at
    after = digest()
    return {table for table in before if before[table] != after[table]}


@contextmanager
def without_its_transaction():
    """The outermost atomic block, which is the service's own, does nothing; those within it are as they were."""
    enter, leave, open_blocks = transaction.Atomic.__enter__, transaction.Atomic.__exit__, []

    def entered(block):
        if open_blocks:
            enter(block)
        open_blocks.append(block)

    def left(block, *why):
        open_blocks.pop()
        if open_blocks:
            leave(block, *why)

    with patch.multiple(transaction.Atomic, __enter__=entered, __exit__=left):
        yield


STATEMENTS = {
    "a row": lambda area, by: Area.objects.filter(pk=area.pk).update(order=7),
    "bulk.insert": lambda area, by: log.log_many(by, "x", [(area, {}, {})]),
    "bulk.set_column": lambda area, by: bulk.set_column(Area, "order", [(area.pk, 7)]),
    "insert_from": lambda area, by: log.log_found(
        by, "x", Area.objects.filter(pk=area.pk), label="name", area=area, before={}, after={}
    ),
    "update_from": lambda area, by: update_from(
        Area, ["order"], Area.objects.filter(pk=area.pk).values_list("pk", Value(7))
    ),
}


@pytest.mark.parametrize("how", STATEMENTS)
def test_each_way_of_writing_is_broken(areas, cast, how):
    with transaction.atomic(), pytest.raises(PowerCut), cut_after(1):
        STATEMENTS[how](areas["ward"], cast["hoa"])


@contextmanager
def cut_after(last: int | None):
    """The statements that write, as they are carried out; after the last one the power goes."""
    written = []

    def done(sql):
        written.append(sql)
        if len(written) == last:
            raise PowerCut

    def wrapper(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if WRITING.match(sql):
            done(sql)
        return answer

    def copied(model, columns, rows, copy=bulk._copy):  # PostgreSQL's COPY passes by the wrapper
        copy(model, columns, rows)
        done("COPY")

    with connection.execute_wrapper(wrapper), patch.object(bulk, "_copy", copied):
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
