"""Content to PDF by typst. Data goes in as JSON and is read as data: no name is ever typst source. Pure."""

import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import typst
from pypdf import PdfWriter

from households.papers.content import Answer, Certificate, Decision, Minutes, PublicList, Request

LAYOUTS = Path(__file__).parent / "layouts"
BATCH = 50  # certificates compiled at once: one run over a whole ward holds gigabytes, 2,000 in parts 400 MB


def _compile(layout: str, data: dict, *, tags: bool = True) -> bytes:
    """`tags` let a screen reader follow the paper; parts that are put together lose them, so they are not made."""
    given = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.compile(str(LAYOUTS / f"{layout}.typ"), root=str(LAYOUTS), sys_inputs=given, pdf_tags=tags)


def certificates(given: list[Certificate]) -> bytes:
    """One page a household, in the order given."""
    parts = [given[start : start + BATCH] for start in range(0, len(given), BATCH)]
    if len(parts) == 1:
        return _compile("certificate", {"certificates": [asdict(one) for one in given]})
    whole = PdfWriter()
    for part in parts:
        made = _compile("certificate", {"certificates": [asdict(one) for one in part]}, tags=False)
        whole.append(BytesIO(made))
    out = BytesIO()
    whole.write(out)
    return out.getvalue()


def public_list(content: PublicList) -> bytes:
    return _compile("posting", asdict(content))


def decision(content: Decision) -> bytes:
    return _compile("decision", asdict(content))


def minutes(content: Minutes) -> bytes:
    """Two copies: one stays in the residents' group, one goes to the ward."""
    return _compile("minutes", asdict(content))


def request(content: Request) -> bytes:
    return _compile("request", asdict(content))


def answer(content: Answer) -> bytes:
    return _compile("answer", asdict(content))
