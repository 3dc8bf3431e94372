"""A sheet's way up to approval: kept, checked household by household, approved or cancelled.

Applying and undoing are in import_apply.
"""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import BinaryField, Count, Q
from django.db.models.functions import Substr

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.bulk import chunks, insert
from areas.models import Area
from areas.vietnamese import number as written
from households.intake.fields import title_key
from households.intake.reading import Staged
from households.models import ImportBatch, ImportColumn, ImportRow
from households.sealed import open_json, seal_json, vault
from households.services.import_checks import Checked, Numbers, checked

CHUNK = 2000  # households staged with one look at the register
PIECE = 4 * 1024 * 1024  # bytes of a file in one answer of the database
State = ImportBatch.State
Kind = ImportRow.Kind
COLUMNS = ("batch_id", "number", "sealed", "errors", "warnings", "wrong", "kind", "household_id", "version", "changes")
COLUMNS += ("answered",)
GIVEN_UP_FROM = (State.UPLOADED, State.CHECKED, State.APPROVED, State.FAILED)


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
    said = answers(batch)
    ImportRow.objects.filter(batch=batch).delete()
    seen: Numbers = {}
    taken: dict[int, int] = {}  # of registered households that the sheet has, the row
    counted = {"people": 0, "left_out": 0}  # rows of the sheet, a person each
    for chunk in chunks(households, CHUNK):
        found = checked(chunk, batch, seen, taken, by)
        for one in found:
            counted["people"] += len(one.people)
            counted["left_out"] += max(1, len(one.people)) if one.wrong else 0
        insert(ImportRow, COLUMNS, (_row(batch, one, said.get(one.number)) for one in found))
    batch.state, batch.failure = State.CHECKED, ""
    batch.reading = seal_json((reading or {}) | counted)
    batch.save(update_fields=["state", "failure", "reading"])
    log(by, "import.checked", batch, area=batch.ward, after={"households": batch.rows.count()})
    return batch


@transaction.atomic
def approve(*, batch: ImportBatch, leaving_out: int, by: User, seen: dict[str, int] | None = None) -> ImportBatch:
    """Let the sheet be applied. `leaving_out`: how many households with errors the officer agreed to leave out.

    `seen`: the counts that the officer was shown, by kind; refused when the sheet was checked anew since.
    """
    batch = held(batch, by, State.CHECKED)
    counts = kinds(batch)
    if seen is not None and seen != counts:
        raise ValidationError("Tệp vừa được kiểm tra lại, số hộ đã khác. Xem lại rồi duyệt.", code="seen")
    found = found_in(batch)
    if found.get("fonts") and "convert" not in found:
        raise ValidationError("Tệp dùng phông chữ cũ: chọn chuyển sang Unicode hay giữ nguyên trước khi duyệt.")
    if counts["wrong"] != leaving_out:
        wrong = written(counts["wrong"])
        raise ValidationError({"leaving_out": f"Có {wrong} hộ có lỗi: xác nhận bỏ lại, hoặc sửa tệp."})
    if counts[Kind.MAYBE]:
        raise ValidationError(f"Còn {written(counts[Kind.MAYBE])} hộ cần xác nhận là hộ đã có hay hộ mới.")
    if not counts[Kind.NEW] + counts[Kind.UPDATE]:
        raise ValidationError("Không có hộ nào để ghi.")
    batch.state, batch.without_errors, batch.approved_by = State.APPROVED, counts["wrong"], by
    batch.save(update_fields=["state", "without_errors", "approved_by"])
    log(by, "import.approved", batch, area=batch.ward, after=counts)
    return batch


def kinds(batch: ImportBatch) -> dict[str, int]:
    """How many households of the sheet are new, updates, the same, wait for an answer, are wrong; one query."""
    every = {kind: Count("pk", filter=Q(wrong=False, kind=kind)) for kind in Kind.values}
    return batch.rows.aggregate(**every, wrong=Count("pk", filter=Q(wrong=True)))


@transaction.atomic
def answer(*, batch: ImportBatch, is_new: bool, by: User, numbers: set[int] | None = None) -> int:
    """Say of likely households whether they are the register's or new. `numbers`: rows of the sheet; None: all open ones.

    Refused when two of them would be one household of the register.
    """
    batch = held(batch, by, State.CHECKED)
    rows = batch.rows.filter(kind=Kind.MAYBE) if numbers is None else batch.rows.filter(number__in=numbers)
    rows = list(rows.filter(Q(kind=Kind.MAYBE) | Q(answered=True)).select_for_update(of=("self",)))
    more = 0
    for row in rows:
        was = row.wrong
        answered(row, is_new=is_new)
        more += (row.wrong - was) * max(1, len(open_json(row.changes)["keys"]))
    found = found_in(batch)
    found["left_out"] = found.get("left_out", 0) + more
    batch.reading = seal_json(found)
    batch.save(update_fields=["reading"])
    taken = dict(batch.rows.filter(kind__in=(Kind.UPDATE, Kind.SAME)).values_list("household", "number"))
    for row in rows:
        if not is_new and taken.setdefault(row.household_id, row.number) != row.number:
            lines = f"{written(taken[row.household_id])} và {written(row.number)}"
            raise ValidationError(f"Dòng {lines} cùng là một hộ của sổ: chỉ nhận một dòng.", code="twice")
    ImportRow.objects.bulk_update(rows, ["kind", "answered", "household", "version", "errors", "wrong"], batch_size=500)
    log(by, "import.answered", batch, area=batch.ward, after={"households": len(rows), "new": is_new})
    return len(rows)


@transaction.atomic
def cancel(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give the sheet up before it is applied. A worker that is at it finds so at its end and takes all back."""
    batch = held(batch, by, *GIVEN_UP_FROM)
    before, batch.state = {"state": batch.state}, State.CANCELLED
    batch.save(update_fields=["state"])
    log(by, "import.cancelled", batch, area=batch.ward, before=before, after={"state": batch.state})
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
        found["encoding"], found["convert"] = found.get("fonts", "") if convert else "", convert
    batch.state, batch.failure, batch.reading = State.UPLOADED, "", seal_json(found)
    batch.save(update_fields=["state", "failure", "reading"])
    log(by, "import.columns", batch, area=batch.ward, after={"columns": len(columns)})
    return batch


@transaction.atomic
def fail(*, batch: ImportBatch, message: str, state: str) -> bool:
    """Say why a sheet could not be read or applied; False when it is no longer in the `state` it failed in."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state=state).update(state=State.FAILED, failure=message[:300])
    if failed:
        told = {"before": {"state": state}, "after": {"state": State.FAILED}}
        log(batch.approved_by or batch.by, "import.failed", batch, area=batch.ward, **told)
    return bool(failed)


def remembered(ward: Area) -> dict[str, str]:
    """What the ward said of headings: heading without marks to field, '' for one that is not read."""
    return dict(ImportColumn.objects.filter(ward=ward).values_list("title", "field"))


def found_in(batch: ImportBatch) -> dict:
    """What the last reading found: sheet, sheets, header rows, columns, notices, counts. {} before the first."""
    return open_json(batch.reading) if batch.reading else {}


def earlier(data: bytes, by: User) -> ImportBatch | None:
    """The import of the very same file that stands in the way of another one."""
    mark = hashlib.sha256(data).hexdigest()
    same = ImportBatch.objects.visible_to(by).filter(sha256=mark, ward=by.area)
    return same.exclude(state__in=(State.CANCELLED, State.UNDONE)).defer("sealed", "reading").first()


def file_of(batch: ImportBatch) -> bytes:
    """The file as it was brought."""
    sealed, mine = bytearray(), ImportBatch.objects.filter(pk=batch.pk)
    while True:  # in pieces: the database's driver keeps room for the longest value that it ever took
        piece = Substr("sealed", len(sealed) + 1, PIECE, output_field=BinaryField())
        sealed += (last := bytes(mine.values_list(piece, flat=True).get()))
        if len(last) < PIECE:
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


def _row(batch: ImportBatch, one: Checked, said: int | str | None) -> tuple:
    """The columns of a staged household. `said`: what was answered of it when the sheet was checked before."""
    sealed, held = seal_json(one.said()), one.match.held
    if held is None:
        return batch.pk, one.number, sealed, one.errors, one.warnings, one.wrong, one.match.kind, None, None, "", False
    row = ImportRow(
        errors=one.errors,
        wrong=one.wrong,
        kind=one.match.kind,
        household_id=held.pk,
        version=held.version,
        changes=seal_json(one.match.kept(one.as_update, one.as_new)),
    )
    if row.kind == Kind.MAYBE and said in ("new", row.household_id):
        answered(row, is_new=said == "new")
    of_match = (row.wrong, row.kind, row.household_id, row.version, row.changes, row.answered)
    return batch.pk, one.number, sealed, row.errors, one.warnings, *of_match


def answers(batch: ImportBatch) -> dict[int, int | str]:
    """What was said of likely households: by row of the sheet the household that it is, or 'new'."""
    rows = ImportRow.objects.filter(batch=batch, answered=True).values_list("number", "kind", "household")
    return {number: "new" if kind == Kind.NEW else pk for number, kind, pk in rows}


def answered(row: ImportRow, *, is_new: bool) -> None:
    """Put an answer into the row: errors and kind are those of a new household, or of the one that it was said to be."""
    told = open_json(row.changes)
    row.answered = True
    row.household_id, row.version = (None, None) if is_new else (told["household"], told["version"])
    row.errors = told["as_new" if is_new else "as_update"]
    row.wrong = bool(row.errors)
    changes = told["place"] or told["members"] or told["joins"]
    row.kind = Kind.NEW if is_new else Kind.UPDATE if changes else Kind.SAME
