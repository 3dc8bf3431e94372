"""Each service of reports that writes, broken at its last write: tests/power_cut.py."""

from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from reports import audit_services, services
from reports.models import Line
from tests import make
from tests.power_cut import inventory, play
from tests.reports import build
from tests.reports.conftest import DAY

FILES = [Path(settings.BASE_DIR, f"reports/{name}.py") for name in ("audit_services", "services")]
PARTS = {"services.claim", "services.release"}  # a claim stands while others look


class World:
    """The small plan and its year, its period, and whoever needs it the report."""

    def __init__(self):
        self.areas = make.a_city()
        self.cuc = make.a_cast(self.areas)["cuc"]
        self.plan = build.a_plan(self.areas)
        build.a_year(self.areas, make.the_standards())

    def period(self):
        return services.open_period(plan=self.plan, day=DAY)

    def frozen(self):
        return services.freeze(period=self.period(), today=DAY)


def downloaded(w):
    document, *_ = services.generate(report=w.frozen())
    return then(services.download, document=document, by=w.cuc)


def audited(w):
    """Something to be told of, and something that agrees again."""
    w.frozen()
    audit = then(audit_services.keep_findings, today=DAY, at=timezone.now())
    line = Line.objects.filter(indicator="housing").order_by("order").first()
    Line.objects.filter(pk=line.pk).update(actual=line.actual + 7)
    audit()
    Line.objects.filter(pk=line.pk).update(actual=line.actual)
    return audit


SCENES = {
    "audit_services.keep_findings": audited,
    "services.download": downloaded,
    "services.freeze": lambda w: then(services.freeze, period=w.period(), today=DAY),
    "services.generate": lambda w: then(services.generate, report=w.frozen(), by=w.cuc),
    "services.open_period": lambda w: then(services.open_period, plan=w.plan, day=DAY),
    "services.open_periods": lambda w: then(services.open_periods, today=DAY),
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, PARTS)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](World()))
