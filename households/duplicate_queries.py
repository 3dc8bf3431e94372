"""Who in the register may be a person about to be entered. Found by the index of folded names: nobody is compared
with everybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from households.duplicates import Seen, likeness
from households.models import Member

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
