"""The appendices of the report in DOCX, each on turned pages: the plan's own table with what was done, and the agencies."""

from collections.abc import Callable

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT

from reports import paper, sentences, tables
from reports.content import ReportContent
from reports.tables import Table

ALIGN = {"left": paper.LEFT, "center": paper.CENTER, "right": paper.RIGHT}
SHADE = "EEF3F6"


def of(content: ReportContent) -> list[Callable]:
    """The appendices that this report has: numbered in Roman where there are two."""
    return [_figures, _agencies] if content.agencies else [_figures]


def _figures(document, content: ReportContent) -> None:
    title = f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU GIẢM NGHÈO ĐẾN NGÀY {sentences.written_day(content.as_of)}"
    _title(document, content, "I" if content.agencies else "", title)
    _draw(document, tables.plan_table(content))
    paper.write(document, sentences.appendix_note(content), size=10, italic=True, align=paper.LEFT, before=4)


def _agencies(document, content: ReportContent) -> None:
    title = f"KẾT QUẢ THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN, ĐƠN VỊ ĐẾN NGÀY {sentences.written_day(content.as_of)}"
    _title(document, content, "II", title)
    _draw(document, tables.agency_table(content))


def _title(document, content: ReportContent, no: str, title: str) -> None:
    paper.write(document, f"Phụ lục {no}".strip(), bold=True)
    paper.write(document, title, size=13, bold=True)
    head = content.head
    paper.write(
        document,
        f"(Kèm theo Báo cáo số {head.written_number} {sentences.signing_day(content)} của {sentences.DEPARTMENT})",
        size=13,
        italic=True,
        after=4 if content.demo else 8,
    )
    if content.demo:
        paper.write(document, "DỮ LIỆU MINH HỌA", size=12, bold=True, after=6)


def _draw(document, given: Table) -> None:
    """Cell by cell from the left and from above; a place that a wide or tall cell has taken is passed over."""
    told = given.head + given.rows
    table = document.add_table(rows=len(told), cols=len(given.widths))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    grid = [row.cells for row in table.rows]  # looked up once: python-docx reckons the whole table for each row
    taken = set()
    for no, row in enumerate(told):
        column = 0
        for one in row:
            while (no, column) in taken:
                column += 1
            taken |= {(no + down, column + right) for down in range(one.tall) for right in range(one.wide)}
            cell = grid[no][column]
            if one.tall > 1 or one.wide > 1:
                cell = cell.merge(grid[no + one.tall - 1][column + one.wide - 1])
            paragraph = cell.paragraphs[0]
            paragraph.alignment = ALIGN[one.align]
            paragraph.paragraph_format.keep_with_next = _goes_on(told, no, given)
            paper.say(paragraph, one.text, size=given.size, bold=one.bold)
            if one.shade:
                paper.shade(cell, SHADE)
            column += one.wide
    paper.set_widths(table, given.widths)
    paper.no_padding(table, 40)
    paper.small_type(document, table, given.size)
    for place, row in enumerate(table.rows):
        paper.keep_whole(row, heads=place < len(given.head))
        for cell in row.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _goes_on(told, no: int, given: Table) -> bool:
    """Lines of one unit stay on one page: the next line begins with no cell of its own unit."""
    below = told[no + 1] if no + 1 < len(told) else None
    return bool(below) and no >= len(given.head) and len(below) < len(told[len(given.head)])
