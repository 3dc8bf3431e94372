"""How a status changes: from what held and what is decided to what is closed and opened. Pure.

A spell holds from `valid_from` up to, not including, `valid_to`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from households.standards import Category


class Opened(StrEnum):
    LISTED = "listed"  # already on the list when the portal's data begins
    NEW = "new"
    RELAPSED = "relapsed"
    FROM_POOR = "from_poor"
    FROM_NEAR_POOR = "from_near_poor"
    FACTS_CHANGED = "facts_changed"  # labour, hardship, merit… changed; the category did not
    MOVED_IN = "moved_in"
    SPLIT = "split"


class Closed(StrEnum):
    ESCAPED = "escaped"
    TO_POOR = "to_poor"
    TO_NEAR_POOR = "to_near_poor"
    FACTS_CHANGED = "facts_changed"
    MOVED_OUT = "moved_out"
    MERGED = "merged"
    DIED_OUT = "died_out"


OPENED_LABELS = {
    Opened.LISTED: "Đã có trong danh sách",
    Opened.NEW: "Phát sinh mới",
    Opened.RELAPSED: "Tái nghèo, tái cận nghèo",
    Opened.FROM_POOR: "Từ hộ nghèo",
    Opened.FROM_NEAR_POOR: "Từ hộ cận nghèo",
    Opened.FACTS_CHANGED: "Thay đổi đặc điểm",
    Opened.MOVED_IN: "Chuyển đến",
    Opened.SPLIT: "Tách hộ",
}
CLOSED_LABELS = {
    Closed.ESCAPED: "Thoát nghèo, thoát cận nghèo",
    Closed.TO_POOR: "Thành hộ nghèo",
    Closed.TO_NEAR_POOR: "Thành hộ cận nghèo",
    Closed.FACTS_CHANGED: "Thay đổi đặc điểm",
    Closed.MOVED_OUT: "Chuyển đi",
    Closed.MERGED: "Nhập hộ",
    Closed.DIED_OUT: "Không còn thành viên",
}


@dataclass(frozen=True)
class Status:
    """What a decision says of a household under one standard, and the facts that figures are counted by."""

    category: Category
    ward: int  # id of the ward
    persons: int
    has_labour: bool
    special_hardship: bool
    has_merit: bool
    ethnic_minority: bool


@dataclass(frozen=True)
class Change:
    """What to write: the reason to close the open spell (None: leave it) and to open one (None: open nothing)."""

    close: Closed | None
    open: Opened | None


def change(held: Status | None, decided: Status, *, was_poor_before: bool) -> Change:
    """From what held (None: not on the list) to what is decided.

    `was_poor_before`: the household once held the decided category under this standard, so it relapses.
    """
    listed = decided.category != Category.NOT_POOR
    if held is None:
        if not listed:
            return Change(None, None)
        return Change(None, Opened.RELAPSED if was_poor_before else Opened.NEW)
    if not listed:
        return Change(Closed.ESCAPED, None)
    if held == decided:
        return Change(None, None)
    if held.category == decided.category:
        if held.ward != decided.ward:  # the wards' figures must balance: out of one, into the other
            return Change(Closed.MOVED_OUT, Opened.MOVED_IN)
        return Change(Closed.FACTS_CHANGED, Opened.FACTS_CHANGED)
    if decided.category == Category.POOR:
        return Change(Closed.TO_POOR, Opened.FROM_NEAR_POOR)
    return Change(Closed.TO_NEAR_POOR, Opened.FROM_POOR)


class Situation(NamedTuple):
    """All of what `change` looks at: two decisions of one situation have one outcome."""

    held: Category | None
    decided: Category
    same_ward: bool
    same_facts: bool
    was_poor_before: bool


def _outcome(situation: Situation) -> Change:
    decided = Status(situation.decided, 1, 1, True, True, True, True)
    held = situation.held and replace(
        decided,
        category=situation.held,
        ward=1 if situation.same_ward else 2,
        persons=1 if situation.same_facts else 2,
    )
    return change(held, decided, was_poor_before=situation.was_poor_before)


# The rule as a table, for the database to look up: made by asking the rule of every situation, so it cannot differ.
LISTED = (Category.POOR, Category.NEAR_POOR)
OUTCOMES: dict[Situation, Change] = {
    situation: _outcome(situation)
    for situation in (Situation(*parts) for parts in product((None, *LISTED), Category, *[(False, True)] * 3))
}
