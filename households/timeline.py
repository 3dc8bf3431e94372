"""Where the bars of a household's status stand on its time line. Pure geometry, in units of the drawing."""

from dataclasses import dataclass
from datetime import date

WIDTH = 900
LEFT = 150  # room for the names of the standards
RIGHT = 862
TOP = 36
ROW = 64
BAR = 34
LETTER = 7.5  # about the width of a letter, to know whether a label fits
MOST_TICKS = 8


@dataclass(frozen=True)
class Span:
    """A status from a day up to, not including, another; None: it still holds."""

    start: date
    end: date | None
    label: str
    shade: str


@dataclass(frozen=True)
class Track:
    """One standard and what it said of the household, oldest first."""

    name: str
    confirmed: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    label: str  # empty where it would not fit
    title: str
    shade: str
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Line:
    """A name at the left and the bars beside it."""

    words: tuple[tuple[int, str], ...]  # height and text
    note: tuple[int, str] | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    """A place on the axis and its words, which end at the place (`end`) where the edge is near."""

    x: int
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    bottom: int
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    mark_y: int
    mark_text_y: int
    today: Tick
    today_y: int


def draw(tracks: list[Track], marks: list[tuple[date, str]], today: date) -> Drawing:
    """`marks` are the decisions, oldest first; their labels are left out where they would run into each other."""
    days = [today, *(day for day, _ in marks)]
    for track in tracks:
        days += [span.start for span in track.spans] + [span.end for span in track.spans if span.end]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    length = (last - first).days

    def x(day: date) -> int:
        return LEFT + round((RIGHT - LEFT) * (day - first).days / length)

    lines = []
    for place, track in enumerate(tracks):
        y = TOP + ROW * place
        bars = tuple(_bar(span, x(span.start), x(span.end or max(today, span.start)), y) for span in track.spans)
        words = tuple((y + 12 + 16 * row, text) for row, text in enumerate(_two_lines(track.name)))
        note = None if track.confirmed else (y + 12 + 16 * len(words), "chưa xác nhận")
        lines.append(Line(words, note, bars))
    bottom = TOP + ROW * len(tracks)
    return Drawing(
        WIDTH,
        bottom + 62,
        bottom + 10,
        tuple(lines),
        tuple(Tick(x(day), day.strftime("%m/%Y")) for day in _ticks(first, last)),
        _labelled([(x(day), text) for day, text in marks]),
        bottom + 10,
        bottom + 34,
        _tick(x(today), f"hôm nay {today:%d/%m/%Y}"),
        bottom + 56,
    )


def _bar(span: Span, start: int, end: int, y: int) -> Bar:
    width = max(end - start, 2)
    until = f" đến {span.end:%d/%m/%Y}" if span.end else ""
    label = span.label if len(span.label) * LETTER + 18 <= width else ""
    title = f"{span.label}: từ {span.start:%d/%m/%Y}{until}"
    return Bar(start, y, width, label, title, span.shade, start + 9, y + 22)


def _tick(x: int, label: str) -> Tick:
    return Tick(x, label, "middle" if x + len(label) * LETTER / 2 <= WIDTH else "end")


def _two_lines(name: str) -> list[str]:
    """Broken after the middle, so that a name fits beside the bars."""
    words = name.split()
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= 17:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _ticks(first: date, last: date) -> list[date]:
    """Half-years while they are few, else years, else every so many years."""
    years = last.year - first.year
    if years * 2 + 1 <= MOST_TICKS:
        halves = [date(first.year + half // 2, 1 + 6 * (half % 2), 1) for half in range(years * 2)]
        return [*halves, last]
    step = -(-years // (MOST_TICKS - 1))
    return [date(year, 1, 1) for year in range(first.year, last.year + 1, step)]


def _labelled(marks: list[tuple[int, str]]) -> tuple[Tick, ...]:
    placed, free_from = [], 0.0
    for x, text in marks:
        half = len(text) * LETTER / 2
        fits = x - half >= free_from and x + half <= WIDTH
        placed.append(Tick(x, text if fits else ""))
        free_from = x + half + 8 if fits else free_from
    return tuple(placed)
