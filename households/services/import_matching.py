"""What the register already knows of a sheet's households: found for many at once, judged by intake.matching."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from operator import attrgetter

from areas.bulk import these
from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import fold
from households.identity import mask
from households.intake.matching import (
    OTHER_HEAD,
    Change,
    Held,
    Owner,
    change,
    likely,
    merged,
    other_head,
    pair,
    target,
)
from households.members import HEAD, NUMBERS, Person, check
from households.models import Household, ImportRow, Member
from households.models.people import has_number
from households.services.register import as_person

AT_ONCE = 5000  # databases bound how many values a statement may name
Kind = ImportRow.Kind


@dataclass
class Match:
    """`problems`: (person's place, field, sentence) why it can neither be entered nor be an update.

    `keys`: the member that each person is. `wrong`: the same of `problems` for the household as an update.
    """

    kind: str = Kind.NEW
    problems: list[tuple[int | None, str, str]] = field(default_factory=list)
    held: Held | None = None
    keys: list[int | None] = field(default_factory=list)
    changed: Change | None = None
    wrong: list[tuple[int | None, str, str]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)  # of the sheet, with what the register knows of them

    def kept(self, as_update: list[dict], as_new: list[dict] | None) -> dict:
        """What the row remembers of it, with its errors as an update and, when that is open, as a new household."""
        told = {"household": self.held.pk, "version": self.held.version, "code": self.held.code, "keys": self.keys}
        told |= {"names": {one.key: one.full_name for one in self.held.people}}
        told |= {"as_update": as_update, "as_new": as_new}
        return json.loads(json.dumps(told | asdict(self.changed)))


def matches(ward: Area, staged: Sequence, marked: Sequence[list[Person]], day, taken: dict[int, int]) -> list[Match]:
    """For each of the staged households what it is to the register. `marked`: its people with their numbers' marks.

    `taken`: of households that an earlier row of the sheet is, that row; added to.
    """
    codes = _by_code({one.code for one in staged} - {""}, ward)
    owners = _owners(marked, ward)
    targets = [
        target(one.code, codes.get(one.code), people, owners) for one, people in zip(staged, marked, strict=True)
    ]
    loose = [at for at, found in enumerate(targets) if not (found.household or found.problems)]
    named = _named([_head_name(marked[at]) for at in loose], ward)
    wanted = {found.household for found in targets if found.household} | {pk for pks in named.values() for pk in pks}
    held = _held(sorted(wanted))
    answer = []
    for one, people, found in zip(staged, marked, targets, strict=True):
        if found.problems:
            answer.append(Match(problems=list(found.problems)))
        elif found.household:
            answer.append(_settled(one, people, held[found.household], day, taken))
        else:
            candidates = [held[pk] for pk in named.get(_head_name(people), ()) if pk not in taken] if named else []
            other = candidates and likely(people, one.group, one.address, candidates)
            answer.append(replace(_update(one, people, other, day), kind=Kind.MAYBE) if other else Match())
    return answer


def _settled(one, people, held: Held, day, taken: dict[int, int]) -> Match:
    if held.pk in taken:
        return Match(problems=[(None, "code", f"Hộ {held.code} đã có ở dòng {taken[held.pk]} của tệp.")])
    taken[held.pk] = one.number
    return _update(one, people, held, day)


def _update(one, people: list[Person], held: Held, day) -> Match:
    keys = pair(people, held.people)
    said = {name: getattr(one, name) for name in ("group", "address", "phone", "tenure", "living_area")}
    changed = change(said, people, keys, held)
    everybody = merged(people, keys, held)
    row = other_head(people, keys, held)
    wrong = [(row, "relation", OTHER_HEAD)] if row is not None else []
    for problem in check(everybody, day):
        if row is None or problem.field != "relation":
            at = problem.row if problem.row is None or problem.row < len(people) else None
            wrong.append((at, problem.field, problem.message))
    if changed.joins and day < held.since:
        wrong.append((changed.joins[0], "", f"Hồ sơ lập ngày {written(held.since)}: ghi từ ngày đó trở đi."))
    kind = Kind.UPDATE if changed else Kind.SAME
    return Match(kind, [], held, keys, changed, wrong, everybody[: len(people)])


def _head_name(people: list[Person]) -> str:
    return next((fold(one.full_name) for one in people if one.relation == HEAD), "")


def _by_code(codes: set[str], ward: Area) -> dict[str, Owner]:
    found = Household.objects.filter(code__in=these(codes)) if codes else Household.objects.none()
    found = found.values_list("pk", "code", "ward_id", "closed_on")
    return {code: Owner(pk, code, of == ward.pk and closed is None) for pk, code, of, closed in found}


def _owners(marked: Sequence[list[Person]], ward: Area) -> dict[tuple[str, str], Owner]:
    """Who has each of the people's numbers now, in one look a kind of number."""
    found = {}
    for kind, mark, _ in NUMBERS:
        marks = {*map(attrgetter(mark), chain.from_iterable(marked))} - {""}
        if marks:
            rows = Member.objects.filter(has_number(kind, these(marks))).values_list(
                f"{kind}_hash", "household", "household__code", "household__ward"
            )
            for value, pk, code, of in rows.iterator():
                found[kind, value] = Owner(pk, code, of == ward.pk)
    return found


def _named(names: list[str], ward: Area) -> dict[str, list[int]]:
    """The ward's open households by the folded name of their head."""
    found = defaultdict(list)
    every = set(names) - {""}
    if every:
        heads = Member.objects.filter(relation=HEAD, left_on__isnull=True, search_name__in=these(every))
        heads = heads.filter(household__ward=ward, household__closed_on__isnull=True)
        for name, pk in heads.values_list("search_name", "household").iterator():
            found[name].append(pk)
    return found


def _held(keys: list[int]) -> dict[int, Held]:
    """Households with their current members; two queries for thousands."""
    found = {}
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        members = defaultdict(list)
        for row in Member.objects.filter(household__in=some, left_on__isnull=True).order_by("pk").iterator():
            members[row.household_id].append(row)
        for home in Household.objects.filter(pk__in=some):
            area = home.living_area
            found[home.pk] = Held(
                pk=home.pk,
                code=home.code,
                version=home.version,
                since=home.registered_on,
                group=home.group,
                address=home.address,
                phone=home.phone,
                tenure=home.tenure,
                living_area="" if area is None else f"{area:.2f}",
                people=tuple(replace(as_person(row), has_insurance=row.has_insurance) for row in members[home.pk]),
                masked={
                    (row.pk, kind): mask(getattr(row, f"{kind}_last4"))
                    for row in members[home.pk]
                    for kind, *_ in NUMBERS
                },
            )
    return found
