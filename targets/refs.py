"""How clauses are numbered: II.1, III.8, IV.14, IV.14.đ. Letters in the Vietnamese order (Decree 30/2020, Annex I). Pure."""

from collections.abc import Iterable

LETTERS = "abcdđeghiklmnopqrstuvxy"


def next_number(section: str, taken: Iterable[str]) -> str:
    """The number after the last of a section: 'III' and III.1 to III.8 give III.9. Numbers left free stay free."""
    numbers = [int(ref.split(".")[1]) for ref in taken if ref.split(".")[0] == section]
    return f"{section}.{max(numbers, default=0) + 1}"


def next_letter(heading: str, taken: Iterable[str]) -> str:
    """The letter after the last under a heading. A lone task bears the heading's own number and counts as its 'a'.

    ValueError when the alphabet is used up.
    """
    taken = list(taken)
    places = [LETTERS.index(ref.rpartition(".")[2]) for ref in taken if ref != heading]
    if heading in taken:
        places.append(0)
    place = max(places, default=-1) + 1
    if place == len(LETTERS):
        raise ValueError(f"{heading}: no letter left")
    return f"{heading}.{LETTERS[place]}"
