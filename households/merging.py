"""Two people changed one household at once: what each of them did, and where it must be asked who is right. Pure.

Facts are texts by name: 'address' of the household, '12.birth' of member 12, and '12.here', 'yes' while they belong to it.
"""

from dataclasses import dataclass, field

HERE = "here"


@dataclass(frozen=True)
class Merged:
    """Names of facts: changed only by the other, only by the writer, and by both differently."""

    theirs: list[str] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)


def compare(base: dict[str, str] | None, mine: dict[str, str], theirs: dict[str, str]) -> Merged:
    """`base` is what both began with; when that is not known, every difference is one to ask about.

    Of somebody who came or left on one side only their being here is told, not each of their facts.
    """
    merged, told = Merged(), set()
    for name in dict.fromkeys([*(base or {}), *mine, *theirs]):
        person = name.partition(".")[0] if "." in name else ""
        here = f"{person}.{HERE}"
        if person and mine.get(here, "") != theirs.get(here, ""):
            if person not in told:
                told.add(person)
                _side(merged, base, mine, theirs, person).append(here)
            continue
        if person and not mine.get(here):  # gone on both sides
            continue
        side = _changed(base, mine, theirs, name)
        if side:
            getattr(merged, side).append(name)
    return merged


def _changed(base, mine, theirs, name) -> str:
    own, other = mine.get(name, ""), theirs.get(name, "")
    if own == other:
        return ""
    if base is None:
        return "both"
    held = base.get(name, "")
    return "theirs" if own == held else "mine" if other == held else "both"


def _side(merged, base, mine, theirs, person) -> list[str]:
    """Whose it is that somebody came or left; both's, when the one side sent them off and the other changed their facts."""
    if base is None:
        return merged.both
    here = f"{person}.{HERE}"
    left, stayed = (mine, theirs) if not mine.get(here) else (theirs, mine)
    if not base.get(here):
        return merged.theirs if stayed is theirs else merged.mine
    if any(stayed.get(name, "") != base[name] for name in base if name.startswith(f"{person}.")):
        return merged.both
    return merged.mine if left is mine else merged.theirs
