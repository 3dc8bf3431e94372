"""The documents are opened as a reader opens them, and their formulas are reckoned again by hand."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT

from reports import docx, gathering, pdf, sentences, xlsx
from reports.content import AgencyRow, Figure, Head, Objective, ReportContent, Unit

APPENDIX = ["poor_labour_start", "poor_labour_reduction", "central_poor_reduction", "special_hardship_reduction"]
APPENDIX += ["poor_labour_end", "near_poor_reduction", "housing", "job_introductions"]
RATED = {
    "poor_labour_start": "2.09",
    "poor_labour_reduction": "0.69",
    "poor_labour_end": "1.39",
    "near_poor_reduction": "0.44",
}


def per_cent(part, whole):
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def a_unit(no, code, name, residents, plan, done):
    figures = {}
    for key, target, actual in zip(APPENDIX, plan, done, strict=True):
        rated = key in RATED
        reached = None if key == "poor_labour_start" else per_cent(actual, target)
        if key == "poor_labour_end":
            reached = per_cent(done[0] - actual, done[0] - target)
        figures[key] = Figure(
            key,
            Decimal(target),
            Decimal(RATED[key]) if rated else None,
            Decimal(actual),
            residents if rated else None,
            per_cent(actual, residents) if rated else None,
            reached,
        )
    return Unit(no, code, name, figures)


@pytest.fixture
def content():
    urban = a_unit(
        1,
        "492",
        "Quận Hải Châu",
        150_000,
        [5012, 1788, 410, 178, 3224, 950, 220, 1200],
        [5012, 684, 150, 70, 4328, 397, 70, 467],
    )
    rural = a_unit(
        2,
        "497",
        "Huyện Hòa Vang",
        150_079,
        [1259, 295, 73, 50, 964, 350, 60, 300],
        [1259, 116, 20, 16, 1143, 122, 18, 141],
    )
    plan, done = zip(
        *(
            (int(a.target + b.target), int(a.actual + b.actual))
            for a, b in zip(urban.appendix, rural.appendix, strict=True)
        ),
        strict=True,
    )
    city = a_unit(None, "48", "Thành phố Đà Nẵng", 300_079, plan, done)
    city.figures["house_new"] = Figure("house_new", Decimal(80), None, Decimal(26), None, None, Decimal("32.50"))
    city.figures["officers_trained"] = Figure("officers_trained", Decimal(100), None, None)
    told = ReportContent(
        plan_number="66/KH-UBND",
        plan_title="Kế hoạch thực hiện Chương trình năm 2023",
        plan_issued_on=date(2023, 3, 17),
        year=2023,
        kind="six_months",
        as_of=date(2023, 5, 31),
        made_on=date(2023, 6, 1),
        version=1,
        reason="",
        checksum="c0ffee" * 10 + "c0ff",
        demo=True,
        unconfirmed="Chuẩn thành phố 2022-2025",
        residents_derived=True,
        units=[city, urban, rural],
        objectives=[
            Objective(1, "Giảm tỷ lệ hộ nghèo còn 1,39%.", [city.figure("poor_labour_end")]),
            Objective(3, "=1+1", [city.figure("house_new")]),
            Objective(5, "Tập huấn 100% cán bộ.", [city.figure("officers_trained")]),
        ],
        agencies=[
            AgencyRow(1, "Sở Thử", 8, 5, 2, "accepted"),
            AgencyRow(2, "Hội Thử", 4, 1, 0, "late"),
            AgencyRow(3, "UBND quận Thử", 6, 0, 0, "missing"),
        ],
        head=Head(
            number=5, dated=date(2023, 6, 1), authority="KT. Giám đốc", title="Phó Giám đốc", signer="Người Ký Thử"
        ),
    )
    return replace(told, text=gathering.text_of(told))


# DOCX


def words_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_letter_has_the_form_of_an_administrative_document(content):
    document = Document(io.BytesIO(docx.render(content)))
    letter, annex, _ = document.sections
    assert (round(letter.page_width.mm), round(letter.page_height.mm)) == (210, 297)
    assert [
        round(edge.mm) for edge in (letter.top_margin, letter.bottom_margin, letter.left_margin, letter.right_margin)
    ] == [20, 20, 30, 15]
    assert (annex.orientation, round(annex.page_width.mm)) == (WD_ORIENT.LANDSCAPE, 297)
    assert letter.different_first_page_header_footer, "no number on page 1"
    assert "PAGE" in letter.header._element.xml
    assert "PAGE" not in letter.first_page_header._element.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    text = words_of(document)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND THÀNH PHỐ ĐÀ NẴNG",
        "Số: 05/BC-SLĐTBXH",
        "Đà Nẵng, ngày 01 tháng 6 năm 2023",
        "BÁO CÁO",
        "6 tháng đầu năm 2023",
        "I. TÌNH HÌNH CHUNG",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. ĐÁNH GIÁ, TỒN TẠI, NGUYÊN NHÂN",
        "IV. PHƯƠNG HƯỚNG",
        "V. KIẾN NGHỊ",
        "kính báo cáo./.",
        "Nơi nhận:",
        "Phụ lục I",
        "Phụ lục II",
    ):
        assert said in text, said


def test_the_letter_says_the_figures_the_vietnamese_way_and_what_they_rest_on(content):
    text = words_of(Document(io.BytesIO(docx.render(content))))
    assert "còn 5.471 hộ nghèo còn sức lao động, bằng 1,82% tổng số hộ dân cư (5.471/300.079 hộ)" in text
    assert "tỷ lệ 1,39% (in trong kế hoạch; tính lại 4.188/300.079 hộ là 1,40%)" in text
    assert "xây mới 26/80 nhà, đạt 32,5% kế hoạch năm" in text
    assert "Kết quả: chưa có số liệu." in text
    assert text.count("DỮ LIỆU MINH HỌA") == 3
    assert "Chuẩn thành phố 2022-2025 (chưa xác nhận)" in text
    assert "suy ra từ tỷ lệ in trong kế hoạch" in text
    plain = words_of(
        Document(io.BytesIO(docx.render(replace(content, demo=False, unconfirmed="", residents_derived=False))))
    )
    assert "MINH HỌA" not in plain
    assert "chưa xác nhận" not in plain
    assert "suy ra" not in plain


def test_the_annex_shows_plan_actual_and_percent_of_city_and_districts(content):
    table = Document(io.BytesIO(docx.render(content))).tables[-2]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[2] == [
        "",
        "Thành phố Đà Nẵng",
        "Kế hoạch",
        "6.271",
        "2,09",
        "2.083",
        "0,69",
        "483",
        "228",
        "4.188",
        "1,39",
        "1.300",
        "0,44",
        "280",
        "1.500",
    ]
    assert rows[3][2:] == [
        "Thực hiện",
        "6.271",
        "2,09",
        "800",
        "0,27",
        "170",
        "86",
        "5.471",
        "1,82",
        "519",
        "0,17",
        "88",
        "608",
    ]
    assert rows[4][2:] == [
        "% đạt",
        "",
        "",
        "38,4",
        "38,4",
        "35,2",
        "37,7",
        "38,4",
        "38,4",
        "39,9",
        "39,9",
        "31,4",
        "40,5",
    ]
    assert [row[1] for row in rows[2:]] == ["Thành phố Đà Nẵng"] * 3 + ["Quận Hải Châu"] * 3 + ["Huyện Hòa Vang"] * 3


def test_a_corrected_version_says_why(content):
    text = words_of(Document(io.BytesIO(docx.render(replace(content, version=2, reason="Bổ sung quyết định")))))
    assert "Bản 2, thay bản 1. Lý do lập lại: Bổ sung quyết định." in text


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2023, 5, 31), "31/5/2023", "ngày 31 tháng 5 năm 2023"),
        (date(2024, 1, 5), "05/01/2024", "ngày 05 tháng 01 năm 2024"),
        (date(2024, 2, 29), "29/02/2024", "ngày 29 tháng 02 năm 2024"),
        (date(2024, 3, 9), "09/3/2024", "ngày 09 tháng 3 năm 2024"),
        (date(2024, 10, 10), "10/10/2024", "ngày 10 tháng 10 năm 2024"),
    ],
)
def test_the_zero_rule_of_dates(day, short, long):
    assert (sentences.written_day(day), sentences.long_day(day)) == (short, long)


def test_what_is_left_names_only_what_is_left(content):
    left = sentences.what_is_left(content)
    assert "giảm thêm 1.283 hộ nghèo còn sức lao động" in left
    assert "xây mới thêm 54 nhà" in left
    assert "sửa chữa" not in left, "no target is known for repairs"
    nothing = replace(content, units=[replace(content.city, figures={})])
    assert sentences.what_is_left(nothing).startswith("Duy trì")


def test_a_report_without_a_single_figure_still_renders(content):
    empty = replace(content, units=[Unit(None, "48", "Thành phố Đà Nẵng", {})], objectives=[])
    assert "–" in words_of(Document(io.BytesIO(docx.render(empty))))
    assert openpyxl.load_workbook(io.BytesIO(xlsx.render(empty)))["Phụ lục"]["C7"].value == "–"


# XLSX


def reckon(sheet, cell):
    """The value of a cell by hand: sums, differences, products and ROUND, as spreadsheets reckon them."""
    value = sheet[cell].value
    if not isinstance(value, str) or not value.startswith("="):
        return Decimal(str(value))
    text = value[1:]
    if found := re.fullmatch(r"SUM\((\w+):(\w+)\)", text):
        return sum(reckon(sheet, each.coordinate) for (each,) in sheet[f"{found[1]}:{found[2]}"])
    rounded = re.fullmatch(r"ROUND\((.*),2\)", text)
    names: dict[str, Decimal] = {}

    def name(found):
        names[found[0]] = reckon(sheet, found[0])
        return found[0]

    sum_of = re.sub(r"[A-Z]+\d+", name, rounded[1] if rounded else text)
    result = eval(re.sub(r"\b(\d+)\b", r"D(\1)", sum_of), {"D": Decimal, **names})
    return result.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if rounded else result


def test_every_formula_yields_the_figure_that_was_frozen(content):
    data = xlsx.render(content)
    live, cached = openpyxl.load_workbook(io.BytesIO(data)), openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = {}
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    shown = Decimal(str(cached[sheet.title][cell.coordinate].value))
                    assert reckon(sheet, cell.coordinate) == shown, f"{sheet.title} {cell.coordinate}"
                    formulas.setdefault(sheet.title, []).append(cell.value)
    annex = formulas["Phụ lục"]
    assert "=SUM(C8:C9)" in annex, "the city is the sum of its districts"
    assert "=C8-E8" in annex, "the end is the start less the reduction"
    assert "=ROUND(F8/E8*100,2)" in annex, "done in percent of the plan"
    assert len(annex) == 16 + 2 * 2 + 3 * 7
    assert len(formulas["Tỷ lệ"]) == 3 * 4


def test_a_figure_that_its_formula_would_not_yield_is_written_as_it_was_frozen(content):
    figures = dict(content.city.figures)
    figures["housing"] = replace(figures["housing"], actual=Decimal(89))  # one house more than the districts tell
    units = [replace(content.city, figures=figures), *content.districts]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(replace(content, units=units))))["Phụ lục"]
    head = next(cell for cell in sheet[5] if str(cell.value).startswith("Xây mới"))
    assert sheet.cell(7, head.column).value == "=SUM(T8:T9)"
    assert sheet.cell(7, head.column + 1).value == 89


def test_the_workbook_is_ready_to_print_and_to_read(content):
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(content)))
    assert book.sheetnames == ["Phụ lục", "Tỷ lệ", "Mục tiêu", "Đơn vị", "Thông tin"]
    sheet = book["Phụ lục"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C7", "$5:$6")
    assert sheet["C7"].number_format.endswith("#,##0")
    assert "A5:A6" in sheet.merged_cells
    text = "\n".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value)
    assert content.checksum in text
    assert "DỮ LIỆU MINH HỌA" in text
    assert "31/05/2023" in text
    assert "(chưa xác nhận)" in text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://portal.example", "=HYPERLINK(1)"])
def test_text_never_becomes_a_formula_or_a_link(content, text):
    objectives = [Objective(1, text, [content.city.figure("poor_labour_end")])]
    units = [replace(unit, name=text) for unit in content.units]
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx.render(replace(content, units=units, objectives=objectives, reason=text)))
    )
    for sheet, cell in (("Phụ lục", "B7"), ("Tỷ lệ", "B7"), ("Mục tiêu", "B6")):
        found = book[sheet][cell]
        assert (found.value, found.data_type, found.hyperlink) == (text, "s", None)


# Both


@pytest.mark.parametrize("render", [docx.render, xlsx.render, pdf.letter, pdf.sheets])
def test_the_same_content_gives_the_same_bytes_whenever_it_is_rendered(content, render, monkeypatch):
    first = render(content)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *given: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert render(content) == first
    assert render(replace(content, version=2, reason="Sửa số")) != first
    if first.startswith(b"PK"):
        assert {member.date_time for member in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
