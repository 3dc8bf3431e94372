"""What an indicator is, and the arithmetic on counts. Pure.

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
    "document": "văn bản",
    "money": "đồng",
}
SOURCE_LABELS = {
    "spells": "Danh sách hộ",
    "supports": "Sổ hỗ trợ",
    "plans": "Kế hoạch của hộ",
    "dossiers": "Hồ sơ rà soát",
    "activities": "Sổ hoạt động",
    "typed": "Số liệu nhập",
}
DIRECTION_LABELS = {"up": "Càng nhiều càng tốt", "down": "Càng ít càng tốt", "none": "Số theo dõi"}
# How an area's figure comes out of those of its parts, and a year's out of those of its days.
ADDS_LABELS = {
    "sum": "Cộng các địa bàn",
    "ratio": "Tổng tử số chia tổng mẫu số",
    "none": "Không cộng; mỗi địa bàn có số riêng",
}
OVER_LABELS = {
    "stock": "Số hiện có tại ngày",
    "year": "Lũy kế từ đầu năm",
    "flow": "Số của từng tháng, cả năm là tổng các tháng",
}
ROUNDING = Decimal("0.005")  # a rate printed with two decimals may be this far from the exact one
CITY_DISTRICTS = "ubnd-quan-huyen"  # the group of the districts' People's Committees

Typed = tuple[int, int | None]  # what was reached, of how many (None: not a share of anything)


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
    # what the registers of supports, households' plans and dossiers say beyond that, by the keys of counting_sql.py
    given: dict[str, int] = field(default_factory=dict)
    # activities held, by the keys of activity_counts.py
    held: dict[str, int] = field(default_factory=dict)
    # what agencies typed, by the indicator's code; no entry: nobody did
    typed: dict[str, Typed] = field(default_factory=dict)

    def __add__(self, other: "Counts") -> "Counts":
        """Of two areas side by side. What was typed is not added: an area has its own, or it rises by `adds`."""
        summed = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name not in KEYED}
        merged = {name: _merge(getattr(self, name), getattr(other, name)) for name in KEYED if name != "typed"}
        return Counts(**summed, **merged)


KEYED = ("into", "out_of", "given", "held", "typed")


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
    `numerator`, `denominator`: in words; no denominator: nothing is divided. `owner`: code of the agency that answers
    for it, or of a group whose members do. `adds`, `over`: keys of ADDS_LABELS and OVER_LABELS. `tolerance`: percent by
    which a typed figure may differ from the computed one without a reason; a start value, the row in the database
    counts. `clause`: where the plan speaks of it.
    """

    code: str
    name: str
    short: str
    unit: str
    source: str
    direction: str
    definition: str
    actual: Callable[[Counts], int | None]
    whole: Callable[[Counts], int | None] | None = None
    start: Callable[[Counts], int | Fraction] | None = None
    in_appendix: bool = True
    numerator: str = ""
    denominator: str = ""
    owner: str = "so-ldtbxh"
    over: str = "year"
    adds: str = ""
    tolerance: Decimal = Decimal(5)
    clause: str = ""

    def __post_init__(self):
        if not self.adds:
            object.__setattr__(self, "adds", "ratio" if self.unit == "percent" else "sum")

    @property
    def has_rate(self) -> bool:
        return self.whole is not None

    @property
    def counted_in(self) -> str:
        """The unit of the counts behind the figure: persons behind a percentage."""
        return UNIT_LABELS["person" if self.unit == "percent" else self.unit]

    @property
    def is_typed(self) -> bool:
        return self.source == "typed"

    @property
    def is_share(self) -> bool:
        """Typed with what it is a share of, and never above it."""
        return self.unit == "percent"


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
