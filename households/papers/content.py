"""What stands on each paper, already worded; a layout adds only form. Pure."""

from dataclasses import dataclass, field
from datetime import date


def written_date(day: date) -> str:
    """Decree 30/2020, annex I: a leading zero for days below 10 and for months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


@dataclass(frozen=True)
class Head:
    """The top of a paper. `number` and `dated` blank: dotted lines, filled by hand. `parent` blank: not printed."""

    parent: str
    body: str
    symbol: str
    place: str
    number: str = ""
    dated: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Person:
    name: str
    relation: str
    sex: str  # "male" or "female": which column the birth year stands in
    birth_year: str
    ethnicity: str
    citizen_id: str = ""  # masked, unless somebody with the right to whole numbers gave a reason


@dataclass(frozen=True)
class Certificate:
    """Giấy chứng nhận hộ nghèo, hộ cận nghèo (Decision 24/2021), of one household."""

    head: Head
    holder: Person
    address: str
    category: str
    since: str
    members: list[Person]
    code: str = ""  # of the household, for the log of whole numbers; not printed


@dataclass(frozen=True)
class Posted:
    """A line of the public list: no ID number, no illness, no score."""

    name: str
    birth_year: str
    group: str
    persons: int
    result: str


@dataclass(frozen=True)
class PublicList:
    head: Head
    title: str
    period: str
    rows: list[Posted]


@dataclass(frozen=True)
class Decision:
    """Decision of the ward's chairman that recognises the appended list (Decision 24/2021, form 02)."""

    head: Head
    subject: str
    bases: list[str]
    articles: list[str]
    recipients: list[str]
    rows: list[Posted]


@dataclass(frozen=True)
class Minutes:
    """Minutes of the residents' meeting. Blank facts are written by hand."""

    head: Head
    group: str
    held_on: str
    place: str
    chair: str
    secretary: str
    present: str
    agreed: str
    note: str = ""
    rows: list[Posted] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """Form 01 (to be recognised as poor, near-poor) or 04 (as having escaped). Blank: the empty form."""

    form: str  # "01" or "04"
    demo: bool = False
    ward: str = ""
    holder: Person | None = None
    address: str = ""
    members: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """Official letter that answers a complaint or request."""

    head: Head
    subject: str
    to: str
    paragraphs: list[str]
    recipients: list[str]
