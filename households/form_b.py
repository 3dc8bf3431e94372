"""The answers of form B: what an officer found in a household, and what makes them impossible. Pure.

Form B of Circular 07/2021/TT-BLĐTBXH: B1 is the sum of points for income, B2 is 10 points for each deprivation.
"""

from dataclasses import dataclass, fields
from datetime import date

from areas.vietnamese import day as written
from areas.vietnamese import number
from households.standards import DEPRIVATION_KEYS, Findings

# B1 has no ceiling in the circular. The poverty lines are 140 and 175; nobody who comes near this bound is reviewed,
# so a larger number is a slip of the finger.
B1_MOST = 500
INCOME_MOST = 100_000_000  # VND a person a month; beyond it a zero too many was typed
PERSONS_MOST = 50


@dataclass(frozen=True)
class Answers:
    """Form B as filled in. Income in VND a person a month; `deprived` holds keys of standards.DEPRIVATIONS."""

    surveyed_on: date
    b1_score: int
    income_per_person: int
    deprived: frozenset[str]
    has_labour: bool
    special_hardship: bool
    has_merit: bool
    ethnic_minority: bool
    note: str = ""

    def findings(self, zone: str) -> Findings:
        return Findings(zone, self.b1_score, self.income_per_person, self.deprived)

    def columns(self) -> dict:
        """The same answers by the names of the review's columns."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "deprived"}
        return plain | {key: key in self.deprived for key in DEPRIVATION_KEYS}


def problems(answers: Answers, *, persons: int, starts_on: date, ends_on: date, today: date) -> dict[str, str]:
    """What is impossible in the answers, by field, in Vietnamese. Empty: they may be written."""
    found = {}
    if answers.surveyed_on > today:
        found["surveyed_on"] = f"Ngày khảo sát không được sau hôm nay ({written(today)})."
    elif answers.surveyed_on < starts_on:
        found["surveyed_on"] = f"Ngày khảo sát trước ngày bắt đầu đợt ({written(starts_on)})."
    elif answers.surveyed_on > ends_on:
        found["surveyed_on"] = f"Ngày khảo sát sau ngày kết thúc đợt ({written(ends_on)})."
    if not 0 <= answers.b1_score <= B1_MOST:
        found["b1_score"] = f"Điểm B1 phải từ 0 đến {B1_MOST}."
    if not 0 <= answers.income_per_person <= INCOME_MOST:
        found["income_per_person"] = f"Thu nhập phải từ 0 đến {number(INCOME_MOST)} đồng/người/tháng."
    if unknown := answers.deprived - set(DEPRIVATION_KEYS):
        found["deprived"] = f"Không có chỉ số: {', '.join(sorted(unknown))}."
    if persons < 1:
        found["persons"] = "Hộ chưa có thành viên nào. Ghi thành viên của hộ trước khi rà soát."
    elif persons > PERSONS_MOST:
        found["persons"] = f"Hộ có quá {PERSONS_MOST} thành viên. Kiểm tra lại danh sách thành viên."
    return found
