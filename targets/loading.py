"""Reading the file of a plan: its clauses and figures, or the entry at fault. Pure.

Numbers stand in the file as printed: '6.271', '1259', '2,09'. What does not add up is refused as a whole.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from areas.vietnamese import parse_number, tidy
from targets.indicators import APPENDIX, INDICATORS, WITH_RATE

CITY = "Toàn thành phố"
ROLES = ("lead", "lead_with_coordination", "coordinate", "own")
REFS = {"objective": r"II\.[0-9]+", "solution": r"III\.[0-9]+", "agency": r"IV\.[0-9]+"}


class BrokenPlan(ValueError):
    """Names the file, the entry and what is wrong there, in Vietnamese."""


@dataclass(frozen=True)
class ClauseRow:
    """`heading` is the ref of the agency that a task stands under; `agency` names who owes it, `role` how."""

    ref: str
    kind: str
    text: str
    heading: str = ""
    agency: str = ""
    role: str = ""


@dataclass(frozen=True)
class AmendmentRow:
    ref: str
    change: str
    before: str
    after: str
    basis: str


@dataclass(frozen=True)
class TargetRow:
    """`unit` is a district's full name, or CITY; `rate` is the printed one, None where the plan prints none."""

    unit: str
    indicator: str
    value: Decimal
    rate: Decimal | None
    in_appendix: bool


@dataclass(frozen=True)
class PlanFile:
    number: str
    year: int
    issued_on: date
    title: str
    signed_by: str
    general_goal: str
    funding: str
    reporting: str
    recipients: tuple[str, ...]
    units_commented: int | None
    clauses: tuple[ClauseRow, ...]
    amendments: tuple[AmendmentRow, ...]
    targets: tuple[TargetRow, ...]


class Entry:
    """One object of the file and where it stands, each value read with a check that names the place when it fails."""

    def __init__(self, value, place: str):
        if not isinstance(value, dict):
            raise BrokenPlan(f"{place}: phải là một mục có tên các trường")
        self.value, self.place = value, place

    def fault(self, key: str, problem: str) -> BrokenPlan:
        return BrokenPlan(f"{self.place}, {key}: {problem}")

    def text(self, key: str) -> str:
        value = self.value.get(key)
        if not isinstance(value, str) or not tidy(value):
            raise self.fault(key, "để trống")
        return value.strip()

    def one_of(self, key: str, allowed) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.fault(key, f"“{value}” không hợp lệ; phải là {', '.join(allowed)}")
        return value

    def ref(self, pattern: str) -> str:
        value = self.text("ref")
        if not re.fullmatch(pattern, value):
            raise self.fault("ref", f"“{value}” không phải số mục của phần này")
        return value

    def day(self, key: str) -> date:
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.fault(key, "không phải một ngày, dạng năm-tháng-ngày") from error

    def count(self, key: str) -> int:
        value = self.number(key)
        if value != int(value):
            raise self.fault(key, f"“{self.value[key]}” không phải số nguyên")
        return int(value)

    def number(self, key: str) -> Decimal:
        text = self.text(key)
        try:
            value = parse_number(text)
        except ValueError as error:
            raise self.fault(key, f"“{text}” không phải một số") from error
        if value < 0:
            raise self.fault(key, "không được âm")
        return value

    def entries(self, key: str) -> list["Entry"]:
        value = self.value.get(key)
        if not isinstance(value, list) or not value:
            raise self.fault(key, "phải là một danh sách có ít nhất một mục")
        return [Entry(inner, f"{self.place}, {key} {number}") for number, inner in enumerate(value, 1)]


def parse_plan(text: str, file: str) -> PlanFile:
    """The plan as the file tells it. BrokenPlan names the first entry that is wrong."""
    try:
        document = Entry(json.loads(text), file)
    except json.JSONDecodeError as error:
        raise BrokenPlan(f"{file}, dòng {error.lineno}: không đọc được dạng JSON ({error.msg})") from error
    year, issued_on = document.value.get("year"), document.day("issued_on")
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        raise document.fault("year", "phải là một năm")
    recipients = document.value.get("recipients")
    if not isinstance(recipients, list) or not all(isinstance(name, str) and name for name in recipients):
        raise document.fault("recipients", "phải là một danh sách tên")
    commented = document.value.get("units_commented")
    if commented is not None and (not isinstance(commented, int) or commented < 0):
        raise document.fault("units_commented", "phải là một số đơn vị")
    clauses = _clauses(document)
    return PlanFile(
        number=document.text("number"),
        year=year,
        issued_on=issued_on,
        title=document.text("title"),
        signed_by=document.text("signed_by"),
        general_goal=document.text("general_goal"),
        funding=document.text("funding"),
        reporting=document.text("reporting"),
        recipients=tuple(recipients),
        units_commented=commented,
        clauses=tuple(clauses),
        amendments=tuple(_amendments(document, {clause.ref for clause in clauses})),
        targets=(*_appendix(document), *_city_targets(document, {clause.ref for clause in clauses})),
    )


def _clauses(document: Entry) -> list[ClauseRow]:
    rows = []
    for kind, key in (("objective", "objectives"), ("solution", "solutions")):
        rows += [ClauseRow(entry.ref(REFS[kind]), kind, entry.text("text")) for entry in document.entries(key)]
    for agency in document.entries("agencies"):
        heading, name = agency.ref(REFS["agency"]), agency.text("name")
        rows.append(ClauseRow(heading, "agency", name))
        for task in agency.entries("tasks"):
            # a heading with one task gives it no letter
            ref = task.ref(re.escape(heading) + r"(\.[a-zđ])?")
            rows.append(ClauseRow(ref, "task", task.text("text"), heading, name, task.one_of("role", ROLES)))
    seen = set()
    for row in rows:
        if (row.ref, row.kind) in seen:
            raise BrokenPlan(f"{document.place}, {row.ref}: mục này có hai lần")
        seen.add((row.ref, row.kind))
    return rows


def _amendments(document: Entry, refs: set[str]) -> list[AmendmentRow]:
    rows = []
    for entry in document.entries("amendments"):
        ref, change = entry.text("ref"), entry.one_of("change", ("amended", "added"))
        if ref not in refs:
            raise entry.fault("ref", f"kế hoạch không có mục {ref}")
        before, after = (entry.text("before"), entry.text("after")) if change == "amended" else ("", "")
        rows.append(AmendmentRow(ref, change, before, after, entry.text("basis")))
    return rows


def _appendix(document: Entry) -> list[TargetRow]:
    lines = {}
    for entry in document.entries("appendix"):
        unit = entry.text("unit")
        if unit in lines:
            raise entry.fault("unit", f"{unit} có hai dòng")
        lines[unit] = {code: entry.count(code) for code in APPENDIX}
        start, cut, end = (lines[unit][f"poor_labour_{part}"] for part in ("start", "reduction", "end"))
        if start - cut != end:
            raise entry.fault("poor_labour_end", f"{unit}: {start} − {cut} không bằng {end}")
        lines[unit] |= {f"{code}_rate": entry.number(f"{code}_rate") for code in WITH_RATE}
    if CITY not in lines:
        raise document.fault("appendix", f"thiếu dòng {CITY}")
    for code in APPENDIX:
        total = sum(line[code] for unit, line in lines.items() if unit != CITY)
        if total != lines[CITY][code]:
            raise document.fault(
                "appendix", f"cột {code}: các quận, huyện cộng lại {total}, {CITY} ghi {lines[CITY][code]}"
            )
    return [
        TargetRow(unit, code, Decimal(line[code]), line.get(f"{code}_rate"), True)
        for unit, line in lines.items()
        for code in APPENDIX
    ]


def _city_targets(document: Entry, refs: set[str]) -> list[TargetRow]:
    """What section II sets for the city and the appendix does not print."""
    rows = []
    outside = [code for code in INDICATORS if code not in APPENDIX]
    for entry in document.entries("city_targets"):
        if (ref := entry.text("objective")) not in refs:
            raise entry.fault("objective", f"kế hoạch không có mục {ref}")
        code = entry.one_of("indicator", outside)
        if any(row.indicator == code for row in rows):
            raise entry.fault("indicator", f"{code} có hai lần")
        rows.append(TargetRow(CITY, code, entry.number("value"), None, False))
    return rows
