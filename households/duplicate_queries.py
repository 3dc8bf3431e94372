"""Who in the register may be a person about to be entered. Found by the index of folded names: nobody is compared
with everybody. And the queue of pairs of households that share somebody, for its page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from areas.vietnamese import day as written
from areas.vietnamese import number
from households.duplicates import Seen, address_key, likeness, phone_key
from households.identity import mask
from households.members import NUMBERS
from households.models import DuplicatePair, Member

AT_ONCE = 500  # different names in one query, however many people bear them


@dataclass(frozen=True)
class Candidate:
    """Somebody of the register who may be the same person."""

    member: int
    household: int
    code: str
    score: int
    reasons: tuple[str, ...]


def duplicates_of(user, people: Sequence[tuple[str, int, str, str]]) -> dict[int, list[Candidate]]:
    """Candidates for each of (full name, birth year, phone, address), by its place in the list, likeliest first.

    Only current members of open households that the user may see; a place without a candidate is not in the answer.
    """
    asked = defaultdict(list)
    for index, person in enumerate(people):
        seen = Seen(*person)
        asked[seen.key].append((index, seen))
    found = defaultdict(list)
    members = Member.objects.visible_to(user).filter(left_on__isnull=True, household__closed_on__isnull=True)
    every = sorted({name for name, _ in asked})
    for start in range(0, len(every), AT_ONCE):
        names = set(every[start : start + AT_ONCE])
        years = {year for name, year in asked if name in names}
        rows = members.filter(search_name__in=names, birth_year__in=years).select_related("household")
        for row in rows.iterator():
            held = Seen(row.full_name, row.birth_year, row.household.phone, row.household.address)
            for index, seen in asked.get(held.key, ()):
                score, reasons = likeness(seen, held)
                found[index].append(Candidate(row.pk, row.household_id, row.household.code, score, reasons))
    return {index: sorted(rows, key=lambda row: (-row.score, row.code, row.member)) for index, rows in found.items()}


def seen(row: Member) -> Seen:
    """A member of the register, with its household, for the comparison."""
    birthday = (row.birth_month, row.birth_day) if row.birth_month and row.birth_day else None
    return Seen(row.full_name, row.birth_year, row.household.phone, row.household.address, birthday)


def twins(ones: Iterable[Member], others: Iterable[Member]) -> list[tuple[Member, Member]]:
    """Who of two households may be one person, each of them once. Two different numbers of one kind: two people."""
    left, found = list(others), []
    for one in ones:
        key = one.search_name, one.birth_year
        other = next(
            (row for row in left if (row.search_name, row.birth_year) == key and _numbers_agree(one, row)), None
        )
        if other:
            left.remove(other)
            found.append((one, other))
    return found


def _numbers_agree(one: Member, other: Member) -> bool:
    held = [(getattr(one, f"{name}_hash"), getattr(other, f"{name}_hash")) for name, _, _ in NUMBERS]
    return all(not mine or not theirs or mine == theirs for mine, theirs in held)


@dataclass(frozen=True)
class Line:
    """One fact of the two households side by side."""

    label: str
    first: str
    second: str
    differs: bool


def waiting(user):
    """Pairs without an answer whose households are open and still in the user's area, likeliest first."""
    pairs = DuplicatePair.objects.visible_to(user).filter(state=DuplicatePair.State.OPEN)
    pairs = pairs.filter(first__closed_on__isnull=True, second__closed_on__isnull=True)
    mine = Member.household.field.related_model.objects.visible_to(user).values("pk")
    current = Member.objects.filter(left_on__isnull=True).order_by("pk")
    return (
        pairs.filter(first__in=mine, second__in=mine)
        .select_related("first", "second")
        .prefetch_related(Prefetch("first__members", current), Prefetch("second__members", current))
    )


def side_by_side(pair: DuplicatePair) -> list[Line]:
    """Facts of both, then their people: who may be one person stands in one line."""
    first, second = pair.first, pair.second
    same_address = address_key(first.address) == address_key(second.address)
    same_phone = phone_key(first.phone) == phone_key(second.phone) and bool(first.phone) == bool(second.phone)
    lines = [
        Line("Địa chỉ", first.address, second.address, not same_address),
        _line("Tổ, thôn", first.group, second.group),
        Line("Điện thoại", first.phone, second.phone, not same_phone),
        _line("Chỗ ở", first.get_tenure_display(), second.get_tenure_display()),
        _line("Diện tích ở (m²)", number(first.living_area, 2), number(second.living_area, 2)),
        _line("Ngày lập hồ sơ", written(first.registered_on), written(second.registered_on)),
    ]
    ones, others = list(first.members.all()), list(second.members.all())
    both = twins(ones, others)
    lines += [_line("Có ở cả hai", _told(one), _told(other)) for one, other in both]
    met = {row.pk for pair in both for row in pair}
    lines += [Line("Chỉ ở một hộ", _told(one), "", True) for one in ones if one.pk not in met]
    return lines + [Line("Chỉ ở một hộ", "", _told(other), True) for other in others if other.pk not in met]


def _line(label: str, first: str, second: str) -> Line:
    return Line(label, first, second, first != second)


def _told(row: Member) -> str:
    known = [f"{row.full_name}, {row.birth}", row.get_relation_display(), mask(row.citizen_id_last4)]
    return "; ".join(part for part in known if part)
