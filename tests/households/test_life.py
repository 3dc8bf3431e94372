"""Random lives of households: after each step, taken back or not, the ledgers balance and persons follow the members."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.ledger_queries import ledger_of
from households.members import Person
from households.models import Household, Member, StatusSpell
from households.services import changes, register
from tests import make
from tests.households.test_changes import rows

START = date(2023, 1, 2)
KINDS = ["move", "near", "out", "died", "split", "merge", "head", "left", "joined", "edited"]
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 20), st.booleans()), min_size=1, max_size=8
)


def act(kind, home, pick, day, areas, users):
    """One step in the life of a household, by the officer of its ward. ValidationError: it may not be written."""
    by = users[home.ward_id]
    held = list(home.members.filter(left_on=None).order_by("pk"))
    others = [one.pk for one in held if one.relation != "head"]
    more, place = {"household": home, "day": day, "by": by}, {"group": "Tổ 1", "address": f"{pick} Mới"}
    if kind in ("split", "head", "left") and not others:
        raise ValidationError("nobody but the head")
    one = others[pick % len(others)] if others else None
    if kind in ("move", "near"):
        ward = areas["next_ward"] if home.ward == areas["ward"] else areas["ward"]
        return changes.move_within(ward=ward if kind == "move" else home.ward, **place, **more)
    if kind == "merge":
        into = Household.objects.filter(ward=home.ward, closed_on=None).exclude(pk=home.pk).order_by("pk").first()
        if into is None:
            raise ValidationError("nowhere to go")
        return changes.merge(into=into, **more)
    if kind == "edited":
        new = [Person("Ngô Thêm", "child", "male", 2015)] * (pick % 3)
        known = home.changes.first()
        register.edit_household(
            **more,
            **place,
            version=home.version,
            phone="",
            members=new,
            gone={one} if one else set(),
            left_as={one: "mistake"} if one else {},
        )
        newest = home.changes.first()
        return None if newest == known else newest  # who only corrects an address writes no change
    return {
        "out": lambda: changes.move_out(**more),
        "died": lambda: changes.die_out(**more),
        "split": lambda: changes.split(members={one}, head=one, **place, **more),
        "head": lambda: changes.change_head(head=one, old_head_becomes="parent", **more),
        "left": lambda: changes.member_leaves(member=one, left_as="died", **more),
        "joined": lambda: changes.member_joins(person=Person("Ngô Bé", "child", "male", 2022), **more),
    }[kind]()


def check(cuc, standard, day):
    for first, last in ((START, day), (START + timedelta(days=3), day + timedelta(days=3)), (day, day)):
        if first <= last:
            found = ledger_of(cuc, standard, first, last)
            assert all(ledger.balances for ledger in found.values()), (first, last)
    for spell in StatusSpell.objects.open().select_related("household"):
        assert spell.household.closed_on is None
        assert spell.ward_id == spell.household.ward_id
        assert spell.persons == spell.household.members.filter(left_on=None).count()
    for home in Household.objects.filter(closed_on=None):
        assert home.members.filter(left_on=None, relation="head").count() == 1
    assert not Member.objects.filter(left_on=None, household__closed_on__isnull=False).exists()


@settings(
    max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_every_life_balances_and_every_step_can_be_taken_back(areas, cast, standards, lives):
    with transaction.atomic():
        central, _ = standards
        users = {areas["ward"].pk: cast["hoa"], areas["next_ward"].pk: cast["binh"]}
        for members in (4, 2, 3):
            home = make.a_household(areas["ward"], members=members)
            make.a_spell(home, central, persons=members, category="poor" if members > 2 else "near_poor")
        day = START
        for kind, pick, after, taken_back in lives:
            day += timedelta(days=after)
            homes = list(Household.objects.filter(closed_on=None).select_related("ward").order_by("pk"))
            if not homes:
                break
            was = rows()
            try:
                with transaction.atomic():
                    change = act(kind, homes[pick % len(homes)], pick, day, areas, users)
            except (ValidationError, register.Refused):
                assert rows() == was
                continue
            check(cast["cuc"], central, day)
            if taken_back and change is not None:
                address = f"{pick} Mới"
                changes.undo(change=change, by=change.by, now=timezone.now())
                if kind == "edited":  # the corrected address is no part of what was taken back
                    was = [
                        [one | {"address": address} if one["pk"] == change.household_id else one for one in was[0]],
                        *was[1:],
                    ]
                assert rows() == was, kind
                check(cast["cuc"], central, day)
        transaction.set_rollback(True)


@pytest.mark.parametrize("persons", [2, 3])
def test_an_edit_moves_the_spell_only_when_there_are_more_or_fewer(areas, cast, standards, persons):
    home = make.a_household(areas["ward"], members=3)
    make.a_spell(home, standards[0], persons=3)
    leaving = home.members.exclude(relation="head").first()
    new = [Person("Ngô Thêm", "child", "male", 2015)] if persons == 3 else []
    edit(home, cast["hoa"], members=new, gone={leaving.pk}, left_as={leaving.pk: "died"})
    spell = StatusSpell.objects.open().get()
    assert (spell.persons, spell.opened_as) == (persons, "listed" if persons == 3 else "facts_changed")
    assert Member.objects.get(pk=leaving.pk).left_as == "died"


def test_a_second_leaving_of_one_day_corrects_the_spell_of_the_first(areas, cast, standards):
    home = make.a_household(areas["ward"], members=4)
    make.a_spell(home, standards[0], persons=4)
    first, second, _ = home.members.exclude(relation="head")
    was = rows()
    one = changes.member_leaves(household=home, member=first.pk, left_as="died", day=START, by=cast["hoa"])
    middle = rows()
    home.refresh_from_db()
    edit(home, cast["hoa"], gone={second.pk}, left_as={second.pk: "mistake"})
    assert list(StatusSpell.objects.order_by("pk").values_list("persons", "valid_to")) == [(4, START), (2, None)]
    changes.undo(change=home.changes.first(), by=cast["hoa"], now=timezone.now())
    assert rows() == middle
    changes.undo(change=one, by=cast["hoa"], now=timezone.now())
    assert rows() == was


def test_on_the_day_of_a_decision_nobody_comes_or_goes_but_facts_are_corrected(areas, cast, standards):
    home = make.a_household(areas["ward"], members=3)
    make.a_spell(home, standards[0], persons=3, valid_from=START)
    leaving = home.members.exclude(relation="head").first()
    with pytest.raises(register.Refused) as refused:
        edit(home, cast["hoa"], gone={leaving.pk}, left_as={leaving.pk: "died"})
    assert refused.value.problems[0].field == "day"
    edit(home, cast["hoa"], address="9 Mới")
    home.refresh_from_db()
    assert home.address == "9 Mới"


@pytest.mark.parametrize("reason", ["", "split", "merged", "nonsense"])
def test_nobody_leaves_without_one_of_the_reasons(areas, cast, reason):
    home = make.a_household(areas["ward"])
    leaving = home.members.exclude(relation="head").get()
    with pytest.raises(register.Refused):
        edit(home, cast["hoa"], gone={leaving.pk}, left_as={leaving.pk: reason})
    assert home.members.filter(left_on=None).count() == 2


def edit(home, by, **more):
    values = {"members": [], "gone": set(), "group": home.group, "address": home.address, "phone": ""} | more
    return register.edit_household(household=home, version=home.version, day=START, by=by, **values)
