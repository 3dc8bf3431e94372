"""The DOCX measured in its XML, and the PDF in its structure, against Decree 30/2020/NĐ-CP, annex I."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
import typst
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from reports import docx, pdf
from tests.reports.test_documents import content

__all__ = ["content"]


@pytest.fixture
def document(content):
    return Document(io.BytesIO(docx.render(content)))


def paragraphs(document):
    """Every paragraph of the letter and its cells, by its text."""
    cells = [cell for table in document.tables[:2] for row in table.rows for cell in row.cells]
    return {one.text: one for place in (document, *cells) for one in place.paragraphs if one.text}


def look(paragraph):
    run = paragraph.runs[0]
    size = run.font.size or paragraph.part.document.styles["Normal"].font.size
    return size.pt, bool(run.bold), bool(run.italic)


@pytest.mark.parametrize(
    ("text", "size", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
        ("UBND THÀNH PHỐ ĐÀ NẴNG", 12, False, False),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH", 12, True, False),
        ("Số: 05/BC-SLĐTBXH", 13, False, False),
        ("Đà Nẵng, ngày 01 tháng 6 năm 2023", 13, False, True),
        ("BÁO CÁO", 14, True, False),
        ("Kính gửi:", 14, False, False),
        ("I. TÌNH HÌNH CHUNG", 14, True, False),
        ("1. Kết quả thực hiện các mục tiêu", 14, True, False),
        ("KT. GIÁM ĐỐC", 14, True, False),
        ("PHÓ GIÁM ĐỐC", 14, True, False),
        ("Người Ký Thử", 14, True, False),
        ("Nơi nhận:", 12, True, True),
        ("- Như trên;", 11, False, False),
        ("- Lưu: VT, SLĐTBXH.", 11, False, False),
        ("Phụ lục I", 14, True, False),
    ],
)
def test_sizes_and_faces(document, text, size, bold, italic):
    assert look(paragraphs(document)[text]) == (size, bold, italic)


def lines_of(document):
    """Widths in mm of the drawn lines: the column, less the indents of the empty paragraph that bears the border."""
    found = []
    for paragraph in document.element.body.iter(qn("w:p")):
        borders = paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:top')}")
        if borders is not None:
            assert borders.get(qn("w:val")) == "single"
            assert not "".join(paragraph.itertext())
            cell = next(paragraph.iterancestors(qn("w:tc")), None)
            within = int(cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}").get(qn("w:w"))) if cell is not None else 9354
            indent = paragraph.find(f"{qn('w:pPr')}/{qn('w:ind')}")
            taken = sum(int(indent.get(qn(f"w:{side}"))) for side in ("left", "right"))
            found.append((within - taken) / 1440 * 25.4)
    return found


def width_of(text, size):
    """In mm, as the project's own font sets it, which has the measures of Times New Roman."""
    fonts = '("Times New Roman", "Tinos", "Liberation Serif")'
    source = (
        f'#set text(font: {fonts}, size: {size}pt, weight: "bold")\n'
        f"#context [#metadata(measure({json.dumps(text, ensure_ascii=False)}).width.mm()) <m>]"
    )
    return json.loads(typst.query(source.encode(), "<m>", field="value", one=True))


def test_lines_are_drawn_and_as_long_as_the_decree_says(document):
    body, motto, subject = lines_of(document)
    assert motto == pytest.approx(width_of("Độc lập - Tự do - Hạnh phúc", 13), abs=1)
    assert 1 / 3 <= body / width_of("SỞ LAO ĐỘNG - THƯƠNG BINH", 12) <= 1 / 2
    first = "Kết quả thực hiện Chương trình mục tiêu quốc gia giảm nghèo bền vững"
    assert 1 / 3 <= subject / width_of(first, 14) <= 1 / 2
    assert "<w:u " not in document.element.xml, "no underlined characters"


def test_number_and_day_stand_on_one_line(document):
    head = document.tables[0]
    assert [cell.text for cell in head.rows[1].cells] == ["Số: 05/BC-SLĐTBXH", "Đà Nẵng, ngày 01 tháng 6 năm 2023"]


def test_addressees_are_lined_up_under_the_colon(document):
    found = paragraphs(document)
    words, first = found["Kính gửi:"], found["- Ủy ban nhân dân thành phố;"]
    colon = words.paragraph_format.left_indent.mm + width_of("Kính gửi", 14) * 0.96  # upright is a little narrower
    assert first.paragraph_format.left_indent.mm == pytest.approx(colon, abs=1.5)
    assert "- Văn phòng Quốc gia về Giảm nghèo." in found


def test_body_paragraphs(document):
    said = next(one for text, one in paragraphs(document).items() if text.startswith("Thực hiện Kế hoạch"))
    layout = said.paragraph_format
    assert layout.first_line_indent == pytest.approx(Mm(12.7), abs=Mm(0.1))
    assert (layout.space_after, layout.line_spacing) == (Pt(6), 1.15)
    assert layout.alignment == docx.paper.JUSTIFY


def test_pages_are_numbered_in_the_top_margin_from_the_second_on_each_annex_by_itself(document):
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text
        number = section.header.paragraphs[0]
        assert (number.alignment, number.runs[0].font.size) == (docx.paper.CENTER, Pt(14))
        assert section.header_distance == pytest.approx(Mm(10), abs=Mm(0.1))
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert [one is not None and one.get(qn("w:start")) for one in starts] == [False, "1", "1"]


def test_the_signature_is_never_torn_and_never_alone_on_a_page(document):
    foot = document.tables[1]
    assert foot.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert next(
        one for text, one in paragraphs(document).items() if text.endswith("./.")
    ).paragraph_format.keep_with_next


def test_the_parts_of_the_file_are_what_word_expects(content):
    """In the order of the schema, which Word insists on and LibreOffice does not."""
    order = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook"]
    for table in Document(io.BytesIO(docx.render(content))).tables:
        names = [one.tag.rpartition("}")[2] for one in table._tbl.tblPr]
        assert names == [name for name in order if name in names]
    names = zipfile.ZipFile(io.BytesIO(docx.render(content))).namelist()
    assert names[0] == "[Content_Types].xml"


# PDF


@pytest.mark.parametrize("render", [pdf.letter, pdf.sheets])
def test_the_pdf_is_tagged_speaks_vietnamese_and_embeds_its_fonts(content, render):
    reader = PdfReader(io.BytesIO(render(content)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert "/StructTreeRoot" in root
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert "giảm nghèo bền vững" in reader.metadata.title
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            name = str(font.get_object()["/BaseFont"])
            assert any(family in name for family in ("Liberation", "Times", "Tinos")), name


def test_the_pdf_says_what_the_docx_says(content):
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf.letter(content))).pages]
    whole = " ".join(texts)
    for said in ("Số: 05/BC-SLĐTBXH", "ngày 01 tháng 6 năm 2023", "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", "Người Ký Thử"):
        assert said in whole
    for line in "\n".join(content.text.values()).splitlines():  # its beginning: a page may end in the middle
        assert line[:25] in whole
    annexes = [text for text in texts if "Phụ lục I" in text and "Kèm theo" in text]
    assert len(annexes) == 2
    assert not texts[0][0].isdecimal(), "no number on page 1"
    assert texts[1].startswith("2 ")
    assert all(text.startswith("Phụ lục") for text in annexes), "each annex begins anew"


def test_no_word_of_the_text_is_ever_layout(content):
    tricky = 'a #let x = 1 *đậm* $x$ <b>"&\\'
    text = content.text | {"causes": tricky}
    head = replace(content.head, signer=tricky, place=tricky)
    reader = PdfReader(io.BytesIO(pdf.letter(replace(content, text=text, head=head))))
    assert " ".join(page.extract_text() for page in reader.pages).count("#let x = 1") >= 2
    assert tricky in "\n".join(
        one.text for one in Document(io.BytesIO(docx.render(replace(content, text=text)))).paragraphs
    )
