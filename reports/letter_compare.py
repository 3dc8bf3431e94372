"""Two versions of a report beside each other: the figures that differ, the agencies, and the text word by word. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from areas.vietnamese import number
from reports.content import AgencyRow, Figure, ReportContent
from reports.letter_text import LABELS
from reports.sentences import OWN_REPORT
from targets.wording import Piece, compare


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was; '–' where there was, or is, none."""

    place: str
    name: str
    what: str
    before: str
    after: str
    by: str  # the difference with its sign; '' where there is nothing to subtract


@dataclass(frozen=True)
class TextChange:
    label: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Differences:
    figures: list[Change]
    agencies: list[Change]
    texts: list[TextChange]

    @property
    def any(self) -> bool:
        return bool(self.figures or self.agencies or self.texts)


def differences(old: ReportContent, new: ReportContent) -> Differences:
    texts = [
        TextChange(label, *compare(old.text.get(key, ""), new.text.get(key, "")))
        for key, label in LABELS
        if old.text.get(key, "") != new.text.get(key, "")
    ]
    return Differences(_figures(old, new), _agencies(old, new), texts)


# of a Figure, what it is called, decimals
DONE = ("actual", "thực hiện", 0)
FIELDS = [
    ("target", "kế hoạch", 0),
    DONE,
    ("denominator", "mẫu số", 0),
    ("computed_rate", "tỷ lệ, %", 2),
    ("reached", "% đạt", 1),
]


def _figures(old: ReportContent, new: ReportContent) -> list[Change]:
    """In the order of the newer version; what only one of them has is told by what was done alone, the older's last."""
    before = {(unit.code, code): (unit.name, figure) for unit in old.units for code, figure in unit.figures.items()}
    after = {(unit.code, code): (unit.name, figure) for unit in new.units for code, figure in unit.figures.items()}
    changes = []
    for key in [*after, *(key for key in before if key not in after)]:
        name, _ = after.get(key) or before[key]
        none = Figure(key[1])
        was, now = (side[key][1] if key in side else none for side in (before, after))
        changes += [
            _change(name, now.name, what, getattr(was, field), getattr(now, field), places)
            for field, what, places in (FIELDS if key in before and key in after else [DONE])
            if getattr(was, field) != getattr(now, field)
        ]
    return changes


def _change(place: str, name: str, what: str, was: Decimal | int | None, now, places: int) -> Change:
    by = ""
    if was is not None and now is not None:
        difference = Decimal(now) - Decimal(was)
        by = f"{'+' if difference > 0 else ''}{number(difference, places)}"
    return Change(place, name, what, number(was, places), number(now, places), by)


COUNTED = [("tasks", "nhiệm vụ được giao"), ("reported", "đã báo cáo kỳ này"), ("verified", "đã xác nhận")]


def _agencies(old: ReportContent, new: ReportContent) -> list[Change]:
    before, after = ({row.name: row for row in side.agencies} for side in (old, new))
    changes = []
    for name in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(name), after.get(name)
        changes += [
            _change(name, "Nhiệm vụ", what, _of(was, field), _of(now, field), 0)
            for field, what in COUNTED
            if _of(was, field) != _of(now, field)
        ]
        sent = [OWN_REPORT[row.own_report] if row else "–" for row in (was, now)]
        if sent[0] != sent[1]:
            changes.append(Change(name, "Báo cáo của đơn vị", "tình trạng", *sent, ""))
    return changes


def _of(row: AgencyRow | None, field: str) -> int | None:
    return getattr(row, field) if row else None
