"""The report as an XLSX: the appendix with live sums, its rates, the five objectives, and what the figures rest on.

A formula is written only where it yields the frozen figure, and carries that figure as its cached value; elsewhere
the figure itself is written. So the sheet can be followed and recalculated, and never says anything else.
"""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as at

from areas.vietnamese import day as day_words
from reports import sentences
from reports.archive import without_clock
from reports.content import CUT, END, START, Figure, ReportContent, Unit
from reports.tables import AGENCY_HEADS
from targets.indicators import percent

SEA = "#0A3550"
# 42A is Vietnamese: programs that heed it print 1.259 and 1,39 everywhere, the others as their own computer does.
COUNT, RATE, SHARE = "[$-42A]#,##0", "[$-42A]#,##0.00", "[$-42A]#,##0.0"
TOP = 4  # rows above the table's head: department, title, as-of day, remark
FIRST = TOP + 2  # the city's row
TALL = 24  # points a row
LINE = 16  # points a line of wrapped text


def render(content: ReportContent) -> bytes:
    """The same content gives the same bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": f"Phụ lục báo cáo. {content.subject}",
                "author": "Sở LĐTBXH thành phố Đà Nẵng",
                "keywords": f"SHA-256 {content.checksum}",
                "created": datetime(content.made_on.year, content.made_on.month, content.made_on.day, tzinfo=UTC),
            }
        )
        book.set_calc_mode("auto")
        looks = _looks(book)
        _appendix(_sheet(book, "Phụ lục", content, looks), content, looks)
        _rates(_sheet(book, "Tỷ lệ", content, looks), content, looks)
        _objectives(_sheet(book, "Mục tiêu", content, looks), content, looks)
        if content.agencies:
            _agencies(_sheet(book, "Đơn vị", content, looks), content, looks)
        _information(book.add_worksheet("Thông tin"), content, looks)
    return without_clock(out.getvalue())


def _looks(book) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    boxed = base | {"border": 1, "border_color": "#6A7F8D"}
    city = {"bold": True, "bg_color": "#DCEAF2"}
    looks = {
        "plain": base,
        "top": base | {"bold": True},
        "title": base | {"bold": True, "font_size": 14, "align": "center"},
        "under": base | {"italic": True, "align": "center"},
        "mark": base | {"bold": True, "font_color": "#B5470B", "align": "center"},
        "head": boxed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1F6F9"},
        "label": base | {"bold": True, "valign": "top"},
        "wrap": base | {"text_wrap": True, "valign": "top"},
        "code": base | {"font_name": "Courier New", "font_size": 10, "valign": "top"},
    }
    kinds = {"text": {}, "center": {"align": "center"}, "long": {"text_wrap": True}}
    kinds |= {name: {"num_format": form, "align": "right"} for name, form in _NUMBERS.items()}
    for name, more in kinds.items():
        looks[name] = boxed | more
        looks[f"{name}!"] = boxed | more | city
    return {name: book.add_format(look) for name, look in looks.items()}


_NUMBERS = {"count": COUNT, "rate": RATE, "share": SHARE}


def _sheet(book, name: str, content: ReportContent, looks):
    """A4 turned, one page wide, head repeated on each page, the page's number at the foot."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer(f"&L&9Bản {content.version}, {content.checksum[:12]}&R&9Trang &P/&N")
    sheet.hide_gridlines(2)
    return sheet


def _title(sheet, text: str, content: ReportContent, looks, last: int, note: str = "") -> None:
    _write(sheet, 0, 0, "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI THÀNH PHỐ ĐÀ NẴNG", looks["top"])
    _merge(sheet, 1, 0, 1, last, text, looks["title"])
    basis = f"Kế hoạch số {content.plan_number}. Số liệu đến ngày {day_words(content.as_of)}, bản {content.version}."
    _merge(sheet, 2, 0, 2, last, f"{basis} {note}".strip(), looks["under"])
    _merge(sheet, 3, 0, 3, last, "DỮ LIỆU MINH HỌA" if content.demo else "", looks["mark"])


# Phụ lục


def _groups(units: list[Unit]) -> list[tuple[Figure, int, int]]:
    """Each indicator of the appendix with its first column and how many it has: a fact has nothing to reach."""
    placed, column = [], 2
    for figure in units[0].appendix:
        wide = 3 if figure.has_way else 2
        placed.append((figure, column, wide))
        column += wide
    return placed


def _appendix(sheet, content: ReportContent, looks) -> None:
    groups = _groups(content.units)
    last = groups[-1][1] + groups[-1][2] - 1
    _title(
        sheet,
        "PHỤ LỤC: KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU GIẢM NGHÈO",
        content,
        looks,
        last,
        "KH: kế hoạch; TH: thực hiện.",
    )
    _merge(sheet, TOP, 0, TOP + 1, 0, "Stt", looks["head"])
    _merge(sheet, TOP, 1, TOP + 1, 1, "Đơn vị", looks["head"])
    columns: dict[str, int] = {}
    for figure, column, wide in groups:
        _merge(sheet, TOP, column, TOP, column + wide - 1, f"{figure.name} ({figure.unit})", looks["head"])
        for place, text in enumerate(("KH", "TH", "% đạt")[:wide]):
            _write(sheet, TOP + 1, column + place, text, looks["head"])
        columns[figure.code] = column
    for place, unit in enumerate(content.units):
        sheet.set_row(FIRST + place, TALL)
        _appendix_row(sheet, FIRST + place, unit, content, columns, looks)
    sheet.set_row(TOP, 68)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, last, 7.4)
    sheet.freeze_panes(FIRST, 2)
    sheet.repeat_rows(TOP, TOP + 1)
    _remarks(sheet, FIRST + len(content.units) + 1, content, looks)


def _appendix_row(sheet, row: int, unit: Unit, content: ReportContent, columns: dict[str, int], looks) -> None:
    mark = "!" if unit.no is None else ""
    _write(sheet, row, 0, unit.no, looks[f"center{mark}"])
    _write(sheet, row, 1, unit.name, looks[f"text{mark}"])
    for figure in unit.appendix:
        column = columns[figure.code]
        for place, values in enumerate(("target", "actual")):
            formula, yields = _count_formula(row, column + place, unit, figure, values, content, columns)
            _figure(sheet, row, column + place, getattr(figure, values), looks[f"count{mark}"], formula, yields)
        if figure.has_way:
            formula, yields = _reached_formula(row, unit, figure, columns)
            _figure(sheet, row, column + 2, figure.reached, looks[f"share{mark}"], formula, yields)


def _count_formula(row, column, unit, figure, values, content, columns) -> tuple[str, Decimal | None]:
    """The city is the sum of its districts; in a district the end is the start less the reduction."""
    if unit.no is None and content.districts:
        parts = [getattr(district.figure(figure.code), values) for district in content.districts]
        total = None if None in parts else sum(parts)
        return f"=SUM({at(row + 1, column)}:{at(row + len(parts), column)})", total
    if figure.code == END:
        start, cut = (getattr(unit.figure(code), values) for code in (START, CUT))
        offset = 0 if values == "target" else 1
        cells = at(row, columns[START] + offset), at(row, columns[CUT] + offset)
        return f"={cells[0]}-{cells[1]}", None if None in (start, cut) else start - cut
    return "", None


def _reached_formula(row: int, unit: Unit, figure: Figure, columns: dict[str, int]) -> tuple[str, Decimal | None]:
    """Done in percent of the target; of a number that should fall, the way down from the start of the year."""
    plan, done = at(row, columns[figure.code]), at(row, columns[figure.code] + 1)
    if None in (figure.target, figure.actual):
        return "", None
    if figure.code != END:
        return f"=ROUND({done}/{plan}*100,2)", percent(figure.actual, figure.target)
    start, value = at(row, columns[START] + 1), unit.figure(START).actual
    if value is None:
        return "", None
    return f"=ROUND(({start}-{done})/({start}-{plan})*100,2)", percent(value - figure.actual, value - figure.target)


# Tỷ lệ


def _rates(sheet, content: ReportContent, looks) -> None:
    """The printed rates beside the computed ones; the count, the denominator and the quotient in cells of their own."""
    shown = [figure.code for figure in content.city.rates]
    last = 2 + 4 * len(shown)
    _title(sheet, "TỶ LỆ TRÊN TỔNG SỐ HỘ DÂN CƯ (%)", content, looks, last)
    for column, text in enumerate(("Stt", "Đơn vị", "Tổng số hộ dân cư")):
        _merge(sheet, TOP, column, TOP + 1, column, text, looks["head"])
    for place, code in enumerate(shown):
        column = 3 + 4 * place
        _merge(sheet, TOP, column, TOP, column + 3, content.city.figure(code).name, looks["head"])
        for offset, text in enumerate(("In trong KH", "KH tính lại", "TH (hộ)", "TH (%)")):
            _write(sheet, TOP + 1, column + offset, text, looks["head"])
    for place, unit in enumerate(content.units):
        row, mark = FIRST + place, "!" if unit.no is None else ""
        sheet.set_row(row, TALL)
        _write(sheet, row, 0, unit.no, looks[f"center{mark}"])
        _write(sheet, row, 1, unit.name, looks[f"text{mark}"])
        residents = unit.residents
        _figure(sheet, row, 2, residents, looks[f"count{mark}"])
        for offset, code in enumerate(shown):
            figure, column = unit.figure(code), 3 + 4 * offset
            _figure(sheet, row, column, figure.published_rate, looks[f"rate{mark}"])
            _figure(sheet, row, column + 1, figure.plan_rate, looks[f"rate{mark}"])
            _figure(sheet, row, column + 2, figure.actual, looks[f"count{mark}"])
            formula = f"=ROUND({at(row, column + 2)}/{at(row, 2)}*100,2)" if residents else ""
            _figure(
                sheet,
                row,
                column + 3,
                figure.computed_rate,
                looks[f"rate{mark}"],
                formula,
                percent(figure.actual, residents),
            )
    sheet.set_row(TOP, 32)
    sheet.set_row(TOP + 1, 32)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, last, 9.5)
    sheet.freeze_panes(FIRST, 2)
    sheet.repeat_rows(TOP, TOP + 1)
    _remarks(sheet, FIRST + len(content.units) + 1, content, looks)


# Mục tiêu


def _objectives(sheet, content: ReportContent, looks) -> None:
    _title(sheet, "KẾT QUẢ THỰC HIỆN NĂM MỤC TIÊU", content, looks, 8)
    heads = (
        "Mục tiêu",
        "Nội dung trong kế hoạch",
        "Đo bằng",
        "Đơn vị",
        "Kế hoạch",
        "Thực hiện",
        "Mẫu số",
        "Tỷ lệ (%)",
        "% đạt",
    )
    for column, text in enumerate(heads):
        _write(sheet, TOP, column, text, looks["head"])
    row = TOP + 1
    for objective in content.objectives:
        first = row
        for figure in objective.figures:
            target = "rate" if figure.is_percent else "count"
            _write(sheet, row, 2, figure.name, looks["long"])
            _write(sheet, row, 3, figure.unit if not figure.is_percent else "người (KH: %)", looks["center"])
            _figure(sheet, row, 4, figure.target, looks[target])
            _figure(sheet, row, 5, figure.actual, looks["count"])
            _figure(sheet, row, 6, figure.denominator, looks["count"])
            formula = f"=ROUND({at(row, 5)}/{at(row, 6)}*100,2)" if figure.denominator else ""
            _figure(
                sheet, row, 7, figure.computed_rate, looks["rate"], formula, percent(figure.actual, figure.denominator)
            )
            over = at(row, 7) if figure.is_percent else at(row, 5)
            formula = f"=ROUND({over}/{at(row, 4)}*100,2)" if figure.target else ""
            _figure(sheet, row, 8, figure.reached, looks["share"], formula, percent(figure.value, figure.target))
            sheet.set_row(row, max(_height(objective.text, 46) / len(objective.figures), 2 * LINE))
            row += 1
        if objective.figures:
            _merge(sheet, first, 0, row - 1, 0, objective.no, looks["center"])
            _merge(sheet, first, 1, row - 1, 1, objective.text, looks["long"])
    sheet.set_row(TOP, 24)
    for column, width in enumerate((8, 52, 30, 15, 11, 11, 11, 11, 10)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(TOP + 1, 0)
    sheet.repeat_rows(TOP)
    _remarks(sheet, row + 1, content, looks)


# Đơn vị


def _agencies(sheet, content: ReportContent, looks) -> None:
    _title(sheet, "KẾT QUẢ THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN, ĐƠN VỊ", content, looks, len(AGENCY_HEADS) - 1)
    for column, text in enumerate(AGENCY_HEADS):
        _write(sheet, TOP, column, text, looks["head"])
    for row, agency in enumerate(content.agencies, TOP + 1):
        _write(sheet, row, 0, agency.no, looks["center"])
        _write(sheet, row, 1, agency.name, looks["text"])
        for column, value in enumerate((agency.tasks, agency.reported, agency.verified), 2):
            _figure(sheet, row, column, value, looks["count"])
        formula = f"=ROUND({at(row, 3)}/{at(row, 2)}*100,2)" if agency.tasks else ""
        _figure(sheet, row, 5, agency.share, looks["share"], formula, agency.share)
        _write(sheet, row, 6, sentences.OWN_REPORT[agency.own_report], looks["center"])
    sheet.set_row(TOP, 32)
    for column, width in enumerate((6, 52, 15, 15, 15, 12, 22)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(TOP + 1, 2)
    sheet.repeat_rows(TOP)
    _remarks(sheet, TOP + len(content.agencies) + 2, content, looks)


# Thông tin


def _information(sheet, content: ReportContent, looks) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    _write(sheet, 0, 0, "THÔNG TIN VỀ BÁO CÁO", looks["top"])
    facts: list[tuple[str, str | date, str]] = [
        ("Kế hoạch", f"{content.plan_number}, {content.plan_title}", "wrap"),
        ("Kỳ báo cáo", sentences.period(content), "wrap"),
        ("Số liệu đến ngày", day_words(content.as_of), "wrap"),
        ("Chốt ngày", day_words(content.made_on), "wrap"),
        ("Bản", str(content.version), "wrap"),
        ("Lý do lập lại", content.reason, "wrap"),
        ("Mã kiểm tra (SHA-256)", content.checksum, "code"),
        *((("Lưu ý", text, "wrap")) for text in sentences.remarks(content)),
    ]
    for row, (label, text, look) in enumerate([fact for fact in facts if fact[1]], 2):
        _write(sheet, row, 0, label, looks["label"])
        _write(sheet, row, 1, text, looks[look])
        sheet.set_row(row, _height(text, 66))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 76)
    sheet.hide_gridlines(2)


# Cells


def _height(text: str, width: int) -> int:
    """Of a row with wrapped text: nobody reckons it again when the file is opened."""
    return (len(text) // width + 1) * LINE


def _remarks(sheet, row: int, content: ReportContent, looks) -> None:
    for text in sentences.remarks(content):
        _write(sheet, row, 0, text, looks["plain"])
        row += 1


def _write(sheet, row: int, column: int, value: str | int | None, look) -> None:
    """Text stays text, whatever it begins with: nothing that came from a person is ever a formula or a link."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _merge(sheet, top: int, left: int, bottom: int, right: int, value: str | int, look) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", look)
    _write(sheet, top, left, value, look)


def _figure(
    sheet, row, column, value: Decimal | int | None, look, formula: str = "", yields: Decimal | None = None
) -> None:
    """A frozen figure, or a dash where there is none; as a formula where the formula yields this very figure."""
    if value is None:
        sheet.write_string(row, column, "–", look)
    elif formula and yields is not None and Decimal(value) == yields:
        sheet.write_formula(row, column, formula, look, _plain(value))
    else:
        sheet.write_number(row, column, _plain(value), look)


def _plain(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)
