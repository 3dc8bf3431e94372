"""What may be spent of a budget line, and what is wrong with an amount, a day or a line. Pure.

Amounts are whole dong. Plan 66, part V: agencies spend within what they were allotted for the year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from areas.vietnamese import day as write_day
from areas.vietnamese import money, tidy

MOST = 100_000_000_000_000  # dong, 100.000 tỷ: more is a slip of the finger
TEXT_MOST = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Money:
    """What was allotted and spent, in dong; `over` is what may be spent beyond the allotment."""

    allotted: int = 0
    disbursed: int = 0
    over: int = 0

    @property
    def left(self) -> int:
        """Below zero only as far as overspending was allowed with a reason."""
        return self.allotted - self.disbursed

    @property
    def room(self) -> int:
        """What may still be spent."""
        return self.left + self.over

    @property
    def share(self) -> Decimal | None:
        """Percent of the allotment that is spent, one decimal, half up; None when nothing was allotted."""
        if not self.allotted:
            return None
        return (Decimal(self.disbursed) * 100 / self.allotted).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.allotted + other.allotted, self.disbursed + other.disbursed, self.over + other.over)


def last_day(year: int) -> date:
    """The last day on which a year's money is spent: books close on 31 January of the next year (State Budget Law;
    the article was not verified, so the office may find the day here)."""
    return date(year + 1, 1, 31)


def amount_fault(amount: int | None) -> str:
    if amount is None or amount <= 0:
        return "Số tiền phải lớn hơn 0."
    if amount > MOST:
        return f"Số tiền không được quá {money(MOST)}."
    return ""


def line_faults(*, year: int, title: str, basis: str, allotted: int | None, allotted_on: date | None) -> dict[str, str]:
    """What is wrong with a line's own words and figures, by field."""
    wrong = {}
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return {"year": f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}."}
    if not tidy(title):
        wrong["title"] = "Ghi nội dung của dòng kinh phí."
    if not tidy(basis):
        wrong["basis"] = "Ghi văn bản giao kinh phí."
    if fault := amount_fault(allotted):
        wrong["allotted"] = fault
    first = date(year - 1, 1, 1)
    if allotted_on is None or not first <= allotted_on <= last_day(year):
        wrong["allotted_on"] = f"Ngày giao phải từ {write_day(first)} đến {write_day(last_day(year))}."
    return wrong


def spending_faults(
    *, amount: int | None, day: date | None, what: str, year: int, today: date, money_of_line: Money
) -> dict[str, str]:
    """What is wrong with a spending from a line of `year`, by field."""
    wrong = {}
    if not tidy(what):
        wrong["what"] = "Ghi chi cho việc gì."
    if day is None or not date(year, 1, 1) <= day <= last_day(year):
        wrong["day"] = f"Kinh phí năm {year}: ngày chi phải từ 01/01/{year} đến {write_day(last_day(year))}."
    elif day > today:
        wrong["day"] = "Ngày chi không được sau hôm nay."
    if fault := amount_fault(amount):
        wrong["amount"] = fault
    elif amount > money_of_line.room:
        wrong["amount"] = (
            f"Vượt dòng kinh phí {money(amount - money_of_line.room)}: chỉ còn {money(money_of_line.room)}. "
            "Chi vượt phải được văn phòng chương trình cho phép, có lý do."
        )
    return wrong


def allotment_fault(allotted: int, over: int, disbursed: int) -> str:
    """An allotment is not cut below what was spent already."""
    if allotted + over >= disbursed:
        return ""
    return f"Đã chi {money(disbursed)}: không giao ít hơn. Hủy khoản chi ghi nhầm, hoặc cho phép chi vượt trước."
