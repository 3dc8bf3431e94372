"""Part B1 of form B by items: a table of points, the answers given, and what each of them adds. Pure.

Circular 07/2021/TT-BLĐTBXH gives the points in its annex; none stands here, all come from a table that an office loads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from areas.vietnamese import number


class Kind(StrEnum):
    SINGLE = "single_choice"  # exactly one of the options
    MULTI = "multi_add"  # as many as hold, none included; their points add up
    BAND = "numeric_band"  # a number, and the points of the band it falls into


KIND_LABELS = {Kind.SINGLE: "Chọn một", Kind.MULTI: "Chọn nhiều, cộng điểm", Kind.BAND: "Ghi số, tính theo khoảng"}


@dataclass(frozen=True)
class Option:
    """A choice, or a band from `least`, included, up to `most`, not included; None: no bound on that side."""

    code: str
    text: str
    points: int
    least: Decimal | None = None
    most: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        return (self.least is None or self.least <= value) and (self.most is None or value < self.most)


@dataclass(frozen=True)
class Item:
    code: str
    text: str
    kind: Kind
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Answer:
    """One row of the answers: an option that was chosen, or the number that was counted."""

    item: str
    option: str = ""
    number: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """What one item adds: the answer in words and its points."""

    item: str
    text: str
    answer: str
    points: int


@dataclass(frozen=True)
class Score:
    """`wrong`: by code of the item why it could not be counted, in Vietnamese. The total counts only if it is empty."""

    lines: tuple[Line, ...]
    wrong: Mapping[str, str]

    @property
    def total(self) -> int:
        return sum(line.points for line in self.lines)


def score(items: Sequence[Item], given: Sequence[Answer]) -> Score:
    """Points of the answers by the table. Answers to items or options that it has not are named in `wrong`."""
    answers: dict[str, list[Answer]] = {}
    for answer in given:
        answers.setdefault(answer.item, []).append(answer)
    lines, wrong = [], {}
    for item in items:
        own = answers.pop(item.code, [])
        chosen, problem = _band(item, own) if item.kind == Kind.BAND else _choice(item, own)
        if problem:
            wrong[item.code] = problem
        elif chosen:
            told = f"{number_words(own[0].number)} ({chosen[0].text})" if item.kind == Kind.BAND else _words(chosen)
            lines.append(Line(item.code, item.text, told, sum(option.points for option in chosen)))
    wrong |= dict.fromkeys(answers, "Bảng điểm không có mục này.")
    return Score(tuple(lines), wrong)


def _choice(item: Item, own: list[Answer]) -> tuple[list[Option], str]:
    codes = {answer.option for answer in own}
    chosen = [option for option in item.options if option.code in codes]
    if len(chosen) != len(own):
        return [], "Bảng điểm không có mức đã chọn. Chọn lại."
    if item.kind == Kind.SINGLE and len(chosen) != 1:
        return [], "Chọn một mức." if not chosen else "Chỉ chọn một mức."
    return chosen, ""


def _band(item: Item, own: list[Answer]) -> tuple[list[Option], str]:
    if not own or own[0].number is None:
        return [], "Ghi số."
    if len(own) > 1:
        return [], "Chỉ ghi một số."
    chosen = [option for option in item.options if option.holds(own[0].number)]
    if not chosen:
        return [], f"Bảng điểm không có khoảng nào cho {number_words(own[0].number)}."
    return chosen[:1], ""


def _words(chosen: list[Option]) -> str:
    return "; ".join(option.text for option in chosen)


def number_words(value: Decimal) -> str:
    """12,5 and not 12,50; 12 and not 12,00."""
    plain = value.normalize()
    return number(plain, max(-plain.as_tuple().exponent, 0))


def answer_words(items: Sequence[Item], given: Sequence[Answer]) -> dict[str, str]:
    """By code of the item what was answered, for showing an older form beside a new one; unknown codes are left out."""
    return {line.item: line.answer for line in score(items, given).lines}
