"""Reads a CSV of B1 points into tables by zone; every line that is wrong is named. Pure. Format: docs/score-table.md."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from areas.vietnamese import fold, parse_number, tidy
from households.scoring import Item, Kind, Option

COLUMNS = ("item", "item_text", "kind", "option", "option_text", "from", "to", "points", "zone")
ZONES = {"urban": "urban", "rural": "rural", "thanh thi": "urban", "nong thon": "rural"}
POINTS_MOST = 500  # the most a whole form may have (form_b.B1_MOST), so the most that one answer may add
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,29}")
CODE_WORDS = "chữ thường không dấu, số hoặc gạch dưới, không quá 30 ký tự"
TEXT_MOST = 300
NUMBER_MOST = 10**8
WRONG_MOST = 20  # more are counted, not listed


class BrokenTable(ValueError):
    """The file is not what it must be; the message has a line for each that is wrong."""


@dataclass(frozen=True)
class ScoreFile:
    """`note`: the remarks at the top of the file. It stays with the table and is shown above the form."""

    note: str
    tables: dict[str, tuple[Item, ...]]  # by zone


@dataclass(frozen=True)
class _Row:
    line: int
    zone: str
    item: str
    item_text: str
    kind: Kind
    option: Option


def read(text: str) -> ScoreFile:
    notes, wrong, rows = [], [], []
    lines = _lines(text, notes)
    titles = next(lines, (0, []))[1]
    names = [tidy(title).lower() for title in titles]
    if missing := [name for name in COLUMNS if name not in names]:
        raise BrokenTable(f"dòng tiêu đề: thiếu cột {', '.join(missing)}")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise BrokenTable(f"dòng tiêu đề: cột {', '.join(twice)} có hai lần")
    for line, cells in lines:
        given = {name: tidy(cell) for name, cell in zip(names, cells, strict=False)}
        try:
            rows.append(_row(line, given))
        except ValueError as error:
            wrong.append(f"dòng {line}: {error}")
    if not rows and not wrong:
        raise BrokenTable("tệp không có dòng điểm nào")
    wrong += _together(rows) if not wrong else []
    if wrong:
        more = len(wrong) - WRONG_MOST
        raise BrokenTable("\n".join([*wrong[:WRONG_MOST], *([f"và {more} dòng sai nữa"] if more > 0 else [])]))
    return ScoreFile("\n".join(notes), _tables(rows))


def _lines(text: str, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines that say something, with their numbers; remarks go to `notes`. A semicolon separates as a comma does."""
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip('"').startswith("#")), "")
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenTable(f"dòng {reader.line_num}: không phải CSV ({error})") from None
        if cells and cells[0].lstrip().startswith("#"):
            notes.append(tidy(", ".join(filter(None, cells)).lstrip("# ")))
        elif any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _row(line: int, given: dict[str, str]) -> _Row:
    item, code = _code(given, "item"), _code(given, "option")
    zone = ZONES.get(fold(given.get("zone", "")))
    if zone is None:
        raise ValueError("cột zone phải là urban (thành thị) hoặc rural (nông thôn)")
    if given.get("kind") not in list(Kind):
        raise ValueError(f"cột kind phải là một trong: {', '.join(Kind)}")
    kind = Kind(given["kind"])
    least, most = _bound(given, "from"), _bound(given, "to")
    if kind == Kind.BAND:
        if least is None and most is None:
            raise ValueError("khoảng phải có from hoặc to")
        if least is not None and most is not None and least >= most:
            raise ValueError("from phải nhỏ hơn to")
    elif least is not None or most is not None:
        raise ValueError(f"from, to chỉ dùng cho kind {Kind.BAND}")
    option = Option(code, _text(given, "option_text"), _points(given), least, most)
    return _Row(line, zone, item, _text(given, "item_text"), kind, option)


def _code(given: dict[str, str], name: str) -> str:
    code = given.get(name, "")
    if not CODE.fullmatch(code) or "__" in code:
        raise ValueError(f"cột {name} phải là mã gồm {CODE_WORDS}, không có hai gạch dưới liền nhau")
    return code


def _text(given: dict[str, str], name: str) -> str:
    text = given.get(name, "")
    if not 0 < len(text) <= TEXT_MOST:
        raise ValueError(f"cột {name} phải có chữ, không quá {TEXT_MOST} ký tự")
    return text


def _points(given: dict[str, str]) -> int:
    text = given.get("points", "")
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > POINTS_MOST:
        raise ValueError(f"cột points phải là số nguyên từ 0 đến {POINTS_MOST}")
    return int(text)


def _bound(given: dict[str, str], name: str) -> Decimal | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        value = parse_number(text)
    except ValueError:
        raise ValueError(f"cột {name} phải là số, ví dụ 8 hoặc 12,5") from None
    if not 0 <= value <= NUMBER_MOST or value != round(value, 2):
        raise ValueError(f"cột {name} phải từ 0 đến 100.000.000, không quá hai số lẻ")
    return value


def _together(rows: list[_Row]) -> list[str]:
    """What is wrong between lines: an item told in two ways, an option twice, bands with a gap or an overlap."""
    wrong, first, seen = [], {}, set()
    for row in rows:
        head = first.setdefault((row.zone, row.item), row)
        if (row.item_text, row.kind) != (head.item_text, head.kind):
            wrong.append(f"dòng {row.line}: mục {row.item} khác chữ hoặc khác kind với dòng {head.line}")
        if (row.zone, row.item, row.option.code) in seen:
            wrong.append(f"dòng {row.line}: mức {row.option.code} của mục {row.item} đã có ở trên")
        seen.add((row.zone, row.item, row.option.code))
    for (zone, item), head in first.items():
        if head.kind == Kind.BAND:
            wrong += _gaps([row for row in rows if (row.zone, row.item) == (zone, item)])
    return wrong


def _gaps(rows: list[_Row]) -> list[str]:
    rows = sorted(rows, key=lambda row: Decimal(-1) if row.option.least is None else row.option.least)
    return [
        f"dòng {after.line}: khoảng của mục {after.item} phải bắt đầu ở nơi khoảng dòng {before.line} kết thúc"
        for before, after in zip(rows, rows[1:], strict=False)
        if before.option.most is None or before.option.most != after.option.least
    ]


def _tables(rows: list[_Row]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, dict[str, list[_Row]]] = {}
    for row in rows:
        found.setdefault(row.zone, {}).setdefault(row.item, []).append(row)
    return {
        zone: tuple(
            Item(code, own[0].item_text, own[0].kind, tuple(row.option for row in own)) for code, own in items.items()
        )
        for zone, items in found.items()
    }
