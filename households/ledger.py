"""The movement ledger: who was on a list at the opening, who came, who left, who is on it at the close. Pure.

Counted from spells and from nothing else. For each group of each standard, households and persons alike:
opening + all that came in = all that went out + closing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from households.spells import Closed, Opened
from households.standards import Category


@dataclass(frozen=True)
class Count:
    """Households and persons; they add up side by side."""

    households: int = 0
    persons: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.households + other.households, self.persons + other.persons)

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.households - other.households, self.persons - other.persons)


class Side(StrEnum):
    OPENING = "opening"
    IN = "in"
    OUT = "out"
    CLOSING = "closing"


@dataclass(frozen=True)
class Row:
    """Some spells of one ward that are alike in everything a ledger looks at."""

    side: Side
    ward: int  # id
    reason: str  # Opened for IN, Closed for OUT, '' for the two levels
    category: Category
    has_labour: bool
    special_hardship: bool
    count: Count


class Group(StrEnum):
    """Whose ledger it is. 'Central standard' is no group: it is the ledger under that standard."""

    POOR = "poor"
    POOR_LABOUR = "poor_labour"
    POOR_HARDSHIP = "poor_hardship"
    NEAR_POOR = "near_poor"


GROUP_LABELS = {
    Group.POOR: "Hộ nghèo",
    Group.POOR_LABOUR: "Hộ nghèo còn sức lao động (CSLĐ)",
    Group.POOR_HARDSHIP: "Hộ nghèo hoàn cảnh đặc biệt khó khăn (CHCĐBKK)",
    Group.NEAR_POOR: "Hộ cận nghèo",
}
# The lines that a group's ledger always shows, with a nought where nothing happened; others when they happened.
CAME = {
    Category.POOR: [Opened.NEW, Opened.RELAPSED, Opened.FROM_NEAR_POOR, Opened.MOVED_IN, Opened.SPLIT],
    Category.NEAR_POOR: [Opened.NEW, Opened.RELAPSED, Opened.FROM_POOR, Opened.MOVED_IN, Opened.SPLIT],
}
LEFT = {
    Category.POOR: [Closed.ESCAPED, Closed.TO_NEAR_POOR, Closed.MOVED_OUT, Closed.DIED_OUT, Closed.MERGED],
    Category.NEAR_POOR: [Closed.ESCAPED, Closed.TO_POOR, Closed.MOVED_OUT, Closed.DIED_OUT, Closed.MERGED],
}
BELONGS: dict[Group, Callable[[Row], bool]] = {
    Group.POOR: lambda row: row.category == Category.POOR,
    Group.POOR_LABOUR: lambda row: row.category == Category.POOR and row.has_labour,
    Group.POOR_HARDSHIP: lambda row: row.category == Category.POOR and row.special_hardship,
    Group.NEAR_POOR: lambda row: row.category == Category.NEAR_POOR,
}


@dataclass
class Ledger:
    """One group's movements between two days; `closing` is counted on its own, so that balance can be checked."""

    opening: Count = Count()
    came: dict[Opened, Count] = field(default_factory=dict)
    left: dict[Closed, Count] = field(default_factory=dict)
    closing: Count = Count()

    @property
    def came_in_all(self) -> Count:
        return sum(self.came.values(), Count())

    @property
    def left_in_all(self) -> Count:
        return sum(self.left.values(), Count())

    @property
    def difference(self) -> Count:
        """Closing less what the movements yield: nothing, or the ledger is not to be trusted."""
        return self.closing - (self.opening + self.came_in_all - self.left_in_all)

    @property
    def balances(self) -> bool:
        return self.difference == Count()

    def add(self, row: Row) -> None:
        if row.side == Side.OPENING:
            self.opening += row.count
        elif row.side == Side.CLOSING:
            self.closing += row.count
        elif row.side == Side.IN:
            why = Opened(row.reason)
            self.came[why] = self.came.get(why, Count()) + row.count
        else:
            out = Closed(row.reason)
            self.left[out] = self.left.get(out, Count()) + row.count


def lines_of(group: Group, own: Ledger) -> tuple[list[Opened], list[Closed]]:
    """What a group's ledger shows coming in and going out, in order: the usual lines, then what else happened."""
    category = Category.NEAR_POOR if group == Group.NEAR_POOR else Category.POOR
    came, left = CAME[category], LEFT[category]
    more_came = [why for why in Opened if why in own.came and why not in came]
    more_left = [why for why in Closed if why in own.left and why not in left]
    return [*came, *more_came], [*left, *more_left]


def ledgers(rows: Iterable[Row], lineage: Callable[[int], Iterable[int]]) -> dict[tuple[int, Group], Ledger]:
    """A ledger for each group and each area on the way up from each ward. `lineage`: ids from the ward upwards."""
    found: dict[tuple[int, Group], Ledger] = {}
    for row in rows:
        for group, belongs in BELONGS.items():
            if belongs(row):
                for area in lineage(row.ward):
                    found.setdefault((area, group), Ledger()).add(row)
    return found
