"""Classify a household under one standard, with a receipt that says in words why. Pure.

Decree 07/2021/NĐ-CP art. 3 and Circular 07/2021/TT-BLĐTBXH: income at or below the line *and* at least three
deprivations is poor; income at or below the line with fewer is near-poor; above the line is neither.
"""

from dataclasses import dataclass

from areas.vietnamese import number
from households.standards import (
    CATEGORY_LABELS,
    DEPRIVATIONS,
    POINTS_PER_DEPRIVATION,
    Category,
    Findings,
    IncomeBasis,
    Rule,
)

RULE_VERSION = "2021.1"

ZONE_LABELS = {"rural": "nông thôn", "urban": "thành thị"}
# The central income lines that 140 and 175 points of B1 stand for (Decree 07/2021 art. 3.1), VND a person a month.
B1_LINES_IN_MONEY = {"rural": 1_500_000, "urban": 2_000_000}
# B1 estimates income from what is seen; only a gap of a quarter or more is worth a second look.
FAR_FROM_LINE = (75, 125)  # percent of the line


@dataclass(frozen=True)
class Receipt:
    """A result and its reasons. `why` is one Vietnamese sentence; `lines` say what each answer contributed."""

    standard: str
    category: Category
    why: str
    lines: tuple[tuple[str, str], ...]
    rule_version: str = RULE_VERSION

    def as_json(self) -> dict:
        return {"why": self.why, "lines": [list(line) for line in self.lines], "rule_version": self.rule_version}


def classify(found: Findings, rule: Rule) -> Receipt:
    """The category of a household that was found so, under this rule. ValueError for an unknown zone or indicator."""
    unknown = found.deprived - {key for key, *_ in DEPRIVATIONS}
    if unknown:
        raise ValueError(f"unknown indicators: {sorted(unknown)}")
    if found.zone not in ZONE_LABELS:
        raise ValueError(f"unknown zone: {found.zone!r}")
    line = rule.line(found.zone)
    income = found.b1_score if rule.basis == IncomeBasis.B1_SCORE else found.income_per_person
    if income > line:
        category = Category.NOT_POOR
    elif len(found.deprived) >= rule.deprivations_for_poor:
        category = Category.POOR
    else:
        category = Category.NEAR_POOR
    return Receipt(rule.code, category, _why(rule, found, income, line, category), _lines(rule, found, income, line))


def _why(rule: Rule, found: Findings, income, line: int, category: Category) -> str:
    """'Điểm B1 165, không vượt mức 175 điểm của khu vực thành thị; thiếu hụt 3 chỉ số (B2 30 điểm), … nên là hộ nghèo.'"""
    by_points = rule.basis == IncomeBasis.B1_SCORE
    what = "Điểm B1" if by_points else "Thu nhập bình quân"
    unit = "điểm" if by_points else "đồng/người/tháng"
    compare = "cao hơn" if category == Category.NOT_POOR else "không vượt"
    first = f"{what} {number(income)}, {compare} mức {number(line)} {unit} của khu vực {ZONE_LABELS[found.zone]}"
    so = f"nên {'' if category == Category.NOT_POOR else 'là '}{CATEGORY_LABELS[category].lower()}."
    if category == Category.NOT_POOR:
        return f"{first}, {so}"
    lacks = len(found.deprived)
    counted = f"thiếu hụt {lacks} chỉ số (B2 {found.b2_score} điểm)" if lacks else "không thiếu hụt chỉ số nào"
    needed = rule.deprivations_for_poor
    verdict = f"đủ mức {needed} chỉ số trở lên" if category == Category.POOR else f"chưa đến {needed} chỉ số"
    return f"{first}; {counted}, {verdict}, {so}"


def _lines(rule: Rule, found: Findings, income, line: int) -> tuple[tuple[str, str], ...]:
    unit = "điểm" if rule.basis == IncomeBasis.B1_SCORE else "đồng"
    label = "B1, thu nhập" if rule.basis == IncomeBasis.B1_SCORE else "Thu nhập bình quân"
    lacks = [
        (f"{place}. {name}", f"{POINTS_PER_DEPRIVATION} điểm")
        for place, (key, _, name, _) in enumerate(DEPRIVATIONS, 1)
        if key in found.deprived
    ]
    return (
        (label, f"{number(income)} / {number(line)} {unit}"),
        *(_items(found) if rule.basis == IncomeBasis.B1_SCORE else ()),
        *lacks,
        ("B2, thiếu hụt", f"{found.b2_score} / {len(DEPRIVATIONS) * POINTS_PER_DEPRIVATION} điểm"),
    )


def _items(found: Findings) -> tuple[tuple[str, str], ...]:
    """Which table counted B1, and what each answer added."""
    if not found.b1_table:
        return ()
    said = [(f"{line.text}: {line.answer}", f"{number(line.points)} điểm") for line in found.b1_lines]
    return (("Tính B1 theo", found.b1_table), *said)


def contradiction(found: Findings, rule: Rule) -> str:
    """A sentence when B1 and the stated income tell different stories; '' when they agree or nothing can be said.

    Only for a standard by B1: its line and B1_LINES_IN_MONEY are one line in points and in money.
    """
    if rule.basis != IncomeBasis.B1_SCORE or found.zone not in ZONE_LABELS:
        return ""
    line, money = rule.line(found.zone), B1_LINES_IN_MONEY[found.zone]
    low, high = FAR_FROM_LINE
    percent_of_line = found.income_per_person * 100 / money
    told = f"điểm B1 {number(found.b1_score)} (mức {line}), thu nhập {number(found.income_per_person)} đồng (mức {number(money)})"
    if found.b1_score <= line and percent_of_line >= high:
        return f"B1 không vượt mức nhưng thu nhập cao hơn mức nhiều: {told}. Xem lại hai số này trước khi quyết định."
    if found.b1_score > line and percent_of_line <= low:
        return f"B1 vượt mức nhưng thu nhập thấp hơn mức nhiều: {told}. Xem lại hai số này trước khi quyết định."
    return ""
