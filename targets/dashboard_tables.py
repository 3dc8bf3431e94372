"""The tables behind the dashboards' charts, as files: what is not told on the page is not told here."""

from targets.appendix import LABELS
from targets.indicators import APPENDIX, UNIT_LABELS
from targets.pages import Dashboard
from targets.small_cells import HIDDEN

Table = tuple[list[str], list[list]]  # headings, rows


def areas_table(page: Dashboard) -> Table:
    """`bang=dia-ban`: the areas by the chosen indicator."""
    unit = UNIT_LABELS[page.measure.unit]
    head = ["Địa bàn", f"{page.measure.name} ({unit})", "Kế hoạch năm", "% kế hoạch", "So với mốc"]
    head += [f"So với {page.against:%d/%m/%Y}"] if page.against else []
    rows = []
    for place in page.places:
        row = [place.name, place.value, place.goal, _rate(place.cell.reached), place.gap]
        rows.append(row + ([place.change] if page.against else []))
    return head, rows


def measures_table(page: Dashboard) -> Table:
    """`bang=chi-tieu`: the area's own figures, with the other day's where one was asked for."""
    head = ["Chỉ tiêu", "Đơn vị tính", "Thực hiện", "Kế hoạch năm", "% kế hoạch", "Tiến độ"]
    head += [f"Ngày {page.against:%d/%m/%Y}", "Tăng, giảm"] if page.against else []
    rows = []
    for one in page.measured:
        row = [one.measure.name, UNIT_LABELS[one.measure.unit], one.value, one.cell.target]
        row += [_rate(one.cell.reached), one.cell.pace.label if one.cell.target is not None else ""]
        rows.append(row + ([one.then, one.change] if page.against else []))
    return head, rows


def moves_table(page: Dashboard) -> Table:
    """`bang=bien-dong`: the movements behind the waterfall, in households."""
    told = [[line.label, HIDDEN if line.amount is None else line.amount] for line in page.moves.lines]
    return ["Biến động hộ nghèo còn sức lao động", "Hộ"], told


def appendix_table(page: Dashboard) -> Table:
    """`bang=phu-luc`: the appendix by area, target and actual of each indicator."""
    head = ["Địa bàn"]
    for code in APPENDIX:
        head += [f"{LABELS[code]}: kế hoạch", f"{LABELS[code]}: thực hiện"]
    rows = []
    for row in page.rows:
        told = [row.name]
        for cell in row.cells:
            told += [cell.target, HIDDEN if cell.suppressed else cell.actual]
        rows.append(told)
    return head, rows


def _rate(value):
    return None if value is None else round(value, 2)


TABLES = {
    "dia-ban": areas_table,
    "chi-tieu": measures_table,
    "bien-dong": moves_table,
    "phu-luc": appendix_table,
}
