"""Which words may be meant by one that was mistyped. Pure."""

from collections.abc import Iterable

MOST = 8  # words that stand in for one


def slips(typed: str, meant: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbour between two words; at least that many."""
    before, row = [], list(range(len(meant) + 1))
    for i, one in enumerate(typed, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(meant, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == meant[j - 2] and typed[i - 2] == other:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]


def allowed(typed: str) -> int:
    """Slips that a word of this length may hold: none where every other word would be near."""
    return 0 if len(typed) < 3 else 1 if len(typed) < 6 else 2


def nearest(typed: str, known: Iterable[str]) -> list[str]:
    """The known words with the fewest slips, all of them with that many, at most MOST; none beyond what is allowed."""
    found = sorted((slips(typed, word), word) for word in set(known) if abs(len(word) - len(typed)) <= allowed(typed))
    if not found or found[0][0] > allowed(typed):
        return []
    return [word for count, word in found if count == found[0][0]][:MOST]
