"""A household's life: what each change does to its spells and members, and that it can be taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Event
from households.members import Person
from households.models import Household, HouseholdChange, Member, StatusSpell
from households.services import change_rows, changes, register
from tests import make

DAY = date(2023, 5, 4)


@pytest.fixture
def home(areas, standards):
    household = make.a_household(areas["ward"], members=3)
    make.a_spell(household, standards[0], persons=3)
    return household


def rows():
    """Everything that a change writes but versions and the change itself."""
    return [
        list(Household.objects.order_by("pk").values("pk", "ward", "address", "closed_on", "closed_as", "merged_into")),
        list(Member.objects.order_by("pk").values()),
        list(StatusSpell.objects.order_by("pk").values()),
    ]


def people(home):
    return list(home.members.filter(left_on__isnull=True).order_by("pk"))


def act(kind, home, by, areas):
    others = [one.pk for one in people(home) if one.relation != "head"]
    more = {"household": home, "day": DAY, "by": by}
    if kind == "move":
        return changes.move_within(ward=areas["next_ward"], group="Tổ 1", address="1 Mới", **more)
    if kind == "out":
        return changes.move_out(**more)
    if kind == "died":
        return changes.die_out(**more)
    if kind == "split":
        return changes.split(members={others[0]}, head=others[0], group="Tổ 2", address="2 Mới", **more)
    if kind == "merge":
        return changes.merge(into=make.a_household(areas["ward"]), **more)
    if kind == "head":
        return changes.change_head(head=others[0], old_head_becomes="parent", **more)
    if kind == "left":
        return changes.member_leaves(member=others[0], left_as="died", **more)
    return changes.member_joins(person=Person("Ngô Bé", "child", "male", 2022), **more)


SPELLS = {
    "move": [("moved_out", 3), ("moved_in", 3)],
    "out": [("moved_out", 3)],
    "died": [("died_out", 3)],
    "split": [("facts_changed", 3), ("split", 1), ("facts_changed", 2)],
    "merge": [("merged", 3)],
    "head": [("", 3)],
    "left": [("facts_changed", 3), ("facts_changed", 2)],
    "joined": [("facts_changed", 3), ("facts_changed", 4)],
}


@pytest.mark.parametrize("kind", SPELLS)
def test_each_change_writes_its_spells_once_and_is_logged(cast, areas, home, kind):
    change = act(kind, home, cast["hoa"], areas)
    first, *rest = StatusSpell.objects.order_by("pk")
    assert [(first.closed_as, first.persons), *((one.opened_as, one.persons) for one in rest)] == SPELLS[kind]
    assert Event.objects.filter(action="household.changed").count() == 1
    home.refresh_from_db()
    assert home.version == 2
    assert bool(home.closed_on) == (kind in ("out", "died", "merge"))
    assert "Mới" not in change.before


@pytest.mark.parametrize("kind", SPELLS)
def test_each_change_can_be_taken_back(cast, areas, home, kind):
    if kind == "merge":
        other = make.a_household(areas["ward"], head="Lê Khác")
        was = rows()
        change = changes.merge(household=home, into=other, day=DAY, by=cast["hoa"])
    else:
        was = rows()
        change = act(kind, home, cast["hoa"], areas)
    changes.undo(change=change, by=cast["hoa"], now=timezone.now())
    assert rows() == was
    assert Event.objects.filter(action="household.undone").count() == 1
    with pytest.raises(ValidationError):
        changes.undo(change=change, by=cast["hoa"], now=timezone.now())


@pytest.mark.parametrize("kind", [kind for kind in SPELLS if kind != "merge"])
def test_a_fault_in_the_middle_leaves_nothing(cast, areas, home, kind, monkeypatch):
    was = rows()
    monkeypatch.setattr(change_rows, "log", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        act(kind, home, cast["hoa"], areas)
    assert rows() == was
    assert not HouseholdChange.objects.exists()


def test_undo_is_for_the_writer_on_the_day_and_while_nothing_is_newer(cast, areas, home):
    change = act("left", home, cast["hoa"], areas)
    for_another = make.a_user(cast["hoa"].role, areas["ward"])
    with pytest.raises(PermissionDenied):
        changes.undo(change=change, by=for_another, now=timezone.now())
    with pytest.raises(ValidationError):
        changes.undo(change=change, by=cast["hoa"], now=timezone.now() + timedelta(days=1))
    Household.objects.filter(pk=home.pk).update(version=9)
    with pytest.raises(ValidationError):
        changes.undo(change=change, by=cast["hoa"], now=timezone.now())


@pytest.mark.parametrize("who", ["lan", "binh", "cuc"])
def test_only_editors_of_the_ward(cast, areas, home, who):
    with pytest.raises(PermissionDenied):
        act("out", home, cast[who], areas)


def test_the_day_is_after_the_last_change_of_status(cast, home):
    with pytest.raises(ValidationError):
        changes.move_out(household=home, day=date(2022, 12, 14), by=cast["hoa"])
    changes.move_out(household=home, day=date(2022, 12, 15), by=cast["hoa"])


@pytest.mark.parametrize(
    "page", ["chuyen-cho", "chuyen-di", "tach-ho", "nhap-ho", "dong-ho-so", "doi-chu-ho", "roi-ho", "vao-ho"]
)
def test_pages_by_role(as_user, home, page):
    address = f"/ho/{home.code}/bien-dong/{page}/"
    assert as_user("lan").get(address).status_code == 403
    assert as_user("binh").get(address).status_code == 404
    answer = as_user("hoa").get(address)
    assert answer.status_code == 200
    assert "Sẽ được ghi" in answer.content.decode()
    assert as_user("hoa").post(address, {"day": ""}).status_code == 200


def test_a_move_out_and_back_through_the_pages(as_user, home):
    hoa = as_user("hoa")
    done = hoa.post(f"/ho/{home.code}/bien-dong/chuyen-di/", {"day": "04/05/2023"}, follow=True)
    assert "Hoàn tác" in done.content.decode()
    change = HouseholdChange.objects.get()
    assert "Hoàn tác" in hoa.get(f"/ho/{home.code}/").content.decode()
    hoa.post(f"/ho/bien-dong/{change.pk}/hoan-tac/")
    home.refresh_from_db()
    assert home.closed_on is None


def test_clearing_a_fact_is_a_change_that_is_logged(cast, home):
    Member.objects.filter(household=home, relation="head").update(schooling="primary")
    head = home.members.get(relation="head")
    person = Person(head.full_name, "head", head.sex, head.birth_year, key=head.pk, schooling="")
    place = {"group": home.group, "address": home.address, "phone": home.phone}
    register.edit_household(household=home, version=1, members=[person], gone=set(), day=DAY, by=cast["hoa"], **place)
    home.refresh_from_db()
    assert home.version == 2
    assert Event.objects.filter(action="household.edited").count() == 1
