"""An approved sheet into the register, and out again: each in one transaction, in chunks of many rows a statement."""

import json
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.log import log
from accounts.models import Event, User
from areas.vietnamese import tidy
from households.history import member_facts, place_facts
from households.members import Person
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import seal, vault
from households.services.imports import State, chunks, held
from households.services.register import _fill, _next_code, _search

CHUNK = 1000
STALE = timedelta(minutes=30)  # far longer than a sheet takes: whoever claimed before that is dead


class Busy(Exception):
    """Another worker is at this sheet, or took it over, or it is no longer to be applied."""


def run(*, batch_id: int, at: datetime) -> int:
    """Apply an approved sheet, alone. Returns the number of households; a failure leaves it approved, to be retried."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - STALE)
    if not ImportBatch.objects.filter(free, pk=batch_id, state=State.APPROVED).update(claimed_at=at):
        raise Busy
    try:
        return apply(batch=ImportBatch.objects.select_related("ward", "by").get(pk=batch_id), claimed_at=at)
    finally:
        ImportBatch.objects.filter(pk=batch_id, claimed_at=at).update(claimed_at=None)


@transaction.atomic
def apply(*, batch: ImportBatch, claimed_at: datetime) -> int:
    """All households of the sheet without errors, or none. Busy, and none, when the claim was lost meanwhile."""
    prefix, _, number = _next_code(batch.ward).rpartition("-")
    count = 0
    for rows in chunks(batch.rows.filter(wrong=False).order_by("number").iterator(CHUNK), CHUNK):
        _enter(batch, rows, prefix, int(number) + count)
        count += len(rows)
    mine = ImportBatch.objects.filter(pk=batch.pk, state=State.APPROVED, claimed_at=claimed_at)
    if not mine.update(state=State.APPLIED):
        raise Busy
    log(batch.by, "import.applied", batch, area=batch.ward, after={"households": count})
    return count


@transaction.atomic
def undo(*, batch: ImportBatch, by: User) -> int:
    """Take all households of the sheet out again. Refused when one was changed or something was built on it since."""
    batch = held(batch, by, State.APPLIED)
    mine = Household.objects.filter(imported__batch=batch)
    keys = list(
        Household.objects.select_for_update(of=("self",)).filter(imported__batch=batch).values_list("pk", "version")
    )
    used = [link for link in Household._meta.related_objects if link.related_model not in (Member, ImportRow)]
    if any(version != 1 for _, version in keys) or any(
        link.related_model._base_manager.filter(**{f"{link.field.name}__in": mine}).exists() for link in used
    ):
        raise ValidationError("Đã có hộ được sửa, rà soát hoặc hỗ trợ sau khi nhập: không hoàn tác được.", code="used")
    for some in chunks((key for key, _ in keys), CHUNK):
        households = list(Household.objects.filter(pk__in=some))
        Event.objects.bulk_create(_line(by, "household.import_undone", one, batch, {}) for one in households)
        ImportRow.objects.filter(household__in=some).update(household=None)
        Household.objects.filter(pk__in=some).delete()
    batch.state = State.UNDONE
    batch.save(update_fields=["state"])
    log(by, "import.undone", batch, area=batch.ward, after={"households": len(keys)})
    return len(keys)


def _enter(batch: ImportBatch, rows: list[ImportRow], prefix: str, first: int) -> None:
    households, members, lists = [], [], []
    for offset, row in enumerate(rows):
        said = json.loads(vault().open(row.sealed))
        people = [Person(**{**one, "citizen_id": one["citizen_id"] or ""}) for one in said["members"]]
        household = Household(
            code=f"{prefix}-{first + offset:05d}",
            ward=batch.ward,
            group=tidy(said["group"]),
            address=tidy(said["address"]),
            phone=said["phone"],
            registered_on=batch.day,
        )
        household.search = _search(household, people, {})
        households.append(household)
        lists.append(people)
    Household.objects.bulk_create(households)
    for row, household, people in zip(rows, households, lists, strict=True):
        row.household = household
        for person in people:
            member = Member(household=household, joined_on=batch.day)
            _fill(member, person)
            members.append(member)
    Member.objects.bulk_create(members)
    entered: dict[int, dict] = {}
    for member in members:
        entered.setdefault(member.household_id, {})[str(member.pk)] = member_facts(member)
    Event.objects.bulk_create(
        _line(
            batch.by,
            "household.registered",
            one,
            batch,
            seal(place_facts(one) | {"members": entered[one.pk]}) | {"version": 1},
        )
        for one in households
    )
    ImportRow.objects.bulk_update(rows, ["household"])


def _line(by: User, action: str, household: Household, batch: ImportBatch, after: dict) -> Event:
    return Event(
        by=by,
        action=action,
        subject_type=household._meta.label_lower,
        subject_id=str(household.pk),
        label=str(household),
        area=batch.ward,
        after=after | {"import": batch.pk},
    )
