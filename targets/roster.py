"""A sheet of officers read: each row becomes values, or a fault that names its row and column. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from areas.vietnamese import fold, name_key, parse_day, tidy

HEADINGS = ("Họ và tên", "Đối tượng", "Chức vụ", "Thôn, tổ dân phố", "Phường, xã", "Từ ngày")
NEEDED = ("Họ và tên", "Chức vụ")
MOST = 5000  # rows of one sheet
LONGEST = {"Họ và tên": 100, "Chức vụ": 100, "Thôn, tổ dân phố": 60, "Phường, xã": 80}
KINDS = {"officer": "Cán bộ làm công tác giảm nghèo", "group": "Cán bộ thôn, tổ dân phố"}


class Faults(Exception):
    """What is wrong with the sheet, in the user's words; nothing of it is taken."""

    def __init__(self, lines: list[str]):
        super().__init__("; ".join(lines[:3]))
        self.lines = lines


@dataclass(frozen=True)
class Row:
    """`area`: as written, a code or a name; '' when the sheet does not say."""

    number: int
    full_name: str
    kind: str
    post: str
    group: str
    area: str
    valid_from: date | None


def key_of(full_name: str, post: str, group: str) -> str:
    """By this one person stands on an area's roster once."""
    return "|".join(fold(tidy(part)) for part in (full_name, post, group))


def place_of(kind: str, full_name: str, group: str) -> str:
    """Sorts officers before cadres, 'Tổ 2' before 'Tổ 10', then by given name."""
    padded = re.sub(r"[0-9]+", lambda found: found[0].zfill(4), fold(group))
    return f"{'0' if kind == 'officer' else '1'}|{padded}|{name_key(full_name)}"[:200]


def read(rows: Iterable[tuple[int, list]]) -> list[Row]:
    """The rows under the line of headings, wherever it stands in the first twenty. Faults names every wrong cell."""
    columns, found, wrong = None, [], []
    for number, cells in rows:
        words = [_words(cell) for cell in cells]
        if columns is None:
            columns = _columns(words)
            if columns is None and number >= 20:
                break
            continue
        if not any(words):
            continue
        given = {name: words[at] if at < len(words) else "" for name, at in columns.items()}
        raw = cells[columns["Từ ngày"]] if "Từ ngày" in columns and columns["Từ ngày"] < len(cells) else ""
        row, problems = _row(number, given, raw)
        wrong += problems
        if row:
            found.append(row)
        if len(found) > MOST:
            raise Faults([f"Tệp dài hơn {MOST} dòng: chia thành nhiều tệp."])
    if columns is None:
        raise Faults([f"Không thấy dòng tiêu đề. Cần có các cột: {', '.join(NEEDED)}."])
    if wrong:
        raise Faults(wrong)
    if not found:
        raise Faults(["Tệp không có dòng nào dưới tiêu đề."])
    return found


def _words(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return tidy(str(cell)) if cell is not None else ""


def _columns(words: list[str]) -> dict[str, int] | None:
    known = {fold(name): name for name in HEADINGS}
    found = {known[fold(word)]: at for at, word in reversed(list(enumerate(words))) if fold(word) in known}
    return found if all(name in found for name in NEEDED) else None


def _row(number: int, given: dict[str, str], raw_day) -> tuple[Row | None, list[str]]:
    problems = [f"Dòng {number}, {name}: để trống." for name in NEEDED if not given.get(name)]
    problems += [
        f"Dòng {number}, {name}: dài hơn {most} ký tự."
        for name, most in LONGEST.items()
        if len(given.get(name, "")) > most
    ]
    group, told = given.get("Thôn, tổ dân phố", ""), given.get("Đối tượng", "")
    kind = _kind(told, group)
    if not kind:
        problems.append(f"Dòng {number}, Đối tượng: ghi “{KINDS['officer']}” hoặc “{KINDS['group']}”.")
    elif kind == "group" and not group:
        problems.append(f"Dòng {number}, Thôn, tổ dân phố: để trống.")
    day = None
    try:
        day = _day(raw_day)
    except ValueError:
        problems.append(f"Dòng {number}, Từ ngày: “{given['Từ ngày']}” không phải một ngày, dạng dd/mm/yyyy.")
    if problems:
        return None, problems
    return Row(number, given["Họ và tên"], kind, given["Chức vụ"], group, given.get("Phường, xã", ""), day), []


def _kind(told: str, group: str) -> str:
    """Said in words; unsaid, whoever has a group is its cadre."""
    if not told:
        return "group" if group else "officer"
    return next((code for code, label in KINDS.items() if fold(label) == fold(told)), "")


def _day(raw) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    return parse_day(str(raw)) if raw not in (None, "") else None
