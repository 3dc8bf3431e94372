"""The queue of households that may be entered twice: filling it, and answering it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import combinations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from households.duplicate_queries import AT_ONCE, across, seen, twins
from households.duplicates import ACROSS, address_key, household_likeness, phone_key
from households.models import DuplicatePair, Household, HouseholdChange, Member
from households.sealed import seal
from households.services import changes
from households.services.register import still_in_reach

CROWD = 20  # households with one name and birth year; of more only those with one telephone or address are compared


@transaction.atomic
def find_duplicates(*, ward: Area, by: User, today: date) -> int:
    """Put the pairs of the ward's open households that share somebody in the queue; the number of new ones.

    What was answered 'different' stays answered. A pair answered 'same' is asked again when its merger was taken
    back; an open one that is no longer alike leaves the queue.
    """
    if not by.may(May.EDIT_HOUSEHOLDS) or by.area_id != ward.pk:
        raise PermissionDenied
    _alone(ward.pk)
    found = _alike(ward, today)
    held = {
        (pair.first_id, pair.second_id): pair
        for pair in DuplicatePair.objects.select_for_update(of=("self",)).filter(first__ward=ward, second__ward=ward)
    }
    state = DuplicatePair.State
    new, again = [], []
    for (first, second), (score, reasons) in found.items():
        pair = held.get((first, second))
        if pair is None:
            values = {"first_id": first, "second_id": second, "score": score, "reasons": list(reasons)}
            new.append(DuplicatePair(ward=ward, **values))
        elif pair.state != state.DIFFERENT:
            pair.ward, pair.score, pair.reasons = ward, score, list(reasons)
            pair.state, pair.decided_by, pair.decided_at = state.OPEN, None, None
            again.append(pair)
    gone = [pair.pk for key, pair in held.items() if pair.state == state.OPEN and key not in found]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    DuplicatePair.objects.bulk_create(new, batch_size=AT_ONCE)
    columns = ["ward", "score", "reasons", "state", "decided_by", "decided_at"]
    DuplicatePair.objects.bulk_update(again, columns, batch_size=AT_ONCE)
    log(by, "duplicates.found", ward, area=ward, after={"new": len(new), "again": len(again), "gone": len(gone)})
    return len(new)


@transaction.atomic
def find_across(*, ward: Area, by: User, today: date) -> int:
    """Put the pairs of a household of the ward and one of another ward that the office sees in its queue; the new ones.

    Found by the index of names and birth years (duplicate_queries.across). In a whole city that alone says little, so a
    pair must reach ACROSS. Answers stay as with `find_duplicates`.
    """
    if not by.may(May.MATCH_HOUSEHOLDS) or not Area.objects.under(by.area).filter(pk=ward.pk).exists():
        raise PermissionDenied
    _alone(ward.pk)
    found = {key: told for key, told in across(by, ward, today).items() if told[0] >= ACROSS}
    one_here = Q(first__ward=ward) ^ Q(second__ward=ward)
    pairs = DuplicatePair.objects.select_for_update(of=("self",)).filter(one_here)
    reach = Household.objects.visible_to(by).values("pk")
    held = {(pair.first_id, pair.second_id): pair for pair in pairs.filter(first__in=reach, second__in=reach)}
    state = DuplicatePair.State
    new = [
        DuplicatePair(ward=ward, first_id=first, second_id=second, score=score, reasons=list(reasons))
        for (first, second), (score, reasons) in found.items()
        if (first, second) not in held
    ]
    gone = [pair.pk for key, pair in held.items() if pair.state == state.OPEN and key not in found]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    DuplicatePair.objects.bulk_create(new, batch_size=AT_ONCE)
    log(by, "duplicates.across", ward, area=ward, after={"new": len(new), "gone": len(gone)})
    return len(new)


@transaction.atomic
def answer_same(*, pair: DuplicatePair, keep: int, by: User, today: date, now: datetime) -> HouseholdChange:
    """One household: the other of the two goes into `keep`. Both histories stay; the merger can be taken back."""
    pair = _asked(pair, by)
    if keep not in (pair.first_id, pair.second_id):
        raise ValidationError({"keep": "Chọn hộ giữ lại."})
    into, household = (pair.first, pair.second) if keep == pair.first_id else (pair.second, pair.first)
    people = [list(home.members.filter(left_on__isnull=True).order_by("pk")) for home in (household, into)]
    same = {one.pk: other.pk for one, other in twins(*people)}
    change = changes.merge(household=household, into=into, day=today, by=by, same=same)
    _answer(pair, DuplicatePair.State.SAME, by, now, {"kept": into.code, "closed": household.code})
    return change


@transaction.atomic
def answer_different(*, pair: DuplicatePair, by: User, now: datetime) -> None:
    """Two households: the pair is never asked again. Of two wards' households the office says so that sees both."""
    pair = _asked(pair, by, across_too=True)
    _answer(pair, DuplicatePair.State.DIFFERENT, by, now, {"households": [pair.first.code, pair.second.code]})


def _alone(ward: int) -> None:
    """One search or answer in a ward at a time, so that neither waits for rows that the other waits for."""
    Area.objects.select_for_update(no_key=True).get(pk=ward)


def _asked(pair: DuplicatePair, by: User, *, across_too: bool = False) -> DuplicatePair:
    """The pair with both households locked, in the order of their keys; refused unless it waits for an answer."""
    office = across_too and by.may(May.MATCH_HOUSEHOLDS)
    if not by.may(May.EDIT_HOUSEHOLDS) and not office:
        raise PermissionDenied
    _alone(pair.ward_id)
    homes = Household.objects.select_for_update(of=("self",)).filter(pk__in=[pair.first_id, pair.second_id])
    homes = list(homes.order_by("pk"))
    pair = DuplicatePair.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if pair is None:
        raise ValidationError("Cặp hộ này không còn giống nhau, không cần trả lời.")
    if office and len({home.ward_id for home in homes}) == 1:  # the ward's own to answer
        raise PermissionDenied
    for home in homes:
        still_in_reach(home, by)
        if home.closed_on:
            raise ValidationError(f"Hồ sơ hộ {home.code} đã đóng.")
    if pair.state != DuplicatePair.State.OPEN:
        raise ValidationError("Cặp hộ này đã được trả lời.")
    pair.first, pair.second = homes
    return pair


def _answer(pair: DuplicatePair, state, by: User, now: datetime, told: dict) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, by, now
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    before = {"state": DuplicatePair.State.OPEN.value}
    log(by, f"duplicates.{state.value}", pair, area=pair.ward, before=before, after=seal(told) | {"state": state.value})


def _alike(ward: Area, today: date) -> dict[tuple[int, int], tuple[int, tuple[str, ...]]]:
    """Score and reasons by pair of keys. The database groups the names; only who shares one is compared."""
    members = Member.objects.filter(
        household__ward=ward, household__closed_on__isnull=True, left_on__isnull=True, joined_on__lte=today
    )
    shared = members.order_by().values("search_name", "birth_year").annotate(homes=Count("household", distinct=True))
    keys = set(shared.filter(homes__gt=1).values_list("search_name", "birth_year"))
    names, rows = sorted({name for name, _ in keys}), defaultdict(list)
    for start in range(0, len(names), AT_ONCE):
        part = members.filter(search_name__in=names[start : start + AT_ONCE]).select_related("household")
        for row in part.order_by("pk"):
            if (row.search_name, row.birth_year) in keys:
                rows[row.search_name, row.birth_year].append(row)
    pairs = defaultdict(list)
    for group in rows.values():
        met = set()
        for bucket in _buckets(group):
            homes = defaultdict(list)
            for row in bucket:
                homes[row.household_id].append(row)
            for first, second in combinations(sorted(homes), 2):
                if (first, second) not in met:
                    met.add((first, second))
                    pairs[first, second] += [(seen(one), seen(two)) for one, two in twins(homes[first], homes[second])]
    return {key: household_likeness(people) for key, people in pairs.items() if people}


def _buckets(group: list[Member]) -> Iterable[list[Member]]:
    """Who of one name and birth year is compared with whom."""
    if len(group) <= CROWD:
        return [group]
    found = defaultdict(list)
    for row in group:
        for kind, key in (("phone", phone_key(row.household.phone)), ("address", address_key(row.household.address))):
            if key:
                found[kind, key].append(row)
    return found.values()
