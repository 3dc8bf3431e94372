"""Small cells: a count of one to four households or persons could name somebody, so it is not told to everybody. Pure.

Nor is what lets it be worked out: when of a sum (an area and its parts, a start and what came off it) all but one part
is told, the last one is known. A second part is then kept back with it, the smallest, until no sum gives anything away.
Nought is told: it speaks of nobody. Published targets are public and never go through here.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

THRESHOLD = 5
HIDDEN = "ẩn"  # what pages and their files write in place of a figure that is not told


def is_small(count: int | None) -> bool:
    """One to four, a net decrease included; an unknown count is not small, it is unknown."""
    return count is not None and 0 < abs(count) < THRESHOLD


def withheld(
    counts: Mapping[Hashable, int | None],
    sums: Iterable[Sequence[Hashable]],
    *,
    seen: Collection[Hashable] = (),
    last: Collection[Hashable] = (),
) -> frozenset:
    """Keys of the counts that are not told.

    `sums`: keys that an equation ties together (a total and its parts), whatever the signs.
    `seen`: keys of rows that the reader may see anyway; they are told, and count as known.
    `last`: keys to keep back only where nothing else of the sum can be.
    """
    seen, last = frozenset(seen), frozenset(last)
    hidden = {key for key, count in counts.items() if is_small(count) and key not in seen}
    ties = [known for known in ([key for key in tie if counts.get(key) is not None] for tie in sums) if len(known) > 1]
    of: dict[Hashable, list[int]] = {}
    for place, tie in enumerate(ties):
        for key in tie:
            of.setdefault(key, []).append(place)
    waiting = sorted({place for key in hidden for place in of.get(key, ())}, reverse=True)
    while waiting:
        tie = ties[waiting.pop()]
        if sum(key in hidden for key in tie) != 1:
            continue
        free = [key for key in tie if key not in hidden and key not in seen]
        if free:
            one = min(free, key=lambda key: (key in last, counts[key] == 0, abs(counts[key]), tie.index(key)))
            hidden.add(one)
            waiting += of[one]
    return frozenset(hidden)


def family_sums(children: Mapping[Hashable, Sequence[Hashable]], codes: Iterable[Hashable]) -> list[list[tuple]]:
    """For each code the sums that areas make: (area, code) with (part, code) of each of its parts."""
    return [
        [(area, code), *((part, code) for part in parts)] for code in codes for area, parts in children.items() if parts
    ]
