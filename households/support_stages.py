"""The stages of a house built or repaired, in order, and what is wrong with their days; who pays for it. Pure.

A house counts from the day it is handed over (Plan 66, target 3), so the last stage is the day that counts.
"""

from collections.abc import Mapping
from datetime import date

STAGES = {
    "approved_on": "Được duyệt",
    "started_on": "Khởi công",
    "finished_on": "Hoàn thành",
    "handed_over_on": "Bàn giao",
}

# Who pays, in the order of the office's form; each an amount in dong.
SOURCES = {
    "from_central": "Ngân sách Trung ương",
    "from_city": "Ngân sách thành phố",
    "from_district": "Ngân sách quận, huyện",
    "from_fund": "Quỹ Vì người nghèo",
    "from_foreign": "Viện trợ nước ngoài",
    "from_private": "Doanh nghiệp, cộng đồng, gia đình",
    "from_bank": "Vay ngân hàng",
}


def stage(days: Mapping[str, date | None]) -> str:
    """The last stage reached, or '' when none is."""
    return next((name for name in reversed(STAGES) if days.get(name)), "")


def problems(days: Mapping[str, date | None], today: date) -> dict[str, str]:
    """Errors by field: a day in the future, before the stage before it, or with that stage not written."""
    wrong = {}
    before, label = None, ""
    for position, (name, own_label) in enumerate(STAGES.items()):
        day = days.get(name)
        if day is not None:
            if day > today:
                wrong[name] = "Ngày không được sau hôm nay."
            elif position and before is None:
                wrong[name] = f"Ghi ngày của bước trước: {label}."
            elif before is not None and day < before:
                wrong[name] = f"Ngày không được trước ngày của bước {label}."
        before, label = day, own_label
    return wrong
