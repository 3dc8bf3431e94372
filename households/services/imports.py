"""A sheet's way up to approval: kept, checked household by household, approved or cancelled.

Applying and undoing are in import_apply.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number as written
from households.members import Person, check
from households.models import ImportBatch, ImportRow, Member
from households.sealed import vault
from households.services.register import _marked

CHUNK = 2000  # households staged with one look at the register
State = ImportBatch.State


@dataclass(frozen=True)
class Staged:
    """A household as read from the sheet; `number` is the sheet row where it begins."""

    number: int
    group: str
    address: str
    phone: str
    members: list[Person]
    errors: list[dict] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)


@transaction.atomic
def keep_file(*, name: str, data: bytes, day: date, by: User) -> ImportBatch:
    """Keep a file for the officer's ward. ValidationError when the ward has it already."""
    if not by.may(May.IMPORT_HOUSEHOLDS) or not by.area_id or by.area.level != Area.Level.WARD:
        raise PermissionDenied
    mark = hashlib.sha256(data).hexdigest()
    Area.objects.select_for_update(no_key=True).get(pk=by.area_id)  # two uploads of one file at a time
    over = (State.CANCELLED, State.UNDONE)
    if ImportBatch.objects.filter(ward=by.area, sha256=mark).exclude(state__in=over).exists():
        raise ValidationError({"file": "Tệp này đã được tải lên trước đó."}, code="same")
    sealed = vault().seal(base64.b64encode(data).decode()).encode()
    batch = ImportBatch.objects.create(
        ward=by.area, by=by, name=name[:200], sha256=mark, size=len(data), sealed=sealed, day=day
    )
    log(by, "import.uploaded", batch, area=batch.ward, after={"size": batch.size})
    return batch


@transaction.atomic
def stage(*, batch: ImportBatch, households: Iterable[Staged], by: User) -> ImportBatch:
    """Check what was read and keep it sealed, in place of an earlier check. The register is not touched."""
    batch = held(batch, by, State.UPLOADED, State.CHECKED)
    batch.rows.all().delete()
    seen: set[str] = set()
    for chunk in chunks(households, CHUNK):
        marked = [(one, _marked(one.members, {})) for one in chunk]
        marks = {person.mark for _, people in marked for person in people if person.mark}
        known = set(
            Member.objects.filter(citizen_id_hash__in=marks, left_on__isnull=True).values_list(
                "citizen_id_hash", flat=True
            )
        )
        ImportRow.objects.bulk_create(_row(batch, one, people, known, seen) for one, people in marked)
    batch.state = State.CHECKED
    batch.save(update_fields=["state"])
    log(by, "import.checked", batch, area=batch.ward, after={"households": batch.rows.count()})
    return batch


@transaction.atomic
def approve(*, batch: ImportBatch, leaving_out: int, by: User) -> ImportBatch:
    """Let the sheet be applied. `leaving_out`: how many households with errors the officer agreed to leave out."""
    batch = held(batch, by, State.CHECKED)
    wrong = batch.rows.filter(wrong=True).count()
    if wrong != leaving_out:
        raise ValidationError({"leaving_out": f"Có {written(wrong)} hộ có lỗi: xác nhận bỏ lại, hoặc sửa tệp."})
    if not batch.rows.filter(wrong=False).exists():
        raise ValidationError("Không có hộ nào ghi được.")
    batch.state, batch.without_errors = State.APPROVED, wrong
    batch.save(update_fields=["state", "without_errors"])
    log(by, "import.approved", batch, area=batch.ward, after={"left_out": wrong})
    return batch


@transaction.atomic
def cancel(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give the sheet up before it is applied. A worker that is at it finds so at its end and takes all back."""
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.APPROVED)
    batch.state = State.CANCELLED
    batch.save(update_fields=["state"])
    log(by, "import.cancelled", batch, area=batch.ward)
    return batch


def chunks(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of `size`, the last one shorter."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def held(batch: ImportBatch, by: User, *states: str) -> ImportBatch:
    """The case file, locked, for somebody who may work on it in one of these states."""
    mine = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if mine is None or not by.may(May.IMPORT_HOUSEHOLDS):
        raise PermissionDenied
    if mine.state not in states:
        raise ValidationError(f"Lần nhập này đang ở bước “{mine.get_state_display()}”.", code="state")
    return mine


def _row(batch: ImportBatch, one: Staged, people: list[Person], known: set[str], seen: set[str]) -> ImportRow:
    errors = list(one.errors)
    errors += [{"row": p.row, "field": p.field, "message": p.message} for p in check(people, batch.day)]
    for row, person in enumerate(people):
        if person.mark and person.mark in known:
            errors.append({"row": row, "field": "citizen_id", "message": "Số định danh này đã có trong sổ hộ."})
        elif person.mark and person.mark in seen:
            errors.append({"row": row, "field": "citizen_id", "message": "Số định danh này đã có ở hộ khác trong tệp."})
    seen.update(person.mark for person in people if person.mark)
    said = {"group": one.group, "address": one.address, "phone": one.phone, "members": [asdict(p) for p in people]}
    return ImportRow(
        batch=batch,
        number=one.number,
        sealed=vault().seal(json.dumps(said)),
        errors=errors,
        warnings=list(one.warnings),
        wrong=bool(errors),
    )
