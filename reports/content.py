"""What a report says, as plain values: the frozen lines arranged as the appendix and the objectives. Pure.

Renderers (docx.py, xlsx.py) see nothing but this, so that a document is a function of a frozen report.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from reports import letter_text
from targets.indicators import APPENDIX, INDICATORS, percent

# What each objective of section II is measured by.
OBJECTIVES: dict[int, tuple[str, ...]] = {
    1: ("poor_labour_end",),
    2: ("insurance_near_poor",),
    3: ("house_new", "house_repair"),
    4: ("job_introductions",),
    5: ("officers_trained",),
}
START, CUT, END = "poor_labour_start", "poor_labour_reduction", "poor_labour_end"
DEPARTMENT = "Sở Lao động - Thương binh và Xã hội"


@dataclass(frozen=True)
class Figure:
    """One frozen line. `actual` is a count, persons behind a percentage; None: nobody knows, which is not zero.

    `target` and `published_rate` are the plan's; `computed_rate` is actual / denominator in percent; `reached` is the
    percent of the target that is done.
    """

    code: str
    target: Decimal | None = None
    published_rate: Decimal | None = None
    actual: int | None = None
    denominator: int | None = None
    computed_rate: Decimal | None = None
    reached: Decimal | None = None

    @property
    def name(self) -> str:
        return INDICATORS[self.code].name

    @property
    def unit(self) -> str:
        return INDICATORS[self.code].counted_in

    @property
    def is_percent(self) -> bool:
        return INDICATORS[self.code].unit == "percent"

    @property
    def has_rate(self) -> bool:
        """Printed with a rate beside the count: a share of the resident households."""
        return INDICATORS[self.code].has_rate and not self.is_percent

    @property
    def has_way(self) -> bool:
        """Something to reach, and not a fact about the start of the year."""
        return INDICATORS[self.code].direction != "none"

    @property
    def plan_rate(self) -> Decimal | None:
        """The target over the same denominator: what the printed rate would be if it followed from the counts."""
        return percent(self.target, self.denominator) if self.has_rate else None

    @property
    def value(self) -> Decimal | None:
        """In the unit of the target: percent where the target is one."""
        return self.computed_rate if self.is_percent else self.actual


@dataclass(frozen=True)
class Unit:
    """A row of the appendix: the city (no number) or a district, with a figure for each indicator that has a line."""

    no: int | None
    code: str
    name: str
    figures: dict[str, Figure]

    def figure(self, code: str) -> Figure:
        return self.figures.get(code) or Figure(code)

    @property
    def appendix(self) -> list[Figure]:
        return [self.figure(code) for code in APPENDIX]

    @property
    def rates(self) -> list[Figure]:
        """The figures of the appendix that are printed with a rate."""
        return [figure for figure in self.appendix if figure.has_rate]

    @property
    def residents(self) -> int | None:
        """Resident households: what the rates are divided by."""
        return next((figure.denominator for figure in self.rates if figure.denominator), None)


@dataclass(frozen=True)
class Objective:
    no: int
    text: str  # the plan's own words
    figures: list[Figure]


@dataclass(frozen=True)
class AgencyRow:
    """A row of the second appendix: one agency's tasks, and its own report in a word ('' where none was owed)."""

    no: int
    name: str
    tasks: int
    reported: int
    verified: int
    own_report: str

    @property
    def share(self) -> Decimal | None:
        """Tasks reported, in percent of those given."""
        return percent(Decimal(self.reported), self.tasks)


@dataclass(frozen=True)
class Head:
    """What stands around the text. Without number and day: blanks, which are filled when the report is signed."""

    number: int | None = None
    symbol: str = letter_text.SYMBOL
    place: str = letter_text.PLACE
    dated: date | None = None
    addressees: tuple[str, ...] = tuple(letter_text.items(letter_text.ADDRESSEES))
    authority: str = ""  # 'KT. GIÁM ĐỐC' where a deputy signs
    title: str = letter_text.TITLE
    signer: str = ""
    recipients: tuple[str, ...] = tuple(letter_text.items(letter_text.RECIPIENTS))

    @property
    def written_number(self) -> str:
        return f"{letter_text.written_number(self.number) or '        '}/{self.symbol}"


@dataclass(frozen=True)
class ReportContent:
    plan_number: str
    plan_title: str
    plan_issued_on: date
    year: int
    kind: str  # 'six_months' or 'year_end'
    as_of: date
    made_on: date  # the day the figures were frozen: the date of the document
    version: int
    reason: str  # of a version after the first
    checksum: str
    demo: bool
    unconfirmed: str  # names of the standards that still wait for their document
    residents_derived: bool
    units: list[Unit] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    agencies: list[AgencyRow] = field(default_factory=list)
    head: Head = Head()
    text: dict[str, str] = field(default_factory=dict)  # letter_text.KEYS → paragraphs, one a line

    @property
    def city(self) -> Unit:
        return self.units[0]

    @property
    def districts(self) -> list[Unit]:
        return self.units[1:]

    @property
    def subject(self) -> str:
        period = "6 tháng đầu năm" if self.kind == "six_months" else "năm"
        return f"Kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững {period} {self.year} trên địa bàn thành phố Đà Nẵng"


def units_of(lines: Iterable[Any]) -> list[Unit]:
    """Frozen lines, in their order, as rows: the first area is the city, the others are numbered."""
    areas: dict[str, tuple[str, dict[str, Figure]]] = {}
    for line in lines:
        _, figures = areas.setdefault(line.area.code, (line.area.full_name, {}))
        figures[line.indicator] = Figure(
            code=line.indicator,
            target=line.target,
            published_rate=line.published_rate,
            actual=line.actual,
            denominator=line.denominator,
            computed_rate=line.computed_rate,
            reached=line.reached,
        )
    return [Unit(place or None, code, name, figures) for place, (code, (name, figures)) in enumerate(areas.items())]


def objectives_of(city: Unit, texts: list[str]) -> list[Objective]:
    """The objectives in the plan's words, each with the city's figures that measure it."""
    return [
        Objective(no, text, [city.figure(code) for code in OBJECTIVES.get(no, ())]) for no, text in enumerate(texts, 1)
    ]


LINE_VALUES = ("target", "published_rate", "actual", "denominator", "computed_rate", "reached")


def checksum(*, plan_number: str, as_of: date, lines: Iterable[Any], agencies: Iterable[Any] = ()) -> str:
    """SHA-256 over the canonical JSON of the figures: the same figures give the same sum, before and after storing.

    Without agencies it is the sum of the reports that were frozen before agencies were counted.
    """
    told = {
        "plan": plan_number,
        "as_of": as_of.isoformat(),
        "lines": [
            [line.area.code, line.indicator, line.unit, *(_canonical(getattr(line, name)) for name in LINE_VALUES)]
            for line in lines
        ],
    }
    if counted := [[row.name, row.tasks, row.reported, row.verified, row.own_report] for row in agencies]:
        told["agencies"] = counted
    canonical = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value):.2f}"
