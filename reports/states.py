"""The life of a unit's report as a table of moves, and how it is shown on a day. Pure.

Only what people do is kept. Not due, due and late follow from the day and the due date of a report that is still owed,
so that a night without the machine leaves nothing untold (decision 21).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounts.roles import May
from areas.vietnamese import number

FALLS_DUE = timedelta(days=14)  # from then on it is due: the day of the first reminder


class State(StrEnum):
    OPEN = "open"  # being written
    SIGNING = "signing"  # handed in by one, waits for the unit's head
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Standing(StrEnum):
    """A state as it is shown and counted on a day."""

    NOT_DUE = "not_due"
    DUE = "due"
    LATE = "late"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


STATE_LABELS = {
    State.OPEN: "Đang soạn",
    State.SIGNING: "Chờ thủ trưởng ký",
    State.SUBMITTED: "Đã nộp",
    State.RETURNED: "Trả lại",
    State.ACCEPTED: "Đã duyệt",
}
STANDING_LABELS = {
    Standing.NOT_DUE: "Chưa đến hạn",
    Standing.DUE: "Đến hạn",
    Standing.LATE: "Quá hạn",
    Standing.SUBMITTED: "Đã nộp",
    Standing.RETURNED: "Trả lại",
    Standing.ACCEPTED: "Đã duyệt",
}
OWED = frozenset({State.OPEN, State.SIGNING})  # nothing has reached the programme office yet
WRITABLE = frozenset({State.OPEN, State.RETURNED})


class Move(StrEnum):
    SUBMIT = "submit"
    SIGN = "sign"
    SEND_BACK = "send_back"
    RETURN = "return"
    ACCEPT = "accept"
    REOPEN = "reopen"
    EXTEND = "extend"


MOVE_LABELS = {
    Move.SUBMIT: "Nộp báo cáo",
    Move.SIGN: "Ký, gửi báo cáo",
    Move.SEND_BACK: "Trả lại người soạn",
    Move.RETURN: "Trả lại đơn vị",
    Move.ACCEPT: "Duyệt báo cáo",
    Move.REOPEN: "Mở lại báo cáo đã duyệt",
    Move.EXTEND: "Gia hạn",
}


@dataclass(frozen=True)
class Allowed:
    """Which states a move leaves, where it leads (None: nowhere), the right it needs, and whether it must say why."""

    leaves: frozenset[State]
    to: State | None
    right: May
    needs_note: bool


MOVES: dict[Move, Allowed] = {
    Move.SUBMIT: Allowed(WRITABLE, State.SUBMITTED, May.FILE_REPORTS, False),
    Move.SIGN: Allowed(frozenset({State.SIGNING}), State.SUBMITTED, May.FILE_REPORTS, False),
    Move.SEND_BACK: Allowed(frozenset({State.SIGNING}), State.OPEN, May.FILE_REPORTS, True),
    Move.RETURN: Allowed(frozenset({State.SUBMITTED}), State.RETURNED, May.MAKE_REPORTS, True),
    Move.ACCEPT: Allowed(frozenset({State.SUBMITTED}), State.ACCEPTED, May.MAKE_REPORTS, False),
    Move.REOPEN: Allowed(frozenset({State.ACCEPTED}), State.RETURNED, May.MAKE_REPORTS, True),
    Move.EXTEND: Allowed(OWED | {State.RETURNED}, None, May.MAKE_REPORTS, True),
}


def allowed(state: str, move: str) -> Allowed | None:
    """What the move leads to from this state, or None when it is not in the table."""
    found = MOVES.get(Move(move)) if move in set(Move) else None
    return found if found and state in found.leaves else None


def after(state: str, move: str, *, needs_sign_off: bool) -> State:
    """Where a move of the table leads; a report that needs its head's word waits for it first."""
    if move == Move.SUBMIT and needs_sign_off:
        return State.SIGNING
    return MOVES[Move(move)].to or State(state)


def standing(state: str, due_on: date, day: date) -> Standing:
    """The state on a day: what is still owed is not due, due (from two weeks before its day) or late."""
    if state not in OWED:
        return Standing(state)
    if day > due_on:
        return Standing.LATE
    return Standing.DUE if day >= due_on - FALLS_DUE else Standing.NOT_DUE


def on_time(first_submitted: date | None, due_on: date) -> bool:
    return first_submitted is not None and first_submitted <= due_on


@dataclass(frozen=True)
class Shown:
    """A state as it is shown: word, colour and shape (components/tag.html)."""

    key: str
    label: str
    kind: str
    icon: str


_LOOKS = {
    Standing.NOT_DUE: ("none", ""),
    Standing.DUE: ("warm", ""),
    Standing.LATE: ("late", ""),
    Standing.SUBMITTED: ("sea", ""),
    Standing.RETURNED: ("watch", ""),
    Standing.ACCEPTED: ("ok", ""),
}


def shown(state: str, due_on: date, day: date) -> Shown:
    found = standing(state, due_on, day)
    label = STANDING_LABELS[found]
    if found == Standing.LATE:
        label = f"Quá hạn {number((day - due_on).days)} ngày"
    return Shown(found, label, *_LOOKS[found])


class Part(StrEnum):
    """The sections of a unit's report, in their order."""

    SITUATION = "situation"
    RESULTS = "results"
    SHORTCOMINGS = "shortcomings"
    DIRECTIONS = "directions"
    PROPOSALS = "proposals"


PART_LABELS = {
    Part.SITUATION: "I. Tình hình",
    Part.RESULTS: "II. Kết quả",
    Part.SHORTCOMINGS: "III. Tồn tại, nguyên nhân",
    Part.DIRECTIONS: "IV. Phương hướng",
    Part.PROPOSALS: "V. Kiến nghị",
}
MUST_BE_WRITTEN = (Part.SITUATION, Part.RESULTS, Part.SHORTCOMINGS, Part.DIRECTIONS)  # no proposals is an answer too


class Verdict(StrEnum):
    """What the programme office made of a part. An accepted part is locked."""

    NONE = ""
    ACCEPTED = "accepted"
    RETURNED = "returned"
