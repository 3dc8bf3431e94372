"""The report as a DOCX in the form of Decree 30/2020/NĐ-CP: letter, body of five parts, appendix on a turned page."""

import io
from datetime import datetime

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT

from areas.vietnamese import number
from reports import paper, sentences
from reports.archive import without_clock
from reports.content import Figure, ReportContent, Unit

LETTERS = "abcdđeghiklm"  # the alphabet that points are lettered by: đ after d, no f, j, w, z
HEAD = (67.5, 97.5)  # mm: the issuing body, the nation


def render(content: ReportContent) -> bytes:
    """The same content gives the same bytes."""
    document = Document()
    _properties(document, content)
    paper.prepare(document)
    letter = document.sections[0]
    paper.page(letter, landscape=False)
    paper.number_pages(letter, restart=False)
    _head(document, content)
    _body(document, content)
    _foot(document)
    annex = document.add_section(WD_SECTION.NEW_PAGE)
    paper.page(annex, landscape=True)
    paper.number_pages(annex, restart=True)
    _appendix(document, content)
    out = io.BytesIO()
    document.save(out)
    return without_clock(out.getvalue())


def _properties(document, content: ReportContent) -> None:
    then = datetime(content.made_on.year, content.made_on.month, content.made_on.day)
    properties = document.core_properties
    properties.title, properties.subject = f"Báo cáo. {content.subject}", f"Kế hoạch {content.plan_number}"
    properties.author = properties.last_modified_by = "Sở LĐTBXH thành phố Đà Nẵng"
    properties.comments, properties.keywords = "", f"SHA-256 {content.checksum}"
    properties.language, properties.version = "vi-VN", str(content.version)
    properties.created = properties.modified = properties.last_printed = then
    properties.revision = 1


def _head(document, content: ReportContent) -> None:
    body, nation = paper.columns(document, *HEAD)
    paper.write(body, "UBND THÀNH PHỐ ĐÀ NẴNG", size=12)
    paper.write(body, "SỞ LAO ĐỘNG - THƯƠNG BINH", size=12, bold=True)
    paper.write(body, "VÀ XÃ HỘI", size=12, bold=True, after=2)
    paper.rule(body, width=26, within=HEAD[0], after=6)
    paper.write(body, "Số:         /BC-SLĐTBXH", size=13)
    paper.write(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    paper.write(nation, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, after=2)
    paper.rule(nation, width=60, within=HEAD[1], after=22)
    paper.write(nation, f"Đà Nẵng, {sentences.long_day(content.made_on)}", size=13, italic=True)
    if content.demo:
        paper.write(document, "DỮ LIỆU MINH HỌA", size=13, bold=True, before=10)
    paper.write(document, "BÁO CÁO", bold=True, before=14)
    words = content.subject.split(f" {sentences.period(content)} ")
    paper.write(document, words[0], bold=True)
    paper.write(document, f"{sentences.period(content)} {words[1]}", bold=True, after=3)
    paper.rule(document, width=55, within=165, after=12)
    to = paper.columns(document, 45, 120)
    paper.write(to[0], "Kính gửi:", align=paper.JUSTIFY).paragraph_format.left_indent = paper.Mm(22)
    paper.write(to[1], "- Ủy ban nhân dân thành phố;", align=paper.LEFT)
    paper.write(to[1], "- Văn phòng Quốc gia về Giảm nghèo.", align=paper.LEFT, after=10)
    paper.body(document, sentences.introduction(content))


def _body(document, content: ReportContent) -> None:
    paper.heading(document, "I. TÌNH HÌNH CHUNG")
    for text in sentences.situation(content):
        paper.body(document, text)
    for text in sentences.remarks(content):
        paper.body(document, text, italic=True)
    paper.heading(document, "II. KẾT QUẢ THỰC HIỆN")
    paper.heading(document, "1. Kết quả thực hiện các mục tiêu")
    for letter, objective in zip(LETTERS, content.objectives, strict=False):
        paper.body(document, f"{letter}) {objective.text}")
        paper.body(document, sentences.result(objective))
    paper.heading(document, "2. Kết quả theo chỉ tiêu giao cho các quận, huyện")
    for text in sentences.appendix_results(content):
        paper.body(document, text)
    good, bad = sentences.assessment(content)
    paper.heading(document, "III. ĐÁNH GIÁ, TỒN TẠI, NGUYÊN NHÂN")
    for title, texts in (
        ("1. Kết quả đạt được", good),
        ("2. Tồn tại, hạn chế", bad),
        ("3. Nguyên nhân", []),
    ):
        paper.heading(document, title)
        for text in texts:
            paper.body(document, text)
        if not texts:
            paper.body(document, sentences.TO_BE_WRITTEN, italic=True)
    paper.heading(document, "IV. PHƯƠNG HƯỚNG")
    paper.body(document, sentences.what_is_left(content))
    paper.heading(document, "V. KIẾN NGHỊ")
    paper.body(document, sentences.TO_BE_WRITTEN, italic=True)
    paper.body(
        document,
        f"Trên đây là báo cáo kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững "
        f"{sentences.period(content)}, {sentences.DEPARTMENT} kính báo cáo./.",
    )


def _foot(document) -> None:
    to, signed = paper.columns(document, 82.5, 82.5)
    paper.write(to, "Nơi nhận:", size=12, bold=True, italic=True, align=paper.LEFT, before=6)
    for text in ("- Như trên;", "- UBND các quận, huyện;", "- Lưu: VT, SLĐTBXH."):
        paper.write(to, text, size=11, align=paper.LEFT)
    paper.write(signed, "GIÁM ĐỐC", bold=True, before=6, after=70)


# The appendix: the plan's twelve columns, three lines a unit

GROUPS = [
    # title over its columns, [(indicator, short title)]
    ("Hộ nghèo còn sức lao động đầu năm", ["poor_labour_start"]),
    (
        "Giảm hộ nghèo còn sức lao động trong năm",
        ["poor_labour_reduction", "central_poor_reduction", "special_hardship_reduction"],
    ),
    ("Hộ nghèo còn sức lao động cuối năm", ["poor_labour_end"]),
    ("Giảm hộ cận nghèo", ["near_poor_reduction"]),
    ("Xây mới, sửa chữa nhà ở (nhà)", ["housing"]),
    ("Giới thiệu việc làm (lượt)", ["job_introductions"]),
]
OF_WHICH = {
    "central_poor_reduction": "Trong đó hộ nghèo chuẩn TW",
    "special_hardship_reduction": "Trong đó hộ hoàn cảnh ĐBKK",
}
WITH_RATE = {"poor_labour_start", "poor_labour_reduction", "poor_labour_end", "near_poor_reduction"}
WIDTHS = [9, 33, 19] + [17, 15, 16, 14, 23, 23, 17, 15, 16, 14, 19, 17]  # mm, 267 in all
SIZE = 10


def _appendix(document, content: ReportContent) -> None:
    paper.write(document, "PHỤ LỤC", bold=True)
    paper.write(
        document,
        f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU GIẢM NGHÈO ĐẾN NGÀY {sentences.written_day(content.as_of)}",
        size=13,
        bold=True,
    )
    paper.write(
        document,
        f"(Kèm theo Báo cáo số         /BC-SLĐTBXH {sentences.long_day(content.made_on)} của {sentences.DEPARTMENT})",
        size=13,
        italic=True,
        after=4 if content.demo else 8,
    )
    if content.demo:
        paper.write(document, "DỮ LIỆU MINH HỌA", size=12, bold=True, after=6)
    table = document.add_table(rows=2, cols=len(WIDTHS))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    _headings(table)
    for unit in content.units:
        _three_lines(table, unit)
    paper.set_widths(table, WIDTHS)
    paper.no_padding(table, 40)
    paper.small_type(document, table, SIZE)
    for place, row in enumerate(table.rows):
        paper.keep_whole(row, heads=place < 2)
        for cell in row.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    notes = [
        "Ghi chú: Tỷ lệ kế hoạch ghi như in trong kế hoạch; tỷ lệ thực hiện là số hộ chia tổng số hộ dân cư.",
        *sentences.basis(content),
        f"Mã kiểm tra số liệu (SHA-256): {content.checksum}.",
    ]
    paper.write(document, " ".join(notes), size=10, italic=True, align=paper.LEFT, before=4)


def _headings(table) -> None:
    for place, text in enumerate(("Stt", "Đơn vị", "Nội dung")):
        _cell(table.cell(0, place).merge(table.cell(1, place)), text, bold=True)
    column = 3
    for title, codes in GROUPS:
        first = column
        for code in codes:
            if code in OF_WHICH:
                _cell(table.cell(1, column), OF_WHICH[code], bold=True)
                column += 1
                continue
            if code in WITH_RATE:
                _cell(table.cell(1, column), "Số hộ", bold=True)
                _cell(table.cell(1, column + 1), "Tỷ lệ (%)", bold=True)
                column += 2
            else:
                column += 1
        last = column - 1
        over = table.cell(0, first).merge(table.cell(1 if first == last else 0, last))
        _cell(over, title, bold=True)


def _three_lines(table, unit: Unit) -> None:
    """Plan, actual and percent of the plan under each other, so that the columns stay those of the plan's appendix."""
    rows = [table.add_row() for _ in range(3)]
    is_city = unit.no is None
    _cell(rows[0].cells[0].merge(rows[2].cells[0]), "" if is_city else str(unit.no), bold=is_city)
    _cell(rows[0].cells[1].merge(rows[2].cells[1]), unit.name, bold=is_city, align=paper.LEFT)
    for row, label in zip(rows, ("Kế hoạch", "Thực hiện", "% đạt"), strict=True):
        _cell(row.cells[2], label, bold=is_city, align=paper.LEFT)
        row.cells[2].paragraphs[0].paragraph_format.keep_with_next = label != "% đạt"
    column = 3
    for figure in unit.appendix:
        _cell(rows[0].cells[column], number(figure.target), bold=is_city)
        _cell(rows[1].cells[column], number(figure.actual), bold=is_city)
        reached = rows[2].cells[column]
        if figure.code in WITH_RATE:
            _cell(rows[0].cells[column + 1], number(figure.published_rate, 2), bold=is_city)
            _cell(rows[1].cells[column + 1], number(figure.computed_rate, 2), bold=is_city)
            reached = reached.merge(rows[2].cells[column + 1])
        _cell(reached, _reached(figure), bold=is_city)
        column += 2 if figure.code in WITH_RATE else 1
    for cell in {id(cell._tc): cell for cell in rows[2].cells[2:]}.values():  # a merged cell is met twice
        paper.shade(cell, "EEF3F6")


def _reached(figure: Figure) -> str:
    return number(figure.reached, 1) if figure.has_way else ""


def _cell(cell, text: str, *, bold=False, align=paper.CENTER) -> None:
    cell.paragraphs[0].alignment = align
    paper.say(cell.paragraphs[0], text, size=SIZE, bold=bold)
