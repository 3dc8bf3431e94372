"""From the kept file to staged households, and back to the file with its bad cells marked."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from households.intake import errors, reading
from households.intake.contents import Unreadable
from households.intake.fields import Matching
from households.models import ImportBatch, ImportRow
from households.services.import_apply import claimed
from households.services.imports import State, fail, file_of, found_in, remembered, stage

WHOLE_ROW = -1


def run(*, batch_id: int, at: datetime, tell: reading.Tell = lambda done, total: None) -> int:
    """Read and stage an uploaded sheet, alone. The number of households, 0 when it failed and says why.

    `tell` is called with the rows read so far and how many the sheet has; what it raises stops the reading.
    """
    with claimed(batch_id, State.UPLOADED, at) as batch:
        try:
            found, households = read(batch, tell)
            return stage(batch=batch, households=households, by=batch.by, reading=found).rows.count()
        except Unreadable as unreadable:
            message = unreadable.message
        except ValidationError:  # cancelled while it was read
            return 0
        except PermissionDenied:
            message = "Người tải lên không còn quyền nhập danh sách của phường, xã này."
        fail(batch=batch, message=message, state=State.UPLOADED)
        return 0


def read(batch: ImportBatch, tell: reading.Tell = lambda done, total: None) -> tuple[dict, Iterator[reading.Staged]]:
    """What was found in the file, and its households one by one. Unreadable when there is nothing to read."""
    said = found_in(batch)
    found, households = reading.read(file_of(batch), _asked(batch, said), tell)
    if "convert" in said:
        found["convert"] = said["convert"]
    return found, households


def error_sheet(batch: ImportBatch) -> bytes:
    """The table with its bad cells marked and a column that says what is wrong."""
    it = reading.opened(file_of(batch), _asked(batch, found_in(batch)))
    return errors.error_sheet(it.rows(), it.table, _problems(batch, it.matching))


def _asked(batch: ImportBatch, said: dict) -> reading.Asked:
    return reading.Asked(batch.name, said.get("sheet", ""), said.get("encoding", ""), remembered(batch.ward))


def _problems(batch: ImportBatch, matching: Matching) -> dict[tuple[int, int], str]:
    """Each remark of the check, by sheet row and column (-1: the whole row)."""
    columns = matching.of | {"insurance": matching.of.get("insurance_number", WHOLE_ROW)}
    for name in ("birth_year_male", "birth_year_female"):
        if name in columns:
            columns.setdefault("birth", columns[name])
    told: dict[tuple[int, int], str] = {}
    for row in ImportRow.objects.filter(batch=batch).exclude(errors=[], warnings=[]).order_by("number").iterator():
        for remark in [*row.errors, *row.warnings]:
            cell = remark["row"], columns.get(remark["field"], WHOLE_ROW)
            told[cell] = f"{told[cell]} {remark['message']}" if cell in told else remark["message"]
    return told
