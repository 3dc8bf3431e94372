"""The text of a city report as the portal can write it: of the frozen figures and of the units' accepted parts. Pure.

What neither tells (causes that no unit named, proposals) is left empty for whoever drafts the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from areas.vietnamese import number
from reports import sentences
from reports.content import AgencyRow, ReportContent
from reports.letter_text import cleaned, paragraphs
from reports.states import Part

LETTERS = "abcdđeghiklm"  # the alphabet that points are lettered by: đ after d, no f, j, w, z
# part of a unit's report → part of the city's; what a unit says of its own situation stays in its own report
GATHERED = {
    Part.RESULTS: "agencies",
    Part.SHORTCOMINGS: "lacking",
    Part.DIRECTIONS: "direction",
    Part.PROPOSALS: "proposals",
}


@dataclass(frozen=True)
class Given:
    """An accepted part of a unit's report, as prose.py keeps text."""

    unit: str
    part: str
    text: str


def text_of(content: ReportContent, given: Iterable[Given] = ()) -> dict[str, str]:
    """A text for each part of letter_text.KEYS; '' where there is nothing to say yet."""
    good, bad = sentences.assessment(content)
    said = {
        "situation": sentences.situation(content),
        "objectives": [
            line
            for letter, objective in zip(LETTERS, content.objectives, strict=False)
            for line in (f"{letter}) {objective.text}", sentences.result(objective))
        ],
        "districts": sentences.appendix_results(content),
        "agencies": agencies(content.agencies),
        "achieved": good,
        "lacking": bad,
        "causes": [],
        "direction": [sentences.what_is_left(content)],
        "proposals": [],
    }
    given = list(given)
    for part, key in GATHERED.items():
        said[key] += _of_units([one for one in given if one.part == part])
    return {key: "\n".join(cleaned(line) for line in lines) for key, lines in said.items()}


def _of_units(given: list[Given]) -> list[str]:
    """A list of units with a paragraph each. Once one of them says more, each stands under its name in bold: else the
    next unit would read as a point of the one before."""
    told = [(one.unit, lines) for one in given if (lines := paragraphs(cleaned(one.text)))]
    if all(len(lines) == 1 for _, lines in told):
        return [f"- {unit}: {lines[0].removeprefix('- ')}" for unit, lines in told]
    return [line for unit, lines in told for line in (f"**{unit}:**", *lines)]


def agencies(rows: list[AgencyRow]) -> list[str]:
    """How far the agencies are together, and which of them sent their report late or not at all."""
    if not rows:
        return []
    given, reported, verified = (sum(getattr(row, name) for row in rows) for name in ("tasks", "reported", "verified"))
    said = [
        f"Kế hoạch giao {number(given)} lượt nhiệm vụ cho {number(len(rows))} cơ quan, đơn vị; {number(reported)} lượt đã "
        f"báo cáo kỳ này, {number(verified)} lượt đã được xác nhận. Kết quả của từng đơn vị nêu tại Phụ lục II kèm theo."
    ]
    owed = [row for row in rows if row.own_report]
    if owed:
        on_time = [row for row in owed if row.own_report in ("accepted", "waiting")]
        told = f"Có {number(len(on_time))}/{number(len(owed))} đơn vị nộp báo cáo đúng hạn"
        for state, words in (("late", "nộp muộn"), ("missing", "chưa nộp")):
            if names := [row.name for row in owed if row.own_report == state]:
                told += f"; {words}: {', '.join(names)}"
        said.append(f"{told}.")
    return said
