"""Imports read: the list, one sheet with its counts, its households with what is wrong and what changes."""

from django.db.models import Count, Prefetch, Q

from areas.vietnamese import number
from households.history import LABELS as FACTS
from households.intake.fields import FIELDS
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import open_json
from households.services.imports import kinds

Kind = ImportRow.Kind
SHOWN = {
    "loi": "Có lỗi",
    "xac-nhan": "Cần xác nhận",
    "sua": "Sửa hộ đã có",
    "moi": "Hộ mới",
    "nhu-cu": "Không đổi",
    "luu-y": "Có lưu ý",
    "tat-ca": "Tất cả",
}
LABELS = {"insurance": "Mã bảo hiểm"} | {field.key: field.label for field in FIELDS.values()}
WORDS = {
    "relation": dict(Member.Relation.choices),
    "sex": dict(Member.Sex.choices),
    "tenure": dict(Household.Tenure.choices),
    "has_insurance": {True: "có", False: "không"},
}


def listed(user):
    """The sheets of the user's area with their counts, newest first; neither file nor reading is fetched."""
    return (
        ImportBatch.objects.visible_to(user)
        .select_related("ward", "by")
        .defer("sealed", "reading")
        .order_by("-pk")
        .annotate(households=Count("rows"), wrong=Count("rows", filter=Q(rows__wrong=True)))
    )


def counts(batch) -> dict[str, int]:
    """How many households of the sheet there are, of each kind, wrong, with a remark; `fit` will be written."""
    found = kinds(batch) | batch.rows.aggregate(households=Count("pk"), noted=Count("pk", filter=~Q(warnings=[])))
    return found | {"fit": found[Kind.NEW] + found[Kind.UPDATE]}


def shown_of(counted: dict[str, int], asked: str) -> str:
    """The tab that was asked for; else the first that wants something of the officer."""
    if asked in SHOWN:
        return asked
    wanted = {"loi": counted["wrong"], "xac-nhan": counted[Kind.MAYBE], "sua": counted[Kind.UPDATE]}
    return next((key for key, count in wanted.items() if count), "loi" if not counted["fit"] else "tat-ca")


def tallies(counted: dict[str, int]) -> dict[str, int]:
    """How many stand under each tab."""
    held = {"loi": "wrong", "sua": Kind.UPDATE, "moi": Kind.NEW, "nhu-cu": Kind.SAME, "xac-nhan": Kind.MAYBE}
    held |= {"luu-y": "noted", "tat-ca": "households"}
    return {key: counted[held[key]] for key in SHOWN}


def rows(batch, shown: str):
    """Households of the sheet under one of the tabs, each with the register's beside it."""
    current = Member.objects.filter(left_on__isnull=True).order_by("pk")
    found = batch.rows.select_related("household").prefetch_related(Prefetch("household__members", current))
    found = found.order_by("number")
    match shown:
        case "loi":
            return found.filter(wrong=True)
        case "luu-y":
            return found.exclude(warnings=[])
        case "xac-nhan":  # with what was answered: one's mind may change
            return found.filter(Q(kind=Kind.MAYBE, wrong=False) | Q(answered=True))
        case "sua" | "moi" | "nhu-cu":
            kind = {"sua": Kind.UPDATE, "moi": Kind.NEW, "nhu-cu": Kind.SAME}[shown]
            return found.filter(kind=kind, wrong=False)
    return found


def told(row) -> dict:
    """One household of the sheet in words: who, each remark with its sheet row and the name of its cell, what changes."""
    said = open_json(row.sealed)
    held = open_json(row.changes) if row.changes else None
    people = sorted(said["members"], key=lambda one: one.get("relation") != Member.Relation.HEAD)  # blanks are not kept
    names = [name for one in people if (name := one.get("full_name"))]
    return {
        "row": row,
        "name": names[0] if names else "",
        "address": ", ".join(part for part in (said["address"], said["group"]) if part),
        "members": len(said["members"]),
        "errors": [_remark(one) for one in row.errors],
        "warnings": [_remark(one) for one in row.warnings],
        "changes": list(_changes(held, said)) if held and row.kind != Kind.NEW else [],
        "absent": [held["names"][str(key)] for key in held["absent"]] if held and row.kind != Kind.NEW else [],
        "known": _known(row),
        "open": row.kind == Kind.MAYBE and not row.wrong,
        "may_answer": row.answered or row.kind == Kind.MAYBE and not row.wrong,
    }


def _known(row) -> dict | None:
    """The register's household as it is now, beside the sheet's."""
    home = row.household
    if home is None or row.kind == Kind.NEW:  # of a new one the register says only what the sheet said
        return None
    people = list(home.members.all())
    head = next((one for one in people if one.relation == Member.Relation.HEAD), None)
    return {
        "code": home.code,
        "head": f"{head.full_name}, {head.birth}" if head else "",
        "address": f"{home.address}, {home.group}",
        "phone": home.phone,
        "members": len(people),
    }


def _changes(held: dict, said: dict):
    """(whose, what, before, after) of each changed field, numbers masked as they were kept."""
    for name, (before, after) in held["place"].items():
        yield "Hộ", FACTS[name], _word(name, before), _word(name, after)
    for key, fields in held["members"].items():
        for name, (before, after) in fields.items():
            yield held["names"][key], FACTS[name], _word(name, before), _word(name, after)
    for place in held["joins"]:
        one = said["members"][place]
        yield one.get("full_name", ""), "vào hộ", "", _word("relation", one.get("relation")).lower()


def _word(name: str, value) -> str:
    if name == "living_area" and value:
        return number(value, 2)
    return str(WORDS.get(name, {}).get(value, value if value is not None else "") or "")


def _remark(one: dict) -> dict:
    return one | {"label": LABELS.get(one["field"], "")}
