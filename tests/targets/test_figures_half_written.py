"""Each service of figures and past years that writes, broken at its last write: tests/power_cut.py."""

from datetime import date
from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings

from targets import figure_services, past_services
from targets.models import FigureFile, Indicator, Plan
from tests import make
from tests.power_cut import inventory, play

FILES = [Path(settings.BASE_DIR, "targets", name) for name in ("figure_services.py", "past_services.py")]
DAY = date(2023, 9, 30)


class World:
    def __init__(self):
        self.areas = make.a_city()
        self.cast = make.a_cast(self.areas)
        self.plan = Plan.objects.create(number="66/KH-UBND", year=2023, title="x", issued_on=date(2023, 3, 17))
        self.housing = Indicator.objects.create(
            code="housing", name="x", definition="x", unit="house", source="supports"
        )
        self.cuc = self.cast["cuc"]

    def typed(self):
        more = {"day": DAY, "today": DAY, "count": 0, "evidence": "BC 1", "file": ("a.pdf", b"%PDF-1.7")}
        area = self.areas["city"]
        return then(
            figure_services.enter_figure, plan=self.plan, indicator=self.housing, area=area, by=self.cuc, **more
        )

    def typed_together(self):
        foreign = Indicator.objects.create(
            code="foreign_projects", name="x", definition="x", unit="unit", source="typed"
        )
        typed = [figure_services.Typing(foreign, self.areas[area], DAY, 3) for area in ("city", "ward")]
        return then(figure_services.enter_many, plan=self.plan, typed=typed, evidence="BC 1", today=DAY, by=self.cuc)

    def closed(self):
        return then(figure_services.close_figures, plan=self.plan, day=DAY, by=self.cuc)


def downloaded(w):
    w.typed()()
    return then(figure_services.download, file=FigureFile.objects.get(), by=w.cuc)


def opened(w):
    w.closed()()
    return then(figure_services.open_figures, plan=w.plan, to=None, reason="Sửa", by=w.cuc)


def a_past_year(w):
    _, city = make.the_standards()
    home = make.a_household(w.areas["ward"])
    make.a_spell(home, city, valid_from=date(2022, 2, 1))
    make.a_support(home, "house_new", date(2022, 6, 1))
    return then(past_services.keep_past, today=DAY)


SCENES = {
    "figure_services.close_figures": World.closed,
    "figure_services.enter_many": World.typed_together,
    "figure_services.download": downloaded,
    "figure_services.enter_figure": World.typed,
    "figure_services.open_figures": opened,
    "past_services.keep_past": a_past_year,
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, set())


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](World()))


def test_a_past_year_is_kept_once_and_says_how_far_each_month_was(db):
    world = World()
    assert a_past_year(world)() == 1
    assert past_services.keep_past(today=DAY) == 0
    shares = list(world.housing.past_shares.values_list("year", "month", "share"))
    assert [(year, month, int(share)) for year, month, share in shares] == [
        (2022, m, int(m >= 6)) for m in range(1, 13)
    ]
