"""The answers of form B: what an officer found in a household, and what makes them impossible. Pure.

Form B of Circular 07/2021/TT-BLĐTBXH: B1 is the sum of points for income, B2 is 10 points for each deprivation.
"""

from dataclasses import dataclass, fields
from datetime import date

from areas.vietnamese import day as written
from areas.vietnamese import number
from households.scoring import Answer, Line
from households.standards import DEPRIVATION_KEYS, Findings

# B1 has no ceiling in the circular. The poverty lines are 140 and 175; nobody who comes near this bound is reviewed,
# so a larger number is a slip of the finger.
B1_MOST = 500
INCOME_MOST = 100_000_000  # VND a person a month; beyond it a zero too many was typed
PERSONS_MOST = 50
TEXT_MOST = 1000  # characters of the other cause and of the needs

# Causes of poverty in the order of the form, several allowed: the review's column and the form's words.
CAUSES = [
    ("cause_no_production_land", "Không có / thiếu đất sản xuất"),
    ("cause_no_capital", "Không có / thiếu vốn sản xuất, kinh doanh"),
    ("cause_no_labour", "Không có / thiếu lao động"),
    ("cause_no_tools", "Không có / thiếu công cụ, phương tiện sản xuất"),
    ("cause_no_production_knowledge", "Không có / thiếu kiến thức về sản xuất"),
    ("cause_no_labour_skill", "Không có / thiếu kỹ năng lao động, sản xuất"),
    ("cause_illness_or_accident", "Có người ốm đau, bệnh nặng, tai nạn"),
    ("cause_other", "Nguyên nhân khác"),
]
CAUSE_COLUMNS = [column for column, _ in CAUSES]
ROWS_AND_BOXES = ("deprived", "causes", "scores", "triggers")  # answers that are no column of their own


@dataclass(frozen=True)
class Answers:
    """Form B as filled in. Income in VND a person a month.

    `deprived` holds keys of standards.DEPRIVATIONS, `causes` columns of CAUSES. `scores`: part B1 item by item, when a
    table of points is loaded; `b1_score` is then counted and not typed. `triggers`: (indicator, member's key), see
    triggers.AGES.
    """

    surveyed_on: date
    b1_score: int
    income_per_person: int
    deprived: frozenset[str]
    has_labour: bool
    special_hardship: bool
    has_merit: bool
    ethnic_minority: bool
    note: str = ""
    causes: frozenset[str] = frozenset()
    cause_other_text: str = ""
    needs: str = ""
    scores: tuple[Answer, ...] = ()
    triggers: frozenset[tuple[str, int]] = frozenset()

    def findings(self, zone: str, b1_lines: tuple[Line, ...] = (), b1_table: str = "") -> Findings:
        return Findings(zone, self.b1_score, self.income_per_person, self.deprived, b1_lines, b1_table)

    def chosen(self) -> dict[str, set[int]]:
        """Members by the indicator that they trigger."""
        found: dict[str, set[int]] = {}
        for indicator, member in self.triggers:
            found.setdefault(indicator, set()).add(member)
        return found

    def columns(self) -> dict:
        """The same answers by the names of the review's columns."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ROWS_AND_BOXES}
        boxes = {key: key in self.deprived for key in DEPRIVATION_KEYS}
        return plain | boxes | {column: column in self.causes for column in CAUSE_COLUMNS}


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
    found |= _wrong_causes(answers)
    if len(answers.needs) > TEXT_MOST:
        found["needs"] = f"Nhu cầu không quá {TEXT_MOST} ký tự."
    if persons < 1:
        found["persons"] = "Hộ chưa có thành viên nào. Ghi thành viên của hộ trước khi rà soát."
    elif persons > PERSONS_MOST:
        found["persons"] = f"Hộ có quá {PERSONS_MOST} thành viên. Kiểm tra lại danh sách thành viên."
    return found


def _wrong_causes(answers: Answers) -> dict[str, str]:
    """The other cause and its words go together."""
    if unknown := answers.causes - set(CAUSE_COLUMNS):
        return {"causes": f"Không có nguyên nhân: {', '.join(sorted(unknown))}."}
    told = answers.cause_other_text.strip()
    if "cause_other" in answers.causes and not told:
        return {"cause_other_text": "Ghi rõ nguyên nhân khác."}
    if told and "cause_other" not in answers.causes:
        return {"cause_other": "Đã ghi nguyên nhân khác: chọn ô này hoặc xóa phần ghi."}
    if len(told) > TEXT_MOST:
        return {"cause_other_text": f"Nguyên nhân khác không quá {TEXT_MOST} ký tự."}
    return {}
