"""Re-checks (phúc tra): a complaint about a posted result has its household looked at again, and posted again.

The process is that of Decision 24/2021/QĐ-TTg art. 4; that a re-check is posted again is not verified there, and its
days are data. A re-check belongs to one complaint, one household and one dossier: it takes the dossier
from its posting to the re-check step, only its household's form B opens again, and the dossier goes back to the board
when every re-check has its finding. Locks in this order: dossier, complaint.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import May
from areas.vietnamese import tidy
from households import complaint_queries
from households.models import Complaint, Recheck
from households.services import dossiers
from households.services.calendar import due_on
from households.services.complaints import changed, locked
from households.steps import Move, Step

MOST = 2000  # characters of a finding


@transaction.atomic
def open_recheck(*, complaint: Complaint, by: User, today: date, version: int) -> Recheck:
    """Re-check the household that a complaint is about, and take its dossier off the board for that.

    `version` is the complaint's. PermissionDenied without the right to enter reviews or outside the area;
    ValidationError when no posted dossier reviews the household, or its re-check is open already.
    """
    if not by.may(May.ENTER_REVIEWS):
        raise PermissionDenied
    posted = complaint_queries.posted_dossier(complaint)
    dossier = dossiers.locked(posted, by, None) if posted else None
    row = locked(complaint, by, version)
    if row.household_id is None:
        raise ValidationError("Đơn chưa gắn với hộ nào nên không phúc tra được.")
    if row.state != Complaint.State.OPEN:
        raise ValidationError("Đơn này đã mở phúc tra.")
    if dossier is None or dossier.step not in (Step.POSTING, Step.RECHECK):
        raise ValidationError(
            "Hộ không có trong hồ sơ nào đang niêm yết, nên chưa có kết quả để phúc tra. Hồ sơ đã gửi đi thì đề nghị "
            "trả lại bước niêm yết; đợt đã xong thì nhận giấy đề nghị của hộ (Mẫu 01, Mẫu 04)."
        )
    if dossier.step == Step.POSTING:
        told = f"Phúc tra hộ {row.household.code} theo đơn số {row.pk}"
        dossiers.take(dossier, Step.RECHECK, Move.RECHECK, by=by, today=today, note=told, document="")
    recheck = Recheck.objects.create(
        dossier=dossier,
        household=row.household,
        complaint=row,
        opened_on=today,
        due_on=due_on(dossier.round, Step.RECHECK, today),
        opened_by=by,
    )
    changed(row, by, "complaint.recheck", state=Complaint.State.RECHECKING)
    return recheck


@transaction.atomic
def close_recheck(*, complaint: Complaint, finding: str, by: User, today: date, version: int) -> Recheck:
    """Write what the re-check found; from then on the complaint can be answered. `version` is the complaint's."""
    if not by.may(May.ENTER_REVIEWS):
        raise PermissionDenied
    row = locked(complaint, by, version)
    finding = tidy(finding)
    if not finding or len(finding) > MOST:
        raise ValidationError({"finding": f"Ghi kết quả phúc tra (không quá {MOST} ký tự)."})
    recheck = Recheck.objects.filter(complaint=row, closed_on__isnull=True).first()
    if recheck is None:
        raise ValidationError("Đơn này không có phúc tra nào đang mở.")
    recheck.finding, recheck.closed_on, recheck.closed_by = finding, today, by
    recheck.save(update_fields=["finding", "closed_on", "closed_by"])
    changed(row, by, "complaint.rechecked", state=Complaint.State.RECHECKED)
    return recheck
