"""What units write: paragraphs, lists and bold, kept as plain text and drawn as safe markup. Pure.

One line is one paragraph; a line that begins with "- " is an item of a list; **two stars** make words bold. What comes
out of a word processor is HTML: it is cleaned to the same plain text, and not one word of it is lost.
"""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3

from areas.vietnamese import tidy

LONGEST = 20_000  # characters of a section: ten pages
# Tags that nobody types by hand: only with them is a text taken for markup, 'a<b' stays as it is.
_TAGS = "p|div|span|font|table|tbody|tr|td|th|ul|ol|li|br|h[1-6]|meta|html|body|style|o:p"
_PASTED = re.compile(rf"<(?:!--|/?(?:{_TAGS})(?:\s+[\w:-]+(?:=[^<>]*)?)?\s*/?>)", re.IGNORECASE)
_KEPT = {"p", "div", "br", "ul", "ol", "li", "b", "strong", "tr", "td", "th", "table"}
_KEPT |= {f"h{level}" for level in range(1, 7)}
_BLOCKS = _KEPT - {"b", "strong", "br", "td", "th"}
_BULLET = re.compile(r"^[-–•·§▪*]\s+(?=\S)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


def clean(text: str) -> str:
    """What is kept of what was typed or pasted: one paragraph a line, no markup but '- ' and '**'."""
    if _PASTED.search(text):
        text = from_html(text)
    lines = (_line(line) for line in text.replace("\r", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line(line: str) -> str:
    return _BULLET.sub("- ", tidy(line))


def pasted(text: str) -> str:
    """What a word processor put on the clipboard: HTML for certain."""
    return clean(from_html(text))


def from_html(text: str) -> str:
    """HTML as plain text: the sanitizer throws away scripts, styles and comments, the rest is read word by word."""
    safe = nh3.clean(text, tags=_KEPT, attributes={}, clean_content_tags={"script", "style", "title"})
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.lists: list[int] = []  # of each open list: -1 for bullets, else how many items it has had
        self.bold = 0
        self.cells = 0  # open cells of a table: paragraphs within one stay on its line

    def handle_starttag(self, tag, attrs):
        if tag in ("ul", "ol"):
            self.lists.append(-1 if tag == "ul" else 0)
        if tag in _BLOCKS or tag == "br":
            self._break()
        self.cells += tag in ("td", "th")
        if tag == "li":
            ordered = bool(self.lists) and self.lists[-1] >= 0
            if ordered:
                self.lists[-1] += 1
            self.lines[-1] = f"{self.lists[-1]}. " if ordered else "- "
        elif tag in ("td", "th") and self.lines[-1].strip():
            self.lines[-1] += " | "
        elif tag in ("b", "strong"):
            self.bold += 1
            self.lines[-1] += "**" if self.bold == 1 else ""

    def handle_endtag(self, tag):
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in ("b", "strong") and self.bold:
            self.bold -= 1
            self.lines[-1] += "" if self.bold else "**"
        self.cells -= tag in ("td", "th") and self.cells > 0
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data):
        self.lines[-1] += re.sub(r"\s+", " ", data)

    def _break(self):
        if self.cells:
            self.lines[-1] += " "
        elif self.lines[-1].strip(" *-"):
            if self.bold:  # bold over two paragraphs is bold in each
                self.lines[-1] += "**"
            self.lines.append("**" if self.bold else "")

    def text(self) -> str:
        return "\n".join(_bold_at_words(line) for line in self.lines if line.strip(" *"))


def _bold_at_words(line: str) -> str:
    """Stars stand at the words: '** đậm **' is '**đậm**', and '****' is nothing."""
    pieces = line.split("**")
    if len(pieces) % 2 == 0:
        pieces.append("")
    out = ""
    for place, piece in enumerate(pieces):
        inside = piece.strip()
        if place % 2 and inside:
            out += piece[: len(piece) - len(piece.lstrip())] + f"**{inside}**" + piece[len(piece.rstrip()) :]
        else:
            out += piece
    return " ".join(out.split())


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list."""

    runs: tuple[Run, ...]
    item: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def blocks(text: str) -> list[Block]:
    """The text as documents draw it; empty lines only part paragraphs."""
    found = []
    for line in text.split("\n"):
        line = line.strip()
        if line:
            item = line.startswith("- ")
            found.append(Block(_runs(line[2:] if item else line), item))
    return found


def _runs(line: str) -> tuple[Run, ...]:
    pieces = _BOLD.split(line)
    return tuple(Run(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece)


def markup(text: str, quotes: tuple[str, ...] = ()) -> str:
    """As HTML that holds nothing but p, ul, li, b and mark; `quotes`: passages that somebody remarked on."""
    out, listed = [], False
    for block in blocks(text):
        if block.item != listed:
            out.append("<ul>" if block.item else "</ul>")
            listed = block.item
        inside = "".join(f"<b>{_marked(r.text, quotes)}</b>" if r.bold else _marked(r.text, quotes) for r in block.runs)
        out.append(f"<li>{inside}</li>" if block.item else f"<p>{inside}</p>")
    return "".join([*out, "</ul>" if listed else ""])


def _marked(text: str, quotes: tuple[str, ...]) -> str:
    found = escape(text)
    for quote in quotes:
        found = found.replace(escape(quote), f"<mark>{escape(quote)}</mark>", 1)
    return found


def plain(text: str) -> str:
    """Without the stars: what a passage is looked for in."""
    return "\n".join(block.text for block in blocks(text))
