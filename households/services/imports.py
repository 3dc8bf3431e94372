"""A sheet's way up to approval: kept, checked household by household, approved or cancelled.

Applying and undoing are in import_apply.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.bulk import chunks, insert
from areas.models import Area
from areas.vietnamese import number as written
from households.intake.fields import title_key
from households.models import ImportBatch, ImportColumn, ImportRow
from households.sealed import vault
from households.services.import_checks import Numbers, Staged, checked

CHUNK = 2000  # households staged with one look at the register
State = ImportBatch.State


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
    sealed = vault().seal_file(data)
    batch = ImportBatch.objects.create(
        ward=by.area, by=by, name=name[:200], sha256=mark, size=len(data), sealed=sealed, day=day
    )
    log(by, "import.uploaded", batch, area=batch.ward, after={"size": batch.size})
    return batch


@transaction.atomic
def stage(*, batch: ImportBatch, households: Iterable[Staged], by: User, reading: dict | None = None) -> ImportBatch:
    """Check what was read and keep it sealed, in place of an earlier check. The register is not touched.

    `reading`: what was found in the file, for `found_in`; it may be filled while `households` is drawn.
    """
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.FAILED)
    ImportRow.objects.filter(batch=batch).delete()
    seen: Numbers = {}
    counted = {"people": 0, "left_out": 0}  # rows of the sheet, a person each
    for chunk in chunks(households, CHUNK):
        found = checked(chunk, batch.day, seen, by)
        for one in found:
            counted["people"] += len(one.people)
            counted["left_out"] += max(1, len(one.people)) if one.errors else 0
        keep = vault().seal
        rows = [
            (batch.pk, one.number, keep(json.dumps(one.said())), one.errors, one.warnings, bool(one.errors))
            for one in found
        ]
        insert(ImportRow, ("batch_id", "number", "sealed", "errors", "warnings", "wrong"), rows)
    batch.state, batch.failure = State.CHECKED, ""
    batch.reading = vault().seal(json.dumps((reading or {}) | counted))
    batch.save(update_fields=["state", "failure", "reading"])
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
    batch.state, batch.without_errors, batch.approved_by = State.APPROVED, wrong, by
    batch.save(update_fields=["state", "without_errors", "approved_by"])
    log(by, "import.approved", batch, area=batch.ward, after={"left_out": wrong})
    return batch


@transaction.atomic
def cancel(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give the sheet up before it is applied. A worker that is at it finds so at its end and takes all back."""
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.APPROVED, State.FAILED)
    batch.state = State.CANCELLED
    batch.save(update_fields=["state"])
    log(by, "import.cancelled", batch, area=batch.ward)
    return batch


@transaction.atomic
def read_again(
    *, batch: ImportBatch, columns: dict[str, str], by: User, sheet: str = "", convert: bool | None = None
) -> ImportBatch:
    """Have the file read anew. `columns`: of each heading the field it means, '' for none; the ward's sheets keep it.

    `convert`: whether the officer agrees that text of an old font is turned into Unicode; None leaves what was said.
    """
    batch = held(batch, by, State.UPLOADED, State.CHECKED, State.FAILED)
    for title, name in columns.items():
        key = title_key(title)[:200]
        if key:
            ImportColumn.objects.update_or_create(ward=batch.ward, title=key, defaults={"field": name})
    found = found_in(batch)
    found["sheet"] = sheet or found.get("sheet", "")
    if convert is not None:
        found["encoding"] = found.get("fonts", "") if convert else ""
    batch.state, batch.failure, batch.reading = State.UPLOADED, "", vault().seal(json.dumps(found))
    batch.save(update_fields=["state", "failure", "reading"])
    log(by, "import.columns", batch, area=batch.ward, after={"columns": len(columns)})
    return batch


@transaction.atomic
def fail(*, batch: ImportBatch, message: str, state: str) -> bool:
    """Say why a sheet could not be read or applied; False when it is no longer in the `state` it failed in."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state=state).update(state=State.FAILED, failure=message[:300])
    if failed:
        log(batch.approved_by or batch.by, "import.failed", batch, area=batch.ward)
    return bool(failed)


def remembered(ward: Area) -> dict[str, str]:
    """What the ward said of headings: heading without marks to field, '' for one that is not read."""
    return dict(ImportColumn.objects.filter(ward=ward).values_list("title", "field"))


def found_in(batch: ImportBatch) -> dict:
    """What the last reading found: sheet, sheets, header rows, columns, notices, counts. {} before the first."""
    return json.loads(vault().open(batch.reading)) if batch.reading else {}


def earlier(data: bytes, by: User) -> ImportBatch | None:
    """The import of the very same file that stands in the way of another one."""
    mark = hashlib.sha256(data).hexdigest()
    same = ImportBatch.objects.visible_to(by).filter(sha256=mark, ward=by.area)
    return same.exclude(state__in=(State.CANCELLED, State.UNDONE)).defer("sealed", "reading").first()


def file_of(batch: ImportBatch) -> bytes:
    """The file as it was brought."""
    sealed = ImportBatch.objects.values_list("sealed", flat=True).get(pk=batch.pk)  # not kept on the batch
    return vault().open_file(bytes(sealed))


def held(batch: ImportBatch, by: User, *states: str) -> ImportBatch:
    """The case file, locked, for somebody who may work on it in one of these states."""
    free = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).defer("sealed")
    mine = free.filter(pk=batch.pk).first()
    if mine is None or not by.may(May.IMPORT_HOUSEHOLDS):
        raise PermissionDenied
    if mine.state not in states:
        raise ValidationError(f"Lần nhập này đang ở bước “{mine.get_state_display()}”.", code="state")
    return mine
