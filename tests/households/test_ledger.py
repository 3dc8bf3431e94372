"""The movement ledger balances over every history, for every group, area and window."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from households import spells
from households.ledger import BELONGS, Count, Group, Ledger, Row, Side, ledgers
from households.ledger_queries import ledger_of
from households.models import StatusSpell
from households.spells import Closed, Opened, Status
from households.standards import Category
from tests.make import a_household, the_standards

FIRST_DAY = date(2023, 1, 1)
LINEAGE = {1: [100, 10, 1], 2: [100, 10, 2], 3: [100, 11, 3]}

statuses = st.builds(
    Status,
    category=st.sampled_from(list(Category)),
    ward=st.sampled_from([1, 2, 3]),
    persons=st.integers(1, 9),
    has_labour=st.booleans(),
    special_hardship=st.booleans(),
    has_merit=st.just(False),
    ethnic_minority=st.just(False),
)
histories = st.lists(st.lists(st.tuples(st.integers(1, 40), statuses), max_size=7), max_size=6)


def spells_of(history):
    """(status, from, to, opened, closed) of one household, written as the services write them."""
    found, day, held = [], FIRST_DAY, None
    for after, decided in history:
        day += timedelta(days=after)
        before = any(spell[0].category == decided.category for spell in found)
        change = spells.change(held, decided, was_poor_before=before)
        if change.close:
            found[-1][2], found[-1][4] = day, change.close
            held = None
        if change.open:
            found.append([decided, day, None, change.open, ""])
            held = decided
    return found


def rows_of(all_spells, first, last):
    eve = first - timedelta(days=1)

    def holds(spell, day):
        return spell[1] <= day and (spell[2] is None or spell[2] > day)

    for spell in all_spells:
        status, start, end, opened, closed = spell
        told = (status.category, status.has_labour, status.special_hardship, Count(1, status.persons))
        for side, reason, yes in (
            (Side.OPENING, "", holds(spell, eve)),
            (Side.IN, opened, first <= start <= last),
            (Side.OUT, closed, end is not None and first <= end <= last),
            (Side.CLOSING, "", holds(spell, last)),
        ):
            if yes:
                yield Row(side, status.ward, reason, *told)


@settings(max_examples=300, deadline=None)
@given(histories, st.integers(0, 120), st.integers(0, 120))
def test_it_always_balances_and_wards_add_up_to_the_city(histories, after, length):
    first = FIRST_DAY + timedelta(days=after)
    last = first + timedelta(days=length)
    rows = list(rows_of([spell for history in histories for spell in spells_of(history)], first, last))
    found = ledgers(rows, LINEAGE.__getitem__)
    assert all(ledger.balances for ledger in found.values())
    for group in Group:
        of_wards = [found.get((ward, group), Ledger()) for ward in LINEAGE]
        city = found.get((100, group), Ledger())
        for name in ("opening", "closing", "came_in_all", "left_in_all"):
            assert getattr(city, name) == sum((getattr(ledger, name) for ledger in of_wards), Count())


def test_a_ledger_that_does_not_balance_says_by_how_much():
    ledger = Ledger(Count(2, 8), {Opened.NEW: Count(1, 3)}, {Closed.ESCAPED: Count(1, 4)}, Count(3, 7))
    assert not ledger.balances
    assert ledger.difference == Count(1, 0)


@pytest.mark.parametrize(
    ("group", "category", "labour", "hardship", "belongs"),
    [
        (Group.POOR, Category.POOR, False, False, True),
        (Group.POOR, Category.NEAR_POOR, True, True, False),
        (Group.POOR_LABOUR, Category.POOR, False, True, False),
        (Group.POOR_LABOUR, Category.POOR, True, False, True),
        (Group.POOR_LABOUR, Category.NEAR_POOR, True, False, False),
        (Group.POOR_HARDSHIP, Category.POOR, False, True, True),
        (Group.POOR_HARDSHIP, Category.NEAR_POOR, False, True, False),
        (Group.NEAR_POOR, Category.NEAR_POOR, False, False, True),
        (Group.NEAR_POOR, Category.POOR, True, False, False),
    ],
)
def test_who_belongs_to_a_group(group, category, labour, hardship, belongs):
    assert BELONGS[group](Row(Side.IN, 1, Opened.NEW, category, labour, hardship, Count(1, 1))) is belongs


# From the database


def a_spell(household, standard, start, end=None, opened=Opened.NEW, closed="", **more):
    values = {"category": "poor", "persons": 3, "has_labour": True, "special_hardship": False} | more
    return StatusSpell.objects.create(
        household=household,
        standard=standard,
        ward=more.pop("ward", household.ward),
        valid_from=start,
        valid_to=end,
        opened_as=opened,
        closed_as=closed,
        has_merit=False,
        ethnic_minority=False,
        **{name: value for name, value in values.items() if name != "ward"},
    )


@pytest.fixture
def listed(areas):
    central, city = the_standards()
    one, two, three = (a_household(areas[name]) for name in ("ward", "next_ward", "commune"))
    a_spell(one, city, date(2022, 1, 1), date(2023, 5, 10), Opened.LISTED, Closed.ESCAPED)
    a_spell(two, city, date(2023, 3, 1), persons=5)
    a_spell(three, city, date(2022, 1, 1), date(2023, 6, 1), Opened.LISTED, Closed.TO_NEAR_POOR, persons=4)
    a_spell(three, city, date(2023, 6, 1), opened=Opened.FROM_POOR, category="near_poor", persons=4)
    a_spell(one, central, date(2022, 1, 1), persons=3)
    return central, city


def test_the_citys_ledger_of_a_year(areas, cast, listed, django_assert_num_queries):
    _, city = listed
    with django_assert_num_queries(5):
        found = ledger_of(cast["cuc"], city, date(2023, 1, 1), date(2023, 12, 31))
    ledger = found[areas["city"].pk, Group.POOR]
    assert ledger == Ledger(
        Count(2, 7),
        {Opened.NEW: Count(1, 5)},
        {Closed.ESCAPED: Count(1, 3), Closed.TO_NEAR_POOR: Count(1, 4)},
        Count(1, 5),
    )
    near = found[areas["rural"].pk, Group.NEAR_POOR]
    assert near == Ledger(Count(), {Opened.FROM_POOR: Count(1, 4)}, {}, Count(1, 4))
    assert (areas["urban"].pk, Group.NEAR_POOR) not in found


@pytest.mark.parametrize(
    ("first", "last", "opening", "out", "closing"),
    [
        ("2023-05-10", "2023-05-10", 1, 1, 0),  # a spell has ended on its last day already
        ("2023-05-11", "2023-05-11", 0, 0, 0),
        ("2023-05-09", "2023-05-09", 1, 0, 1),
    ],
)
def test_the_edges_of_a_window(areas, cast, listed, first, last, opening, out, closing):
    found = ledger_of(cast["hoa"], listed[1], date.fromisoformat(first), date.fromisoformat(last))
    ledger = found.get((areas["ward"].pk, Group.POOR), Ledger())
    assert (ledger.opening.households, ledger.left_in_all.households, ledger.closing.households) == (
        opening,
        out,
        closing,
    )


def test_a_ward_sees_its_own_rows_only(areas, cast, listed):
    found = ledger_of(cast["hoa"], listed[1], date(2023, 1, 1), date(2023, 12, 31))
    assert found[areas["city"].pk, Group.POOR].opening == Count(1, 3)
    assert ledger_of(cast["staff"], listed[1], date(2023, 1, 1), date(2023, 12, 31)) == {}


def test_days_out_of_order_are_refused(cast, listed):
    with pytest.raises(ValueError, match="before"):
        ledger_of(cast["cuc"], listed[1], date(2023, 2, 1), date(2023, 1, 1))
