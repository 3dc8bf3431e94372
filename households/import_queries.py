"""Imports read: the list, one sheet with its counts, its households with what is wrong in which cell."""

import json

from django.db.models import Count, Q

from households.intake.fields import FIELDS
from households.models import ImportBatch
from households.sealed import vault

SHOWN = {"loi": "Có lỗi", "luu-y": "Có lưu ý", "tat-ca": "Tất cả"}
LABELS = {"insurance": "Mã bảo hiểm"} | {field.key: field.label for field in FIELDS.values()}


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
    """How many households of the sheet there are, are wrong, can be written, have a remark."""
    found = batch.rows.aggregate(
        households=Count("pk"), wrong=Count("pk", filter=Q(wrong=True)), noted=Count("pk", filter=~Q(warnings=[]))
    )
    return found | {"fit": found["households"] - found["wrong"]}


def rows(batch, shown: str):
    """Households of the sheet: those with errors ('loi'), with remarks ('luu-y') or all."""
    found = batch.rows.select_related("household").order_by("number")
    match shown:
        case "loi":
            return found.filter(wrong=True)
        case "luu-y":
            return found.exclude(warnings=[])
    return found


def told(row) -> dict:
    """One household of the sheet in words: who, and each remark with its sheet row and the name of its cell."""
    said = json.loads(vault().open(row.sealed))
    heads = [one["full_name"] for one in said["members"] if one["relation"] == "head"]
    names = heads or [one["full_name"] for one in said["members"]]
    return {
        "row": row,
        "name": names[0] if names else "",
        "address": ", ".join(part for part in (said["address"], said["group"]) if part),
        "members": len(said["members"]),
        "errors": [_remark(one) for one in row.errors],
        "warnings": [_remark(one) for one in row.warnings],
    }


def _remark(one: dict) -> dict:
    return one | {"label": LABELS.get(one["field"], "")}
