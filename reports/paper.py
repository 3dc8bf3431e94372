"""Pieces of an administrative document in DOCX, with the measures of Decree 30/2020/NĐ-CP, Annex I.

Lines under a heading are borders of an empty paragraph, never underlined characters, so that their length holds.
"""

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.prose import Block

FONT = "Times New Roman"
LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
BODY = 14  # points
INDENT = Mm(12.7)


def prepare(document) -> None:
    """Font and spacing of everything that says nothing else."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)


def page(section, *, landscape: bool) -> None:
    """A4; the binding margin is on the left, or on top of a page that is turned."""
    width, height = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = (Mm(15), Mm(15)) if landscape else (Mm(30), Mm(15))
    section.header_distance = section.footer_distance = Mm(10)


def number_pages(section, *, restart: bool) -> None:
    """Arabic numbers in the middle of the top margin, none on the first page; each annex is numbered on its own."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTER
    run = paragraph.add_run()
    run.font.size = Pt(14)
    for kind in ("begin", None, "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        run._r.append(mark)
    if restart:
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        # the schema wants it after the margins and before the columns
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)


def write(place, text, *, size=BODY, bold=False, italic=False, align=CENTER, after=0, before=0, keep=False):
    """A paragraph in a document or a cell. The first paragraph of a fresh cell is used, not left empty above."""
    paragraph = _fresh(place)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.paragraph_format.keep_with_next = keep
    say(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def say(paragraph, text, *, size=BODY, bold=False, italic=False):
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return run


def body(document, text, *, bold=False, italic=False, keep=False):
    """A paragraph of the text: justified, first line indented, a little air."""
    paragraph = write(document, text, bold=bold, italic=italic, align=JUSTIFY, after=6, keep=keep)
    paragraph.paragraph_format.first_line_indent = INDENT
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    paragraph.paragraph_format.line_spacing = 1.15
    return paragraph


def prose(document, block: Block):
    """A paragraph that somebody wrote, or an item of a list, with its bold words."""
    paragraph = body(document, "- " if block.item else "", keep=block.text.endswith(":"))
    for run in block.runs:
        say(paragraph, run.text, bold=run.bold)
    return paragraph


def heading(document, text):
    paragraph = body(document, text, bold=True, keep=True)
    paragraph.paragraph_format.space_before = Pt(6)
    return paragraph


def rule(place, *, width: float, within: float, after: float = 0):
    """A solid line of `width` mm in the middle of a column of `within` mm."""
    paragraph = _fresh(place)
    side = Mm((within - width) / 2)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = side
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    layout.space_after = Pt(after)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *BORDERS_BEFORE)
    return paragraph


# What the schema puts after the borders of a paragraph.
BORDERS_BEFORE = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")


def rows(document, amount: int, *widths: float):
    """Cells without borders, widths in mm: the head and the foot of a document stand in two columns."""
    table = document.add_table(rows=amount, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, widths)
    no_padding(table)
    return [row.cells for row in table.rows]


def columns(document, *widths: float):
    return rows(document, 1, *widths)[0]


def set_widths(table, widths) -> None:
    """Widths in mm, for the grid and for every cell: Word believes the cell, and a merged one is as wide as its parts."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table._tbl.tr_lst:
        place = 0
        for cell in row.tc_lst:
            cell.width = Mm(sum(widths[place : place + cell.grid_span]))
            place += cell.grid_span


def no_padding(table, side: int = 0) -> None:
    """Cells without inner margins left and right, or with `side` twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for name in ("left", "right"):
        edge = OxmlElement(f"w:{name}")
        edge.set(qn("w:w"), str(side))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the order that the schema wants


def small_type(document, table, size: float) -> None:
    """A type size for the whole table, empty paragraphs too: an empty one in body size would raise its row."""
    name = f"Table Text {size:g}"
    known = name in [style.name for style in document.styles]
    style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(size)
    for properties in (paragraph.get_or_add_pPr() for paragraph in table._tbl.iter(qn("w:p"))):
        properties.style = style.style_id


def keep_whole(row, *, heads: bool = False) -> None:
    """A row is not torn between pages; a head is printed again on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heads:
        properties.append(OxmlElement("w:tblHeader"))


def shade(cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _fresh(place):
    last = place.paragraphs[-1] if place.paragraphs else None
    is_cell = hasattr(place, "_tc")
    if is_cell and len(place.paragraphs) == 1 and not last.runs and last._p.pPr is None:
        return last
    return place.add_paragraph()
