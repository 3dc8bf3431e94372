"""How a status changes, as a table; and that no sequence of decisions can bend time or the balance."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.spells import Change, Closed, Opened, Status, change
from households.standards import Category

POOR, NEAR, NOT = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR
PLAIN = Status(POOR, 1, 4, True, False, False, False)


@pytest.mark.parametrize(
    ("held", "decided", "before", "close", "open_as"),
    [
        (None, NOT, False, None, None),
        (None, NOT, True, None, None),
        (None, POOR, False, None, Opened.NEW),
        (None, POOR, True, None, Opened.RELAPSED),
        (None, NEAR, False, None, Opened.NEW),
        (None, NEAR, True, None, Opened.RELAPSED),
        (POOR, NOT, True, Closed.ESCAPED, None),
        (NEAR, NOT, True, Closed.ESCAPED, None),
        (POOR, POOR, True, None, None),
        (NEAR, NEAR, True, None, None),
        (POOR, NEAR, False, Closed.TO_NEAR_POOR, Opened.FROM_POOR),
        (NEAR, POOR, True, Closed.TO_POOR, Opened.FROM_NEAR_POOR),
    ],
)
def test_every_pair_of_categories(held, decided, before, close, open_as):
    held = replace(PLAIN, category=held) if held else None
    assert change(held, replace(PLAIN, category=decided), was_poor_before=before) == Change(close, open_as)


@pytest.mark.parametrize(
    "fact",
    [{"persons": 5}, {"has_labour": False}, {"special_hardship": True}, {"has_merit": True}, {"ethnic_minority": True}],
)
def test_a_changed_fact_opens_a_new_spell_of_the_same_category(fact):
    expected = Change(Closed.FACTS_CHANGED, Opened.FACTS_CHANGED)
    assert change(PLAIN, replace(PLAIN, **fact), was_poor_before=True) == expected


def test_another_ward_is_a_move():
    assert change(PLAIN, replace(PLAIN, ward=2), was_poor_before=True) == Change(Closed.MOVED_OUT, Opened.MOVED_IN)


statuses = st.builds(
    Status, st.sampled_from([POOR, NEAR, NOT]), st.integers(1, 3), st.integers(1, 3), *[st.booleans()] * 4
)
histories = st.lists(st.tuples(st.integers(1, 60), statuses), max_size=15)


def replay(history):
    """Spells as [from, to, status, opened, closed] that the decisions, each some days after the last, leave behind."""
    spells, today = [], date(2022, 1, 1)
    for gap, decided in history:
        today += timedelta(days=gap)
        held = spells[-1] if spells and spells[-1][1] is None else None
        before = any(spell[2].category == decided.category for spell in spells)
        step = change(held[2] if held else None, decided, was_poor_before=before)
        if step.close:
            held[1], held[4] = today, step.close
        if step.open:
            spells.append([today, None, decided, step.open, None])
    return spells


@given(histories)
def test_spells_never_overlap_and_at_most_one_is_open(history):
    spells = replay(history)
    assert sum(to is None for _, to, *_ in spells) <= 1
    for (start, to, *_), (following, *_) in zip(spells, spells[1:], strict=False):
        assert to is not None
        assert start < to <= following


@given(histories, st.integers(0, 400), st.integers(0, 400))
def test_opening_less_out_plus_in_is_closing(history, first, length):
    """For every category, over any window (first day, last day]."""
    spells = replay(history)
    begin = date(2022, 1, 1) + timedelta(days=first)
    end = begin + timedelta(days=length)

    def on(day, category):
        return sum(s <= day and (to is None or to > day) for s, to, status, *_ in spells if status.category == category)

    for category in (POOR, NEAR):
        out = sum(to is not None and begin < to <= end for _, to, status, *_ in spells if status.category == category)
        into = sum(begin < s <= end for s, _, status, *_ in spells if status.category == category)
        assert on(begin, category) - out + into == on(end, category)


@given(histories)
def test_the_last_decision_is_what_holds(history):
    spells = replay(history)
    if history:
        held = spells[-1][2] if spells and spells[-1][1] is None else None
        decided = history[-1][1]
        assert held == (None if decided.category == NOT else decided)


@given(histories)
def test_a_reason_to_close_names_what_follows(history):
    spells = replay(history)
    pairs = {
        Closed.TO_POOR: Opened.FROM_NEAR_POOR,
        Closed.TO_NEAR_POOR: Opened.FROM_POOR,
        Closed.MOVED_OUT: Opened.MOVED_IN,
    }
    for (_, to, _, _, closed), (following, _, _, opened, _) in zip(spells, spells[1:], strict=False):
        if closed in pairs:
            assert (to, pairs[closed]) == (following, opened)
        if opened in (Opened.NEW, Opened.RELAPSED):
            assert closed == Closed.ESCAPED
