"""The shape of a poverty standard and of what a review found. Pure; the amounts are data (models.Standard)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from households.scoring import Line

# The 12 indicators of Decree 07/2021/NĐ-CP, in the order of form B, part B2: key, service, indicator, when deprived.
DEPRIVATIONS = [
    (
        "employment",
        "Việc làm",
        "Việc làm",
        "Có ít nhất một người trong độ tuổi lao động, muốn làm nhưng không tìm được việc, hoặc làm công ăn lương không có hợp đồng.",
    ),
    (
        "dependents",
        "Việc làm",
        "Người phụ thuộc trong hộ",
        "Người phụ thuộc (dưới 16 tuổi; người cao tuổi, khuyết tật hưởng trợ cấp xã hội hằng tháng) chiếm trên 50 % số thành viên.",
    ),
    (
        "nutrition",
        "Y tế",
        "Dinh dưỡng",
        "Có ít nhất một trẻ em dưới 16 tuổi suy dinh dưỡng chiều cao hoặc cân nặng theo tuổi.",
    ),
    (
        "health_insurance",
        "Y tế",
        "Bảo hiểm y tế",
        "Có ít nhất một người từ đủ 6 tuổi trở lên hiện không có bảo hiểm y tế.",
    ),
    (
        "adult_education",
        "Giáo dục",
        "Trình độ giáo dục của người lớn",
        "Có ít nhất một người từ 16 đến 30 tuổi không đang học và không có bằng cấp phù hợp với tuổi.",
    ),
    (
        "child_schooling",
        "Giáo dục",
        "Tình trạng đi học của trẻ em",
        "Có ít nhất một trẻ em từ 3 đến dưới 16 tuổi không học đúng cấp học theo tuổi.",
    ),
    (
        "housing_quality",
        "Nhà ở",
        "Chất lượng nhà ở",
        "Nhà không bền chắc: ít nhất hai trong ba kết cấu chính (tường, cột, mái) làm bằng vật liệu không bền chắc.",
    ),
    ("housing_area", "Nhà ở", "Diện tích nhà ở bình quân đầu người", "Dưới 8 m² mỗi người."),
    (
        "water_source",
        "Nước sinh hoạt và vệ sinh",
        "Nguồn nước sinh hoạt",
        "Không có nguồn nước sạch (nước máy, giếng khoan, giếng đào hoặc khe mó được bảo vệ, nước mưa, nước đóng chai).",
    ),
    (
        "toilet",
        "Nước sinh hoạt và vệ sinh",
        "Nhà tiêu hợp vệ sinh",
        "Không có nhà tiêu hợp vệ sinh (tự hoại, bán tự hoại, thấm dội nước, chìm có ống thông hơi, hai ngăn).",
    ),
    ("telecom", "Thông tin", "Sử dụng dịch vụ viễn thông", "Không có thành viên nào sử dụng dịch vụ internet."),
    (
        "info_means",
        "Thông tin",
        "Phương tiện phục vụ tiếp cận thông tin",
        "Không có phương tiện chung (ti vi, radio, máy tính để bàn, điện thoại) lẫn phương tiện cá nhân (máy tính xách tay, máy tính bảng, điện thoại thông minh).",
    ),
]
DEPRIVATION_KEYS = [key for key, *_ in DEPRIVATIONS]
DEPRIVATION_LABELS = {key: label for key, _, label, _ in DEPRIVATIONS}
POINTS_PER_DEPRIVATION = 10


class Category(StrEnum):
    POOR = "poor"
    NEAR_POOR = "near_poor"
    NOT_POOR = "not_poor"


CATEGORY_LABELS = {
    Category.POOR: "Hộ nghèo",
    Category.NEAR_POOR: "Hộ cận nghèo",
    Category.NOT_POOR: "Không nghèo",
}


class IncomeBasis(StrEnum):
    """What a standard compares with its line."""

    B1_SCORE = "b1_score"
    INCOME = "income"


@dataclass(frozen=True)
class Rule:
    """A standard's numbers. Lines are inclusive: at the line is still poor. Income in VND a person a month."""

    code: str
    name: str
    basis: IncomeBasis
    line_rural: int
    line_urban: int
    deprivations_for_poor: int
    confirmed: bool = True

    def line(self, zone: str) -> int:
        return {"rural": self.line_rural, "urban": self.line_urban}[zone]


@dataclass(frozen=True)
class Findings:
    """What the survey found in a household: the answers of form B that a standard looks at."""

    zone: str  # 'urban' or 'rural', of the place of residence on the review's day
    b1_score: int  # points
    income_per_person: Decimal | int  # VND a person a month
    deprived: frozenset[str]  # keys of DEPRIVATIONS
    b1_lines: tuple[Line, ...] = ()  # what each answer added to b1_score; empty: the total was typed
    b1_table: str = ""  # the table that said so

    @property
    def b2_score(self) -> int:
        return POINTS_PER_DEPRIVATION * len(self.deprived)
