"""What happens in a household's life, and what it does to the spells of status. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from households.spells import Closed, Opened


class Kind(StrEnum):
    MOVED_WITHIN = "moved_within"
    MOVED_OUT = "moved_out"
    SPLIT = "split"
    MERGED = "merged"
    DIED_OUT = "died_out"
    HEAD = "head"
    LEFT = "left"
    JOINED = "joined"
    MEMBERS = "members"


LABELS = {
    Kind.MOVED_WITHIN: "Chuyển chỗ ở trong thành phố",
    Kind.MOVED_OUT: "Chuyển khỏi thành phố",
    Kind.SPLIT: "Tách hộ",
    Kind.MERGED: "Nhập vào hộ khác",
    Kind.DIED_OUT: "Đóng hồ sơ: không còn thành viên",
    Kind.HEAD: "Đổi chủ hộ",
    Kind.LEFT: "Thành viên rời hộ",
    Kind.JOINED: "Thành viên vào hộ",
    Kind.MEMBERS: "Sửa hộ: thành viên vào, rời hộ",
}


@dataclass(frozen=True)
class Effect:
    """Reasons to close the household's open spells and to open them again, and to open or change the other's.

    None: leave them. `other_close` is set when spells that the other household has go on with more persons.
    """

    close: Closed | None = None
    open: Opened | None = None
    other_open: Opened | None = None
    other_close: Closed | None = None


_GREW_OR_SHRANK = Effect(Closed.FACTS_CHANGED, Opened.FACTS_CHANGED)


def effect(kind: Kind, *, other_ward: bool = False) -> Effect:
    """`other_ward`: the household moved to another ward; within a ward only the address changes."""
    if kind == Kind.MOVED_WITHIN:
        return Effect(Closed.MOVED_OUT, Opened.MOVED_IN) if other_ward else Effect()
    return {
        Kind.MOVED_OUT: Effect(Closed.MOVED_OUT),
        Kind.SPLIT: Effect(Closed.FACTS_CHANGED, Opened.FACTS_CHANGED, other_open=Opened.SPLIT),
        Kind.MERGED: Effect(Closed.MERGED, other_open=Opened.FACTS_CHANGED, other_close=Closed.FACTS_CHANGED),
        Kind.DIED_OUT: Effect(Closed.DIED_OUT),
        Kind.LEFT: _GREW_OR_SHRANK,
        Kind.JOINED: _GREW_OR_SHRANK,
        Kind.MEMBERS: _GREW_OR_SHRANK,
    }.get(kind, Effect())
