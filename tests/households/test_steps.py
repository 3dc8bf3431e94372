"""The table of moves, working days and the half that a meeting needs."""

from datetime import date

import pytest

from accounts.roles import ROLES, May
from households import steps, working_days
from households.services import calendar
from households.steps import MOVES, Move, Step
from tests.make import a_round

IN_2023, AFTER = date(2023, 11, 1), date(2025, 7, 1)
HOLIDAYS = {date(2023, 9, 1), date(2023, 9, 4)}


@pytest.mark.parametrize(
    ("step", "move", "kind", "day", "to"),
    [
        ("list", "finish", "annual", IN_2023, "survey"),
        ("meeting", "repeat", "annual", IN_2023, "survey"),
        ("posting", "finish", "annual", IN_2023, "district"),
        ("posting", "finish", "annual", date(2025, 6, 30), "district"),
        ("posting", "finish", "annual", AFTER, "decision"),
        ("posting", "finish", "regular", IN_2023, "decision"),
        ("posting", "recheck", "regular", IN_2023, "recheck"),
        ("recheck", "finish", "regular", IN_2023, "posting"),
        ("decision", "return", "annual", IN_2023, "district"),
        ("decision", "return", "regular", IN_2023, "posting"),
        ("certificates", "finish", "annual", IN_2023, "done"),
    ],
)
def test_where_a_move_leads(step, move, kind, day, to):
    assert steps.allowed(step, move, kind=kind, day=day).to == to


@pytest.mark.parametrize(
    ("step", "move"),
    [("list", "return"), ("list", "repeat"), ("done", "finish"), ("survey", "recheck"), ("done", "return")],
)
def test_moves_that_are_not_in_the_table(step, move):
    assert steps.allowed(step, move, kind="annual", day=IN_2023) is None


def test_every_step_but_the_last_leads_on_and_the_rail_is_the_way():
    for kind, day in (("annual", IN_2023), ("regular", IN_2023), ("annual", AFTER)):
        way = steps.rail(kind, day)
        for here, there in zip(way, [*way[1:], Step.DONE], strict=True):
            assert steps.allowed(here, Move.FINISH, kind=kind, day=day).to == there


def test_who_enters_never_decides_nor_gives_the_districts_opinion():
    for (step, _), move in MOVES.items():
        if step in (Step.DECISION, Step.DISTRICT):
            assert May.ENTER_REVIEWS not in move.rights
    for rights in ROLES.values():
        assert not {May.GIVE_OPINION, May.ENTER_REVIEWS} <= rights


@pytest.mark.parametrize(
    ("present", "for_it", "agreed"),
    [(10, 5, True), (11, 5, False), (11, 6, True), (1, 1, True), (1, 0, False), (0, 0, False)],
)
def test_half_of_those_present_is_enough(present, for_it, agreed):
    assert steps.agreed(present, for_it) is agreed


@pytest.mark.parametrize(
    ("start", "days", "working", "end"),
    [
        (date(2023, 10, 2), 3, True, date(2023, 10, 5)),  # Monday to Thursday
        (date(2023, 10, 5), 3, True, date(2023, 10, 10)),  # over a weekend
        (date(2023, 8, 30), 3, True, date(2023, 9, 6)),  # over a weekend between two holidays
        (date(2023, 10, 2), 15, False, date(2023, 10, 17)),
        (date(2023, 9, 15), 15, False, date(2023, 10, 2)),  # ends on a Saturday: the next working day
    ],
)
def test_deadlines(start, days, working, end):
    assert working_days.after(start, days, working=working, holidays=HOLIDAYS) == end


def test_a_deadline_of_no_days_is_refused():
    with pytest.raises(ValueError, match="0 days"):
        working_days.after(date(2023, 1, 2), 0, working=True)


@pytest.mark.django_db
def test_a_regular_round_is_decided_fifteen_days_after_it_began():
    rule = {"days": 15, "working": False, "from_start": True, "legal_basis": "thử"}
    calendar.load_calendar(deadlines=[{"kind": "regular", "step": "decision"} | rule], holidays=[])
    round = a_round(kind="regular", starts_on=date(2023, 9, 15))
    assert calendar.due_on(round, Step.LIST, date(2023, 9, 16)) == date(2023, 10, 2)  # the 30th is a Saturday
    assert calendar.due_on(a_round(), Step.LIST, date(2023, 9, 16)) == date(2023, 12, 14)
