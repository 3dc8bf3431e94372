"""The indicators of Plan 66: each with what it is counted from. The arithmetic is in measures.py. Pure.

The appendix and the five objectives stand here; what else the plan speaks of that can be counted is in
further_indicators.py and activity_indicators.py.
"""

from fractions import Fraction

from targets.activity_indicators import ACTIVITIES
from targets.further_indicators import FURTHER
from targets.measures import (
    CITY_DISTRICTS,
    SOURCE_LABELS,
    UNIT_LABELS,
    Counts,
    Measure,
    disagrees,
    percent,
    rate_note,
)

__all__ = [
    "APPENDIX",
    "INDICATORS",
    "SOURCE_LABELS",
    "TYPED",
    "UNIT_LABELS",
    "WITH_RATE",
    "Counts",
    "Measure",
    "disagrees",
    "percent",
    "rate_note",
]

RESIDENTS = "Tổng số hộ dân cư của năm"
POOR = "Hộ nghèo chuẩn thành phố còn sức lao động"


def _residents(counts: Counts) -> int:
    return counts.residents


def _insured_from(counts: Counts) -> Fraction | int:
    """Persons insured if nothing had been done this year: the opening share of today's near-poor persons."""
    if not counts.opening_near_poor_persons:
        return 0
    return Fraction(counts.near_poor_persons * counts.opening_near_poor_insured, counts.opening_near_poor_persons)


_PLAN = [
    Measure(
        "poor_labour_start", "Hộ nghèo còn sức lao động đầu năm", "Đầu năm", "household", "spells", "none",
        "Số hộ nghèo theo chuẩn thành phố còn sức lao động vào ngày 31/12 năm trước. "
        "Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_poor_labour, whole=_residents,
        numerator=f"{POOR} ngày 31/12 năm trước", denominator=RESIDENTS, over="stock", clause="II.1",
    ),
    Measure(
        "poor_labour_reduction", "Giảm hộ nghèo còn sức lao động", "Giảm hộ nghèo", "household", "spells", "up",
        "Số hộ nghèo còn sức lao động đầu năm trừ số hộ hiện có (giảm ròng: số ra khỏi danh sách trừ số vào). "
        "Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_poor_labour - c.poor_labour, whole=_residents,
        numerator=f"{POOR} đầu năm trừ hiện có", denominator=RESIDENTS, clause="II.1",
    ),
    Measure(
        "central_poor_reduction", "Trong đó giảm hộ nghèo chuẩn Trung ương", "Chuẩn Trung ương",
        "household", "spells", "up",
        "Số hộ nghèo theo chuẩn Trung ương còn sức lao động đầu năm trừ số hộ hiện có.",
        actual=lambda c: c.opening_central_poor - c.central_poor,
        numerator="Hộ nghèo chuẩn Trung ương còn sức lao động đầu năm trừ hiện có", clause="II.1",
    ),
    Measure(
        "special_hardship_reduction", "Trong đó giảm hộ nghèo có hoàn cảnh đặc biệt khó khăn", "Đặc biệt khó khăn",
        "household", "spells", "up",
        "Số hộ nghèo chuẩn thành phố còn sức lao động, có hoàn cảnh đặc biệt khó khăn đầu năm trừ số hộ hiện có.",
        actual=lambda c: c.opening_special_hardship - c.special_hardship,
        numerator="Hộ nghèo có hoàn cảnh đặc biệt khó khăn, còn sức lao động đầu năm trừ hiện có", clause="II.1",
    ),
    Measure(
        "poor_labour_end", "Hộ nghèo còn sức lao động cuối năm", "Cuối năm", "household", "spells", "down",
        "Số hộ nghèo theo chuẩn thành phố còn sức lao động hiện có. Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.poor_labour, whole=_residents, start=lambda c: c.opening_poor_labour,
        numerator=f"{POOR} hiện có", denominator=RESIDENTS, over="stock", clause="II.1",
    ),
    Measure(
        "near_poor_reduction", "Giảm hộ cận nghèo", "Giảm cận nghèo", "household", "spells", "up",
        "Số hộ cận nghèo theo chuẩn thành phố đầu năm trừ số hộ hiện có. Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_near_poor - c.near_poor, whole=_residents,
        numerator="Hộ cận nghèo chuẩn thành phố đầu năm trừ hiện có", denominator=RESIDENTS, clause="II.1",
    ),
    Measure(
        "housing", "Xây mới, sửa chữa nhà ở", "Nhà ở", "house", "supports", "up",
        "Số nhà xây mới và sửa chữa đã bàn giao trong năm.",
        actual=lambda c: c.house_new + c.house_repair,
        numerator="Nhà xây mới và sửa chữa đã bàn giao", owner=CITY_DISTRICTS, clause="II.3",
    ),
    Measure(
        "job_introductions", "Hỗ trợ giới thiệu việc làm", "Việc làm", "turn", "supports", "up",
        "Số lượt hộ nghèo, hộ cận nghèo được giới thiệu việc làm trong năm.",
        actual=lambda c: c.jobs,
        numerator="Lượt hộ được giới thiệu việc làm", owner=CITY_DISTRICTS, clause="II.4",
    ),
    Measure(
        "insurance_near_poor", "Người thuộc hộ cận nghèo có bảo hiểm y tế", "Bảo hiểm y tế",
        "percent", "supports", "up",
        "Số người thuộc hộ cận nghèo chuẩn thành phố có thẻ bảo hiểm y tế còn hiệu lực được hỗ trợ mức đóng, "
        "chia cho số người thuộc hộ cận nghèo. Mỗi hộ không tính quá số người của hộ.",
        actual=lambda c: c.near_poor_insured, whole=lambda c: c.near_poor_persons, start=_insured_from, in_appendix=False,
        numerator="Người thuộc hộ cận nghèo có thẻ còn hiệu lực", denominator="Người thuộc hộ cận nghèo",
        owner="bhxh", over="stock", clause="II.2",
    ),
    Measure(
        "house_new", "Xây mới nhà ở cho hộ nghèo", "Xây mới", "house", "supports", "up",
        "Số nhà xây mới đã bàn giao trong năm.",
        actual=lambda c: c.house_new, in_appendix=False,
        numerator="Nhà xây mới đã bàn giao", owner=CITY_DISTRICTS, clause="II.3",
    ),
    Measure(
        "house_repair", "Sửa chữa nhà ở cho hộ nghèo", "Sửa chữa", "house", "supports", "up",
        "Số nhà sửa chữa đã bàn giao trong năm.",
        actual=lambda c: c.house_repair, in_appendix=False,
        numerator="Nhà sửa chữa đã bàn giao", owner=CITY_DISTRICTS, clause="II.3",
    ),
    Measure(
        "officers_trained", "Cán bộ làm công tác giảm nghèo được tập huấn", "Tập huấn", "percent", "typed", "up",
        "Số cán bộ làm công tác giảm nghèo các cấp, cán bộ thôn, tổ dân phố đã được tập huấn trong năm, "
        "chia cho tổng số cán bộ. Tính từ danh sách cán bộ và điểm danh nơi đã có danh sách; nơi chưa có, "
        "cơ quan nhập kèm minh chứng.",
        actual=lambda c: c.officers_trained, whole=lambda c: c.officers, in_appendix=False,
        numerator="Cán bộ đã được tập huấn trong năm", denominator="Tổng số cán bộ", clause="II.5",
    ),
]  # fmt: skip
_CATALOGUE = [*_PLAN, *ACTIVITIES, *FURTHER]
INDICATORS: dict[str, Measure] = {measure.code: measure for measure in _CATALOGUE}
APPENDIX = [measure.code for measure in _CATALOGUE if measure.in_appendix]
WITH_RATE = [code for code in APPENDIX if INDICATORS[code].has_rate]  # printed with a rate in the appendix
TYPED = [measure.code for measure in _CATALOGUE if measure.source == "typed"]
