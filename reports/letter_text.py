"""The parts of the city report's text and what its head says by default; how typed text is cleaned. Pure.

The parts are those that Plan 66, section VI, asks for; the form is that of Decree 30/2020/NĐ-CP, annex I.
"""

import re

from areas.vietnamese import tidy
from reports import prose

SYMBOL = "BC-SLĐTBXH"
PLACE = "Đà Nẵng"
ADDRESSEES = "Ủy ban nhân dân thành phố\nVăn phòng Quốc gia về Giảm nghèo"
AS_ABOVE = "Như trên"  # a report that goes upward names its addressees so
RECIPIENTS = f"{AS_ABOVE}\nUBND các quận, huyện\nLưu: VT, SLĐTBXH"
TITLE = "GIÁM ĐỐC"

# heading, [(key, title below it; empty: the heading's own text)]
PARTS = [
    ("I. Tình hình chung", [("situation", "")]),
    (
        "II. Kết quả thực hiện",
        [
            ("objectives", "1. Kết quả thực hiện các mục tiêu"),
            ("districts", "2. Kết quả theo chỉ tiêu giao cho các quận, huyện"),
            ("agencies", "3. Kết quả thực hiện nhiệm vụ của các cơ quan, đơn vị"),
        ],
    ),
    (
        "III. Đánh giá, tồn tại, nguyên nhân",
        [
            ("achieved", "1. Kết quả đạt được"),
            ("lacking", "2. Tồn tại, hạn chế"),
            ("causes", "3. Nguyên nhân"),
        ],
    ),
    ("IV. Phương hướng", [("direction", "")]),
    ("V. Kiến nghị", [("proposals", "")]),
]
LABELS = [
    (key, f"{heading.partition(' ')[0]}{title}" if title else heading)
    for heading, titles in PARTS
    for key, title in titles
]
KEYS = [key for key, _ in LABELS]
LONGEST = 30_000  # characters of one part: ten printed pages
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BULLETS = re.compile(r"^[●\uf0b7\uf02d][ \t]*")  # of Word's own fonts; the usual ones are prose.clean's


def cleaned(text: str) -> str:
    """Typed or pasted text as prose.py keeps it, one paragraph a line: what cannot be printed goes, no word is lost."""
    lines = "\n".join(_BULLETS.sub("- ", _CONTROLS.sub("", line).strip()) for line in text.splitlines())
    return "\n".join(paragraphs(prose.clean(lines)))


def paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def items(text: str) -> list[str]:
    """Addressees or recipients, one a line, without the marks that the form adds by itself."""
    return [line for line in (tidy(one).removeprefix("-").strip().rstrip(";.") for one in text.splitlines()) if line]


def written_number(number: int | None) -> str:
    """As the decree writes it: a zero before numbers below 10."""
    return "" if number is None else f"{number:02d}"
