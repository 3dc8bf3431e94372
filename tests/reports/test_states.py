from datetime import date

import pytest

from reports import states
from reports.states import MOVES, Move, Standing, State

DUE = date(2023, 5, 31)
# move: the states it leaves, said a second time
LEAVES = {
    Move.SUBMIT: {State.OPEN, State.RETURNED},
    Move.SIGN: {State.SIGNING},
    Move.SEND_BACK: {State.SIGNING},
    Move.RETURN: {State.SUBMITTED},
    Move.ACCEPT: {State.SUBMITTED},
    Move.REOPEN: {State.ACCEPTED},
    Move.EXTEND: {State.OPEN, State.SIGNING, State.RETURNED},
}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_every_move_from_every_state(state, move):
    assert (states.allowed(state, move) is not None) == (state in LEAVES[move])


def test_a_head_who_signs_stands_between():
    assert states.after(State.OPEN, Move.SUBMIT, needs_sign_off=True) == State.SIGNING
    assert states.after(State.OPEN, Move.SUBMIT, needs_sign_off=False) == State.SUBMITTED
    assert states.after(State.SIGNING, Move.SIGN, needs_sign_off=True) == State.SUBMITTED
    assert states.after(State.RETURNED, Move.EXTEND, needs_sign_off=False) == State.RETURNED


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 5, 16), Standing.NOT_DUE),
        (date(2023, 5, 17), Standing.DUE),
        (DUE, Standing.DUE),
        (date(2023, 6, 1), Standing.LATE),
    ],
)
def test_what_is_owed_falls_due_and_gets_late_by_the_day_alone(day, expected):
    assert states.standing(State.OPEN, DUE, day) == states.standing(State.SIGNING, DUE, day) == expected
    assert states.standing(State.RETURNED, DUE, day) == Standing.RETURNED


def test_late_says_by_how_many_days():
    assert states.shown(State.OPEN, DUE, date(2023, 6, 8)).label == "Quá hạn 8 ngày"


def test_in_time_is_on_the_day_itself():
    assert states.on_time(DUE, DUE)
    assert not states.on_time(date(2023, 6, 1), DUE)
    assert not states.on_time(None, DUE)


def test_everything_has_its_words_and_a_right():
    assert set(states.MOVE_LABELS) == set(MOVES) == set(Move)
    assert set(states.STATE_LABELS) == set(State)
    assert set(states.STANDING_LABELS) == set(Standing)
    assert set(states.PART_LABELS) == set(states.Part)
