"""Where the table lies in an office's sheet: below title lines, under one to three rows of titles, above totals."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from households.intake import fonts, values
from households.intake.contents import Unreadable
from households.intake.fields import Column, by_name, title_key

__all__ = ["Column", "Table", "find_table", "is_noise"]

DEEPEST = 3  # rows of titles
LOOKED_AT = 60  # rows; offices' letterheads are shorter
_NUMBERING = re.compile(r"\(?([0-9]{1,2}|[a-z])\)?(\s*=.*)?", re.IGNORECASE)
_NUMBERED = "(0123456789ABCDEabcde"
_TOTAL = re.compile(r"(tổng|cộng|tổng cộng|tổng số|toàn (phường|xã)|cộng (tổ|thôn).*)(\s*[:(0-9].*)?(\s*(hộ|khẩu).*)?")
_MAY_BE_TOTAL = re.compile(r"[TtCc](?:[oO]|[^\x00-\x7f])")  # in every font the second letter is an o, or not ASCII
_SIGNATURE = re.compile(
    r"(người lập|người ghi|cán bộ lập|tm\. ?|kt\. ?|ủy ban nhân dân|uỷ ban nhân dân|ubnd|chủ tịch|phó chủ tịch|trưởng ban"
    r"|\(?ký,|nơi nhận|ghi chú ?:|.*ngày .*tháng .*năm ).*"
)


@dataclass
class Table:
    """Row numbers as in the sheet. ``encoding``: the old font that the titles are typed in, read as Unicode here."""

    header_rows: list[int]
    first_data_row: int
    columns: list[Column]
    encoding: str = ""
    titles: list[tuple[str, ...]] = field(default_factory=list)  # each header row's own cells, to know it again
    begins: frozenset[str] = frozenset()  # cells of those rows as typed, to tell quickly that a row is none of them


def find_table(rows: list[tuple[int, list]]) -> Table:
    """Find the titles among the first rows. Unreadable when nothing looks like a list of households or people."""
    rows = rows[:LOOKED_AT]
    encoding = fonts.detect(cell for _, cells in rows for cell in cells)
    lines = [(number, [_words(cell, encoding) for cell in cells]) for number, cells in rows]
    best = (1, [], [])  # how many titles are known; a sheet of which only one is known is another sheet
    for at, (number, top) in enumerate(lines):
        if sum(map(bool, top)) < 2:
            continue
        numbers, levels, over = [number], [top], top
        for deeper in range(at + 1, min(at + DEEPEST, len(lines))):
            below, words = lines[deeper]
            if below != numbers[-1] + 1 or not _goes_under(over, words, rows[deeper][1]):
                break
            numbers, levels = [*numbers, below], [*levels, words]
            over = [under or upper for upper, under in zip_longest(over, words, fillvalue="")]
        found = numbers, _joined(levels) if len(levels) > 1 else top
        count = len({by_name(title)[0] for title in found[1] if title} - {""})
        if count > best[0]:
            best = (count, *found)
    if not best[1]:
        raise Unreadable("Không thấy dòng tiêu đề như “Họ và tên”, “Quan hệ với chủ hộ”. Hãy dùng mẫu nhập.")
    _, numbers, titles = best
    own = [tuple(map(title_key, cells)) for number, cells in lines if number in numbers]
    typed = (cell for number, cells in rows if number in numbers for cell in cells if isinstance(cell, str))
    first = numbers[-1] + 1
    if any(number == first and _is_numbering(cells) for number, cells in lines):
        first += 1
    columns = [Column(index, title) for index, title in enumerate(titles)]
    while columns and not columns[-1].title:
        if any(columns[-1].index < len(c) and c[columns[-1].index] for n, c in lines if n >= first):
            break
        columns.pop()
    return Table(numbers, first, columns, encoding, own, frozenset(cell.strip().casefold() for cell in typed) - {""})


def is_noise(cells: list, table: Table) -> bool:
    """Blank rows, totals, titles and their numbering repeated on a new page, and what is signed below the table.

    A person's row is never noise: 'Tống' is a family name, 'Tổng' is not.
    """
    filled = []
    for cell in cells:
        if cell != "" and cell is not None and not (isinstance(cell, str) and cell.isspace()):
            filled.append(cell)
            if len(filled) > 4:
                break
    if not filled:
        return True
    first = filled[:3]
    encoding = table.encoding
    short = 0
    for cell in first:
        if isinstance(cell, str):
            begin = cell.lstrip()[:2]
            if _MAY_BE_TOTAL.match(begin) and _TOTAL.fullmatch(_words(cell[:60], encoding).casefold()):
                return True
            short += len(cell) <= 12 and begin[:1] in _NUMBERED
        else:
            short += 1
    if len(filled) <= 4 and any(_SIGNATURE.fullmatch(_words(cell, encoding).casefold()) for cell in first):
        return True
    if short >= 2 and _is_numbering([_words(cell, encoding) for cell in cells]):
        return True
    begin = first[0] if isinstance(first[0], str) else ""
    return begin.strip().casefold() in table.begins and _is_header([_words(c, encoding) for c in cells], table)


def _is_header(words: list[str], table: Table) -> bool:
    keys = [title_key(word) for word in words]
    for row in table.titles:
        same = sum(1 for mine, its in zip(keys, row, strict=False) if mine and mine == its)
        if same >= 2 and same >= 0.8 * sum(map(bool, keys)):
            return True
    return False


def _words(cell: object, encoding: str) -> str:
    if cell in ("", None):
        return ""
    if isinstance(cell, str):
        cell = fonts.convert(cell[:300], encoding)
    return values.text(cell).value or ""


def _is_numbering(words: list[str]) -> bool:
    """1, 2, 3 … or A, B, 1, 2 … under the titles: at least three, one after another."""
    filled = [found[1] for word in words if word and (found := _NUMBERING.fullmatch(word))]
    if len(filled) < 3 or len(filled) != sum(map(bool, words)):
        return False
    numbers = [int(part) for part in filled if part.isdigit()]
    return len(numbers) >= 2 and all(after - before == 1 for before, after in zip(numbers, numbers[1:], strict=False))


def _goes_under(top: list[str], below: list[str], raw: list) -> bool:
    """A second row of titles has words only, and only under titles that are merged over several columns."""
    filled = [at for at, words in enumerate(below) if words]
    if not filled or any(not isinstance(raw[at], str) or any(c.isdigit() for c in below[at]) for at in filled):
        return False
    if _is_numbering(below):
        return False
    width = max(len(top), len(below))
    return all(at >= len(top) or not top[at] or not "".join(top[at + 1 : at + 2]) and at + 1 < width for at in filled)


def _joined(levels: list[list[str]]) -> list[str]:
    """Of each column the words above it, from the top down; a title that is merged over several columns is of each.

    Where the whole of them is no name of a field and the end is ('Thông tin thành viên' over 'Dân tộc'), the end.
    """
    titles, carried = [], [""] * len(levels)
    for at in range(max(map(len, levels))):
        own = [cells[at] if at < len(cells) else "" for cells in levels]
        lowest = max((depth for depth, words in enumerate(own) if words), default=-1)
        parts = []
        for depth, words in enumerate(own):
            if words:
                carried[depth:] = [words] + [""] * (len(levels) - depth - 1)
            elif depth > lowest:
                carried[depth] = ""
            if depth <= lowest and carried[depth]:
                parts.append(carried[depth])
        whole = " ".join(parts)
        ends = (" ".join(parts[start:]) for start in range(len(parts)))
        titles.append(next((end for end in ends if by_name(end)[1]), whole))
    return titles
