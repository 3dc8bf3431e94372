"""Who in the register may be a person about to be entered. Found by the index of folded names: nobody is compared
with everybody. And the queue of pairs of households that share somebody, for its page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Prefetch

from areas.bulk import these
from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import fold, number
from households.duplicates import Seen, address_key, household_likeness, likeness, phone_key
from households.identity import mask
from households.members import NUMBERS
from households.models import DuplicatePair, Member
from households.queries import wards_to_choose

AT_ONCE = 5000  # different names in one query, however many people bear them


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
        asked[fold(person[0]), person[1]].append((index, person))
    found = defaultdict(list)
    members = Member.objects.visible_to(user).filter(left_on__isnull=True, household__closed_on__isnull=True)
    every = sorted({name for name, _ in asked})
    for start in range(0, len(every), AT_ONCE):
        names = set(every[start : start + AT_ONCE])
        years = {year for name, year in asked if name in names}
        rows = members.filter(search_name__in=these(names), birth_year__in=years)
        place = ("household__code", "household__phone", "household__address")
        for key, name, year, home, code, phone, address in rows.values_list(
            "pk", "full_name", "birth_year", "household_id", *place
        ).iterator():
            held = Seen(name, year, phone, address)
            for index, person in asked.get(held.key, ()):
                score, reasons = likeness(Seen(*person), held)
                found[index].append(Candidate(key, home, code, score, reasons))
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


# For each member of the ward the index of names and birth years is read once. A pair needs two people, or one and a
# telephone, an address or a day of birth: in a whole city the rest are different people of one name.
ACROSS_SQL = """
SELECT mine.household_id, other.household_id
  FROM households_member mine
  JOIN households_household home ON home.id = mine.household_id
  JOIN households_member other ON other.search_name = mine.search_name AND other.birth_year = mine.birth_year
   AND other.left_on IS NULL AND other.joined_on <= %s
  JOIN households_household there ON there.id = other.household_id
 WHERE home.ward_id = %s AND home.closed_on IS NULL AND mine.left_on IS NULL AND mine.joined_on <= %s
   AND there.closed_on IS NULL AND there.ward_id <> home.ward_id AND there.ward_id IN ({wards})
 GROUP BY mine.household_id, other.household_id
HAVING COUNT(*) > 1 OR MAX(CASE
       WHEN there.phone <> '' AND there.phone = home.phone THEN 1
       WHEN there.address = home.address THEN 1
       WHEN mine.birth_day IS NOT NULL AND other.birth_month = mine.birth_month AND other.birth_day = mine.birth_day THEN 1
       ELSE 0 END) = 1
 ORDER BY COUNT(*) DESC, mine.household_id, other.household_id
 LIMIT %s
"""
MOST_ACROSS = 500  # pairs of one search, those that share most people first


def across_statement(user, ward, today) -> tuple[str, list]:
    """The statement of `across` and what is put into it."""
    wards = [ward.pk for ward in wards_to_choose(user)]
    return ACROSS_SQL.format(wards=", ".join(["%s"] * len(wards))), [today, ward.pk, today, *wards, MOST_ACROSS]


def across(user, ward, today) -> dict[tuple[int, int], tuple[int, tuple[str, ...]]]:
    """Score and reasons of the ward's households with those of other wards that the user sees, by pair of keys."""
    if not wards_to_choose(user):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*across_statement(user, ward, today))
        keys = cursor.fetchall()
    people = defaultdict(list)
    current = Member.objects.visible_to(user).filter(left_on__isnull=True, joined_on__lte=today)
    for row in current.filter(household__in={key for pair in keys for key in pair}).select_related("household"):
        people[row.household_id].append(row)
    told = {}
    for one, other in keys:
        first, second = sorted((one, other))
        both = [(seen(mine), seen(theirs)) for mine, theirs in twins(people[first], people[second])]
        told[first, second] = household_likeness(both)
    return told


@dataclass(frozen=True)
class Line:
    """One fact of the two households side by side."""

    label: str
    first: str
    second: str
    differs: bool


def waiting(user):
    """Pairs without an answer whose households are open and still in the user's area, likeliest first.

    A ward's officer sees the ward's own; an office those of two wards, because one ward's are that ward's to answer.
    """
    pairs = DuplicatePair.objects.visible_to(user).filter(state=DuplicatePair.State.OPEN)
    pairs = pairs.filter(first__closed_on__isnull=True, second__closed_on__isnull=True)
    if user.area and user.area.level != Area.Level.WARD:
        pairs = pairs.exclude(first__ward=F("second__ward"))
    mine = Member.household.field.related_model.objects.visible_to(user).values("pk")
    current = Member.objects.filter(left_on__isnull=True).order_by("pk")
    return (
        pairs.filter(first__in=mine, second__in=mine)
        .select_related("first__ward", "second__ward")
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
