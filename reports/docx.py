"""The report as a DOCX in the form of Decree 30/2020/NĐ-CP: letter, body of five parts, appendix on a turned page."""

import io
from datetime import datetime

from docx import Document
from docx.enum.section import WD_SECTION

from reports import docx_annexes, paper, sentences
from reports.archive import without_clock
from reports.content import ReportContent
from reports.letter_text import PARTS
from reports.prose import blocks

HEAD = (67.5, 97.5)  # mm: the issuing body, the nation
MOTTO, BODY, SUBJECT = 56, 30, 55  # mm of the lines: under the motto as long as it is, else a third to a half
COLON = 12.7 + 17.6  # mm: where the colon of 'Kính gửi:' stands, which addressees are lined up under


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
    _foot(document, content)
    for annex in docx_annexes.of(content):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        paper.page(section, landscape=True)
        paper.number_pages(section, restart=True)
        annex(document, content)
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
    head = content.head
    (body, nation), (number, dated) = paper.rows(document, 2, *HEAD)
    paper.write(body, "UBND THÀNH PHỐ ĐÀ NẴNG", size=12)
    paper.write(body, "SỞ LAO ĐỘNG - THƯƠNG BINH", size=12, bold=True)
    paper.write(body, "VÀ XÃ HỘI", size=12, bold=True, after=2)
    paper.rule(body, width=BODY, within=HEAD[0], after=6)
    paper.write(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    paper.write(nation, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, after=2)
    paper.rule(nation, width=MOTTO, within=HEAD[1])
    paper.write(number, f"Số: {head.written_number}", size=13)
    paper.write(dated, f"{head.place}, {sentences.signing_day(content)}", size=13, italic=True)
    if content.demo:
        paper.write(document, "DỮ LIỆU MINH HỌA", size=13, bold=True, before=10)
    paper.write(document, "BÁO CÁO", bold=True, before=14)
    words = content.subject.split(f" {sentences.period(content)} ")
    paper.write(document, words[0], bold=True)
    paper.write(document, f"{sentences.period(content)} {words[1]}", bold=True, after=3)
    paper.rule(document, width=SUBJECT, within=165, after=12)
    _addressees(document, head.addressees)
    paper.body(document, sentences.introduction(content))


def _addressees(document, names: tuple[str, ...]) -> None:
    """One beside the words; several each on a line of its own, lined up under the colon."""
    if len(names) == 1:
        paper.write(document, f"Kính gửi: {names[0]}.", after=10)
        return
    paper.write(document, "Kính gửi:", align=paper.LEFT).paragraph_format.left_indent = paper.INDENT
    for place, name in enumerate(names, 1):
        end, after = (".", 10) if place == len(names) else (";", 0)
        line = paper.write(document, f"- {name}{end}", align=paper.LEFT, after=after)
        line.paragraph_format.left_indent = paper.Mm(COLON)


def _body(document, content: ReportContent) -> None:
    for heading, titles in PARTS:
        paper.heading(document, heading.upper())
        for key, title in titles:
            if title:
                paper.heading(document, title)
            for block in blocks(content.text.get(key, "")):
                paper.prose(document, block)
            if not content.text.get(key):
                paper.body(document, sentences.TO_BE_WRITTEN, italic=True)
            if key == "situation":
                for text in sentences.remarks(content):
                    paper.body(document, text, italic=True)
    paper.body(document, sentences.ending(content), keep=True)  # nobody signs a page without text


def _foot(document, content: ReportContent) -> None:
    head = content.head
    to, signed = paper.columns(document, 82.5, 82.5)
    paper.keep_whole(document.tables[-1].rows[0])
    paper.write(to, "Nơi nhận:", size=12, bold=True, italic=True, align=paper.LEFT, before=6)
    for place, name in enumerate(head.recipients, 1):
        paper.write(to, f"- {name}{'.' if place == len(head.recipients) else ';'}", size=11, align=paper.LEFT)
    titles = [line.upper() for line in (head.authority, head.title) if line]
    for place, title in enumerate(titles):
        last = place == len(titles) - 1
        paper.write(signed, title, bold=True, before=0 if place else 6, after=70 if last else 0)
    if head.signer:
        paper.write(signed, head.signer, bold=True)
