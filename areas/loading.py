"""Reading the files of areas and resident households: rows, or the line at fault. Pure.

Lines that begin with # are comments. A file is refused as a whole: half a city is worse than none.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from areas.vietnamese import tidy

AREA_COLUMNS = (
    "level", "code", "parent_code", "name", "full_name", "kind", "zone", "order", "has_residents", "valid_from", "valid_to",
)  # fmt: skip
RESIDENT_COLUMNS = ("code", "year", "households", "derived", "source")
ABOVE = {"city": None, "district": "city", "ward": "district"}


class BrokenFile(ValueError):
    """Names the file, the line, the column and what is wrong there, in Vietnamese."""

    def __init__(self, file: str, line: int, column: str, problem: str):
        self.file, self.line, self.column, self.problem = file, line, column, problem
        place = f"{file}, dòng {line}" + (f", cột {column}" if column else "")
        super().__init__(f"{place}: {problem}")


@dataclass(frozen=True)
class AreaRow:
    """A place as the file tells it. `parent` is (code, valid_from) of the unit above, None for the city."""

    level: str
    code: str
    parent: tuple[str, date] | None
    name: str
    full_name: str
    kind: str
    zone: str
    order: int
    has_residents: bool
    valid_from: date
    valid_to: date | None

    @property
    def key(self) -> tuple[str, date]:
        return self.code, self.valid_from


@dataclass(frozen=True)
class ResidentRow:
    """Resident households of one area in one year; `line` is kept to name it if the area turns out unknown."""

    code: str
    year: int
    households: int
    derived: bool
    source: str
    line: int


class Line:
    """One line's cells by column, each read with a check that names it when it fails."""

    def __init__(self, file: str, number: int, cells: dict[str, str]):
        self.file, self.number, self.cells = file, number, cells

    def fault(self, column: str, problem: str) -> BrokenFile:
        return BrokenFile(self.file, self.number, column, problem)

    def text(self, column: str) -> str:
        value = tidy(self.cells[column])
        if not value:
            raise self.fault(column, "để trống")
        return value

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        value = tidy(self.cells[column])
        if value not in allowed:
            raise self.fault(
                column, f"“{value}” không hợp lệ; phải là {', '.join(word or 'để trống' for word in allowed)}"
            )
        return value

    def yes(self, column: str) -> bool:
        return self.one_of(column, ("yes", "no")) == "yes"

    def code(self, column: str) -> str:
        value = self.text(column)
        if not re.fullmatch(r"[0-9]{2,10}", value):
            raise self.fault(column, f"“{value}” không phải mã số")
        return value

    def whole(self, column: str, least: int) -> int:
        value = tidy(self.cells[column])
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least:
            raise self.fault(column, f"“{value}” không phải số nguyên từ {least} trở lên")
        return int(value)

    def day(self, column: str) -> date:
        value = self.text(column)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.fault(column, f"“{value}” không phải một ngày, dạng năm-tháng-ngày")


def lines(text: str, file: str, columns: tuple[str, ...]) -> Iterator[Line]:
    """The file's lines below its heading. Comments and empty lines are passed over."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    heading = None
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenFile(file, reader.line_num, "", f"không đọc được dạng CSV ({error})") from error
        if cells is None:
            break
        if not any(cells) or cells[0].startswith("#"):
            continue
        if heading is None:
            heading = [tidy(cell) for cell in cells]
            if sorted(heading) != sorted(columns):
                raise BrokenFile(file, reader.line_num, "", f"dòng tiêu đề phải có đúng các cột {', '.join(columns)}")
        elif len(cells) != len(heading):
            raise BrokenFile(file, reader.line_num, "", f"có {len(cells)} ô, phải có {len(heading)}")
        else:
            yield Line(file, reader.line_num, dict(zip(heading, cells, strict=True)))
    if heading is None:
        raise BrokenFile(file, 1, "", "tệp trống")


def parse_areas(text: str, file: str) -> list[AreaRow]:
    """Areas in the file's order: a unit stands below the one it belongs to."""
    rows: dict[tuple[str, date], AreaRow] = {}
    for line in lines(text, file, AREA_COLUMNS):
        row = _area(line, rows)
        if any(other.code == row.code and _overlap(other, row) for other in rows.values()):
            raise line.fault("code", f"mã {row.code} đã có ở dòng trên trong cùng thời gian")
        rows[row.key] = row
    return list(rows.values())


def _area(line: Line, above: dict[tuple[str, date], AreaRow]) -> AreaRow:
    level = line.one_of("level", tuple(ABOVE))
    valid_from = line.day("valid_from")
    valid_to = line.day("valid_to") if line.cells["valid_to"].strip() else None
    if valid_to and valid_to < valid_from:
        raise line.fault("valid_to", "ngày kết thúc trước ngày bắt đầu")
    return AreaRow(
        level=level,
        code=line.code("code"),
        parent=_parent(line, ABOVE[level], valid_from, valid_to, above),
        name=line.text("name"),
        full_name=line.text("full_name"),
        kind=line.text("kind"),
        zone=line.one_of("zone", ("urban", "rural") if level == "ward" else ("", "urban", "rural")),
        order=line.whole("order", 0),
        has_residents=line.yes("has_residents"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _parent(line, level, valid_from, valid_to, above) -> tuple[str, date] | None:
    if level is None:
        if line.cells["parent_code"].strip():
            raise line.fault("parent_code", "thành phố không thuộc đơn vị nào")
        return None
    code = line.code("parent_code")
    for row in above.values():
        outlasts = row.valid_to is None or (valid_to is not None and valid_to <= row.valid_to)
        if row.code == code and row.level == level and row.valid_from <= valid_from and outlasts:
            return row.key
    raise line.fault("parent_code", f"không có đơn vị {code} đúng cấp ở dòng trên, tồn tại trong suốt thời gian này")


def _overlap(one: AreaRow, other: AreaRow) -> bool:
    return (one.valid_to is None or one.valid_to >= other.valid_from) and (
        other.valid_to is None or other.valid_to >= one.valid_from
    )


def parse_residents(text: str, file: str) -> list[ResidentRow]:
    """Resident households, one line an area and year."""
    rows: dict[tuple[str, int], ResidentRow] = {}
    for line in lines(text, file, RESIDENT_COLUMNS):
        row = ResidentRow(
            code=line.code("code"),
            year=line.whole("year", 1990),
            households=line.whole("households", 1),
            derived=line.yes("derived"),
            source=line.text("source"),
            line=line.number,
        )
        if row.year > 2100:
            raise line.fault("year", f"“{row.year}” không phải một năm")
        if (row.code, row.year) in rows:
            raise line.fault("code", f"mã {row.code} đã có số của năm {row.year} ở dòng trên")
        rows[row.code, row.year] = row
    return list(rows.values())
