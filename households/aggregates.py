"""The aggregate forms 1 to 13 in use after a review round: which columns, and what each counts. Pure.

The forms follow column headings of the ministry's forms as seen in use elsewhere; they are not the circular's own text.
14 and 15 are lists of persons, not sums (detail_lists.py).

Every cell is a key into an area's facts; what the portal does not know stays None, which is not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from households.form_b import CAUSES
from households.ledger import Group, Ledger
from households.spells import Closed, Opened
from households.standards import DEPRIVATIONS

Facts = Mapping[str, int]
Cell = int | Decimal | None

POOR, NEAR = "poor", "near_poor"
CATEGORY_WORDS = {POOR: "hộ nghèo", NEAR: "hộ cận nghèo"}


@dataclass(frozen=True)
class Column:
    """One numbered column. `over`: the heading it shares with its neighbours. A rate is 100 × count / whole."""

    title: str
    count: str
    whole: str = ""
    over: str = ""
    formula: str = ""  # as printed under the number

    def cell(self, facts: Facts) -> Cell:
        count = facts.get(self.count)
        if not self.whole:
            return count
        whole = facts.get(self.whole)
        if count is None or not whole:
            return None
        return (Decimal(count) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Form:
    """`lines`: what each area has a line of, as (title, prefix of the keys); one line without a title is the usual."""

    number: int
    title: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, str], ...] = (("", ""),)
    note: str = ""

    def rows(self, facts: Facts) -> list[tuple[str, list[Cell]]]:
        found = []
        for title, prefix in self.lines:
            own = {key.removeprefix(prefix): value for key, value in facts.items() if key.startswith(prefix)}
            found.append((title, [column.cell(own) for column in self.columns]))
        return found


BY_UNIT = (("Hộ", "hh."), ("Nhân khẩu", "persons."))
UNKNOWN_FARMS = "Cột hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình để trống: cổng chưa quản lý nhóm hộ này."


def _results() -> Form:
    households, persons = "residents.hh", "residents.persons"
    return Form(
        1,
        "Tổng hợp kết quả rà soát hộ nghèo, hộ cận nghèo, hộ có mức sống trung bình",
        (
            Column("Tổng số hộ dân cư", households),
            Column("Tổng số nhân khẩu", persons),
            Column("Số hộ", "hh.poor", over="Hộ nghèo"),
            Column("Tỷ lệ (%)", "hh.poor", households, "Hộ nghèo", "4=3/1*100"),
            Column("Số hộ", "hh.near_poor", over="Hộ cận nghèo"),
            Column("Tỷ lệ (%)", "hh.near_poor", households, "Hộ cận nghèo", "6=5/1*100"),
            Column("Số hộ", "hh.farm", over="Hộ NLNN mức sống trung bình"),
            Column("Tỷ lệ (%)", "hh.farm", households, "Hộ NLNN mức sống trung bình", "8=7/1*100"),
            Column("Số khẩu", "persons.poor", over="Khẩu nghèo"),
            Column("Tỷ lệ (%)", "persons.poor", persons, "Khẩu nghèo", "10=9/2*100"),
            Column("Số khẩu", "persons.near_poor", over="Khẩu cận nghèo"),
            Column("Tỷ lệ (%)", "persons.near_poor", persons, "Khẩu cận nghèo", "12=11/2*100"),
            Column("Số khẩu", "persons.farm", over="Khẩu NLNN mức sống trung bình"),
            Column("Tỷ lệ (%)", "persons.farm", persons, "Khẩu NLNN mức sống trung bình", "14=13/2*100"),
        ),
        note=f"{UNKNOWN_FARMS} Tổng số nhân khẩu để trống nơi chưa có số liệu dân cư.",
    )


def _movements(number: int, category: str) -> Form:
    other = NEAR if category == POOR else POOR
    what, elsewhere = CATEGORY_WORDS[category], CATEGORY_WORDS[other]
    again = "Tái nghèo" if category == POOR else "Tái cận nghèo"
    out, into = f"Giảm {what} trong kỳ", f"Tăng {what} trong kỳ"
    at = f"{category}.moved."
    return Form(
        number,
        f"Tổng hợp diễn biến {what}",
        (
            Column(f"{what.capitalize()} đầu kỳ", f"{at}opening"),
            Column(f"Trở thành {elsewhere}", f"{at}to_other", over=out),
            Column("Vượt chuẩn cận nghèo", f"{at}above", over=out),
            Column("Giảm khác", f"{at}other_out", over=out),
            Column(f"{elsewhere.capitalize()} trở thành {what}", f"{at}from_other", over=into),
            Column(again, f"{at}again", over=into),
            Column("Phát sinh mới", f"{at}new", over=into),
            Column("Tăng khác", f"{at}other_in", over=into),
            Column(f"{what.capitalize()} cuối kỳ", f"{at}closing", formula="9=1-2-3-4+5+6+7+8"),
        ),
        BY_UNIT,
        "Giảm khác, tăng khác: chuyển đi, chuyển đến, tách, nhập hộ, không còn thành viên, thay đổi số khẩu, "
        "có sẵn khi bắt đầu dùng cổng.",
    )


def _deprivations(number: int, category: str, *, percent: bool) -> Form:
    what, at = CATEGORY_WORDS[category], f"{category}."
    all_of_them = Column(f"Tổng số {what} có phiếu", f"{at}reviewed")
    indicators = [
        Column(name, f"{at}lack.{key}", f"{at}reviewed" if percent else "", service)
        for key, service, name, _ in DEPRIVATIONS
    ]
    total = [] if percent else [Column("Tổng số chỉ số thiếu hụt", f"{at}lack.all")]
    title = f"Phân tích chỉ số thiếu hụt của {what}{' (tỷ lệ %)' if percent else ''}"
    return Form(number, title, (all_of_them, *total, *indicators))


def _groups() -> Form:
    columns = []
    for category, what in ((POOR, "Hộ nghèo"), (NEAR, "Hộ cận nghèo")):
        columns += [
            Column("Tổng số", category, over=what),
            Column("Dân tộc thiểu số", f"{category}.minority", over=what),
            Column("Không có khả năng lao động", f"{category}.no_labour", over=what),
            Column("Có người có công", f"{category}.merit", over=what),
            Column("Nhóm khác", f"{category}.none_of_three", over=what),
        ]
    note = (
        "Nhóm khác: không thuộc nhóm nào trong ba nhóm trên. Ba nhóm có thể trùng nhau nên cộng lại không bằng tổng số."
    )
    return Form(8, "Tổng hợp theo nhóm đối tượng", tuple(columns), BY_UNIT, note)


def _ethnicities() -> Form:
    columns = []
    for category, what in ((POOR, "Hộ nghèo"), (NEAR, "Hộ cận nghèo")):
        columns += [
            Column("Tổng số", f"hh.{category}", over=what),
            Column("Kinh", f"{category}.ethnic.kinh", over=what),
            Column("Dân tộc thiểu số", f"{category}.ethnic.minority", over=what),
            Column("Trong đó Cơ Tu", f"{category}.ethnic.co_tu", over=what),
            Column("Trong đó Hoa", f"{category}.ethnic.hoa", over=what),
            Column("Dân tộc thiểu số khác", f"{category}.ethnic.other", over=what),
        ]
    return Form(9, "Tổng hợp theo dân tộc", tuple(columns), note="Theo dân tộc của chủ hộ.")


def _causes() -> Form:
    columns = []
    for category, what in ((POOR, "Hộ nghèo"), (NEAR, "Hộ cận nghèo")):
        columns.append(Column("Tổng số hộ có phiếu", f"{category}.reviewed", over=what))
        columns += [Column(label, f"{category}.{key}", over=what) for key, label in CAUSES]
    return Form(10, "Tổng hợp theo nguyên nhân nghèo", tuple(columns), note="Một hộ có thể có nhiều nguyên nhân.")


CHILD_LACKS = {"nutrition": "Dinh dưỡng", "health_insurance": "Bảo hiểm y tế", "child_schooling": "Tình trạng đi học"}


def _children() -> Form:
    columns = []
    for category, what in ((POOR, "Trẻ em hộ nghèo"), (NEAR, "Trẻ em hộ cận nghèo")):
        columns.append(Column("Tổng số trẻ em", f"{category}.children", over=what))
        for key, label in CHILD_LACKS.items():
            service = "Giáo dục" if key == "child_schooling" else "Y tế"
            columns.append(Column(f"{service}: {label[:1].lower()}{label[1:]}", f"{category}.child.{key}", over=what))
        columns.append(Column("Số hộ thiếu hụt chưa ghi là ai", f"{category}.unnamed", over=what))
    note = (
        "Trẻ em dưới 16 tuổi. Thiếu hụt theo người được ghi ở phiếu rà soát đã quyết định gần nhất; cột cuối của mỗi nhóm: "
        "hộ thiếu hụt một trong ba chỉ số này mà phiếu chưa ghi người, nên số trẻ em thiếu hụt có thể còn thấp."
    )
    return Form(11, "Tổng hợp thiếu hụt của trẻ em", tuple(columns), note=note)


def _category(number: int, category: str) -> Form:
    what, at = CATEGORY_WORDS[category], category
    size = f"Tổng số {what}"
    return Form(
        number,
        f"Tổng hợp kết quả rà soát {what}",
        (
            Column("Tổng số hộ dân cư", "residents.hh"),
            Column("Tổng số", f"hh.{at}", over=size),
            Column("Chủ hộ dân tộc Kinh", f"{at}.ethnic.kinh", over=size),
            Column("Chủ hộ dân tộc thiểu số", f"{at}.ethnic.minority", over=size),
            Column("Có người có công", f"hh.{at}.merit", over="Trong đó"),
            Column("Không có khả năng lao động", f"hh.{at}.no_labour", over="Trong đó"),
            Column("Chủ hộ là nữ", f"{at}.female_head", over="Trong đó"),
            Column("Số nhân khẩu", f"persons.{at}"),
            Column("Tỷ lệ hộ (%)", f"hh.{at}", "residents.hh", formula="9=2/1*100"),
        ),
    )


FORMS = {
    form.number: form
    for form in (
        _results(),
        _movements(2, POOR),
        _movements(3, NEAR),
        _deprivations(4, POOR, percent=False),
        _deprivations(5, POOR, percent=True),
        _deprivations(6, NEAR, percent=False),
        _deprivations(7, NEAR, percent=True),
        _groups(),
        _ethnicities(),
        _causes(),
        _children(),
        _category(12, POOR),
        _category(13, NEAR),
    )
}

TO_OTHER = {POOR: Closed.TO_NEAR_POOR, NEAR: Closed.TO_POOR}
FROM_OTHER = {POOR: Opened.FROM_NEAR_POOR, NEAR: Opened.FROM_POOR}


def movement_facts(ledger: Ledger, group: Group) -> dict[str, int]:
    """A ledger's lines as forms 2 and 3 want them: what has no column of its own is 'other'."""
    category = group.value
    came, left = ledger.came, ledger.left
    named = {
        "opening": ledger.opening,
        "to_other": left.get(TO_OTHER[category]),
        "above": left.get(Closed.ESCAPED),
        "from_other": came.get(FROM_OTHER[category]),
        "again": came.get(Opened.RELAPSED),
        "new": came.get(Opened.NEW),
        "closing": ledger.closing,
    }
    facts: dict[str, int] = {}
    for unit, attribute in (("hh", "households"), ("persons", "persons")):
        told = {name: getattr(count, attribute) if count else 0 for name, count in named.items()}
        told["other_out"] = getattr(ledger.left_in_all, attribute) - told["to_other"] - told["above"]
        told["other_in"] = getattr(ledger.came_in_all, attribute) - told["from_other"] - told["again"] - told["new"]
        facts |= {f"{unit}.{category}.moved.{name}": value for name, value in told.items()}
    return facts
