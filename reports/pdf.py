"""The report and its tables as PDF by typst, tagged for screen readers (PDF/UA-1). Pure.

Data goes in as JSON and is read as data: no word of it is ever typst source.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typst

from areas.vietnamese import day as day_words
from reports import sentences, tables
from reports.content import ReportContent
from reports.letter_text import PARTS
from reports.prose import blocks

LAYOUTS = Path(__file__).parent / "layouts"
ROOT = LAYOUTS.parents[1]  # the papers of the floor below lend their frame
AUTHOR = "Sở LĐTBXH thành phố Đà Nẵng"


def _compile(layout: str, content: ReportContent, data: dict) -> bytes:
    made = content.made_on
    data |= {
        "author": AUTHOR,
        "keywords": [f"SHA-256 {content.checksum}"],
        "made_on": {"year": made.year, "month": made.month, "day": made.day},
        "demo": content.demo,
    }
    return typst.compile(
        str(LAYOUTS / f"{layout}.typ"),
        root=str(ROOT),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=datetime(made.year, made.month, made.day, tzinfo=UTC),  # the same content gives the same bytes
    )


def letter(content: ReportContent) -> bytes:
    head = content.head
    before, after = content.subject.split(f" {sentences.period(content)} ")
    return _compile(
        "letter",
        content,
        {
            "title": f"Báo cáo. {content.subject}",
            "number": head.written_number.replace(" ", "\u00a0"),
            "place": head.place,
            "dated": sentences.signing_day(content).replace("  ", "\u00a0\u00a0"),
            "subject": [before, f"{sentences.period(content)} {after}"],
            "addressees": head.addressees,
            "introduction": sentences.introduction(content),
            "parts": [_part(content, heading, titles) for heading, titles in PARTS],
            "ending": sentences.ending(content),
            "recipients": head.recipients,
            "signed": [line.upper() for line in (head.authority, head.title) if line],
            "signer": head.signer,
            "annexes": _annexes(content),
        },
    )


def _part(content: ReportContent, heading: str, titles: list[tuple[str, str]]) -> dict:
    return {
        "heading": heading.upper(),
        "titles": [
            {
                "title": title,
                "blocks": [
                    asdict(block) | {"opens": block.text.endswith(":")} for block in blocks(content.text.get(key, ""))
                ],
                "remarks": ([] if content.text.get(key) else [sentences.TO_BE_WRITTEN])
                + (sentences.remarks(content) if key == "situation" else []),
            }
            for key, title in titles
        ],
    }


def _annexes(content: ReportContent) -> list[dict]:
    until = f"ĐẾN NGÀY {sentences.written_day(content.as_of)}"
    attached = (
        f"(Kèm theo Báo cáo số {content.head.written_number} {sentences.signing_day(content)} của {sentences.DEPARTMENT})"
    ).replace("  ", "\u00a0\u00a0")
    figures = {
        "no": "Phụ lục I" if content.agencies else "Phụ lục",
        "title": f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU GIẢM NGHÈO {until}",
        "attached": attached,
        "table": asdict(tables.plan_table(content)),
        "note": sentences.appendix_note(content),
    }
    if not content.agencies:
        return [figures]
    agencies = {
        "no": "Phụ lục II",
        "title": f"KẾT QUẢ THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN, ĐƠN VỊ {until}",
        "attached": attached,
        "table": asdict(tables.agency_table(content)),
        "note": "",
    }
    return [figures, agencies]


def sheets(content: ReportContent) -> bytes:
    basis = f"Kế hoạch số {content.plan_number}. Số liệu đến ngày {day_words(content.as_of)}, bản {content.version}."
    told = [
        ("PHỤ LỤC: KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU GIẢM NGHÈO", tables.figure_table),
        ("TỶ LỆ TRÊN TỔNG SỐ HỘ DÂN CƯ (%)", tables.rate_table),
        ("KẾT QUẢ THỰC HIỆN NĂM MỤC TIÊU", tables.objective_table),
    ]
    if content.agencies:
        told.append(("KẾT QUẢ THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN, ĐƠN VỊ", tables.agency_table))
    return _compile(
        "sheets",
        content,
        {
            "title": f"Phụ lục báo cáo. {content.subject}",
            "foot": f"Bản {content.version}, {content.checksum[:12]}",
            "remarks": sentences.remarks(content),
            "sheets": [{"title": title, "basis": basis, "table": asdict(make(content))} for title, make in told],
        },
    )
