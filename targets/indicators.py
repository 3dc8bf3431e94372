"""The indicators of Plan 66: what each is counted from, and the arithmetic on counts. Pure.

Rates are percent with two decimals, half up; a rate is always count / denominator, never a difference of rates,
and None, not zero, when there is nothing to divide by.
"""

from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal

UNIT_LABELS = {"household": "hộ", "person": "người", "turn": "lượt", "house": "nhà", "percent": "%"}
SOURCE_LABELS = {"spells": "Danh sách hộ", "supports": "Sổ hỗ trợ", "typed": "Số liệu nhập"}


@dataclass(frozen=True)
class Counts:
    """What was counted in an area: households unless said otherwise. 'opening' is at the start of the year."""

    residents: int = 0  # resident households, the denominator of the poverty rates
    opening_poor_labour: int = 0  # poor by the city's standard, with labour capacity
    poor_labour: int = 0
    opening_central_poor: int = 0  # poor by the central standard, with labour capacity
    central_poor: int = 0
    opening_special_hardship: int = 0  # poor by the city's standard, with labour, in especially difficult circumstances
    special_hardship: int = 0
    opening_near_poor: int = 0  # near-poor by the city's standard
    near_poor: int = 0
    near_poor_persons: int = 0
    near_poor_insured: int = 0  # persons
    house_new: int = 0  # houses handed over in the year
    house_repair: int = 0
    jobs: int = 0  # turns in the year
    officers_trained: int = 0  # persons
    officers: int = 0
    # gross movements of poor households with labour capacity, by reason
    into: dict[str, int] = field(default_factory=dict)
    out_of: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Counts") -> "Counts":
        summed = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if f.name not in ("into", "out_of")
        }
        return Counts(**summed, into=_merge(self.into, other.into), out_of=_merge(self.out_of, other.out_of))


def _merge(one: dict[str, int], two: dict[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + two.get(key, 0) for key in sorted(one.keys() | two.keys())}


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """part / whole in percent, two decimals, half up. None when there is nothing to divide by."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
