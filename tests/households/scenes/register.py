"""The register: entered, edited, changed, twice in it; the law's rows; the calendar."""

from datetime import UTC, date, datetime

from django.utils import timezone

from households import catalogue
from households.management.commands.load_standards import SHIPPED
from households.models import DuplicatePair
from households.services import calendar, changes, duplicates, register, standards, ward_requests
from tests import make
from tests.households import test_ward_requests as across_wards
from tests.households.scenes import TODAY, then
from tests.households.test_changes import act
from tests.households.test_register import HEAD, WIFE

NOON = datetime(2023, 5, 4, 5, 0, tzinfo=UTC)
DEADLINE = {"kind": "annual", "step": "posting", "days": 3, "working": True, "from_start": False, "legal_basis": "thử"}


def changed(kind):
    """A household's change as test_changes makes it."""
    return lambda w: then(act, kind, w.home, w.hoa, w.areas)


def merged(w):
    into = make.a_household(w.ward, head="Lê Khác")
    make.a_spell(into, w.standards[0])
    return then(changes.merge, household=w.home, into=into, day=TODAY, by=w.hoa)


def a_pair(w):
    found = make.a_household(w.ward, members=2), make.a_household(w.ward, members=3)
    duplicates.find_duplicates(ward=w.ward, by=w.hoa, today=TODAY)
    return {"pair": DuplicatePair.objects.get(), "by": w.hoa, "now": timezone.now()}, found[0].pk


def same(w):
    pair, keep = a_pair(w)
    return then(duplicates.answer_same, **pair, keep=keep, today=TODAY)


def found_twice(w):
    make.a_household(w.ward, members=2)
    make.a_household(w.ward, members=3)
    return then(duplicates.find_duplicates, ward=w.ward, by=w.hoa, today=TODAY)


def of_two_wards(w):
    return make.a_household(w.ward, members=2), make.a_household(w.areas["next_ward"], members=2)


def found_across(w):
    of_two_wards(w)
    return then(across_wards.across, w.cuc, w.ward)


def asked_about_pair(w):
    _, other = of_two_wards(w)
    across_wards.across(w.cuc, w.ward)
    more = {"moved_from": other.pk, "reason": "cùng một gia đình", "by": w.cuc, "now": timezone.now()}
    return then(ward_requests.ask_about_pair, pair=DuplicatePair.objects.get(), **more)


def asked(w):
    across_wards.a_family(w.cast, w.standards)
    return then(across_wards.ask, w.hoa)


def answered(what):
    return lambda w: then(across_wards.answer, asked(w)(), what, w.binh)


def edited(w):
    more = {"phone": "", "members": [WIFE], "gone": {w.child}, "left_as": {w.child: "moved"}, "day": TODAY, "by": w.hoa}
    return then(register.edit_household, household=w.home, version=1, group="Tổ 9", address="9 Mới", **more)


def registered(w):
    more = {"phone": "", "members": [HEAD, WIFE], "day": TODAY, "by": w.hoa}
    return then(register.register_household, ward=w.ward, group="Tổ 9", address="9 Mới", **more)


ANSWERS = ("moved", "person_moved", "mistake", "different")

SCENES = {
    "calendar.load_calendar": lambda w: then(
        calendar.load_calendar, deadlines=[DEADLINE], holidays=[{"day": "2023-10-12", "name": "thử"}]
    ),
    "changes.as_seen": lambda w: then(
        changes.as_seen, household=w.home, version=1, write=then(act, "out", w.home, w.hoa, w.areas)
    ),
    "changes.change_head": changed("head"),
    "changes.die_out": changed("died"),
    "changes.member_joins": changed("joined"),
    "changes.member_leaves": changed("left"),
    "changes.merge": merged,
    "changes.move_out": changed("out"),
    "changes.move_within": changed("move"),
    "changes.split": changed("split"),
    "changes.undo": lambda w: then(
        changes.undo, change=act("split", w.home, w.hoa, w.areas), by=w.hoa, now=timezone.now()
    ),
    "duplicates.answer_different": lambda w: then(duplicates.answer_different, **a_pair(w)[0]),
    "duplicates.answer_same": same,
    "duplicates.find_across": found_across,
    "duplicates.find_duplicates": found_twice,
    "register.edit_household": edited,
    "register.register_household": registered,
    "standards.confirm_standard": lambda w: then(
        standards.confirm_standard, standard=w.standards[1], document="12/2022", at=NOON, by=w.cuc
    ),
    "standards.ensure_rounds": lambda w: then(standards.ensure_rounds, year=date(2023, 1, 1).year, by=w.cuc),
    "standards.load_standards": lambda w: then(
        standards.load_standards, catalogue=catalogue.read(SHIPPED.read_text(encoding="utf-8"))
    ),
    "ward_requests.ask_about_pair": asked_about_pair,
    "ward_requests.ask_ward": asked,
} | {f"ward_requests.answer {what}": answered(what) for what in ANSWERS}
