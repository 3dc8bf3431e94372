"""Writing the register of households: entering one, and keeping it right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Length

from accounts.log import history_of, log
from accounts.models import User
from accounts.roles import May
from accounts.vault import Vault
from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import fold, folded_name_key, tidy
from households.changes import Kind, effect
from households.history import differences, member_facts, place_facts
from households.members import HEAD, NUMBERS, Person, Problem, check, search_text
from households.models import Household, Member
from households.models.people import has_number
from households.sealed import seal, vault
from households.services.change_rows import ASKED, begin, keep, move_spells, new_change, still_in_reach

FACTS = ("full_name", "relation", "sex", "birth_year", "birth_month", "birth_day", "ethnicity")
UNASKED = {fact: None if Member._meta.get_field(fact).null else "" for fact in ASKED}
_facts, _asked = attrgetter(*FACTS), attrgetter(*ASKED)
_NUMBERS = [(field, mark, *(f"{field}_{part}" for part in ("sealed", "last4", "hash"))) for field, mark, _ in NUMBERS]
# Why somebody leaves who does not go into another household of the register.
LEAVING = (Member.LeftAs.MOVED, Member.LeftAs.DIED, Member.LeftAs.MISTAKE)


class Refused(Exception):
    """Nothing was written; `problems` says why, by person and field."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Stale(Exception):
    """Somebody else saved the household meanwhile; nothing was written. `events` says who, when and what."""

    def __init__(self, household: Household, seen: int):
        super().__init__(f"{household}: version {seen} is no longer the newest")
        self.version = household.version
        self.events = [event for event in history_of(household)[:50] if event.after.get("version", 0) > seen]


@transaction.atomic
def register_household(
    *,
    ward: Area,
    group: str,
    address: str,
    phone: str,
    members: list[Person],
    day: date,
    by: User,
    tenure: str = "",
    living_area: Decimal | None = None,
) -> Household:
    """A new household with its members, all of whom belong to it from `day`. Refused when a rule is broken.

    `living_area` is in m².
    """
    if ward.level != Area.Level.WARD or not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    people = with_marks(members, {})
    refuse_if(_strangers(people, {}, set()))
    refuse_if(check(people, day) + known_elsewhere(people, None, by))
    household = Household(
        code=next_code(ward),
        ward=ward,
        group=tidy(group),
        address=tidy(address),
        phone=phone,
        registered_on=day,
        tenure=tenure,
        living_area=living_area,
    )
    household.search = found_by(household, people, {})
    household.save()
    still_in_reach(household, by)
    entered = {str(member.pk): member_facts(member) for member in write_members(household, people, {}, day, by)}
    after = seal(place_facts(household) | {"members": entered})
    log(by, "household.registered", household, area=ward, after=after | {"version": household.version})
    return household


@transaction.atomic
def edit_household(
    *,
    household: Household,
    version: int,
    group: str,
    address: str,
    phone: str,
    members: list[Person],
    gone: set[int],
    day: date,
    by: User,
    tenure: str | None = None,
    living_area: Decimal | str | None = None,
    left_as: dict[int, str] | None = None,
) -> Household:
    """Correct a household. Members of `gone` leave on `day`, people without a key join on it, the rest is corrected.

    Who comes or goes is a change of the household's life (decision 0016): `left_as` says why each of `gone` leaves,
    open spells go on with the persons there are, and whoever wrote it can take it back the same day. `version` is what the writer saw: Stale when somebody saved meanwhile. Members not mentioned stay as they are;
    `tenure` and `living_area` (m²) not given stay too, '' clears them.
    """
    if not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    if household.version != version:
        raise Stale(household, version)
    still_in_reach(household, by)
    reasons = left_as or {}
    held = {member.pk: member for member in household.members.filter(left_on__isnull=True)}
    people = with_marks(members, held)
    refuse_if(_open(household) + _days(household, held, gone, day) + _strangers(people, held, gone))
    refuse_if([Problem("Chọn vì sao rời hộ.") for key in gone if reasons.get(key) not in LEAVING][:1])
    rows = [row for row, person in enumerate(people) if person.key not in gone]
    staying = [people[row] for row in rows]
    untouched = [as_person(held[key]) for key in held.keys() - gone - {person.key for person in people}]
    everybody = staying + untouched
    problems = check(everybody, day) + known_elsewhere(staying, household, by)
    refuse_if([replace(problem, row=dict(enumerate(rows)).get(problem.row)) for problem in problems])

    comes_or_goes = bool(gone) or any(person.key is None for person in staying)
    before = _life_begins(household, day, by, tidy(group), tidy(address)) if comes_or_goes else {}
    place, people_before = place_facts(household), {str(key): member_facts(held[key]) for key in held}
    renumbered = {
        str(person.key): [
            field for field, mark, _ in NUMBERS if getattr(held[person.key], f"{field}_hash") != getattr(person, mark)
        ]
        for person in staying
        if person.key
    }
    household.group, household.address, household.phone = tidy(group), tidy(address), phone
    household.search = found_by(household, everybody, held)
    household.tenure = household.tenure if tenure is None else tenure
    if living_area is not None:
        household.living_area = None if living_area == "" else living_area
    for key in gone:
        Member.objects.filter(pk=key).update(left_on=day, left_as=reasons[key])
    people_after = {str(member.pk): member_facts(member) for member in write_members(household, staying, held, day, by)}
    people_after |= {str(key): {"left_on": day.isoformat()} for key in gone}
    was, now = differences(place, place_facts(household))
    was["members"], now["members"] = people_changed(people_before, people_after, renumbered)
    changed = [name for name, value in now.items() if value or name != "members"]
    if not changed:
        return household
    if comes_or_goes:
        if len(everybody) != len(held):
            move_spells(household, day, effect(Kind.MEMBERS))
        keep(new_change(household, Kind.MEMBERS, day, by), before)
    else:
        household.version += 1
        household.save(update_fields=["group", "address", "phone", "tenure", "living_area", "search", "version"])
    told = seal(now) | {"changed": changed, "version": household.version}
    log(by, "household.edited", household, area=household.ward, before=seal(was), after=told)
    return household


def _life_begins(household: Household, day: date, by: User, group: str, address: str) -> dict:
    """The rows before somebody comes or goes, with the address as it is corrected: taking back leaves corrections."""
    try:
        _, before = begin(household, day, by, only_persons=True)
    except ValidationError as wrong:
        raise Refused([Problem(" ".join(wrong.messages), field="day")]) from wrong
    before[str(household.pk)]["place"] |= {"group": group, "address": address}
    return before


def people_changed(before: dict, after: dict, renumbered: dict[str, list[str]]) -> tuple[dict, dict]:
    """By member: the facts that changed, with the name to know them by. A new number may end in the same four digits."""
    old, new = {}, {}
    for key, facts in after.items():
        was, now = differences(before.get(key, {}), facts)
        now |= {field: facts[field] for field in renumbered.get(key, []) if field in facts}
        if now:
            old[key] = was | {"full_name": before[key]["full_name"]} if key in before else {}
            new[key] = now
    return old, new


def next_code(ward: Area) -> str:
    """The ward's code and a running number. The ward's row is locked, so that two writers never take one number."""
    Area.objects.select_for_update(no_key=True).get(pk=ward.pk)
    last = (
        Household.objects.filter(code__startswith=f"{ward.code}-")
        .order_by(Length("code").desc(), "-code")
        .values_list("code", flat=True)
        .first()
    )
    return f"{ward.code}-{(int(last.rpartition('-')[2]) if last else 0) + 1:05d}"


def with_marks(people: list[Person], held: dict[int, Member]) -> list[Person]:
    """The people with the mark of each number: of what is typed, or of what is held when nothing is."""

    def mark(person, field):
        number = getattr(person, field)
        if number is None:
            return getattr(held[person.key], f"{field}_hash") if person.key in held else ""
        return vault().fingerprint(number) if number else ""

    def marks(person):
        return {name: mark(person, field) for field, name, _ in NUMBERS}

    return [replace(person, full_name=tidy(person.full_name), **marks(person)) for person in people]


def as_person(member: Member) -> Person:
    """A member as if typed again, every number left as it is held."""
    marks = {mark: getattr(member, f"{field}_hash") for field, mark, _ in NUMBERS}
    return Person(**{fact: getattr(member, fact) for fact in FACTS}, key=member.pk, **marks)


def refuse_if(problems: list[Problem]) -> None:
    """Refused when there are problems."""
    if problems:
        raise Refused(problems)


def _open(household: Household) -> list[Problem]:
    return [Problem("Hồ sơ hộ đã đóng: không sửa được nữa.")] if household.closed_on else []


def _days(household: Household, held: dict[int, Member], gone: set[int], day: date) -> list[Problem]:
    if day < household.registered_on:
        return [Problem(f"Hồ sơ lập ngày {written(household.registered_on)}: ghi từ ngày đó trở đi.", field="day")]
    return [
        Problem(f"{member.full_name} vào hộ ngày {written(member.joined_on)}: ghi từ ngày đó trở đi.", field="day")
        for member in held.values()
        if member.pk in gone and day < member.joined_on
    ]


def _strangers(people: list[Person], held: dict[int, Member], gone: set[int]) -> list[Problem]:
    if gone - held.keys():
        return [Problem("Có người được đánh dấu rời hộ không còn trong hộ. Mở lại trang để xem bản mới.")]
    return [
        Problem("Người này không còn trong hộ, hoặc được ghi hai lần.", row, "full_name")
        for row, person in enumerate(people)
        if person.key is not None and (person.key not in held or person.key in {one.key for one in people[:row]})
    ]


def known_elsewhere(people: list[Person], household: Household | None, by: User) -> list[Problem]:
    """A number belongs to one household. Which one is said only to who may open it."""
    rows = {
        (field, getattr(person, mark)): row
        for row, person in enumerate(people)
        for field, mark, _ in NUMBERS
        if getattr(person, mark)
    }
    same = Q()
    for field, _, _ in NUMBERS:
        same |= has_number(field, [held for kind, held in rows if kind == field])
    others = Member.objects.filter(same).select_related("household__ward") if rows else []
    others = [other for other in others if household is None or other.household_id != household.pk]
    mine = set(
        Household.objects.visible_to(by).filter(pk__in=[m.household_id for m in others]).values_list("pk", flat=True)
    )
    return [
        Problem(
            f"{name} này đã có ở hộ khác."
            if other.household_id in mine
            else f"{name} này đã có ở một hộ của {other.household.ward}. Có thể hỏi địa bàn đó ngay dưới đây.",
            rows[field, getattr(other, f"{field}_hash")],
            field,
            household=other.household.code if other.household_id in mine else "",
            touched=other.household.code,
            ward="" if other.household_id in mine else str(other.household.ward),
        )
        for other in others
        for field, _, name in NUMBERS
        if (field, getattr(other, f"{field}_hash")) in rows
    ]


def write_members(
    household: Household, people: list[Person], held: dict[int, Member], day: date, by: User
) -> list[Member]:
    """Save the people. Whoever stops being head is saved before the new head, and numbers are freed first."""
    for field, mark, _ in NUMBERS:
        hashed = f"{field}_hash"
        moving = [one.key for one in people if one.key and getattr(held[one.key], hashed) != getattr(one, mark)]
        Member.objects.filter(pk__in=moving).update(**{hashed: ""})
    saved = []
    try:
        with transaction.atomic():
            for person in sorted(people, key=lambda person: person.key is None or person.relation == HEAD):
                member = held.get(person.key) or Member(household=household, joined_on=day)
                fill(member, person)
                member.save()
                saved.append(member)
    except IntegrityError:
        # Another ward entered one of the numbers between our look and our write.
        refuse_if(known_elsewhere(people, household, by))
        raise
    return saved


def fill(member: Member, person: Person) -> None:
    """Put what is typed about somebody, already marked, into the row."""
    for name, value in columns_of(person, vault()).items():
        setattr(member, name, value)


def columns_of(person: Person, safe: Vault) -> dict:
    """The columns that what is typed about somebody, already marked, gives; what is left as held is not among them."""
    found = dict(zip(FACTS, _facts(person), strict=True))
    found["search_name"] = folded = fold(person.full_name)
    found["sort_key"] = folded_name_key(folded)
    found["citizen_id_hash"] = person.mark
    for field, mark, sealed, last_four, hashed in _NUMBERS:
        if (number := getattr(person, field)) is not None:
            found[sealed] = safe.seal(number) if number else ""
            found[last_four] = number[-4:]
            if field != "citizen_id":
                found[hashed] = getattr(person, mark) or (safe.fingerprint(number) if number else "")
    for fact, value in zip(ASKED, _asked(person), strict=True):
        if value is not None:
            found[fact] = UNASKED[fact] if value == "" else value
    return found


def found_by(household: Household, people: list[Person], held: dict[int, Member]) -> str:
    """The words that the household is found by."""

    def last_four(person):
        if person.citizen_id is None:
            return held[person.key].citizen_id_last4 if person.key in held else ""
        return person.citizen_id[-4:]

    names = [(person.full_name, last_four(person)) for person in people]
    return search_text(household.code, household.group, household.address, household.phone, names)
