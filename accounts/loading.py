"""Reading the file of agencies: rows, or the entry at fault. Pure."""

import json
from dataclasses import dataclass
from datetime import date

KINDS = ("department", "front", "bank", "district", "press", "group")


class BrokenAgencies(ValueError):
    """Names the file, the entry, the field and what is wrong there, in Vietnamese."""


@dataclass(frozen=True)
class AgencyRow:
    """An agency; `area` is a code and only a People's Committee has one, `members` are codes and only a group has them."""

    code: str
    name: str
    short_name: str
    kind: str
    order: int
    area: str
    members: tuple[str, ...]
    valid_from: date
    valid_to: date | None


def parse_agencies(text: str, file: str) -> list[AgencyRow]:
    try:
        document = json.loads(text)
        entries, valid_from = list(document["agencies"]), date.fromisoformat(document["valid_from"])
    except json.JSONDecodeError as error:
        raise BrokenAgencies(f"{file}, dòng {error.lineno}: không đọc được dạng JSON ({error.msg})") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenAgencies(f"{file}: phải có “agencies” và “valid_from” là một ngày") from error
    rows: dict[str, AgencyRow] = {}
    for number, entry in enumerate(entries, 1):
        row = _agency(entry, valid_from, f"{file}, mục {number}")
        if row.code in rows:
            raise BrokenAgencies(f"{file}, mục {number}, code: mã {row.code} đã có ở trên")
        rows[row.code] = row
    for row in rows.values():
        for member in row.members:
            if member not in rows or rows[member].kind == "group":
                raise BrokenAgencies(f"{file}, {row.code}, members: “{member}” không phải mã của một đơn vị trong tệp")
    return list(rows.values())


def _agency(entry, valid_from: date, place: str) -> AgencyRow:
    def fault(field, problem):
        return BrokenAgencies(f"{place}, {field}: {problem}")

    if not isinstance(entry, dict):
        raise BrokenAgencies(f"{place}: không phải một đơn vị")
    for field in ("code", "name", "short_name"):
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise fault(field, "để trống")
    code, kind, members = entry["code"], entry.get("kind"), entry.get("members", [])
    if not code.isascii() or not code.replace("-", "").isalnum() or code != code.lower():
        raise fault("code", f"“{code}” chỉ được gồm chữ thường không dấu, số và gạch nối")
    if kind not in KINDS:
        raise fault("kind", f"“{kind}” không hợp lệ; phải là {', '.join(KINDS)}")
    if not isinstance(entry.get("order"), int):
        raise fault("order", "phải là số nguyên")
    if not isinstance(members, list):
        raise fault("members", "phải là một danh sách mã")
    if (kind == "group") != bool(members):
        raise fault("members", "nhóm phải có đơn vị thành viên, đơn vị khác thì không")
    if (kind == "district") != bool(entry.get("area")):
        raise fault("area", "UBND quận, huyện phải có mã địa bàn, đơn vị khác thì không")
    try:
        valid_to = date.fromisoformat(entry["valid_to"]) if entry.get("valid_to") else None
    except (TypeError, ValueError) as error:
        raise fault("valid_to", "không phải một ngày, dạng năm-tháng-ngày") from error
    return AgencyRow(
        code=code,
        name=entry["name"],
        short_name=entry["short_name"],
        kind=kind,
        order=entry["order"],
        area=entry.get("area", ""),
        members=tuple(members),
        valid_from=valid_from,
        valid_to=valid_to,
    )
