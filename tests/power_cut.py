"""A service broken in its middle: finding the services that write, and a power cut at the last write of one.

How it is used: tests/households/test_nothing_half_written.py, and the files of that name beside the other floors' tests.
"""

import ast
import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection, transaction

from areas import bulk

WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
WRITES |= {"log", "log_many", "log_rows", "log_found", "insert", "set_column", "insert_from", "update_from"}
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\bUPDATE)\b", re.DOTALL | re.IGNORECASE)
ATOMIC = ("transaction.atomic", "one_snapshot")


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
            known = {name: other for name, other in module.items() if name in called and name.startswith("_")}
            waiting += [other for other in known.values() if other not in self.nodes + waiting]

    @property
    def is_atomic(self) -> bool:
        """Itself, or as all it does is to hand its work to a private function that is."""
        body = self.nodes[0].body
        hands_on = len(body) <= 2 and isinstance(body[-1], ast.Return)
        return any(map(_is_atomic, self.nodes if hands_on else self.nodes[:1]))

    @property
    def writes(self) -> bool:
        """By a manager, a row, the log or a set-based statement."""
        calls = [one.func for node in self.nodes for one in ast.walk(node) if isinstance(one, ast.Call)]
        return any(getattr(one, "attr", getattr(one, "id", "")) in WRITES for one in calls)


def _is_atomic(node) -> bool:
    return any(ast.unparse(one).startswith(ATOMIC) for one in node.decorator_list)


def services(files: Iterable[Path]) -> dict[str, Service]:
    """By 'file.function'."""
    found = {}
    for path in files:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        module = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        public = {name: node for name, node in module.items() if not name.startswith("_")}
        found |= {f"{path.stem}.{name}": Service(node, module) for name, node in public.items()}
    return found


def inventory(files: Iterable[Path], scenes: Iterable[str], parts: set[str]) -> None:
    """Every service that writes has its scene; what writes without a transaction of its own is known as a part.

    A scene is named as its service, or, of several, with a word behind: 'ward_requests.answer moved'.
    """
    found = services(files)
    atomic = {name for name, service in found.items() if service.is_atomic}
    played = {name.partition(" ")[0] for name in scenes}
    assert atomic - played == set(), "add a scene"
    assert played - atomic == set(), "no such service"
    assert {name for name, service in found.items() if service.writes and not service.is_atomic} == parts


def play(scene: Callable[[], Callable], *, one_write: bool = False) -> None:
    """Broken at its last write the call leaves nothing; without its transaction it would, so that the scene can fail.

    `scene` makes a state and returns the call, which it does not make. `one_write`: what is written is whole without
    the service's transaction too, because Django, or another service, writes it in one of its own.
    """
    with transaction.atomic():
        call = scene()
        with cut_after(None) as counted:
            call()
        transaction.set_rollback(True)
    assert counted, "the scene writes nothing, so nothing is tested"
    with transaction.atomic():
        noticed = bool(_left_by(scene, len(counted), without_its_transaction()))
        assert noticed != one_write, "whether the scene notices a service without its transaction"
        transaction.set_rollback(True)
    assert not _left_by(scene, len(counted), nullcontext())


def _left_by(scene, last: int, how) -> set[str]:
    """The tables that the scene, broken at a write, leaves otherwise than they were."""
    call = scene()
    before = digest()
    with pytest.raises(PowerCut), cut_after(last), how:
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

    def copied(model, *given, copy=bulk._copy):  # PostgreSQL's COPY passes by the wrapper
        copy(model, *given)
        done("COPY")

    with connection.execute_wrapper(wrapper), patch.object(bulk, "_copy", copied):
        yield written


def digest() -> dict[str, str]:
    """A mark of each table's rows."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        rows = sorted(repr([_plain(value) for value in row]) for row in model._base_manager.order_by().values_list())
        found[model._meta.label] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _plain(value):
    """PostgreSQL gives bytes as a view of memory, which says only where they lie."""
    return bytes(value) if isinstance(value, memoryview) else value
