"""Old wording beside new: which words went and which came. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Piece:
    """A run of words: 'same', 'out' (only in the old wording) or 'in' (only in the new)."""

    kind: str
    text: str


def compare(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The old wording and the new, each cut into runs of words. Nothing is lost: joined, each is what was given."""
    old, new = _words(before), _words(after)
    left, right = [], []
    for step, a, b, c, d in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            left.append(Piece("same", "".join(old[a:b])))
            right.append(Piece("same", "".join(new[c:d])))
            continue
        left += _changed("out", old[a:b])
        right += _changed("in", new[c:d])
    return left, right


def within(text: str, after: str, pieces: list[Piece]) -> list[Piece]:
    """A clause's whole text with the marks of its amended part; the text unmarked when the part is not in it."""
    start = text.find(after) if after else -1
    if start < 0:
        return [Piece("same", text)]
    around = [Piece("same", text[:start]), *pieces, Piece("same", text[start + len(after) :])]
    return [piece for piece in around if piece.text]


def _words(text: str) -> list[str]:
    """Words and the spaces between them."""
    return re.findall(r"\s+|[^\s]+", text)


def _changed(kind: str, words: list[str]) -> list[Piece]:
    """The mark stands on the words, not on the space around them."""
    run = "".join(words)
    body = run.strip()
    if not body:
        return [Piece("same", run)] if run else []
    start = run.index(body)
    around = [Piece("same", run[:start]), Piece(kind, body), Piece("same", run[start + len(body) :])]
    return [piece for piece in around if piece.text]
