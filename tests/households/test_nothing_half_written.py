"""Each service that writes is broken at its very last write; the database is then exactly what it was before.

The services are found in households/services by reading them; one that is added without a scene fails here, and so does
a scene that would not notice that its service lost its transaction. How to add one: tests/households/scenes/__init__.py.
"""

import importlib
import pkgutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Value

from accounts.log import log_found, log_many
from areas import bulk
from areas.models import Area
from areas.set_based import update_from
from tests.households import scenes
from tests.power_cut import PowerCut, cut_after, inventory, play

SCENES = {}
for found in pkgutil.iter_modules(scenes.__path__):
    SCENES |= importlib.import_module(f"{scenes.__name__}.{found.name}").SCENES
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
    "supports.let_go",
    "import_updates.write",
    "register.write_members",
    "statuses.apply",
}
ONE_WRITE = {"changes.as_seen", "reviews.save_draft"}
STATEMENTS = {
    "a row": lambda area, by: Area.objects.filter(pk=area.pk).update(order=7),
    "bulk.insert": lambda area, by: log_many(by, "x", [(area, {}, {})]),
    "bulk.set_column": lambda area, by: bulk.set_column(Area, "order", [(area.pk, 7)]),
    "insert_from": lambda area, by: log_found(
        by, "x", Area.objects.filter(pk=area.pk), label="name", area=area, before={}, after={}
    ),
    "update_from": lambda area, by: update_from(
        Area, ["order"], Area.objects.filter(pk=area.pk).values_list("pk", Value(7))
    ),
}


def test_every_service_that_writes_has_its_scene():
    inventory(sorted(Path(settings.BASE_DIR, "households/services").glob("*.py")), SCENES, PARTS)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](scenes.World()), one_write=name in ONE_WRITE)


@pytest.mark.parametrize("how", STATEMENTS)
def test_each_way_of_writing_is_broken(areas, cast, how):
    with transaction.atomic(), pytest.raises(PowerCut), cut_after(1):
        STATEMENTS[how](areas["ward"], cast["hoa"])
