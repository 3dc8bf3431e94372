"""Tables handed out as files: one row at a time, so that a long list takes no more memory than a short one.

Who may have which rows, and the line in the log, are the caller's: nothing here knows what the rows mean.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import TemporaryFile

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

from accounts.handing_out import TYPES
from areas.vietnamese import day

XLSX = TYPES[".xlsx"]
MOST_ROWS = 1_048_576  # of one sheet, the headings among them
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Excel under Vietnamese settings takes the comma for the decimal mark and parts columns at the semicolon.
SEPARATOR = ";"
BOM = "\ufeff"  # without it Excel does not read the file as UTF-8


def harmless(value):
    """Text that a spreadsheet would run as a formula, with an apostrophe before it; anything else as it is."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


def _plain(value):
    """One value as CSV shows it: dates dd/mm/yyyy, nothing for None, numbers with the decimal comma."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return harmless(value)
    return str(value).replace(".", ",")


class _Line:
    """csv writes into this; it gives back what was written."""

    def write(self, text):
        return text


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence]) -> StreamingHttpResponse:
    """Send rows as they are read: `filename` ends in .csv."""
    writer = csv.writer(_Line(), delimiter=SEPARATOR)

    def lines():
        yield BOM + writer.writerow([_plain(heading) for heading in headings])
        for row in rows:
            yield writer.writerow([_plain(value) for value in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def xlsx_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence]) -> FileResponse:
    """Send a workbook of one sheet, made in a temporary file. ValueError when the rows are more than a sheet holds."""
    file = TemporaryFile()  # noqa: SIM115 the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        try:
            _fill(book, headings, rows)
        finally:
            book.close()  # refused or not: until then the rows lie in a file of their own
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


def _fill(book, headings, rows):
    sheet = book.add_worksheet("Danh sách")
    bold = book.add_format({"bold": True})
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise ValueError("Danh sách dài hơn một trang tính: hãy lọc bớt.")
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, days)


def _cell(sheet, row, column, value, days):
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, days)
    elif isinstance(value, str):
        # A text cell never runs; the apostrophe is for who saves the sheet as CSV later.
        sheet.write_string(row, column, harmless(value))
    else:
        sheet.write_number(row, column, value)
