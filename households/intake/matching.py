"""Which household of the register a household of a sheet is, and what the sheet changes of it. Pure.

A cell that the sheet leaves blank changes nothing, and nobody leaves a household because a sheet does not name them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from areas.vietnamese import fold, tidy
from households.duplicates import address_key
from households.identity import mask
from households.members import HEAD, NUMBERS, Person

PLACE = ("group", "address", "phone", "tenure", "living_area")
FACTS = ("full_name", "relation", "sex", "ethnicity")
ASKED = ("has_insurance",)
OTHER_HEAD = "Chủ hộ trong sổ là người khác. Đổi chủ hộ ở trang hộ trước, rồi kiểm tra lại tệp."


@dataclass(frozen=True)
class Held:
    """A household of the register. `people`: its current members, each with key, marks and `has_insurance`.

    `living_area` is m² with two decimals, '' when not known. `masked`: of (member, number) what may be shown of it.
    """

    pk: int
    code: str
    version: int
    since: date  # it was registered
    group: str = ""
    address: str = ""
    phone: str = ""
    tenure: str = ""
    living_area: str = ""
    people: tuple[Person, ...] = ()
    masked: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def head(self) -> Person | None:
        return next((one for one in self.people if one.relation == HEAD), None)


@dataclass(frozen=True)
class Owner:
    """Who of the register has a number: `mine` when the household is open and of the ward that brings the sheet."""

    household: int
    code: str
    mine: bool


@dataclass(frozen=True)
class Target:
    """The household that a staged one is, None for a new one; or (person's place, field, sentence) why not."""

    household: int | None = None
    how: str = ""  # 'code' or 'number'
    problems: tuple[tuple[int | None, str, str], ...] = ()


_NEW = Target()


@dataclass(frozen=True)
class Change:
    """What a sheet changes of a household: names of columns with (before, after), numbers masked.

    `members`: by member of the register; `joins`: places in the sheet of people who come; `absent`: members whom the
    sheet does not name, who stay.
    """

    place: dict[str, tuple[str, str]] = field(default_factory=dict)
    members: dict[int, dict[str, tuple]] = field(default_factory=dict)
    joins: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.place or self.members or self.joins)


def target(
    code: str, by_code: Owner | None, people: Sequence[Person], owners: Mapping[tuple[str, str], Owner]
) -> Target:
    """By the sheet's code first, then by the people's numbers. `by_code`: the register's household of that code."""
    if by_code and not by_code.mine:
        return Target(problems=((None, "code", f"Mã {code} là của hộ ở địa bàn khác, hoặc hồ sơ đã đóng."),))
    if not (by_code or owners):  # as for most of a sheet of new households
        return _NEW
    held = [
        (row, kind, name, owners[kind, getattr(one, mark)])
        for row, one in enumerate(people)
        for kind, mark, name in NUMBERS
        if (kind, getattr(one, mark)) in owners
    ]
    foreign = [
        (row, kind, f"{name} này đã có trong sổ hộ của địa bàn khác.") for row, kind, name, o in held if not o.mine
    ]
    if foreign:
        return Target(problems=tuple(foreign))
    votes = Counter(owner.household for *_, owner in held)
    wanted = by_code.household if by_code else max(votes, key=lambda pk: (votes[pk], -pk), default=None)
    elsewhere = [
        (row, kind, f"{name} này đã có trong sổ, ở hộ {owner.code}.")
        for row, kind, name, owner in held
        if owner.household != wanted
    ]
    if elsewhere:
        return Target(problems=tuple(elsewhere))
    return Target(wanted, "code" if by_code else "number" if wanted else "")


def likely(people: Sequence[Person], group: str, address: str, candidates: Iterable[Held]) -> Held | None:
    """The household that a staged one without code and known number may be: its head is called the same, and is as old
    or lives at the same place. Only a suggestion: somebody has to say so."""
    head = next((one for one in people if one.relation == HEAD), None)
    if head is None:
        return None

    def alike(held: Held) -> tuple[bool, bool, bool]:
        other = held.head
        if other is None or fold(other.full_name) != fold(head.full_name) or not _may_be_one(head, other):
            return False, False, False
        same_address = bool(address_key(address)) and address_key(address) == address_key(held.address)
        return other.birth_year == head.birth_year, same_address, fold(tidy(group)) == fold(held.group)

    scored = [(alike(held), held) for held in candidates]
    fit = [(score, held) for score, held in scored if score[0] or score[1] and score[2]]
    return max(fit, key=lambda one: (one[0], -one[1].pk))[1] if fit else None


def pair(people: Sequence[Person], members: Sequence[Person]) -> list[int | None]:
    """For each person of the sheet the key of the member that it is: by number, by name and year, by a name borne once.

    Somebody of the same name and year whose number is another one is the same person with a number put right.
    """
    keys: list[int | None] = [None] * len(people)
    left = {one.key: one for one in members}

    def take(same) -> None:
        for place, person in enumerate(people):
            if keys[place] is None:
                found = [key for key, one in left.items() if same(person, one)]
                if len(found) == 1:
                    keys[place] = found[0]
                    del left[found[0]]

    names = Counter(fold(one.full_name) for one in people)
    take(
        lambda one, held: any(
            getattr(one, mark) and getattr(one, mark) == getattr(held, mark) for _, mark, _ in NUMBERS
        )
    )
    take(lambda one, held: _named_alike(one, held) and one.birth_year == held.birth_year)
    take(lambda one, held: fold(one.full_name) == fold(held.full_name) and one.birth_year == held.birth_year)
    take(lambda one, held: _named_alike(one, held) and names[fold(one.full_name)] == 1)
    return keys


def change(said: Mapping[str, str], people: Sequence[Person], keys: Sequence[int | None], held: Held) -> Change:
    """What differs from the register where the sheet says something. `said`: the sheet's words by the names of PLACE."""
    place = {}
    for name in PLACE:
        now = tidy(said.get(name) or "")
        if now and now != getattr(held, name):
            place[name] = getattr(held, name), now
    by_key = {one.key: one for one in held.people}
    members = {}
    for person, key in zip(people, keys, strict=True):
        if key is not None and (differs := _differs(person, by_key[key], held)):
            members[key] = differs
    named = set(keys)
    return Change(
        place,
        members,
        tuple(row for row, key in enumerate(keys) if key is None),
        tuple(one.key for one in held.people if one.key not in named),
    )


def merged(people: Sequence[Person], keys: Sequence[int | None], held: Held) -> list[Person]:
    """Everybody of the household as it will be: the sheet's people first, in their order, then those whom it leaves out."""
    by_key = {one.key: one for one in held.people}
    named = [
        put_on(person, by_key[key]) if key is not None else person for person, key in zip(people, keys, strict=True)
    ]
    return [*named, *(one for one in held.people if one.key not in set(keys))]


def put_on(person: Person, member: Person) -> Person:
    """A member with what the sheet says, the rest as it is held."""
    known = {name: getattr(person, name) for name in FACTS if getattr(person, name)}
    if birth_differs(person, member):
        known |= {name: getattr(person, name) for name in ("birth_year", "birth_month", "birth_day")}
    known |= {mark: getattr(person, mark) for _, mark, _ in NUMBERS if getattr(person, mark)}
    known |= {kind: getattr(person, kind) or None for kind, _, _ in NUMBERS}  # None: the number that is held stays
    known |= {name: getattr(person, name) for name in ASKED}
    return replace(member, **known)


def birth_differs(person: Person, member: Person) -> bool:
    """A sheet that knows only the year, or year and month, does not take back what the register knows of the day."""
    if not person.birth_year:
        return False
    ours = (member.birth_year, member.birth_month, member.birth_day)
    says = (person.birth_year, person.birth_month, person.birth_day)
    return any(said is not None and said != held for said, held in zip(says, ours, strict=True))


def other_head(people: Sequence[Person], keys: Sequence[int | None], held: Held) -> int | None:
    """The place of a head of the sheet who is not the register's, when the sheet says nothing of the register's head."""
    head = held.head
    if head is None or head.key in keys:
        return None
    return next((row for row, one in enumerate(people) if one.relation == HEAD), None)


def _differs(person: Person, member: Person, held: Held) -> dict[str, tuple]:
    told = {}
    for name in FACTS:
        now = getattr(person, name)
        if now and now != getattr(member, name):
            told[name] = getattr(member, name), now
    if birth_differs(person, member):
        told["birth"] = _birth(member), _birth(person)
    for kind, mark, _ in NUMBERS:
        number = getattr(person, kind)
        if number and getattr(person, mark) != getattr(member, mark):
            told[kind] = held.masked.get((member.key, kind), ""), mask(number[-4:])
    for name in ASKED:
        if (now := getattr(person, name)) is not None and now != getattr(member, name):
            told[name] = getattr(member, name), now
    return told


def _birth(one: Person) -> str:
    parts = [one.birth_day, one.birth_month] if one.birth_month else []
    return "/".join([*(f"{part:02d}" for part in parts if part), str(one.birth_year)])


def _named_alike(one: Person, held: Person) -> bool:
    return fold(one.full_name) == fold(held.full_name) and _may_be_one(one, held)


def _may_be_one(one: Person, held: Person) -> bool:
    """Two different numbers of one kind are two people."""
    return all(
        not getattr(one, mark) or not getattr(held, mark) or getattr(one, mark) == getattr(held, mark)
        for _, mark, _ in NUMBERS
    )
