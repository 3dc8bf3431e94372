"""An approved sheet into the register, and out again: each in one transaction, in chunks of many rows a statement."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import job_kinds
from accounts.job_work import signs_of_life
from accounts.log import log, log_rows
from accounts.models import User
from accounts.roles import May
from areas.bulk import chunks
from households import import_progress
from households.models import Household, ImportBatch, ImportRow, Member
from households.services.import_insert import enter
from households.services.import_updates import NEWER, Newer, take_back, write
from households.services.imports import Kind, State, fail, held
from households.services.register import next_code

CHUNK = 2000  # households in memory at a time
Tell = Callable[[int, int], None]
STALE = job_kinds.STALE  # without a sign of life for so long, whoever claimed a sheet is dead

USED = "Đã có hộ được sửa, rà soát hoặc hỗ trợ sau khi nhập: không hoàn tác được."
TAKEN = "Có số định danh đã vào sổ hộ sau khi kiểm tra tệp. Kiểm tra lại để xem hộ nào."


class Busy(Exception):
    """Another worker is at this sheet, or took it over, or it is no longer to be applied."""


class Unfit(Exception):
    """What was approved can no longer be written as it stands; the message says why, in Vietnamese."""


def run(*, batch_id: int, at: datetime, tell: Tell = lambda done, total: None) -> int:
    """Apply an approved sheet, alone. Returns the number of households, 0 when the sheet failed and says why.

    Anything else that goes wrong leaves it approved, to be retried. `tell` is called with the households so far and
    how many there are; what it raises takes everything back.
    """
    with claimed(batch_id, State.APPROVED, at) as batch:
        try:
            return apply(batch=batch, claimed_at=at, tell=tell)
        except Unfit as unfit:
            message = str(unfit)
        except IntegrityError:  # a number came into the register since: its unique index has the last word
            message = TAKEN
        fail(batch=batch, message=message, state=State.APPROVED)
        return 0


@contextmanager
def claimed(batch_id: int, state: str, at: datetime) -> Iterator[ImportBatch]:
    """The sheet for one worker alone; Busy when another has it or it is not in this state.

    Taken for dead in error, the other worker loses nothing but its work: it finds its claim gone and takes all back.
    """
    free = Q(claimed_at=None)
    if import_progress.last_alive(batch_id) < (at - STALE).timestamp():
        free |= Q(claimed_at__lt=at - STALE)
    if not ImportBatch.objects.filter(free, pk=batch_id, state=state).update(claimed_at=at):
        raise Busy
    collects = gc.isenabled()
    gc.disable()  # rows by the thousand and no rings among them: the collector only looks at all of them in vain
    try:
        with signs_of_life(import_progress.name_of(batch_id), timezone.now):
            yield ImportBatch.objects.select_related("ward", "by", "approved_by").defer("sealed").get(pk=batch_id)
    finally:
        if collects:
            gc.enable()
        ImportBatch.objects.filter(pk=batch_id, claimed_at=at).update(claimed_at=None)


@transaction.atomic
def apply(*, batch: ImportBatch, claimed_at: datetime, tell: Tell = lambda done, total: None) -> int:
    """All households of the sheet without errors, or none. Busy, and none, when the claim was lost meanwhile.

    Unfit when whoever approved it may no longer bring sheets of this ward, or a household of the register changed;
    IntegrityError when a number came into the register since.
    """
    by = batch.approved_by
    if by is None or not by.may(May.IMPORT_HOUSEHOLDS) or not ImportBatch.objects.visible_to(by).filter(pk=batch.pk):
        raise Unfit("Người duyệt không còn quyền nhập danh sách của phường, xã này.")
    right = batch.rows.filter(wrong=False).order_by("number")
    total = right.filter(kind__in=(Kind.NEW, Kind.UPDATE)).count()
    tell(0, total)
    prefix, _, number = next_code(batch.ward).rpartition("-")
    count = 0
    fit = right.filter(kind=Kind.NEW).values_list("pk", "sealed")
    for rows in chunks(fit.iterator(CHUNK), CHUNK):
        first = int(number) + count
        enter(batch, rows, [f"{prefix}-{first + place:05d}" for place in range(len(rows))])
        count += len(rows)
        tell(count, total)
    new = count
    try:
        for rows in chunks(right.filter(kind=Kind.UPDATE).iterator(CHUNK), CHUNK):
            write(batch=batch, rows=rows)
            count += len(rows)
            tell(count, total)
    except Newer:
        raise Unfit(NEWER) from None
    mine = ImportBatch.objects.filter(pk=batch.pk, state=State.APPROVED, claimed_at=claimed_at)
    if not mine.update(state=State.APPLIED, applied_at=claimed_at):
        raise Busy
    log(by, "import.applied", batch, area=batch.ward, after={"new": new, "updated": count - new})
    return count


@transaction.atomic
def undo(*, batch: ImportBatch, by: User) -> int:
    """Take all households of the sheet out again and put back what it changed of others.

    Refused when one of them was changed or something was built on it since.
    """
    batch = held(batch, by, State.APPLIED)
    entered = ImportRow.objects.filter(batch=batch, kind=Kind.NEW).exclude(household=None).values("household")
    mine = Household.objects.filter(pk__in=entered)
    keys = list(Household.objects.select_for_update(of=("self",)).filter(pk__in=entered).values_list("pk", "version"))
    used = [link for link in Household._meta.related_objects if link.related_model not in (Member, ImportRow)]
    if any(version != 1 for _, version in keys) or any(
        link.related_model._base_manager.filter(**{f"{link.field.name}__in": mine}).exists() for link in used
    ):
        raise ValidationError(USED, code="used")
    try:
        with transaction.atomic():
            updated = take_back(batch=batch, by=by, since=batch.applied_at)
    except Newer:
        raise ValidationError(USED, code="used") from None
    except IntegrityError:
        raise ValidationError("Một số định danh cũ nay ở hộ khác: không hoàn tác được.", code="used") from None
    for some in chunks((key for key, _ in keys), CHUNK):
        codes = Household.objects.filter(pk__in=some).values_list("pk", "code")
        lines = ((key, code, {}, {"import": batch.pk}) for key, code in codes)
        log_rows(by, "household.import_undone", Household, lines, area=batch.ward)
        ImportRow.objects.filter(household__in=some).update(household=None)
        Household.objects.filter(pk__in=some).delete()
    batch.state = State.UNDONE
    batch.save(update_fields=["state"])
    log(by, "import.undone", batch, area=batch.ward, after={"removed": len(keys), "put_back": updated})
    return len(keys) + updated
