"""Geometry of the charts: figures in, plain shapes out; the templates only draw them. Pure.

Lengths along a bar are percent of its width, as text with a point ('70.3'), ready for an SVG attribute whatever the
language of the page. Coordinates inside a drawing are whole units of its viewBox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from areas.vietnamese import number, signed

Number = int | Decimal


@dataclass(frozen=True)
class Bar:
    """A bar with the mark of where it should be today."""

    label: str  # read aloud in place of the drawing
    width: str  # percent of the whole, 0 to 100
    kind: str  # ok, watch, bad, none: colour of the bar
    mark: str | None  # percent of the whole; None draws no mark
    mark_label: str
    mark_anchor: str  # 'end' writes the mark's label to its left, 'start' to its right
    mark_dx: int


def along(share: Number | None) -> str:
    """A share in percent as a length: nothing for None and below 0, the whole bar from 100 up."""
    if share is None:
        return "0"
    held = min(max(Decimal(share), Decimal(0)), Decimal(100))
    return f"{held.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP).normalize():f}"


def pace_bar(*, label: str, share: Number | None, mark: Number | None, kind: str, mark_label: str = "") -> Bar:
    """`share` and `mark` are percent of the target; the mark is where the share should be today."""
    left = mark is None or mark >= 45
    return Bar(
        label,
        along(share),
        kind,
        None if mark is None else along(mark),
        mark_label,
        "end" if left else "start",
        -8 if left else 8,
    )


def shares(values: Sequence[Number | None]) -> list[str]:
    """Lengths of plain bars, the longest 100; all 0 when there is nothing to draw."""
    longest = max((value for value in values if value is not None), default=0)
    return [along(Decimal(value) * 100 / longest) if value and longest > 0 else "0" for value in values]


def twin_bars(pairs: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """Lengths of (whole, part) pairs drawn over each other on one scale, the longest of all 100."""
    longest = max((value for pair in pairs for value in pair), default=0)
    return [tuple(along(Decimal(value) * 100 / longest) if longest > 0 else "0" for value in pair) for pair in pairs]


@dataclass(frozen=True)
class Step:
    """A column of the waterfall before it is drawn: a level, or a movement that hangs from the last level."""

    label: str
    amount: int  # a level, or a signed movement
    kind: str  # a key of FILLS
    note: str = ""  # second line under the column


@dataclass(frozen=True)
class Column:
    x: int
    y: int
    width: int
    height: int
    middle: int
    value: str
    value_y: int
    label: str
    note: str
    fill: str
    link_x: int | None  # where the dotted line to the next column begins
    link_y: int


@dataclass(frozen=True)
class Waterfall:
    columns: list[Column]
    base: int  # y of zero
    target_y: int | None
    target_label_y: int
    target_label_x: int
    step: int  # length of the dotted line between two columns


LEVELS = ("start", "now")
FILLS = {
    "start": "#0a3550",
    "now": "#0d5480",
    "less": "#23784c",
    "more": "#9a6b00",
    "back": "#ab1c2c",
    "other": "#6a7f8d",
}
FALL_WIDTH, FALL_TOP, FALL_BASE = 560, 28, 222
COLUMN = 66
THINNEST = 3  # a movement of one household among thousands must still be seen


def waterfall(steps: Sequence[Step], target: int | None) -> Waterfall:
    """Columns from zero: levels stand on the base, movements hang where the last column ended."""
    level, spans = 0, []
    for step in steps:
        before, level = level, step.amount if step.kind in LEVELS else level + step.amount
        low, high = (0, level) if step.kind in LEVELS else sorted((before, level))
        spans.append((low, high, level))
    highest = max([1, target or 0, *(high for _, high, _ in spans)])

    def y(value):
        return FALL_BASE - round((FALL_BASE - FALL_TOP) * max(value, 0) / highest)

    pitch = (FALL_WIDTH - 16) // max(len(steps), 1)
    columns, hanging = [], []
    for place, (step, (low, high, level)) in enumerate(zip(steps, spans, strict=True)):
        x = 8 + place * pitch + (pitch - COLUMN) // 2
        height = max(y(low) - y(high), THINNEST if step.amount else 0)
        hanging += [] if step.kind in LEVELS else [y(high) + height]
        columns.append(
            Column(
                x=x,
                y=y(high),
                width=COLUMN,
                height=height,
                middle=x + COLUMN // 2,
                value=number(step.amount) if step.kind in LEVELS else signed(step.amount),
                value_y=y(high) - 8,
                label=step.label,
                note=step.note,
                fill=FILLS[step.kind],
                link_x=None if place == len(steps) - 1 else x + COLUMN,
                link_y=y(level),
            )
        )
    target_y = None if target is None else y(target)
    return Waterfall(
        columns=columns,
        base=FALL_BASE,
        target_y=target_y,
        target_label_y=min(max([target_y or 0, *hanging]) + 16, FALL_BASE - 6),  # clear of the line and of what hangs
        target_label_x=FALL_WIDTH // 2,
        step=pitch - COLUMN,
    )


@dataclass(frozen=True)
class Trend:
    """One line of a chart over time. `places`: (x, y, what is read there) of each known value."""

    label: str
    kind: str  # 'a', 'b', 'c': colour and dash
    points: str
    places: list[tuple[int, int, str]]


TREND_WIDTH, TREND_BASE, TREND_TOP, TREND_LEFT = 720, 220, 20, 56


def trends(rows: Sequence[tuple[str, str, Sequence[Number | None]]], labels: Sequence[str]) -> list[Trend]:
    """Lines from zero on one scale. `rows`: label, kind and a value for each of `labels`; None leaves a gap out."""
    highest = max((value for _, _, values in rows for value in values if value is not None), default=0) or 1
    step = (TREND_WIDTH - TREND_LEFT - 24) / max(len(labels) - 1, 1)
    drawn = []
    for label, kind, values in rows:
        places = [
            (
                TREND_LEFT + round(step * place),
                TREND_BASE - round((TREND_BASE - TREND_TOP) * max(value, 0) / highest),
                f"{labels[place]}: {number(value)}",
            )
            for place, value in enumerate(values)
            if value is not None
        ]
        drawn.append(Trend(label, kind, " ".join(f"{x},{y}" for x, y, _ in places), places))
    return drawn


@dataclass(frozen=True)
class Tile:
    """A district on the schematic map: where it lies relative to the others, not where its border runs."""

    code: str
    name: str
    shapes: tuple[str, ...]  # one `points` attribute a polygon
    x: int  # middle of its words
    y: int
    words: tuple[tuple[str, int], ...] = ()  # written in place of a figure, each at its own y


@dataclass(frozen=True)
class MapTile:
    """A tile with its figure and where figure and status shape stand under the name."""

    tile: Tile
    url: str
    kind: str
    value: str
    label: str
    icon_x: int
    value_x: int
    icon_y: int
    value_y: int


def map_tile(tile: Tile, *, url: str, kind: str, value: str, label: str) -> MapTile:
    """The status shape and the value side by side, centred under the name whatever their length."""
    long = 10 * len(value)  # about ten units a character
    left = tile.x - (long + 18) // 2
    return MapTile(tile, url, kind, value, label, left, left + 18 + long // 2, tile.y + 9, tile.y + 23)
