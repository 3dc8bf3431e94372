"""The legal steps of a ward's review dossier as a table of moves (Decision 24/2021/QĐ-TTg, arts. 4 and 5). Pure.

A dossier stands at one step. Each move names the step it leads to, the right it needs and what it says on its button.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.roles import May


class Step(StrEnum):
    LIST = "list"
    SURVEY = "survey"
    MEETING = "meeting"
    POSTING = "posting"
    RECHECK = "recheck"
    DISTRICT = "district"
    DECISION = "decision"
    CERTIFICATES = "certificates"
    DONE = "done"


STEP_LABELS = {
    Step.LIST: "Lập danh sách cần rà soát",
    Step.SURVEY: "Khảo sát theo Phiếu B",
    Step.MEETING: "Họp dân",
    Step.POSTING: "Niêm yết công khai",
    Step.RECHECK: "Phúc tra",
    Step.DISTRICT: "Ý kiến của quận, huyện",
    Step.DECISION: "Quyết định công nhận",
    Step.CERTIFICATES: "Cấp giấy chứng nhận",
    Step.DONE: "Hoàn thành",
}


class Move(StrEnum):
    FINISH = "finish"  # the step is done as the law wants it
    REPEAT = "repeat"  # a meeting disagreed: survey and meeting again
    RECHECK = "recheck"  # somebody complained while the result was posted; made by services/rechecks.py only
    RETURN = "return"  # to the step before, with a note


# The district had no say from the day on which the districts ended (Resolution of the two-level government).
DISTRICTS_END = date(2025, 7, 1)
ENTER = frozenset({May.ENTER_REVIEWS})
WARD = frozenset({May.ENTER_REVIEWS, May.DECIDE_REVIEWS})
DISTRICT = frozenset({May.GIVE_OPINION})
DECIDE = frozenset({May.DECIDE_REVIEWS})


@dataclass(frozen=True)
class Allowed:
    """Where a move leads, which right of several is enough for it, and the words on its button."""

    to: Step
    rights: frozenset[May]
    words: str


MOVES: dict[tuple[Step, Move], Allowed] = {
    (Step.LIST, Move.FINISH): Allowed(Step.SURVEY, ENTER, "Chốt danh sách, bắt đầu khảo sát"),
    (Step.SURVEY, Move.FINISH): Allowed(Step.MEETING, ENTER, "Khảo sát xong, chuyển họp dân"),
    (Step.SURVEY, Move.RETURN): Allowed(Step.LIST, WARD, "Mở lại danh sách"),
    (Step.MEETING, Move.FINISH): Allowed(Step.POSTING, ENTER, "Họp xong, chuyển niêm yết"),
    (Step.MEETING, Move.REPEAT): Allowed(Step.SURVEY, ENTER, "Khảo sát và họp lại"),
    (Step.MEETING, Move.RETURN): Allowed(Step.SURVEY, WARD, "Trả về khảo sát"),
    (Step.POSTING, Move.FINISH): Allowed(Step.DISTRICT, ENTER, "Niêm yết xong, gửi đi"),
    (Step.POSTING, Move.RECHECK): Allowed(Step.RECHECK, ENTER, "Mở phúc tra"),
    (Step.POSTING, Move.RETURN): Allowed(Step.MEETING, WARD, "Trả về họp dân"),
    (Step.RECHECK, Move.FINISH): Allowed(Step.POSTING, ENTER, "Phúc tra xong, niêm yết lại"),
    (Step.DISTRICT, Move.FINISH): Allowed(Step.DECISION, DISTRICT, "Thống nhất với kết quả"),
    (Step.DISTRICT, Move.RETURN): Allowed(Step.POSTING, DISTRICT, "Trả lại phường, xã"),
    (Step.DECISION, Move.FINISH): Allowed(Step.CERTIFICATES, DECIDE, "Ban hành quyết định"),
    (Step.DECISION, Move.RETURN): Allowed(Step.DISTRICT, DECIDE, "Trả lại"),
    (Step.CERTIFICATES, Move.FINISH): Allowed(Step.DONE, WARD, "Đã cấp giấy chứng nhận"),
}
# Where one of the ward may still change form B: before the results are talked over, and when they are checked again.
OPEN_TO_SURVEY = frozenset({Step.LIST, Step.SURVEY, Step.RECHECK})
SETTLED = frozenset({Step.CERTIFICATES, Step.DONE})


def has_district_step(kind: str, day: date) -> bool:
    """Only the annual round asks the district's opinion, and only while there are districts. `day`: the round's last."""
    return kind == "annual" and day < DISTRICTS_END


def allowed(step: str, move: str, *, kind: str, day: date) -> Allowed | None:
    """What the move leads to from this step, or None when it is not in the table."""
    found = MOVES.get((Step(step), Move(move)))
    if found is None or has_district_step(kind, day):
        return found
    if found.to == Step.DISTRICT:  # without the district's step its neighbours stand side by side
        to = Step.DECISION if found.rights == ENTER else Step.POSTING
        return Allowed(to, found.rights, found.words)
    return found


def needs_note(move: str) -> bool:
    """Going back is told in words. A re-check has its own: the complaint, and what was found (services/rechecks.py)."""
    return move == Move.RETURN


def rail(kind: str, day: date) -> list[Step]:
    """The steps of a round in their order; a re-check is a turn off this way."""
    steps = [Step.LIST, Step.SURVEY, Step.MEETING, Step.POSTING, Step.DISTRICT, Step.DECISION, Step.CERTIFICATES]
    return steps if has_district_step(kind, day) else [step for step in steps if step != Step.DISTRICT]


def agreed(present: int, for_it: int) -> bool:
    """At least half of those present agree (art. 4.3): at exactly half the meeting has agreed."""
    return present > 0 and 2 * for_it >= present
