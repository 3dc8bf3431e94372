"""Standards, policies and rounds: loaded from the shipped file, confirmed by an officer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import tidy
from households import rounds
from households.catalogue import Catalogue
from households.models import Policy, Round, Standard


@transaction.atomic
def load_standards(*, catalogue: Catalogue, by: User | None = None) -> dict[str, list[str]]:
    """Add what is missing. A row that exists is left as the office keeps it, confirmed or not; what differs is named.

    Safe to run twice. Returns {'added': [...], 'different': ['city-2022: line_rural', ...]}.
    """
    outcome = {"added": [], "different": []}
    for model, rows in ((Standard, catalogue.standards), (Policy, catalogue.policies)):
        kept = {row.code: row for row in model.objects.filter(code__in=[row["code"] for row in rows])}
        for values in rows:
            row = kept.get(values["code"])
            if row is None:
                log(
                    by,
                    f"{model._meta.model_name}.loaded",
                    model.objects.create(**values),
                    after={"code": values["code"]},
                )
                outcome["added"].append(values["code"])
            elif changed := [name for name, value in values.items() if getattr(row, name) != value]:
                outcome["different"].append(f"{row.code}: {', '.join(changed)}")
    for year in catalogue.round_years:
        outcome["added"] += [each.name for each in ensure_rounds(year=year, by=by)]
    return outcome


@transaction.atomic
def ensure_rounds(*, year: int, by: User | None = None) -> list[Round]:
    """The annual and the regular rounds of a year, where they are missing. Returns those added."""
    added = []
    for dates in rounds.rounds_of(year):
        if Round.objects.filter(year=year, kind=dates.kind, starts_on__month=dates.starts_on.month).exists():
            continue  # the office may have moved its days; it is still that month's round
        added.append(
            Round.objects.create(
                year=year, kind=dates.kind, name=dates.name, starts_on=dates.starts_on, ends_on=dates.ends_on
            )
        )
    if added:
        log(by, "rounds.opened", added[0], after={"rounds": [each.name for each in added]})
    return added


@transaction.atomic
def confirm_standard(*, standard: Standard, document: str, at: datetime, by: User) -> Standard:
    """Somebody with the right says by which document the amounts hold. Final: a new amount is a new standard."""
    if not by.may(May.CONFIRM_STANDARDS):
        raise PermissionDenied
    document = tidy(document)
    if not document:
        raise ValidationError({"confirmed_document": "Ghi số văn bản quy định mức chuẩn."})
    locked = Standard.objects.select_for_update().get(pk=standard.pk)
    if locked.confirmed:
        raise ValidationError({"confirmed_document": f"Chuẩn này đã được xác nhận theo {locked.confirmed_document}."})
    locked.confirmed, locked.confirmed_document = True, document
    locked.confirmed_by, locked.confirmed_at = by, at
    locked.save(update_fields=["confirmed", "confirmed_document", "confirmed_by", "confirmed_at"])
    log(by, "standard.confirmed", locked, before={"confirmed": False}, after={"confirmed": True, "document": document})
    return locked
