"""A schematic tile map of wards: a square each, in their relative places, with a figure and a line round each district.

Pure. The places are data (areas/data/tiles-2023.csv), a drawing of our own and no map of borders. A ward without a place,
as after a reform, is not drawn: the table beside the map has it all the same.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from areas.vietnamese import number

FILE = Path(__file__).parent / "data" / "tiles-2023.csv"
WIDE, HIGH = 96, 52  # units of the drawing for one square
MARGIN = 6
SHADES = 4  # from the fewest to the most; nobody at all has a shade of its own, 0


@dataclass(frozen=True)
class Ward:
    """What is drawn of a ward: its figure, and the district round which the line runs."""

    code: str
    name: str
    district: str
    district_name: str
    count: int


@dataclass(frozen=True)
class Square:
    code: str
    name: str
    count: int
    shade: int
    x: int
    y: int
    label: str  # for who does not see the drawing

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@dataclass(frozen=True)
class Word:
    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    squares: list[Square]
    names: list[Word]  # of the districts, where there are several
    border: str  # a path round the districts


@cache
def places() -> dict[str, tuple[int, int]]:
    """Square of each ward, and of each district's name, by code."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {row["code"]: (int(row["x"]), int(row["y"])) for row in csv.DictReader(lines)}


def shade(count: int, most: int) -> int:
    """0 for nobody, else 1 to SHADES in equal steps up to the most."""
    return 0 if count <= 0 else min(SHADES, 1 + (count - 1) * SHADES // max(most, 1))


def draw(wards: Iterable[Ward], unit: str, at: Mapping[str, tuple[int, int]] | None = None) -> Drawing | None:
    """The wards that have a place, cut to where they lie; None where fewer than two are drawn."""
    at = places() if at is None else at
    drawn = sorted((ward for ward in wards if ward.code in at), key=lambda ward: (at[ward.code][1], at[ward.code][0]))
    if len(drawn) < 2:
        return None
    several = len({ward.district for ward in drawn}) > 1
    names = {ward.district: ward.district_name for ward in drawn if several and ward.district in at}
    spots = [at[ward.code] for ward in drawn] + [at[code] for code in names]
    left, top = min(x for x, _ in spots), min(y for _, y in spots)
    right, bottom = max(x for x, _ in spots), max(y for _, y in spots)
    most = max(ward.count for ward in drawn)

    def corner(spot):
        return MARGIN + (spot[0] - left) * WIDE, MARGIN + (spot[1] - top) * HIGH

    squares = []
    for ward in drawn:
        x, y = corner(at[ward.code])
        told = f"{ward.name}, {ward.district_name}" if several else ward.name
        label = f"{told}: {number(ward.count)} {unit}"
        squares.append(Square(ward.code, ward.name, ward.count, shade(ward.count, most), x, y, label))
    words = []
    for code, name in names.items():
        x, y = corner(at[code])
        words.append(Word(name, x + WIDE // 2, y + HIGH // 2))
    return Drawing(
        2 * MARGIN + (right - left + 1) * WIDE,
        2 * MARGIN + (bottom - top + 1) * HIGH,
        squares,
        words,
        _border(drawn, at, corner) if several else "",
    )


def _border(drawn, at, corner) -> str:
    """Each side of a square beyond which another district, or nothing, lies."""
    district = {at[ward.code]: ward.district for ward in drawn}
    sides = []
    for (x, y), own in sorted(district.items()):
        left, top = corner((x, y))
        right, bottom = left + WIDE, top + HIGH
        for beside, line in (
            ((x, y - 1), f"M{left} {top}H{right}"),
            ((x, y + 1), f"M{left} {bottom}H{right}"),
            ((x - 1, y), f"M{left} {top}V{bottom}"),
            ((x + 1, y), f"M{right} {top}V{bottom}"),
        ):
            if district.get(beside) != own and line not in sides:
                sides.append(line)
    return "".join(sides)
