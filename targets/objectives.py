"""The five objectives of section II as they stand on a day, said in Vietnamese. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from areas.vietnamese import day as write_day
from areas.vietnamese import number
from targets.cells import Cell
from targets.pace import worst

NO_FIGURE = "Chưa có số liệu."
NO_TARGET = "Kế hoạch không giao chỉ tiêu riêng cho địa bàn này."


@dataclass(frozen=True)
class ObjectiveState:
    """One objective. `parts` are the cells to draw as bars; `headline` is the big figure, `goal` stands beside it,
    `sentence` under it."""

    no: int
    title: str
    subtitle: str
    clause_text: str
    parts: list[Cell]
    headline: str
    goal: str
    sentence: str
    state: str


@dataclass(frozen=True)
class _Told:
    parts: list[Cell]
    headline: str
    goal: str
    sentence: str


def objectives_of(cells: dict[str, Cell], clause_texts: dict[int, str], as_of: date) -> list[ObjectiveState]:
    """The objectives that the plan has a clause for, in order."""
    states = []
    for no, (title, subtitle, tell) in _OBJECTIVES.items():
        if no not in clause_texts:
            continue
        told = tell(cells, as_of)
        states.append(
            ObjectiveState(
                no,
                title,
                subtitle,
                clause_texts[no],
                told.parts,
                told.headline,
                told.goal,
                told.sentence,
                worst([cell.pace for cell in told.parts]),
            )
        )
    return states


def gap_sentence(cell: Cell, unit: str, as_of: date) -> str:
    """'Còn thiếu 93 hộ so với mốc 30/09/2023.' in whole units; nothing where there is no mark."""
    gap = cell.pace.gap
    if gap is None:
        return ""
    mark = f"mốc {write_day(as_of)}"
    if gap == 0:
        return f"Vừa đạt {mark}."
    return f"{'Còn thiếu' if gap < 0 else 'Vượt'} {number(abs(gap))} {unit} so với {mark}."


def _reduction(cells: dict[str, Cell], as_of: date) -> _Told:
    cut, end = cells["poor_labour_reduction"], cells["poor_labour_end"]
    if end.computed_rate is not None:
        headline, goal = f"{number(end.computed_rate, 2)} %", _goal(end.published_rate, " %", 2)
    else:
        headline, goal = _count(end.actual, "hộ"), _goal(end.target, " hộ")
    if cut.actual is None:
        return _Told([cut], headline, goal, NO_FIGURE)
    aim = f" / {number(cut.target)}" if cut.target is not None else ""
    if cut.actual >= 0:
        done = f"Đã giảm {number(cut.actual)}{aim} hộ."
    else:
        done = f"Tăng {number(-cut.actual)} hộ so với đầu năm."
    return _Told([cut], headline, goal, _said(done, cut, "hộ", as_of))


def _insurance(cells: dict[str, Cell], as_of: date) -> _Told:
    return _share(cells["insurance_near_poor"], "người có thẻ", as_of)


def _officers(cells: dict[str, Cell], as_of: date) -> _Told:
    return _share(cells["officers_trained"], "người", as_of)


def _share(cell: Cell, counted: str, as_of: date) -> _Told:
    goal = _goal(cell.target, " %")
    if cell.actual is None:
        return _Told([cell], "–", goal, NO_FIGURE)
    done = f"{number(cell.actual)} / {number(cell.denominator)} {counted}."
    return _Told([cell], f"{number(cell.computed_rate, 2)} %", goal, _said(done, cell, "người", as_of))


def _houses(cells: dict[str, Cell], as_of: date) -> _Told:
    new, repair, both = cells["house_new"], cells["house_repair"], cells["housing"]
    if new.target is None or repair.target is None:  # a district is given one number for both
        headline = _count(both.actual, "nhà")
        aim = f" / {number(both.target)}" if both.target is not None else ""
        return _Told(
            [both],
            headline,
            _goal(both.target, ""),
            _said(f"Đã bàn giao {number(both.actual)}{aim} nhà.", both, "nhà", as_of),
        )
    parts = [(new, "Xây mới"), (repair, "sửa chữa")]
    headline = f"{number(new.actual)} xây mới, {number(repair.actual)} sửa chữa"
    goal = f"mục tiêu {number(new.target)} và {number(repair.target)}"
    told = ", ".join(f"{label} {_against_mark(cell)}" for cell, label in parts)
    return _Told([new, repair], headline, goal, f"{told} (mốc {write_day(as_of)}).")


def _against_mark(cell: Cell) -> str:
    gap = cell.pace.gap
    if gap is None:
        return f"đạt {number(cell.actual)} nhà"
    if gap == 0:
        return "vừa đạt mốc"
    return f"{'thiếu' if gap < 0 else 'vượt'} {number(abs(gap))} nhà"


def _jobs(cells: dict[str, Cell], as_of: date) -> _Told:
    cell = cells["job_introductions"]
    done = f"Đạt {number(cell.reached, 2)} %." if cell.reached is not None else ""
    return _Told([cell], number(cell.actual), _goal(cell.target, ""), _said(done, cell, "lượt hộ", as_of))


def _said(done: str, cell: Cell, unit: str, as_of: date) -> str:
    rest = NO_TARGET if cell.target is None else gap_sentence(cell, unit, as_of)
    return " ".join(part for part in (done, rest) if part)


def _goal(value, suffix: str, places: int = 0) -> str:
    return "" if value is None else f"mục tiêu {number(value, places)}{suffix}"


def _count(value: int | None, unit: str) -> str:
    return "–" if value is None else f"{number(value)} {unit}"


_OBJECTIVES: dict[int, tuple[str, str, Callable[[dict[str, Cell], date], _Told]]] = {
    1: ("Hộ nghèo còn sức lao động", "Tỷ lệ trên tổng số hộ dân cư", _reduction),
    2: ("Người hộ cận nghèo có BHYT", "Được Nhà nước hỗ trợ mức đóng", _insurance),
    3: ("Nhà ở cho hộ nghèo", "Xây mới và sửa chữa", _houses),
    4: ("Lượt hộ có việc làm", "Hộ nghèo, hộ cận nghèo", _jobs),
    5: ("Cán bộ được tập huấn", "Các cấp; thôn, tổ dân phố", _officers),
}
