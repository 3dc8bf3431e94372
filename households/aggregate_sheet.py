"""Aggregate forms as an XLSX: a sheet a form, A4 turned, heads repeated, the columns numbered with their formulas."""

import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import ceil

import xlsxwriter

from areas.vietnamese import day as written
from households import list_sheet
from households.aggregate_queries import Line
from households.aggregates import Form
from households.list_sheet import Sheet

COUNT, RATE = "[$-42A]#,##0", "[$-42A]#,##0.00"
TOP = 5  # rows above the head: body, title, days, remark, air
WIDE, NARROW = 22, 9  # characters
LINE = 15.5  # points


BODY = "Ban Chỉ đạo rà soát hộ nghèo, hộ cận nghèo"


def render(
    forms: Iterable[Form],
    lines: list[Line],
    *,
    standard: str,
    first: date,
    last: date,
    demo: bool,
    lists: Iterable[Sheet] = (),
) -> bytes:
    """A sheet a form, and behind them the lists of persons."""
    remark = "DỮ LIỆU MINH HỌA" if demo else ""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        looks = _looks(book)
        for form in forms:
            _sheet(book, form, lines, looks, f"{standard}. Từ ngày {written(first)} đến ngày {written(last)}.", remark)
        list_sheet.add(book, lists, body=BODY, demo=demo)
    return out.getvalue()


def _looks(book) -> dict:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    boxed = base | {"border": 1}
    looks = {
        "top": base | {"bold": True},
        "title": base | {"bold": True, "font_size": 14, "align": "center"},
        "under": base | {"italic": True, "align": "center"},
        "mark": base | {"bold": True, "align": "center", "font_color": "#B5470B"},
        "note": base | {"italic": True, "text_wrap": True, "valign": "top"},
        "head": boxed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1F6F9"},
        "number": boxed | {"italic": True, "align": "center", "font_size": 9, "text_wrap": True},
    }
    for name, more in (
        ("text", {"text_wrap": True}),
        ("count", {"num_format": COUNT}),
        ("rate", {"num_format": RATE}),
        ("center", {"align": "center"}),
    ):
        looks[name] = boxed | more
        looks[f"{name}!"] = boxed | more | {"bold": True, "bg_color": "#DCEAF2"}
    return {name: book.add_format(look) for name, look in looks.items()}


def _sheet(book, form: Form, lines: list[Line], looks, days: str, remark: str) -> None:
    sheet = book.add_worksheet(f"Biểu {form.number}")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&R&9Trang &P/&N")
    sheet.hide_gridlines(2)
    lead = 3 if len(form.lines) > 1 else 2
    last = lead + len(form.columns) - 1
    sheet.write(0, 0, BODY.upper(), looks["top"])
    sheet.merge_range(1, 0, 1, last, f"BIỂU {form.number}. {form.title.upper()}", looks["title"])
    sheet.merge_range(2, 0, 2, last, days, looks["under"])
    sheet.merge_range(3, 0, 3, last, remark, looks["mark"])
    _heads(sheet, form, looks, lead)
    row = TOP + 3
    for line in lines:
        row = _line(sheet, row, form, line, looks, lead)
    sheet.merge_range(row + 1, 0, row + 1, last, form.note, looks["note"])
    wide = 6 + WIDE + NARROW * (last - 1)
    sheet.set_row(row + 1, LINE * ceil(len(form.note) / wide + 1))
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, WIDE)
    sheet.set_column(2, last, NARROW)
    sheet.freeze_panes(TOP + 3, 2)
    sheet.repeat_rows(TOP, TOP + 2)


def _heads(sheet, form: Form, looks, lead: int) -> None:
    titles = ("Stt", "Địa bàn", "Phân tổ")[:lead]
    for column, (title, letter) in enumerate(zip(titles, "ABC", strict=False)):
        sheet.merge_range(TOP, column, TOP + 1, column, title, looks["head"])
        sheet.write(TOP + 2, column, letter, looks["number"])
    place = 0
    while place < len(form.columns):
        over = form.columns[place].over
        wide = 1
        while over and place + wide < len(form.columns) and form.columns[place + wide].over == over:
            wide += 1
        if not over:
            sheet.merge_range(TOP, lead + place, TOP + 1, lead + place, form.columns[place].title, looks["head"])
        elif wide == 1:
            sheet.write(TOP, lead + place, over, looks["head"])
        else:
            sheet.merge_range(TOP, lead + place, TOP, lead + place + wide - 1, over, looks["head"])
        for column in range(place, place + wide):
            told = form.columns[column]
            if over:
                sheet.write(TOP + 1, lead + column, told.title, looks["head"])
            sheet.write(TOP + 2, lead + column, told.formula or str(column + 1), looks["number"])
        place += wide
    sheet.set_row(TOP, 34)
    sheet.set_row(TOP + 1, 62)
    longest = max(len(told.formula) for told in form.columns)
    sheet.set_row(TOP + 2, LINE * max(ceil(longest / NARROW), 1))


def _line(sheet, row: int, form: Form, line: Line, looks, lead: int) -> int:
    mark = "!" if line.is_sum else ""
    rows = form.rows(line.facts)
    for place, (title, cells) in enumerate(rows):
        sheet.write(row + place, 0, line.no if not place else "", looks[f"center{mark}"])
        sheet.write(row + place, 1, line.area.full_name if not place else "", looks[f"text{mark}"])
        if lead == 3:
            sheet.write(row + place, 2, title, looks[f"text{mark}"])
        for column, cell in enumerate(cells, lead):
            look = looks[f"{'rate' if isinstance(cell, Decimal) else 'count'}{mark}"]
            sheet.write_blank(row + place, column, None, look) if cell is None else sheet.write_number(
                row + place, column, cell, look
            )
    return row + len(rows)
