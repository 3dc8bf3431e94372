"""What is looked at before a unit's report is handed in. Pure.

An error keeps the report back; a warning lets it go once somebody has explained it, and the explanation is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from areas.vietnamese import number
from reports.states import MUST_BE_WRITTEN, PART_LABELS, Part

NET = frozenset(
    {"poor_labour_reduction", "central_poor_reduction", "special_hardship_reduction", "near_poor_reduction"}
)


@dataclass(frozen=True)
class Fault:
    """`key` names what it is about, the same at every check; `place` is the anchor on the page."""

    key: str
    place: str
    says: str
    is_error: bool


@dataclass(frozen=True)
class Given:
    """A figure as the checks see it. `rises`: it only grows within a year. None: nobody knows."""

    key: str
    name: str
    unit: str
    typed: Decimal | None
    computed: Decimal | None
    previous: Decimal | None
    denominator: Decimal | None = None
    rises: bool = False
    asked: bool = True  # somebody waits for it; a unit's own further figure may be left out

    @property
    def value(self) -> Decimal | None:
        return self.computed if self.typed is None else self.typed


def of_parts(texts: dict[str, str]) -> list[Fault]:
    return [
        Fault(f"part:{part}", f"phan-{part}", f"{PART_LABELS[part]}: chưa viết.", True)
        for part in MUST_BE_WRITTEN
        if not texts.get(part, "").strip()
    ]


def of_figures(figures: Iterable[Given]) -> list[Fault]:
    found = []
    for figure in figures:
        if figure.value is None:
            if figure.asked:
                found.append(_fault(figure, "missing", "chưa có số liệu; hãy nhập kèm nguồn.", True))
            continue
        if wrong := out_of_range(figure):
            found.append(_fault(figure, "range", wrong, True))
            continue
        if figure.rises and figure.previous is not None and figure.value < figure.previous:
            says = f"{_shown(figure.value)} thấp hơn kỳ trước ({_shown(figure.previous)})."
            found.append(_fault(figure, "below", says, False))
        if figure.typed is not None and figure.computed is not None and figure.typed != figure.computed:
            says = f"đơn vị nhập {_shown(figure.typed)}, tính từ danh sách được {_shown(figure.computed)}."
            found.append(_fault(figure, "differs", says, False))
    return found


def out_of_range(figure: Given) -> str:
    """What cannot be: a negative count, more than a hundred percent, more than there are, half a household."""
    value = figure.value
    if figure.unit == "%":
        return "" if 0 <= value <= 100 else f"{_shown(value)} % nằm ngoài khoảng 0 đến 100."
    if value != int(value) and figure.asked:
        return f"{_shown(value)} không phải số nguyên."
    if value < 0 and figure.key not in NET:
        return "không được âm."
    if figure.denominator is not None and abs(value) > figure.denominator:
        return f"{_shown(value)} lớn hơn tổng số {_shown(figure.denominator)}."
    return ""


def of_tasks(silent: Iterable[str]) -> list[Fault]:
    """`silent`: places in the plan of open tasks about which nothing was said since the last period."""
    return [
        Fault(f"task:{ref}", "nhiem-vu", f"Nhiệm vụ {ref}: chưa có cập nhật nào từ kỳ trước.", False) for ref in silent
    ]


def unexplained(faults: Iterable[Fault], explained: dict[str, str]) -> list[Fault]:
    """Warnings that nobody has explained as they stand now; `explained`: key → what the check said then."""
    return [one for one in faults if not one.is_error and explained.get(one.key) != one.says]


def _fault(figure: Given, what: str, says: str, is_error: bool) -> Fault:
    return Fault(f"{what}:{figure.key}"[:80], "so-lieu", f"{figure.name}: {says}"[:300], is_error)


def _shown(value: Decimal) -> str:
    return number(value, 0 if value == int(value) else 2)


def parts_missing(texts: dict[str, str]) -> list[Part]:
    """What is still to be written, for the unit's home."""
    return [part for part in MUST_BE_WRITTEN if not texts.get(part, "").strip()]
