"""The sheet back, as it came, its bad cells marked and a last column that says what is wrong in each row."""

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import chain

import xlsxwriter

from households.intake.layout import Table

TITLE = "Lỗi"
LONGEST = 32_767  # characters that a cell of XLSX can hold


def error_sheet(
    rows: Iterable[tuple[int, list]], table: Table, problems: Mapping | Iterable[tuple[int, int | None, str]]
) -> bytes:
    """XLSX. ``problems``: row number of the sheet, column index (None: the whole row), sentence.

    A mapping of (row number, column index) to sentence will do too.

    Cells are written as values, never as formulas. The rows keep their numbers.
    """
    if isinstance(problems, Mapping):
        problems = [(*place, message) for place, message in problems.items()]
    by_row: dict[int, list[tuple[int, str]]] = {}
    for number, column, message in problems:
        by_row.setdefault(number, []).append((-1 if column is None else column, message))
    rest = iter(rows)
    first = next(rest, (1, []))
    last = max([len(first[1]), *(column.index + 1 for column in table.columns)])
    titles = {column.index: column.title for column in table.columns}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "nan_inf_to_errors": True})
    looks = {
        (bold, marked, day): book.add_format(
            {"border": 1 if bold else 0, "bold": bold, "text_wrap": bold, "valign": "top"}
            | ({"bg_color": "#FFC7CE", "font_color": "#9C0006"} if marked else {})
            | ({"num_format": "dd/mm/yyyy"} if day else {})
        )
        for bold in (False, True)
        for marked in (False, True)
        for day in (False, True)
    }
    sheet = book.add_worksheet("Danh sách có lỗi")
    sheet.set_column(0, max(last - 1, 0), 16)
    sheet.set_column(last, last, 60)
    if table.header_rows:
        sheet.freeze_panes(table.header_rows[-1], 0)
    for number, cells in chain([first], rest):
        wrong = sorted(by_row.get(number, []))
        marked = {column for column, _ in wrong}
        for column, cell in enumerate(cells[:last]):
            is_day = isinstance(cell, (date, datetime))
            look = looks[number in table.header_rows, column in marked, is_day]
            _write(sheet, number - 1, column, cell, look)
        for column in marked:
            if len(cells) <= column < last:
                sheet.write_blank(number - 1, column, None, looks[False, True, False])
        if number in table.header_rows[:1]:
            sheet.write_string(number - 1, last, TITLE, looks[True, False, False])
        elif wrong:
            said = " ".join(f"{titles[c]}: {words}" if titles.get(c) else words for c, words in wrong)
            sheet.write_string(number - 1, last, said[:LONGEST], looks[False, True, False])
    book.close()
    return out.getvalue()


def _write(sheet, row: int, column: int, cell: object, look) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, look)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, look)
    elif isinstance(cell, (date, datetime)) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, look)
    elif isinstance(cell, time):
        sheet.write_string(row, column, cell.isoformat(), look)
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST], look)
