"""What is wrong with the households of a sheet, and who of them may be in the register already."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.models import User
from areas.bulk import these
from areas.vietnamese import tidy
from households import identity
from households.duplicate_queries import duplicates_of
from households.identity import Vault
from households.members import NUMBERS, Person, Problem, check
from households.models import Household, Member
from households.sealed import vault

PLACE = ("group", "address", "phone", "tenure", "living_area")
_LONGEST_OF_PLACE = {name: Household._meta.get_field(name).max_length for name in ("group", "address", "phone")}
_LONGEST_OF_PERSON = {name: Member._meta.get_field(name).max_length for name in ("full_name", "ethnicity")}
_RELATIONS, _SEXES = frozenset(Member.Relation.values), frozenset(Member.Sex.values)


@dataclass(frozen=True)
class Staged:
    """A household as read from the sheet; `number` is the sheet row where it begins."""

    number: int
    group: str
    address: str
    phone: str
    members: list[Person]
    errors: list[dict] = field(default_factory=list)  # {"row": of the sheet, "field", "message"}
    warnings: list[dict] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of each member the sheet row; without: one after another
    code: str = ""  # that the sheet gives the household: one of the register is not entered again
    tenure: str = ""
    living_area: str = ""  # m², as a decimal number

    def line(self, member: int | None) -> int:
        """The sheet row of a member of the list, or of the household."""
        if member is None:
            return self.number
        return self.lines[member] if member < len(self.lines) else self.number + member


@dataclass(slots=True)
class Checked:
    """A household of the sheet with its people marked and every remark about it. Without errors it may be entered."""

    staged: Staged
    people: list[Person]
    errors: list[dict] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)

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


def checked(chunk: list[Staged], day: date, seen: Numbers, by: User) -> list[Checked]:
    """The households checked against the rules, the register and the sheet so far, with one look at the register.

    `seen`: the numbers of the households before these; those of these are added. Begin with `{}`.
    """
    for kind, _, _ in NUMBERS:
        seen.setdefault(kind, set())
    safe = vault()
    found = [Checked(one, [marked(person, safe) for person in one.members]) for one in chunk]
    known = in_register(person for one in found for person in one.people)
    wanted = {one.code for one in chunk} - {""}
    codes = set(Household.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()
    alike = _alike(by, found)
    for place, one in enumerate(found):
        one.errors = _errors(one.staged, one.people, day, known, seen, codes)
        one.warnings = [*one.staged.warnings, *_odd(one), *alike.get(place, [])]
    return found


def marked(person: Person, safe: Vault) -> Person:
    """The person of a sheet with the mark of each number."""
    facts = vars(person) | {"full_name": tidy(person.full_name)}
    for name, mark, _ in NUMBERS:
        if facts[name]:
            facts[mark] = safe.fingerprint(facts[name])
    return Person.of(facts)


def in_register(people: Iterable[Person]) -> set[tuple[str, str]]:
    """Which of the people's numbers somebody in the register has: (field, mark), found in one look a kind of number."""
    people = list(people)
    known = set()
    for kind, mark, _ in NUMBERS:
        marks = {getattr(person, mark) for person in people} - {""}
        if marks:
            found = Member.objects.filter(left_on__isnull=True, **{f"{kind}_hash__in": these(marks)})
            known |= {(kind, value) for value in found.values_list(f"{kind}_hash", flat=True)}
    return known


def _errors(
    one: Staged,
    people: list[Person],
    day: date,
    known: set[tuple[str, str]],
    seen: Numbers,
    codes: set[str],
) -> list[dict]:
    errors = list(one.errors)
    # What the cell already said is not said twice; a year of birth may stand in a column of its own for each sex.
    said_of = {(error["row"], re.sub(r"^birth_year_\w+", "birth", error["field"])) for error in errors}

    def wrong(row: int | None, name: str, message: str) -> None:
        if (one.line(row), name) not in said_of:
            errors.append({"row": one.line(row), "field": name, "message": message})

    for problem in [*_place(one), *check(people, day)]:
        wrong(problem.row, problem.field, problem.message)
    if one.code and one.code in codes:
        wrong(None, "code", "Hộ có mã này đã có trong sổ: sửa ở hồ sơ hộ.")
    mine: list[tuple[str, int]] = []
    for row, person in enumerate(people):
        for problem in _words(person, row):
            wrong(row, problem.field, problem.message)
        for kind, mark, name in NUMBERS:
            held = getattr(person, mark)
            if not held:
                continue
            short = int(held[:30], 16)  # 120 bits: no two numbers of a country share them
            if (kind, held) in known:
                wrong(row, kind, f"{name} này đã có trong sổ hộ.")
            elif short in seen[kind]:
                wrong(row, kind, f"{name} này đã có ở hộ khác trong tệp.")
            mine.append((kind, short))
    for kind, short in mine:
        seen[kind].add(short)
    return errors


def _odd(one: Checked) -> list[dict]:
    return [
        {
            "row": one.staged.line(row),
            "field": "citizen_id",
            "message": "Không khớp giới tính, năm sinh hoặc nơi khai sinh.",
        }
        for row, person in enumerate(one.people)
        if person.citizen_id and identity.warnings(person.citizen_id, person.sex, person.birth_year)
    ]


def _alike(by: User, found: list[Checked]) -> dict[int, list[dict]]:
    """Of each household, by its place, who of it may be in the register already; those with a number are compared too."""
    asked = [
        (place, row, (person.full_name, person.birth_year, one.staged.phone, one.staged.address))
        for place, one in enumerate(found)
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
    if not tidy(one.group):
        problems.append(Problem("Ghi tổ dân phố, thôn.", None, "group"))
    if not tidy(one.address):
        problems.append(Problem("Ghi địa chỉ.", None, "address"))
    return problems


def _words(person: Person, row: int) -> list[Problem]:
    problems = [
        Problem(f"Dài quá {most} ký tự.", row, name)
        for name, most in _LONGEST_OF_PERSON.items()
        if len(getattr(person, name)) > most
    ]
    if person.relation not in _RELATIONS:
        problems.append(Problem("Ghi quan hệ với chủ hộ.", row, "relation"))
    if person.sex not in _SEXES:
        problems.append(Problem("Ghi giới tính: Nam hoặc Nữ.", row, "sex"))
    return problems
