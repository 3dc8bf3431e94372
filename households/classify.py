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
    if found.zone not in ("urban", "rural"):
        raise ValueError(f"unknown zone: {found.zone!r}")
    line = rule.line(found.zone)
    income = found.b1_score if rule.basis == IncomeBasis.B1_SCORE else found.income_per_person
    enough = rule.deprivations_for_poor
    lacks = len(found.deprived)
    if income > line:
        category = Category.NOT_POOR
    elif lacks >= enough:
        category = Category.POOR
    else:
        category = Category.NEAR_POOR
    return Receipt(rule.code, category, _why(rule, found, income, line, category), _lines(rule, found, income, line))


def _why(rule: Rule, found: Findings, income, line: int, category: Category) -> str:
    label = CATEGORY_LABELS[category].lower()
    zone = "nông thôn" if found.zone == "rural" else "thành thị"
    needed = rule.deprivations_for_poor * POINTS_PER_DEPRIVATION
    what, unit = ("B1", " điểm") if rule.basis == IncomeBasis.B1_SCORE else ("Thu nhập", " đồng/người/tháng")
    if category == Category.NOT_POOR:
        return f"{what} {number(income)}{unit} cao hơn mức {number(line)} của khu vực {zone}: {label}."
    compare = "từ" if category == Category.POOR else "dưới"
    upward = " trở lên" if category == Category.POOR else ""
    return (
        f"{what} {number(income)}{unit} không quá mức {number(line)} của khu vực {zone}, "
        f"B2 {found.b2_score} điểm {compare} {needed}{upward}: {label}."
    )


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
        *lacks,
        ("B2, thiếu hụt", f"{found.b2_score} / {len(DEPRIVATIONS) * POINTS_PER_DEPRIVATION} điểm"),
    )
