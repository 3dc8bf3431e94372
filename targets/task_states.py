"""The states of a task as a table of moves. Pure.

Each move names the states it leaves, the state it leads to, the right it needs and what it says on its button. Being
late is no state: it follows from the day and the due date of a task that is still open.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.roles import May
from areas.vietnamese import number
from targets.task_dates import days_late


class State(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    VERIFIED = "verified"
    NOT_APPLICABLE = "not_applicable"


LATE = "late"  # shown and asked for like a state, never stored
STATE_LABELS = {
    State.NOT_STARTED: "Chưa bắt đầu",
    State.IN_PROGRESS: "Đang làm",
    State.DONE: "Xong, chờ xác nhận",
    State.VERIFIED: "Đã xác nhận",
    State.NOT_APPLICABLE: "Không áp dụng",
}
# In the order of the board: what is late stands before what is not.
SHOWN_LABELS = {
    LATE: "Quá hạn",
    State.NOT_STARTED: STATE_LABELS[State.NOT_STARTED],
    State.IN_PROGRESS: STATE_LABELS[State.IN_PROGRESS],
    State.DONE: STATE_LABELS[State.DONE],
    State.VERIFIED: STATE_LABELS[State.VERIFIED],
    State.NOT_APPLICABLE: STATE_LABELS[State.NOT_APPLICABLE],
}
OPEN = frozenset({State.NOT_STARTED, State.IN_PROGRESS})  # something is owed; only these can be late


class Move(StrEnum):
    UPDATE = "update"
    FINISH = "finish"
    TAKE_BACK = "take_back"
    VERIFY = "verify"
    RETURN = "return"
    EXCUSE = "excuse"
    REOPEN = "reopen"


MOVE_LABELS = {
    Move.UPDATE: "Cập nhật",
    Move.FINISH: "Báo xong",
    Move.TAKE_BACK: "Rút lại báo xong",
    Move.VERIFY: "Xác nhận",
    Move.RETURN: "Trả lại",
    Move.EXCUSE: "Cho không áp dụng",
    Move.REOPEN: "Mở lại",
}


@dataclass(frozen=True)
class Allowed:
    """Which states a move leaves, where it leads, the right it needs, the words on its button."""

    leaves: frozenset[State]
    to: State
    right: May
    words: str
    needs_note: bool


MOVES: dict[Move, Allowed] = {
    Move.UPDATE: Allowed(OPEN, State.IN_PROGRESS, May.UPDATE_TASKS, "Ghi cập nhật", True),
    Move.FINISH: Allowed(OPEN, State.DONE, May.UPDATE_TASKS, "Báo xong, gửi xác nhận", True),
    Move.TAKE_BACK: Allowed(frozenset({State.DONE}), State.IN_PROGRESS, May.UPDATE_TASKS, "Rút lại để làm tiếp", True),
    Move.VERIFY: Allowed(frozenset({State.DONE}), State.VERIFIED, May.VERIFY_TASKS, "Xác nhận đã hoàn thành", False),
    Move.RETURN: Allowed(frozenset({State.DONE}), State.IN_PROGRESS, May.VERIFY_TASKS, "Trả lại đơn vị", True),
    Move.EXCUSE: Allowed(OPEN, State.NOT_APPLICABLE, May.ASSIGN_TASKS, "Ghi không áp dụng", True),
    Move.REOPEN: Allowed(
        frozenset({State.VERIFIED, State.NOT_APPLICABLE}), State.IN_PROGRESS, May.ASSIGN_TASKS, "Mở lại", True
    ),
}


def allowed(state: str, move: str) -> Allowed | None:
    """What the move leads to from this state, or None when it is not in the table."""
    found = MOVES.get(Move(move)) if move in set(Move) else None
    return found if found and state in found.leaves else None


def moves_from(state: str) -> list[Move]:
    return [move for move, found in MOVES.items() if state in found.leaves]


def faults(
    *,
    state: str,
    move: str,
    note: str,
    percent: int | None,
    proof_asked: bool,
    files: int,
    counted: str = "",
    amount: int | None = None,
) -> dict[str, str]:
    """Field → what is wrong with a move. `files`: how many the task has, those of this move among them."""
    found = allowed(state, move)
    if found is None:
        label = MOVE_LABELS.get(move, "Việc này")
        return {"__all__": f"{label}: không làm được khi nhiệm vụ đang “{STATE_LABELS.get(state, state)}”."}
    wrong = {}
    if found.needs_note and not note.strip():
        reasons = {Move.UPDATE: "Ghi đã làm được gì.", Move.FINISH: "Ghi kết quả."}
        wrong["text"] = reasons.get(Move(move), "Ghi lý do.")
    if percent is not None and not 0 <= percent <= 100:
        wrong["percent"] = "Tiến độ từ 0 đến 100 %."
    if move == Move.FINISH and proof_asked and not files:
        wrong["files"] = "Nhiệm vụ này phải có minh chứng: đính kèm ít nhất một tệp."
    if counted.strip() and amount is None:
        wrong["amount"] = "Ghi con số."
    if amount is not None and amount < 0:
        wrong["amount"] = "Con số không được âm."
    elif amount is not None and not counted.strip():
        wrong["counted"] = "Ghi con số này đếm gì, ví dụ: lớp tập huấn."
    return wrong


def percent_after(move: str, percent: int, given: int | None) -> int:
    """A finished task is done in full; any other move keeps what was given, else what there was."""
    return 100 if move == Move.FINISH else percent if given is None else given


@dataclass(frozen=True)
class Shown:
    """A state as it is shown: word, colour and shape (components/tag.html), and the key that filters ask for."""

    key: str
    label: str
    kind: str
    icon: str


_LOOKS = {
    State.NOT_STARTED: ("none", ""),
    State.IN_PROGRESS: ("sea", "half"),
    State.DONE: ("warm", ""),
    State.VERIFIED: ("ok", ""),
    State.NOT_APPLICABLE: ("none", "minus"),
}


def shown(state: str, due: date | None, day: date) -> Shown:
    """The state on a day; an open task whose day is past is late by so many days."""
    late = days_late(due, day) if state in OPEN else 0
    if late:
        return Shown(LATE, f"Quá hạn {number(late)} ngày", "late", "")
    return Shown(state, STATE_LABELS[State(state)], *_LOOKS[State(state)])
