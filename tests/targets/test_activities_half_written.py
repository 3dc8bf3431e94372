"""Each service of activities and the roster that writes, broken at its last write: tests/power_cut.py."""

from datetime import date
from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings

from targets import activity_following, activity_services, roster_services
from targets.roster import Row
from targets.task_services import Given
from tests import make
from tests.power_cut import inventory, play
from tests.targets.activities import DAY, a_plan, an_activity, an_officer, was_there
from tests.targets.tasks import NOW

TODAY = date(2023, 9, 30)
PDF = Given("anh.pdf", b"%PDF-1.4 thu")
FILES = sorted(
    file for name in ("activity_*.py", "roster_*.py") for file in Path(settings.BASE_DIR, "targets").glob(name)
)


class World:
    def __init__(self):
        self.areas = make.a_city()
        self.cast = make.a_cast(self.areas)
        self.plan, self.ward = a_plan(), self.areas["ward"]
        self.staff, self.hoa, self.agency = self.cast["staff"], self.cast["hoa"], self.cast["staff"].agency

    def held(self, kind, **more):
        return an_activity(self.plan, self.agency, self.ward, kind, **more)


def values(w, **more):
    return {
        "title": "Thử", "day": DAY, "area": w.ward, "clause": w.plan.clauses.get(ref="III.3"), "households": 3,
    } | more  # fmt: skip


def edited(w):
    row = w.held("dialogue", households=2)
    return then(activity_services.edit_activity, activity=row, version=1, by=w.staff, today=TODAY, **values(w))


def cancelled(w):
    return then(
        activity_services.cancel_activity, activity=w.held("dialogue"), version=1, reason="Hoãn", by=w.staff, at=NOW
    )


def restored(w):
    return then(activity_services.restore_activity, activity=cancelled(w)(), version=2, by=w.staff)


def with_file(w):
    row = w.held("dialogue")
    activity_services.add_files(activity=row, files=[PDF], by=w.staff)
    return row.files.get()


def joined(w):
    code = make.a_household(w.ward).code
    return then(
        activity_following.join_model, activity=w.held("model"), code=code, joined_on=DAY, by=w.staff, today=TODAY
    )


def told(w):
    link = joined(w)()
    return then(
        activity_following.tell_result, link=link, version=1, joined_on=DAY, result="better", result_on=TODAY, note="",
        by=w.staff, today=TODAY,
    )  # fmt: skip


def ticked(w):
    row, one, two = w.held("training"), an_officer(w.ward, "Một"), an_officer(w.ward, "Hai")
    was_there(row, one)
    return then(activity_following.tick, activity=row, shown=[one.pk, two.pk], present=[two.pk], by=w.staff, at=NOW)


def followed(w):
    row = w.held("inspection", recommendations="Sửa")
    more = {"text": "Đã sửa", "by": w.staff, "today": TODAY, "at": NOW}
    return then(activity_following.follow_up, activity=row, step="close", day=DAY, **more)


OFFICER = {"kind": "officer", "full_name": "Cán bộ Ba", "post": "Cán bộ", "group": "", "valid_from": DAY}


def imported(w):
    rows = [Row(n, f"Cán bộ {n}", "group", "Tổ trưởng", f"Tổ {n}", "", None) for n in (2, 3)]
    return then(roster_services.import_officers, rows=rows, area=w.ward, start=DAY, by=w.hoa, today=TODAY)


SCENES = {
    "activity_services.enter_activity": lambda w: then(
        activity_services.enter_activity,
        kind="dialogue",
        agency=w.agency,
        by=w.staff,
        today=TODAY,
        files=[PDF],
        **values(w),
    ),
    "activity_services.edit_activity": edited,
    "activity_services.cancel_activity": cancelled,
    "activity_services.restore_activity": restored,
    "activity_services.add_files": lambda w: then(
        activity_services.add_files, activity=w.held("dialogue"), files=[PDF, PDF], by=w.staff
    ),
    "activity_services.remove_file": lambda w: then(activity_services.remove_file, file=with_file(w), by=w.staff),
    "activity_services.download_file": lambda w: then(activity_services.download_file, file=with_file(w), by=w.staff),
    "activity_following.follow_up": followed,
    "activity_following.tick": ticked,
    "activity_following.join_model": joined,
    "activity_following.tell_result": told,
    "activity_following.leave_model": lambda w: then(activity_following.leave_model, link=joined(w)(), by=w.staff),
    "roster_services.add_officer": lambda w: then(
        roster_services.add_officer, area=w.ward, by=w.hoa, today=TODAY, **OFFICER
    ),
    "roster_services.edit_officer": lambda w: then(
        roster_services.edit_officer,
        officer=an_officer(w.ward),
        version=1,
        area=w.ward,
        by=w.hoa,
        today=TODAY,
        **OFFICER,
    ),
    "roster_services.drop_officer": lambda w: then(roster_services.drop_officer, officer=an_officer(w.ward), by=w.hoa),
    "roster_services.import_officers": imported,
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, set())


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](World()))
