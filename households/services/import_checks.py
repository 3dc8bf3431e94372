"""What is wrong with the households of a sheet, and who of them may be in the register already."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.models import User
from accounts.vault import Vault
from areas.vietnamese import tidy
from households import identity
from households.duplicate_queries import duplicates_of
from households.intake.matching import PLACE
from households.intake.reading import Staged
from households.intake.rows import MISSING
from households.members import NUMBERS, Person, Problem, check
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import vault
from households.services.import_matching import Match, matches

Kind = ImportRow.Kind
USUAL = "Kinh"  # of somebody new whose ethnicity the sheet does not say
_LONGEST_OF_PLACE = {name: Household._meta.get_field(name).max_length for name in ("group", "address", "phone")}
_LONGEST_OF_PERSON = [(name, Member._meta.get_field(name).max_length) for name in ("full_name", "ethnicity")]
_RELATIONS, _SEXES = frozenset(Member.Relation.values), frozenset(Member.Sex.values)


@dataclass(slots=True)
class Checked:
    """A household of the sheet with its people marked and every remark about it.

    `as_new`, `as_update`: its errors if it is entered, or written over the register's; None when that is out of the
    question. A likely household has both until somebody says what it is.
    """

    staged: Staged
    people: list[Person]
    match: Match = field(default_factory=Match)
    as_new: list[dict] | None = None
    as_update: list[dict] | None = None
    warnings: list[dict] = field(default_factory=list)

    @property
    def errors(self) -> list[dict]:
        return (self.as_update if self.as_new is None else self.as_new) or []

    @property
    def wrong(self) -> bool:
        return all(errors for errors in (self.as_new, self.as_update) if errors is not None)

    @property
    def number(self) -> int:
        return self.staged.number

    def said(self) -> dict:
        """What is kept of it, sealed; of each person only what is said."""
        kept = {name: getattr(self.staged, name) for name in PLACE}
        kept["members"] = [
            {name: value for name, value in vars(person).items() if value is not None and value != ""}
            for person in self.people
        ]
        return kept


Numbers = dict[str, set[int]]  # of each kind, the marks met, as whole numbers: a third of the memory of the words


def checked(chunk: list[Staged], batch: ImportBatch, seen: Numbers, taken: dict[int, int], by: User) -> list[Checked]:
    """The households checked against the rules, the register and the sheet so far, with one look at the register.

    `seen`: the numbers of the households before these; those of these are added. Begin with `{}`. `taken`: see `matches`.
    """
    for kind, _, _ in NUMBERS:
        seen.setdefault(kind, set())
    safe = vault()
    found = [Checked(one, [marked(person, safe) for person in one.members]) for one in chunk]
    matched = matches(batch.ward, chunk, [one.people for one in found], batch.day, taken)
    for one, match in zip(found, matched, strict=True):
        one.match = match
        twice = _twice(one, seen)
        if match.kind in (Kind.NEW, Kind.MAYBE):
            one.as_new = _as_new(one, twice, batch.day)
        if match.held:
            one.as_update = _as_update(one, twice)
    alike = _alike(by, found)
    for place, one in enumerate(found):
        one.warnings = [*one.staged.warnings, *_odd(one), *alike.get(place, [])]
    return found


def marked(person: Person, safe: Vault) -> Person:
    """The person of a sheet with the mark of each number."""
    facts = vars(person).copy()
    facts["full_name"] = tidy(facts["full_name"])
    for name, mark, _ in NUMBERS:
        if number := facts[name]:
            facts[mark] = safe.fingerprint(number)
    return Person.of(facts)


def _twice(one: Checked, seen: Numbers) -> list[Problem]:
    """Numbers that a household above has; those of this one are added to `seen`."""
    twice, mine = [], []
    for row, person in enumerate(one.people):
        facts = vars(person)
        for kind, mark, name in NUMBERS:
            if mark_of := facts.get(mark):
                short = int(mark_of[:30], 16)  # 120 bits: no two numbers of a country share them
                mine.append((seen[kind], short))
                if short in seen[kind]:
                    twice.append(Problem(f"{name} này đã có ở hộ khác trong tệp.", row, kind))
    for known, short in mine:
        known.add(short)
    return twice


def _as_new(one: Checked, twice: list[Problem], day: date) -> list[dict]:
    words = [problem for row, person in enumerate(one.people) for problem in _words(person, row)]
    known = [Problem(message, row, name) for row, name, message in one.match.problems]
    place = [*_place(one.staged), *_missing(one.staged)]
    return _errors(one.staged, [*place, *check(one.people, day), *words, *known, *twice], one.staged.errors)


def _as_update(one: Checked, twice: list[Problem]) -> list[dict]:
    """A cell that is blank for somebody of the register is no error: what is known stays."""
    words = [problem for row, person in enumerate(one.match.people) for problem in _words(person, row)]
    wrong = [Problem(message, row, name) for row, name, message in one.match.wrong]
    lines = {one.staged.line(row) for row, key in enumerate(one.match.keys) if key is not None}
    said = [
        error
        for error in one.staged.errors
        if not (error["row"] in lines and MISSING.get(error["field"]) == error["message"])
    ]
    return _errors(one.staged, [*_place(one.staged), *wrong, *words, *twice], said)


def _errors(one: Staged, problems: list[Problem], said: list[dict]) -> list[dict]:
    """What the cells already said is not said twice; a year of birth may stand in a column of its own for each sex."""
    errors = list(said)
    if not problems:
        return errors
    said_of = {(error["row"], re.sub(r"^birth_year_\w+", "birth", error["field"])) for error in errors}
    for problem in problems:
        if (one.line(problem.row), problem.field) not in said_of:
            errors.append({"row": one.line(problem.row), "field": problem.field, "message": problem.message})
    return errors


def _odd(one: Checked) -> list[dict]:
    return [
        {
            "row": one.staged.line(row),
            "field": "citizen_id",
            "message": "Không khớp giới tính, năm sinh hoặc nơi khai sinh.",
        }
        for row, person in enumerate(one.match.people or one.people)
        if (number := one.people[row].citizen_id) and identity.warnings(number, person.sex, person.birth_year)
    ]


def _alike(by: User, found: list[Checked]) -> dict[int, list[dict]]:
    """Of each new household, by its place, who of it may be in the register already; with a number or without."""
    asked = [
        (place, row, (person.full_name, person.birth_year, one.staged.phone, one.staged.address))
        for place, one in enumerate(found)
        if not one.match.held  # the register's stands beside it on the page
        for row, person in enumerate(one.people)
    ]
    told: dict[int, list[dict]] = {}
    for at, candidates in duplicates_of(by, [person for _, _, person in asked]).items():
        place, row, _ = asked[at]
        likeliest = candidates[0]
        message = f"Có thể đã có trong sổ, hộ {likeliest.code}: {', '.join(likeliest.reasons)}."
        line = found[place].staged.line(row)
        told.setdefault(place, []).append({"row": line, "field": "full_name", "message": message})
    return told


def _place(one: Staged) -> list[Problem]:
    problems = [
        Problem(f"Dài quá {most} ký tự.", None, name)
        for name, most in _LONGEST_OF_PLACE.items()
        if len(getattr(one, name)) > most and len(tidy(getattr(one, name))) > most
    ]
    if one.living_area and Decimal(one.living_area) >= 100_000:  # m², as many digits as the column holds
        problems.append(Problem("Diện tích quá lớn.", None, "living_area"))
    return problems


def _missing(one: Staged) -> list[Problem]:
    problems = []
    if not tidy(one.group):
        problems.append(Problem("Ghi tổ dân phố, thôn.", None, "group"))
    if not tidy(one.address):
        problems.append(Problem("Ghi địa chỉ.", None, "address"))
    return problems


def _words(person: Person, row: int) -> list[Problem]:
    problems = []
    for name, most in _LONGEST_OF_PERSON:
        if len(getattr(person, name)) > most:
            problems.append(Problem(f"Dài quá {most} ký tự.", row, name))
    if person.relation not in _RELATIONS:
        problems.append(Problem("Ghi quan hệ với chủ hộ.", row, "relation"))
    if person.sex not in _SEXES:
        problems.append(Problem("Ghi giới tính: Nam hoặc Nữ.", row, "sex"))
    return problems
