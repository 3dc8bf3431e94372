"""The indicators of Plan 66: what each is counted from, and the arithmetic on counts. Pure.

Rates are percent with two decimals, half up; a rate is always count / denominator, never a difference of rates,
and None, not zero, when there is nothing to divide by.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from areas.vietnamese import number

UNIT_LABELS = {
    "household": "hộ",
    "person": "người",
    "turn": "lượt",
    "house": "nhà",
    "percent": "%",
    "event": "cuộc",
    "item": "tin, bài, buổi",
    "model": "mô hình",
    "unit": "đơn vị",
    "money": "đồng",
}
SOURCE_LABELS = {
    "spells": "Danh sách hộ",
    "supports": "Sổ hỗ trợ",
    "activities": "Sổ hoạt động",
    "typed": "Số liệu nhập",
}
ROUNDING = Decimal("0.005")  # a rate printed with two decimals may be this far from the exact one


@dataclass(frozen=True)
class Counts:
    """What was counted in an area: households unless said otherwise. 'opening' is at the start of the year."""

    spells: int = 0  # of either standard that touch the year; none at all: there is no list to count
    residents: int = 0  # resident households, the denominator of the poverty rates
    opening_poor_labour: int = 0  # poor by the city's standard, with labour capacity
    poor_labour: int = 0
    opening_central_poor: int = 0  # poor by the central standard, with labour capacity
    central_poor: int = 0
    opening_special_hardship: int = 0  # poor by the city's standard, with labour, in especially difficult circumstances
    special_hardship: int = 0
    opening_near_poor: int = 0  # near-poor by the city's standard
    near_poor: int = 0
    opening_near_poor_persons: int = 0
    near_poor_persons: int = 0
    opening_near_poor_insured: int = 0  # persons with a card on 1 January
    near_poor_insured: int = 0  # persons
    house_new: int = 0  # houses handed over in the year
    house_repair: int = 0
    jobs: int = 0  # turns in the year
    officers_trained: int = 0  # persons
    officers: int = 0  # 0: there is no roster and nobody has typed the figure yet
    # gross movements of poor households with labour capacity, by reason
    into: dict[str, int] = field(default_factory=dict)
    out_of: dict[str, int] = field(default_factory=dict)
    # activities held, by the keys of activity_counts.py
    held: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Counts") -> "Counts":
        summed = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name not in _BY_KEY}
        return Counts(**summed, **{name: _merge(getattr(self, name), getattr(other, name)) for name in _BY_KEY})


_BY_KEY = ("into", "out_of", "held")


def _merge(one: dict[str, int], two: dict[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + two.get(key, 0) for key in sorted(one.keys() | two.keys())}


def percent(part: int | Decimal | None, whole: int | Decimal | None) -> Decimal | None:
    """part / whole in percent, two decimals, half up. None when there is nothing to divide by."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Measure:
    """An indicator of the catalogue: how its figure and what the figure is divided by come out of the counts.

    `direction`: up (more is better), down (less is better), none (a fact, nothing to reach).
    `start`: where the year's line begins, for a stock; a flow begins at nothing.
    """

    code: str
    name: str
    short: str
    unit: str
    source: str
    direction: str
    definition: str
    actual: Callable[[Counts], int]
    whole: Callable[[Counts], int] | None = None
    start: Callable[[Counts], int | Fraction] | None = None
    in_appendix: bool = True

    @property
    def has_rate(self) -> bool:
        return self.whole is not None

    @property
    def counted_in(self) -> str:
        """The unit of the counts behind the figure: persons behind a percentage."""
        return UNIT_LABELS["person" if self.unit == "percent" else self.unit]


def _residents(counts: Counts) -> int:
    return counts.residents


def _insured_from(counts: Counts) -> Fraction | int:
    """Persons insured if nothing had been done this year: the opening share of today's near-poor persons."""
    if not counts.opening_near_poor_persons:
        return 0
    return Fraction(counts.near_poor_persons * counts.opening_near_poor_insured, counts.opening_near_poor_persons)


def _held(key: str, name: str, short: str, unit: str, definition: str, direction: str = "up") -> Measure:
    """An indicator that is nothing but a tally of activities; the code is the tally's key."""
    return Measure(
        key, name, short, unit, "activities", direction, definition,
        actual=lambda c: c.held.get(key, 0), in_appendix=False,
    )  # fmt: skip


_CATALOGUE = [
    Measure(
        "poor_labour_start", "Hộ nghèo còn sức lao động đầu năm", "Đầu năm", "household", "spells", "none",
        "Số hộ nghèo theo chuẩn thành phố còn sức lao động vào ngày 31/12 năm trước. "
        "Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_poor_labour, whole=_residents,
    ),
    Measure(
        "poor_labour_reduction", "Giảm hộ nghèo còn sức lao động", "Giảm hộ nghèo", "household", "spells", "up",
        "Số hộ nghèo còn sức lao động đầu năm trừ số hộ hiện có (giảm ròng: số ra khỏi danh sách trừ số vào). "
        "Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_poor_labour - c.poor_labour, whole=_residents,
    ),
    Measure(
        "central_poor_reduction", "Trong đó giảm hộ nghèo chuẩn Trung ương", "Chuẩn Trung ương",
        "household", "spells", "up",
        "Số hộ nghèo theo chuẩn Trung ương còn sức lao động đầu năm trừ số hộ hiện có.",
        actual=lambda c: c.opening_central_poor - c.central_poor,
    ),
    Measure(
        "special_hardship_reduction", "Trong đó giảm hộ nghèo có hoàn cảnh đặc biệt khó khăn", "Đặc biệt khó khăn",
        "household", "spells", "up",
        "Số hộ nghèo chuẩn thành phố còn sức lao động, có hoàn cảnh đặc biệt khó khăn đầu năm trừ số hộ hiện có.",
        actual=lambda c: c.opening_special_hardship - c.special_hardship,
    ),
    Measure(
        "poor_labour_end", "Hộ nghèo còn sức lao động cuối năm", "Cuối năm", "household", "spells", "down",
        "Số hộ nghèo theo chuẩn thành phố còn sức lao động hiện có. Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.poor_labour, whole=_residents, start=lambda c: c.opening_poor_labour,
    ),
    Measure(
        "near_poor_reduction", "Giảm hộ cận nghèo", "Giảm cận nghèo", "household", "spells", "up",
        "Số hộ cận nghèo theo chuẩn thành phố đầu năm trừ số hộ hiện có. Tỷ lệ chia cho tổng số hộ dân cư của năm.",
        actual=lambda c: c.opening_near_poor - c.near_poor, whole=_residents,
    ),
    Measure(
        "housing", "Xây mới, sửa chữa nhà ở", "Nhà ở", "house", "supports", "up",
        "Số nhà xây mới và sửa chữa đã bàn giao trong năm.",
        actual=lambda c: c.house_new + c.house_repair,
    ),
    Measure(
        "job_introductions", "Hỗ trợ giới thiệu việc làm", "Việc làm", "turn", "supports", "up",
        "Số lượt hộ nghèo, hộ cận nghèo được giới thiệu việc làm trong năm.",
        actual=lambda c: c.jobs,
    ),
    Measure(
        "insurance_near_poor", "Người thuộc hộ cận nghèo có bảo hiểm y tế", "Bảo hiểm y tế",
        "percent", "supports", "up",
        "Số người thuộc hộ cận nghèo chuẩn thành phố có thẻ bảo hiểm y tế còn hiệu lực được hỗ trợ mức đóng, "
        "chia cho số người thuộc hộ cận nghèo. Mỗi hộ không tính quá số người của hộ.",
        actual=lambda c: c.near_poor_insured, whole=lambda c: c.near_poor_persons, start=_insured_from, in_appendix=False,
    ),
    Measure(
        "house_new", "Xây mới nhà ở cho hộ nghèo", "Xây mới", "house", "supports", "up",
        "Số nhà xây mới đã bàn giao trong năm.",
        actual=lambda c: c.house_new, in_appendix=False,
    ),
    Measure(
        "house_repair", "Sửa chữa nhà ở cho hộ nghèo", "Sửa chữa", "house", "supports", "up",
        "Số nhà sửa chữa đã bàn giao trong năm.",
        actual=lambda c: c.house_repair, in_appendix=False,
    ),
    Measure(
        "officers_trained", "Cán bộ làm công tác giảm nghèo được tập huấn", "Tập huấn", "percent", "typed", "up",
        "Số cán bộ làm công tác giảm nghèo các cấp, cán bộ thôn, tổ dân phố đã được tập huấn trong năm, "
        "chia cho tổng số cán bộ. Tính từ danh sách cán bộ và điểm danh nơi đã có danh sách; nơi chưa có, "
        "cơ quan nhập kèm minh chứng.",
        actual=lambda c: c.officers_trained, whole=lambda c: c.officers, in_appendix=False,
    ),
    _held("trainings", "Lớp tập huấn về giảm nghèo", "Lớp tập huấn", "event",
          "Số lớp tập huấn đã tổ chức trong năm, tính theo ngày khai giảng (giải pháp III.7)."),
    _held("study_visits", "Chuyến học tập, trao đổi kinh nghiệm", "Học tập", "event",
          "Số chuyến học tập, trao đổi kinh nghiệm về công tác giảm nghèo trong năm (giải pháp III.7)."),
    _held("inspected_urban_districts", "Quận được kiểm tra, giám sát", "Quận kiểm tra", "unit",
          "Số quận được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi quận tính một lần (giải pháp III.8)."),
    _held("inspected_rural_districts", "Huyện được kiểm tra, giám sát", "Huyện kiểm tra", "unit",
          "Số huyện được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi huyện tính một lần (giải pháp III.8)."),
    _held("inspected_wards", "Phường, xã được kiểm tra, giám sát", "Phường, xã kiểm tra", "unit",
          "Số phường, xã được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi nơi tính một lần (giải pháp III.8)."),
    _held("district_inspections", "Cuộc kiểm tra của UBND quận, huyện", "Quận, huyện kiểm tra", "event",
          "Số cuộc UBND quận, huyện tự kiểm tra, giám sát trên địa bàn trong năm (mục IV.14.e); "
          "không tính vào chỉ tiêu của giải pháp III.8."),
    _held("dialogues", "Cuộc đối thoại với hộ nghèo", "Đối thoại", "event",
          "Số cuộc gặp mặt, đối thoại với hộ nghèo trong năm (giải pháp III.3, mục IV.14.b)."),
    _held("dialogue_households", "Lượt hộ dự đối thoại", "Hộ đối thoại", "turn",
          "Số lượt hộ dự các cuộc đối thoại trong năm; một hộ dự hai cuộc là hai lượt."),
    _held("communications", "Tin, bài, buổi tuyên truyền", "Tuyên truyền", "item",
          "Số tin, bài, buổi phát, sự kiện tuyên truyền về giảm nghèo trong năm (giải pháp III.1, mục IV.6, IV.16)."),
    _held("communication_reach", "Lượt người tiếp cận tuyên truyền", "Người tiếp cận", "turn",
          "Tổng số lượt người tiếp cận do đơn vị ước tính; một người có thể được tính nhiều lần.", "none"),
    _held("livelihood_models", "Mô hình giảm nghèo", "Mô hình", "model",
          "Số mô hình giảm nghèo được xây dựng, nhân rộng trong năm (giải pháp III.5)."),
    _held("model_households", "Lượt hộ tham gia mô hình giảm nghèo", "Hộ tham gia mô hình", "turn",
          "Số lượt hộ bắt đầu tham gia mô hình trong năm, tính tại địa bàn của mô hình."),
    _held("legal_aid_sessions", "Đợt trợ giúp pháp lý", "Đợt pháp lý", "event",
          "Số đợt trợ giúp pháp lý cho người nghèo trong năm (mục IV.10.a)."),
    _held("legal_aid_people", "Lượt người được trợ giúp pháp lý", "Người trợ giúp pháp lý", "turn",
          "Số lượt người được trợ giúp trong các đợt trợ giúp pháp lý của năm."),
    _held("free_clinics", "Đợt khám chữa bệnh miễn phí", "Đợt khám", "event",
          "Số đợt khám chữa bệnh miễn phí cho người nghèo trong năm (mục IV.2.c)."),
    _held("free_clinic_people", "Lượt người được khám chữa bệnh miễn phí", "Người khám", "turn",
          "Số lượt người được khám trong các đợt khám chữa bệnh miễn phí của năm."),
    _held("fund_drives", "Đợt vận động vì người nghèo", "Đợt vận động", "event",
          "Số đợt vận động Quỹ Vì người nghèo, Tháng cao điểm Vì người nghèo trong năm (mục IV.11.b)."),
    _held("fund_raised", "Tiền vận động vì người nghèo", "Tiền vận động", "money",
          "Tổng số tiền vận động được trong các đợt của năm (mục IV.11.b, IV.11.d)."),
]  # fmt: skip
INDICATORS: dict[str, Measure] = {measure.code: measure for measure in _CATALOGUE}
APPENDIX = [measure.code for measure in _CATALOGUE if measure.in_appendix]
WITH_RATE = [code for code in APPENDIX if INDICATORS[code].has_rate]  # printed with a rate in the appendix
TYPED = [measure.code for measure in _CATALOGUE if measure.source == "typed"]


def disagrees(printed: Decimal | None, part: Decimal | int | None, whole: int | None) -> bool:
    """Whether a printed rate differs from part / whole by more than rounding to two decimals explains."""
    if printed is None or part is None or not whole:
        return False
    return abs(printed - Decimal(part) * 100 / Decimal(whole)) > ROUNDING


def rate_note(printed: Decimal | None, part: Decimal | int | None, whole: int | None) -> str:
    """'in kế hoạch 1,39; tính lại 1,40' where the plan's own rate does not follow from its counts, else nothing."""
    if not disagrees(printed, part, whole):
        return ""
    return f"in kế hoạch {number(printed, 2)}; tính lại {number(percent(part, whole), 2)}"
