"""Lists of households as an XLSX that is printed: A4 turned, heads repeated on each page, fitted to its width."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import xlsxwriter

from households.exports import harmless

A4 = 9  # xlsxwriter's number of the paper
LINE = 15.5  # points; not every program makes a row as high as its text needs


@dataclass(frozen=True)
class Column:
    title: str
    width: float  # characters
    centered: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: `first` is the row (from 1) on which the data starts; the heads stand on the two rows above."""

    name: str
    title: str
    under: str
    columns: Sequence[Column]
    rows: Iterable[Sequence]
    first: int
    foot: str = ""


def render(sheets: Iterable[Sheet], *, body: str, demo: bool) -> bytes:
    """`body` issues the lists. A text is never a formula; None is an empty cell."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        add(book, sheets, body=body, demo=demo)
    return out.getvalue()


def add(book, sheets: Iterable[Sheet], *, body: str, demo: bool) -> None:
    """Write the sheets behind those that the workbook has."""
    looks = _looks(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, looks, body, "DỮ LIỆU MINH HỌA" if demo else "")


def _looks(book) -> dict:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    boxed = base | {"border": 1}
    looks = {
        "lines": {"border": 1},
        "body": base | {"bold": True},
        "mark": base | {"bold": True, "align": "right", "font_color": "#B5470B"},
        "title": base | {"bold": True, "font_size": 14, "align": "center"},
        "under": base | {"italic": True, "align": "center"},
        "foot": base | {"italic": True},
        "head": boxed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1F6F9"},
        "number": boxed | {"italic": True, "align": "center", "font_size": 9},
        "text": boxed | {"text_wrap": True},
        "centered": boxed | {"align": "center", "text_wrap": True},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _write(page, sheet: Sheet, looks, body: str, mark: str) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&R&9Trang &P/&N")
    page.hide_gridlines(2)
    last, head = len(sheet.columns) - 1, sheet.first - 3
    page.write_string(0, 0, body.upper(), looks["body"])
    page.write_string(0, last, mark, looks["mark"])
    page.merge_range(2, 0, 2, last, sheet.title.upper(), looks["title"])
    page.merge_range(3, 0, 3, last, sheet.under, looks["under"])
    page.set_row(head, 48)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(head, place, column.title, looks["head"])
        page.write_number(head + 1, place, place + 1, looks["number"])
    row = sheet.first - 1
    for cells in sheet.rows:
        page.set_row(row, LINE * _lines(sheet.columns, cells))
        for place, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            look = looks["centered" if column.centered else "text"]
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(row, place, harmless(cell), look)
            else:
                page.write_number(row, place, cell, look)
        row += 1
    if row > sheet.first - 1:  # the lines around empty cells as one rule: two in three cells of a long list are empty
        page.conditional_format(sheet.first - 1, 0, row - 1, last, {"type": "blanks", "format": looks["lines"]})
    if sheet.foot:
        page.write_string(row + 1, 0, sheet.foot, looks["foot"])
    page.freeze_panes(head + 2, 0)
    page.repeat_rows(head, head + 1)


def _lines(columns, cells) -> int:
    """Lines that the longest text of a row is broken into; words are broken early rather than hidden."""
    texts = [(column, cell) for column, cell in zip(columns, cells, strict=True) if isinstance(cell, str)]
    return max((ceil(0.95 * len(cell) / column.width) for column, cell in texts), default=1)
