"""What changed in a household, its reviews and supports: as values for the log, and in words for the page. Pure.

An ID number never goes into the log, only its last four digits behind dots: whoever reads the log has no reason to see it.
"""

from datetime import date

from areas.vietnamese import day as written
from areas.vietnamese import number
from households.identity import mask

LABELS = {
    "group": "tổ, thôn",
    "address": "địa chỉ",
    "phone": "điện thoại",
    "full_name": "họ và tên",
    "relation": "quan hệ",
    "sex": "giới tính",
    "birth": "ngày sinh",
    "ethnicity": "dân tộc",
    "citizen_id": "số định danh",
    "tenure": "chỗ ở",
    "living_area": "diện tích ở (m²)",
    "old_id": "CMND cũ",
    "insurance": "mã bảo hiểm",
    "schooling": "đang học",
    "education": "bằng cấp cao nhất",
    "work": "việc làm",
    "has_insurance": "có bảo hiểm y tế",
    "has_allowance": "hưởng trợ cấp xã hội hằng tháng",
    "is_disabled": "là người khuyết tật",
    "is_malnourished": "suy dinh dưỡng",
    "has_merit": "là người có công",
    "what": "việc",
    "other": "hộ liên quan",
    "ward": "phường, xã",
    "day": "ngày",
}

# What a review keeps in rows of its own.
ROWS = {"b1_items": "B1 theo mục", "triggers": "người thiếu hụt"}


def place_facts(household) -> dict:
    area = household.living_area
    told = {"tenure": household.tenure, "living_area": None if area is None else f"{area:.2f}".replace(".", ",")}
    place = {"group": household.group, "address": household.address, "phone": household.phone}
    return place | told


def member_facts(member) -> dict:
    """Every fact is always named, so that clearing one is a change too."""
    return {
        "full_name": member.full_name,
        "relation": member.relation,
        "sex": member.sex,
        "birth": member.birth,
        "ethnicity": member.ethnicity,
        "citizen_id": mask(member.citizen_id_last4),
        "old_id": mask(member.old_id_last4),
        "insurance": mask(member.insurance_last4),
        "schooling": member.schooling,
        "education": member.education,
        "work": member.work,
        "has_insurance": member.has_insurance,
        "has_allowance": member.has_allowance,
        "is_disabled": member.is_disabled,
        "is_malnourished": member.is_malnourished,
        "has_merit": member.has_merit,
    }


def differences(before: dict, after: dict) -> tuple[dict, dict]:
    """What changed, as it was and as it is."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before[key] for key in changed if key in before}, {key: after[key] for key in changed}


def answer_facts(columns: dict) -> dict:
    """Columns of a review, by name."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}


def support_facts(support) -> dict:
    return (
        {
            "policy": str(support.policy),
            "given_on": support.given_on.isoformat(),
            "ends_on": support.ends_on.isoformat() if support.ends_on else None,
            "persons": support.persons,
            "amount": support.amount,
        }
        | ({"member": support.member.full_name} if support.member_id else {})
        | ({"outside_reason": support.outside_reason} if support.outside_reason else {})
    )


def house_facts(work, days, sources) -> dict:
    """`days` and `sources`: the names of the stages and of who pays (support_stages)."""
    told = {"policy": str(work.policy)} | {name: getattr(work, name) for name in sources}
    told |= {name: day.isoformat() if (day := getattr(work, name)) else None for name in days}
    return told | ({"outside_reason": work.outside_reason} if work.outside_reason else {})


def balance_facts(balance) -> dict:
    return {"day": balance.day.isoformat(), "outstanding": balance.outstanding, "overdue": balance.overdue}


def changes(before: dict, after: dict, labels: dict[str, str], words: dict[str, dict]) -> list[str]:
    """One line of the log in words: a line for its fields, one for each person and one for each standard.

    `labels` names the fields, `words` the values of fields that hold codes: {"relation": {"head": "Chủ hộ", …}, …}.
    """
    lines = [_values(before, after, labels, words)]
    old_members = before.get("members", {})
    for key, new in after.get("members", {}).items():
        old = old_members.get(key, {})
        name = old.get("full_name") or new.get("full_name", "")
        if "left_on" in new:
            lines.append(f"{name} rời hộ ngày {written(date.fromisoformat(new['left_on']))}")
        elif old:
            lines.append(f"{name}, {_values(old, new, LABELS, words)}")
        else:
            lines.append(f"{name} vào hộ, {_word('relation', new.get('relation'), words).lower()}")
    old_spells = before.get("spells", {})
    for code, new in after.get("spells", {}).items():
        was, now = (_word("category", category, words) for category in (old_spells.get(code), new))
        lines.append(f"{_word('standard', code, words)}: {was} → {now}")
    return [line for line in lines if line]


def _values(before: dict, after: dict, labels: dict, words: dict) -> str:
    said = []
    for key, label in labels.items():
        if key in after and before.get(key) not in (None, ""):
            said.append(f"{label}: {_word(key, before[key], words)} → {_word(key, after[key], words)}")
        elif after.get(key) not in (None, "", False):  # of a new form, what it says no to is not listed
            said.append(f"{label}: {_word(key, after[key], words)}")
    return "; ".join(said)


def _word(key: str, value, words: dict) -> str:
    if key in words:
        return words[key].get(value, value) or "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return number(value)
    if value and (key == "day" or key.endswith("_on")):
        return written(date.fromisoformat(value))
    return value or "(trống)"
