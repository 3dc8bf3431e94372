"""The movement ledger of every area as its readers are told it: lines with counts, small ones withheld."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from areas.models import Area
from households.ledger import Count, Group, Ledger, lines_of
from households.ledger_queries import ledgers_of_all
from households.models import Standard
from targets.small_cells import family_sums, withheld

# Of the poor some have labour capacity and some have not: told the first two, one knows the third.
PARTS = {Group.POOR_LABOUR: "poor_without_labour", Group.POOR_HARDSHIP: "poor_without_hardship"}
Key = tuple[int, str, str, str]  # area, group, line, reason
OPENING, CLOSING = ("opening", ""), ("closing", "")


@dataclass(frozen=True)
class Line:
    """`count` is None where it is withheld."""

    area: Area
    group: str
    line: str
    reason: str
    count: Count | None


def ledger_lines(standard: Standard, first: date, last: date, areas: list[Area], seen: frozenset[int]) -> list[Line]:
    """Every line of every group in these areas, which are all those there are on the last day."""
    books = ledgers_of_all(standard, first, last)
    counts, groups = {}, [*Group, *PARTS.values()]
    for area in areas:
        own = {group: dict(_lines(group, books.get((area.pk, group), Ledger()))) for group in Group}
        for part, rest in PARTS.items():
            own[rest] = {line: count - own[part].get(line, Count()) for line, count in own[Group.POOR].items()}
        counts |= {(area.pk, str(group), *line): count for group in groups for line, count in own[group].items()}
    hidden = _hidden(counts, areas, seen)
    return [
        Line(area, str(group), line, reason, None if (area.pk, str(group), line, reason) in hidden else count)
        for area in areas
        for group in Group
        for (line, reason), count in _told(counts, area.pk, str(group))
    ]


def _lines(group: Group, own: Ledger) -> Iterator[tuple[tuple[str, str], Count]]:
    came, left = lines_of(group, own)
    yield OPENING, own.opening
    yield from ((("in", why.value), own.came.get(why, Count())) for why in came)
    yield ("in", "all"), own.came_in_all
    yield from ((("out", why.value), own.left.get(why, Count())) for why in left)
    yield ("out", "all"), own.left_in_all
    yield CLOSING, own.closing


def _told(counts: dict[Key, Count], area: int, group: str):
    """In the order of a ledger: as `_lines` gave them."""
    return (((line, reason), count) for (a, g, line, reason), count in counts.items() if (a, g) == (area, group))


def _hidden(counts: dict[Key, Count], areas: list[Area], seen: frozenset[int]) -> frozenset[Key]:
    """Households decide: of one to four households the persons are not told either."""
    households = {key: count.households for key, count in counts.items()}
    inside: dict[tuple[int, str], list[Key]] = {}
    for key in counts:
        inside.setdefault(key[:2], []).append(key)
    sums = []
    for (area, group), keys in inside.items():
        totals = {side: (area, group, side, "all") for side in ("in", "out")}
        for side, total in totals.items():
            sums.append([total, *(key for key in keys if key[2] == side and key != total)])
        sums.append([(area, group, *OPENING), *totals.values(), (area, group, *CLOSING)])
        if group == Group.POOR:
            for part, rest in PARTS.items():
                sums += [[key, (area, str(part), *key[2:]), (area, rest, *key[2:])] for key in keys]
    lines = list(dict.fromkeys(key[1:] for key in counts))
    children: dict[int, list[int]] = {area.pk: [] for area in areas}
    for area in areas:
        if area.parent_id in children:
            children[area.parent_id].append(area.pk)
    # family_sums pairs an area with a code; here the code is group, line and reason.
    sums += [[(area, *line) for area, line in tie] for tie in family_sums(children, lines)]
    return withheld(households, sums, seen={key for key in counts if key[0] in seen})
