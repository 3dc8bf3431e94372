"""The plan's appendix as printed: its rows and columns in order, and where a printed rate does not follow. Pure."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from areas.vietnamese import number
from targets.indicators import APPENDIX, INDICATORS, WITH_RATE
from targets.small_cells import HIDDEN

# What stands in the printed header, for places where the header is far away: cards on a phone, a spreadsheet.
WHOLE_CITY = "Toàn thành phố"  # the city's own row, in the appendix's words
LABELS = {code: INDICATORS[code].name for code in APPENDIX}


@dataclass(frozen=True)
class Line:
    """A row of the appendix: its number (none for the city's own), and its cells in the printed order."""

    no: int | None
    name: str
    code: str
    cells: list[Any]  # scoreboard cells

    @property
    def notes(self) -> list[str]:
        return [f"{self.name}, {LABELS[cell.code].lower()}: {cell.rate_note}" for cell in self.cells if cell.rate_note]


def lines_of(rows: Iterable[Any]) -> list[Line]:
    """The scoreboard's rows that the plan sets something for; a unit without targets has no row in the appendix."""
    lines: list[Line] = []
    for place, row in enumerate(rows):
        cells = [row.cells[code] for code in APPENDIX]
        if any(cell.target is not None for cell in cells):
            name = WHOLE_CITY if row.area.is_city else row.area.full_name
            lines.append(Line(None if place == 0 else len(lines), name, row.area.code, cells))
    return lines


def as_csv(lines: Iterable[Line], *, with_actuals: bool) -> str:
    """The table as seen, for a spreadsheet: plain digits, a point before decimals, nothing where there is nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = ["Stt", "Đơn vị"]
    for code in APPENDIX:
        head += [f"{LABELS[code]} ({INDICATORS[code].counted_in})"]
        head += ["Tỷ lệ in trong kế hoạch (%)"] if code in WITH_RATE else []
        if with_actuals:
            head += ["Thực hiện", "% kế hoạch"]
            head += ["Tỷ lệ thực hiện (%)", "Tỷ lệ kế hoạch tính lại (%)"] if code in WITH_RATE else []
    writer.writerow(head)
    for line in lines:
        values: list[str] = ["" if line.no is None else str(line.no), line.name]
        for cell in line.cells:
            values.append(_count(cell.target))
            values += [_rate(cell.published_rate)] if cell.code in WITH_RATE else []
            if with_actuals:
                values += [HIDDEN if cell.suppressed else _count(cell.actual), _rate(cell.reached)]
                values += [_rate(cell.computed_rate), _rate(cell.plan_rate)] if cell.code in WITH_RATE else []
        writer.writerow(values)
    return out.getvalue()


def _count(value: Decimal | int | None) -> str:
    return "" if value is None else f"{int(value)}"


def _rate(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def gap_words(cell: Any) -> str:
    """'thiếu 74 hộ', 'vượt 5 hộ', 'đúng mốc'; nothing where there is no mark to compare with."""
    if cell.pace.gap is None:
        return ""
    if cell.pace.gap == 0:
        return "đúng mốc"
    word = "thiếu" if cell.pace.gap < 0 else "vượt"
    return f"{word} {number(abs(cell.pace.gap))} {INDICATORS[cell.code].counted_in}"
