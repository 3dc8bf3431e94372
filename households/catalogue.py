"""Reads the shipped file of standards, policies and round years into checked values. Pure.

Whatever is wrong raises BrokenFile, which names the entry and the field; nothing is guessed and nothing is skipped.
"""

import json
import re
from dataclasses import dataclass
from datetime import date

from households import rounds
from households.standards import DEPRIVATIONS, IncomeBasis

ISSUERS = ("central", "city")
POLICY_UNITS = ("household", "person", "turn")
POLICY_KINDS = (
    "house_new",
    "house_repair",
    "job",
    "insurance",
    "training",
    "loan",
    "tuition",
    "scholarship",
    "production",
    "legal_aid",
    "social_housing",
    "rent_relief",
    "gift",
    "other",
)


class BrokenFile(ValueError):
    """The file is not what it must be; the message says where and what is allowed."""


@dataclass(frozen=True)
class Catalogue:
    """Rows by the names of their columns, ready to be written."""

    standards: tuple[dict, ...]
    policies: tuple[dict, ...]
    round_years: tuple[int, ...]


def read(text: str) -> Catalogue:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenFile(f"dòng {error.lineno}, cột {error.colno}: không phải JSON ({error.msg})") from None
    if not isinstance(data, dict):
        raise BrokenFile("tệp phải là một đối tượng JSON")
    standards = [_standard(_Entry("standards", place, row)) for place, row in _rows(data, "standards")]
    policies = [_policy(_Entry("policies", place, row)) for place, row in _rows(data, "policies")]
    for name, entries in (("standards", standards), ("policies", policies)):
        codes = [entry["code"] for entry in entries]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise BrokenFile(f"{name}: mã {', '.join(twice)} có hai lần")
    return Catalogue(
        tuple(standards), tuple(policies), tuple(_year(place, row) for place, row in _rows(data, "round_years"))
    )


def _rows(data: dict, name: str):
    if not isinstance(data.get(name), list):
        raise BrokenFile(f"{name}: phải là một danh sách")
    return enumerate(data[name], 1)


class _Entry:
    """One row of the file, which knows its name for messages."""

    def __init__(self, name: str, place: int, row):
        self.row = row
        self.where = f"{name} thứ {place}"
        if not isinstance(row, dict):
            raise BrokenFile(f"{self.where}: phải là một đối tượng")
        if isinstance(row.get("code"), str):
            self.where += f" ({row['code']})"

    def fail(self, field: str, must: str):
        raise BrokenFile(f"{self.where}, {field}: {must}, đang ghi {self.row.get(field)!r}")

    def text(self, field: str, most: int, empty: bool = False) -> str:
        value = self.row.get(field)
        if not isinstance(value, str) or len(value) > most or not (empty or value.strip()):
            self.fail(field, f"phải là chữ, không quá {most} ký tự")
        return value

    def code(self) -> str:
        value = self.text("code", 50)
        if not re.fullmatch(r"[a-z0-9_-]+", value):
            self.fail("code", "chỉ gồm chữ thường không dấu, số, - và _")
        return value

    def choice(self, field: str, allowed) -> str:
        if self.row.get(field) not in allowed:
            self.fail(field, f"phải là một trong {', '.join(allowed)}")
        return self.row[field]

    def whole(self, field: str, most: int) -> int:
        value = self.row.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.fail(field, f"phải là số nguyên từ 1 đến {most}")
        return value

    def yes_no(self, field: str) -> bool:
        if not isinstance(self.row.get(field), bool):
            self.fail(field, "phải là true hoặc false")
        return self.row[field]

    def days(self) -> tuple[date, date | None]:
        found = []
        for field in ("valid_from", "valid_to"):
            value = self.row.get(field)
            if value is None and field == "valid_to":
                found.append(None)
                continue
            try:
                found.append(date.fromisoformat(value))
            except (TypeError, ValueError):
                self.fail(field, "phải là ngày có thật dạng YYYY-MM-DD")
        first, last = found
        if last and last < first:
            self.fail("valid_to", "không được trước valid_from")
        return first, last


def _standard(entry: _Entry) -> dict:
    valid_from, valid_to = entry.days()
    confirmed = entry.yes_no("confirmed")
    document = entry.text("confirmed_document", 120, empty=True)
    if confirmed and not document.strip():
        entry.fail("confirmed_document", "đã xác nhận thì phải ghi số văn bản")
    return {
        "code": entry.code(),
        "name": entry.text("name", 120),
        "issuer": entry.choice("issuer", ISSUERS),
        "basis": entry.choice("basis", tuple(basis.value for basis in IncomeBasis)),
        "line_rural": entry.whole("line_rural", 100_000_000),
        "line_urban": entry.whole("line_urban", 100_000_000),
        "deprivations_for_poor": entry.whole("deprivations_for_poor", len(DEPRIVATIONS)),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "legal_basis": entry.text("legal_basis", 300),
        "confirmed": confirmed,
        "confirmed_document": document,
    }


def _policy(entry: _Entry) -> dict:
    valid_from, valid_to = entry.days()
    return {
        "code": entry.code(),
        "name": entry.text("name", 150),
        "kind": entry.choice("kind", POLICY_KINDS),
        "legal_basis": entry.text("legal_basis", 300),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "unit": entry.choice("unit", POLICY_UNITS),
        "for_poor": entry.yes_no("for_poor"),
        "for_near_poor": entry.yes_no("for_near_poor"),
    }


def _year(place: int, value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not rounds.FIRST_YEAR <= value <= rounds.LAST_YEAR:
        allowed = f"phải là năm từ {rounds.FIRST_YEAR} đến {rounds.LAST_YEAR}"
        raise BrokenFile(f"round_years thứ {place}: {allowed}, đang ghi {value!r}")
    return value
