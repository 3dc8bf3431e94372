"""The appendix's own Excel form: written with its head of two rows, and read back as offices fill it in.

Read: any sheet with a cell 'Đơn vị', units by name, the twelve columns in the printed order, `6.271` and `1259` alike.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

import xlsxwriter

from areas.vietnamese import fold, parse_number, tidy
from households.intake.workbook import Unreadable, open_workbook
from targets.indicators import APPENDIX, INDICATORS, WITH_RATE

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 400
COUNT, RATE = "[$-42A]#,##0", "[$-42A]#,##0.00"


@dataclass
class Read:
    values: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # folded name → code → value
    problems: list[str] = field(default_factory=list)


def columns() -> list[tuple[str, bool]]:
    """The printed columns: an indicator's count, and its rate (True) where one is printed."""
    return [(code, rate) for code in APPENDIX for rate in ((False, True) if code in WITH_RATE else (False,))]


def write(title: str, lines: Iterable[tuple[str, Mapping[str, Decimal], Mapping[str, Decimal]]]) -> bytes:
    """`lines`: name, values and printed rates by code, the whole first."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        base = {"font_name": "Times New Roman", "font_size": 12, "border": 1, "valign": "vcenter"}
        head = book.add_format(base | {"bold": True, "align": "center", "text_wrap": True})
        cells = {
            "text": book.add_format(base),
            "count": book.add_format(base | {"num_format": COUNT}),
            "rate": book.add_format(base | {"num_format": RATE}),
        }
        sheet = book.add_worksheet("Phụ lục")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 3)
        wide = len(columns()) + 1
        bold = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, wide, title, bold)
        for at, name in enumerate(("Stt", "Đơn vị")):
            sheet.merge_range(2, at, 3, at, name, head)
        at = 2
        for code in APPENDIX:
            unit = INDICATORS[code].counted_in.capitalize()
            if code in WITH_RATE:
                sheet.merge_range(2, at, 2, at + 1, INDICATORS[code].name, head)
                sheet.write(3, at, unit, head)
                sheet.write(3, at + 1, "%", head)
                at += 2
            else:
                sheet.write(2, at, INDICATORS[code].name, head)
                sheet.write(3, at, unit, head)
                at += 1
        sheet.set_row(2, 66)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, wide, 10)
        sheet.freeze_panes(4, 2)
        for place, (name, values, rates) in enumerate(lines):
            sheet.write(4 + place, 0, place or "", cells["text"])
            sheet.write(4 + place, 1, name, cells["text"])
            for at, (code, rate) in enumerate(columns(), 2):
                value = (rates if rate else values).get(code)
                kind = cells["rate" if rate else "count"]
                sheet.write(4 + place, at, "" if value is None else float(value), kind)
    return out.getvalue()


def read(data: bytes, known: Mapping[str, str]) -> Read:
    """The counts of the units whose folded name is in `known` (folded name → name). Problems name the row and column."""
    found = Read()
    if len(data) > LARGEST:
        found.problems.append("Tệp lớn hơn 5 MB: không phải biểu phụ lục.")
        return found
    try:
        book = open_workbook(data, "")  # refuses what would unpack to more than memory holds
        rows = [cells for _, cells in islice(book.rows(book.sheets[0].name), MOST_ROWS)]
    except Unreadable as unreadable:
        found.problems.append(f"{unreadable} Dùng biểu phụ lục dạng .xlsx.")
        return found
    place = next(
        ((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if fold(str(cell)).strip() == "don vi"),
        None,
    )
    if place is None:
        found.problems.append("Không thấy cột “Đơn vị”: không phải biểu phụ lục.")
        return found
    start, column = place
    for at, row in enumerate(rows[start + 1 :], start + 2):
        name = fold(tidy(str(row[column]))) if column < len(row) else ""
        if name in known:
            found.values[name] = _line(row[column + 1 :], at, known[name], found.problems)
        elif name and any(isinstance(cell, float) or str(cell).strip() for cell in row[column + 1 :]):
            found.problems.append(f"Dòng {at}: không có đơn vị “{row[column]}” ở cấp này.")
    if not found.values and not found.problems:
        found.problems.append("Tệp không có dòng nào của các đơn vị cấp dưới.")
    return found


def _line(cells: list, row: int, name: str, problems: list[str]) -> dict[str, Decimal]:
    values = {}
    for (code, rate), cell in zip(columns(), cells, strict=False):
        if rate or str(cell).strip() in ("", "-", "–"):
            continue
        try:
            value = Decimal(str(cell)) if isinstance(cell, float | int) else parse_number(str(cell))
        except ValueError:
            problems.append(f"Dòng {row}, {name}: “{cell}” không phải một số ({INDICATORS[code].short}).")
            continue
        values[code] = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return values
