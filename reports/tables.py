"""The tables of a report as cells of text: what the PDFs draw, in the order and form of the DOCX and the XLSX. Pure."""

from dataclasses import dataclass

from areas.vietnamese import number
from reports import sentences
from reports.content import Figure, ReportContent, Unit


@dataclass(frozen=True)
class Cell:
    text: str
    wide: int = 1  # columns
    tall: int = 1  # rows
    bold: bool = False
    align: str = "center"
    shade: bool = False


@dataclass(frozen=True)
class Table:
    widths: list[float]  # mm
    head: list[list[Cell]]
    rows: list[list[Cell]]
    size: float = 10  # points


# The plan's own table: twelve columns of the plan's appendix, three lines a unit

GROUPS = [
    # title over its columns, [indicators]
    ("Hộ nghèo còn sức lao động đầu năm", ["poor_labour_start"]),
    (
        "Giảm hộ nghèo còn sức lao động trong năm",
        ["poor_labour_reduction", "central_poor_reduction", "special_hardship_reduction"],
    ),
    ("Hộ nghèo còn sức lao động cuối năm", ["poor_labour_end"]),
    ("Giảm hộ cận nghèo", ["near_poor_reduction"]),
    ("Xây mới, sửa chữa nhà ở (nhà)", ["housing"]),
    ("Giới thiệu việc làm (lượt)", ["job_introductions"]),
]
OF_WHICH = {
    "central_poor_reduction": "Trong đó hộ nghèo chuẩn TW",
    "special_hardship_reduction": "Trong đó hộ hoàn cảnh ĐBKK",
}
WITH_RATE = {"poor_labour_start", "poor_labour_reduction", "poor_labour_end", "near_poor_reduction"}
WIDTHS = [9, 33, 19] + [17, 15, 16, 14, 23, 23, 17, 15, 16, 14, 19, 17]  # mm, 267 in all
LINES = ("Kế hoạch", "Thực hiện", "% đạt")


def plan_table(content: ReportContent) -> Table:
    return Table(WIDTHS, _plan_head(), [line for unit in content.units for line in _three_lines(unit)])


def _plan_head() -> list[list[Cell]]:
    top = [Cell(text, tall=2, bold=True) for text in ("Stt", "Đơn vị", "Nội dung")]
    below = []
    for title, codes in GROUPS:
        under = [
            Cell(text, bold=True)
            for code in codes
            for text in ([OF_WHICH[code]] if code in OF_WHICH else ["Số hộ", "Tỷ lệ (%)"] if code in WITH_RATE else [])
        ]
        top.append(Cell(title, wide=len(under) or 1, tall=1 if under else 2, bold=True))
        below += under
    return [top, below]


def _three_lines(unit: Unit) -> list[list[Cell]]:
    """Plan, actual and percent of the plan under each other, so that the columns stay those of the plan's appendix."""
    city = unit.no is None
    plan, done, reached = ([Cell(text, bold=city, align="left", shade=text == LINES[2])] for text in LINES)
    for figure in unit.appendix:
        rated = figure.code in WITH_RATE
        plan += [Cell(number(figure.target), bold=city)]
        done += [Cell(number(figure.actual), bold=city)]
        if rated:
            plan.append(Cell(number(figure.published_rate, 2), bold=city))
            done.append(Cell(number(figure.computed_rate, 2), bold=city))
        reached.append(Cell(reached_words(figure), wide=2 if rated else 1, bold=city, shade=True))
    no, name = "" if city else str(unit.no), Cell(unit.name, tall=3, bold=city, align="left")
    return [[Cell(no, tall=3, bold=city), name, *plan], done, reached]


def reached_words(figure: Figure) -> str:
    return number(figure.reached, 1) if figure.has_way else ""


# The agencies

AGENCY_HEADS = (
    "Stt",
    "Cơ quan, đơn vị",
    "Nhiệm vụ được giao",
    "Đã báo cáo kỳ này",
    "Đã xác nhận",
    "% báo cáo",
    "Báo cáo của đơn vị",
)
AGENCY_WIDTHS = [12, 95, 32, 32, 32, 28, 36]  # mm, 267 in all


def agency_table(content: ReportContent) -> Table:
    rows = [
        [
            Cell(str(row.no)),
            Cell(row.name, align="left"),
            *(Cell(number(value)) for value in (row.tasks, row.reported, row.verified)),
            Cell(number(row.share, 1)),
            Cell(sentences.OWN_REPORT[row.own_report]),
        ]
        for row in content.agencies
    ]
    return Table(AGENCY_WIDTHS, [[Cell(text, bold=True) for text in AGENCY_HEADS]], rows, size=11)


# The sheets of the workbook


def figure_table(content: ReportContent) -> Table:
    figures = content.city.appendix
    top = [Cell("Stt", tall=2, bold=True), Cell("Đơn vị", tall=2, bold=True)]
    top += [Cell(f"{one.name} ({one.unit})", wide=3 if one.has_way else 2, bold=True) for one in figures]
    below = [Cell(text, bold=True) for one in figures for text in ("KH", "TH", "% đạt")[: 3 if one.has_way else 2]]
    rows = [
        _row(
            unit,
            [
                text
                for figure in unit.appendix
                for text in (number(figure.target), number(figure.actual), number(figure.reached, 1))[
                    : 3 if figure.has_way else 2
                ]
            ],
        )
        for unit in content.units
    ]
    columns = len(below)
    return Table([8, 30] + [229 / columns] * columns, [top, below], rows, size=8)


def rate_table(content: ReportContent) -> Table:
    shown = content.city.rates
    top = [Cell(text, tall=2, bold=True) for text in ("Stt", "Đơn vị", "Tổng số hộ dân cư")]
    top += [Cell(figure.name, wide=4, bold=True) for figure in shown]
    below = [Cell(text, bold=True) for _ in shown for text in ("In trong KH", "KH tính lại", "TH (hộ)", "TH (%)")]
    rows = [
        _row(
            unit,
            [
                number(unit.residents),
                *(
                    text
                    for figure in (unit.figure(one.code) for one in shown)
                    for text in (
                        number(figure.published_rate, 2),
                        number(figure.plan_rate, 2),
                        number(figure.actual),
                        number(figure.computed_rate, 2),
                    )
                ),
            ],
        )
        for unit in content.units
    ]
    return Table([8, 32, 19] + [208 / (4 * len(shown))] * (4 * len(shown)), [top, below], rows, size=9)


OBJECTIVE_HEADS = ("Mục tiêu", "Nội dung trong kế hoạch", "Đo bằng", "Đơn vị", "Kế hoạch", "Thực hiện", "Mẫu số")
OBJECTIVE_HEADS += ("Tỷ lệ (%)", "% đạt")
OBJECTIVE_WIDTHS = [17, 88, 50, 24, 18, 18, 18, 17, 17]  # mm, 267 in all


def objective_table(content: ReportContent) -> Table:
    rows = []
    for objective in content.objectives:
        for place, figure in enumerate(objective.figures):
            row = []
            if not place:
                tall = len(objective.figures)
                row = [Cell(str(objective.no), tall=tall), Cell(objective.text, tall=tall, align="left")]
            row += [Cell(figure.name, align="left")]
            row += [Cell("người (KH: %)" if figure.is_percent else figure.unit)]
            values = (
                number(figure.target),
                number(figure.actual),
                number(figure.denominator),
                number(figure.computed_rate, 2),
                number(figure.reached, 1),
            )
            rows.append(row + [Cell(text, align="right") for text in values])
    return Table(OBJECTIVE_WIDTHS, [[Cell(text, bold=True) for text in OBJECTIVE_HEADS]], rows, size=11)


def _row(unit: Unit, texts: list[str]) -> list[Cell]:
    city = unit.no is None
    start = [Cell("" if city else str(unit.no), bold=city), Cell(unit.name, bold=city, align="left", shade=city)]
    return start + [Cell(text, bold=city, align="right", shade=city) for text in texts]
