"""What changed in a household: as values for the log, and in words for the page. Pure.

An ID number never goes into the log, only its last four digits behind dots: whoever reads the log has no reason to see it.
"""

from datetime import date

from areas.vietnamese import day as written
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
}


def place_facts(household) -> dict:
    return {"group": household.group, "address": household.address, "phone": household.phone}


def member_facts(member) -> dict:
    return {
        "full_name": member.full_name,
        "relation": member.relation,
        "sex": member.sex,
        "birth": member.birth,
        "ethnicity": member.ethnicity,
        "citizen_id": mask(member.citizen_id_last4),
    }


def differences(before: dict, after: dict) -> tuple[dict, dict]:
    """What changed, as it was and as it is."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before[key] for key in changed if key in before}, {key: after[key] for key in changed}


def changes(before: dict, after: dict, words: dict[str, dict[str, str]]) -> list[str]:
    """One line of the log about a household in words: a line for the place and one for each person.

    `words` names the values of fields that hold codes: {"relation": {"head": "Chủ hộ", …}, …}.
    """
    lines = [_values(before, after, words)]
    old_members = before.get("members", {})
    for key, new in after.get("members", {}).items():
        old = old_members.get(key, {})
        name = old.get("full_name") or new.get("full_name", "")
        if "left_on" in new:
            lines.append(f"{name} rời hộ ngày {written(date.fromisoformat(new['left_on']))}")
        elif old:
            lines.append(f"{name}, {_values(old, new, words)}")
        else:
            lines.append(f"{name} vào hộ, {_word('relation', new.get('relation'), words).lower()}")
    return [line for line in lines if line]


def _values(before: dict, after: dict, words: dict) -> str:
    said = []
    for key, label in LABELS.items():
        if key in after and before.get(key):
            said.append(f"{label}: {_word(key, before[key], words)} → {_word(key, after[key], words)}")
        elif after.get(key):
            said.append(f"{label}: {_word(key, after[key], words)}")
    return "; ".join(said)


def _word(key: str, value, words: dict) -> str:
    return words.get(key, {}).get(value, value) or "(trống)"
