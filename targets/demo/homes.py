"""What the generator hands over: households with their members, visits, spells and supports, as plain values. Pure."""

from dataclasses import dataclass, field
from datetime import date

from households.classify import Receipt, classify
from households.form_b import Answers
from households.rounds import RoundDates
from households.spells import Closed, Opened, Status, change
from households.standards import Category
from targets.demo.answers import Standards
from targets.demo.people import Person


@dataclass(frozen=True)
class Ward:
    id: int
    code: str
    name: str
    zone: str


@dataclass(frozen=True)
class Visit:
    """A review: in which round, what was found, what became of it."""

    round: RoundDates
    answers: Answers
    state: str = "decided"
    decided_on: date | None = None
    number: str = ""
    return_note: str = ""


@dataclass(frozen=True)
class Spell:
    """A status under a standard; `opened_by` and `closed_by` are places in the home's list of visits."""

    standard: str
    status: Status
    valid_from: date
    opened_as: Opened
    opened_by: int
    valid_to: date | None = None
    closed_as: Closed | None = None
    closed_by: int | None = None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Gift:
    """A support: `kind` is a policy's kind; amounts in VND."""

    kind: str
    given_on: date
    persons: int = 1
    ends_on: date | None = None
    amount: int | None = None
    member: int | None = None  # place in the family of who received it
    balances: tuple[tuple[date, int, int], ...] = ()  # of a loan: day, outstanding, overdue


@dataclass(frozen=True)
class Works:
    """A house: `days` of its stages as far as it got, `sources` in VND. Handed over: `gift` is its place among the gifts."""

    kind: str
    days: tuple[date, ...]
    sources: tuple[tuple[str, int], ...]
    gift: int | None = None


@dataclass
class Home:
    code: str
    ward: Ward
    group: str
    address: str
    registered_on: date
    family: list[Person]
    visits: list[Visit]
    spells: list[Spell] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    works: list[Works] = field(default_factory=list)
    phone: str = ""

    def status(self, standard: str, day: date) -> Status | None:
        return next((spell.status for spell in self.spells if spell.standard == standard and spell.holds(day)), None)


def receipts(home: Home, visit: Visit, rules: Standards) -> list[Receipt]:
    """What each standard says of a visit, central first."""
    found = visit.answers.findings(home.ward.zone)
    return [classify(found, rule) for rule in (rules.central, rules.city)]


def replay(home: Home, rules: Standards, lists_begin: RoundDates) -> list[Spell]:
    """The spells that the decided visits lead to, by the same rules as a decision in the portal.

    One difference: what the round `lists_begin` opens was already on the list when the portal's data begins.
    """
    spells: list[Spell] = []
    decided = [(place, visit) for place, visit in enumerate(home.visits) if visit.state == "decided"]
    for place, visit in sorted(decided, key=lambda each: each[1].decided_on):
        for receipt in receipts(home, visit, rules):
            _apply(spells, home, visit, place, receipt, listed=visit.round == lists_begin)
    return spells


def _apply(spells: list[Spell], home: Home, visit: Visit, place: int, receipt: Receipt, listed: bool) -> None:
    answers, earlier = visit.answers, [spell for spell in spells if spell.standard == receipt.standard]
    held = next((spell for spell in earlier if spell.valid_to is None), None)
    status = Status(
        Category(receipt.category), home.ward.id, len(home.family), answers.has_labour, answers.special_hardship,
        answers.has_merit, answers.ethnic_minority,
    )  # fmt: skip
    before = any(spell.status.category == status.category for spell in earlier)
    step = change(held.status if held else None, status, was_poor_before=before)
    if step.close:
        spells[spells.index(held)] = Spell(
            held.standard,
            held.status,
            held.valid_from,
            held.opened_as,
            held.opened_by,
            visit.decided_on,
            step.close,
            place,
        )
    if step.open:
        opened = Opened.LISTED if listed and step.open == Opened.NEW else step.open
        spells.append(Spell(receipt.standard, status, visit.decided_on, opened, place))
