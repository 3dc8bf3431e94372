"""Complaints: received, given to somebody, answered in writing or withdrawn. Their re-checks: services/rechecks.py."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as written
from households.models import Holiday, Household
from households.models.complaints import Complaint, Recheck
from households.sealed import seal
from households.working_days import after

DAYS_TO_ANSWER = 7  # working days, proposed when no other day is given; the day itself is data of each complaint


def proposed_due(received_on: date) -> date:
    """The seventh working day after the day of receipt, less the holidays that are entered; the officer may change it."""
    holidays = set(Holiday.objects.filter(day__gt=received_on).values_list("day", flat=True))
    return after(received_on, DAYS_TO_ANSWER, working=True, holidays=holidays)


@transaction.atomic
def register_complaint(
    *,
    ward: Area,
    category: str,
    from_name: str,
    text: str,
    received_on: date,
    by: User,
    today: date,
    household: Household | None = None,
    contact: str = "",
    due_on: date | None = None,
) -> Complaint:
    """Write a complaint down. Without `due_on` the proposed day is taken."""
    if not by.may(May.HANDLE_COMPLAINTS) or not by.area or not Area.objects.under(by.area).filter(pk=ward.pk).exists():
        raise PermissionDenied
    if household and not Household.objects.visible_to(by).filter(pk=household.pk, ward=ward).exists():
        raise PermissionDenied
    if received_on > today:
        raise ValidationError({"received_on": f"Ngày nhận không được sau hôm nay ({written(today)})."})
    due_on = due_on or proposed_due(received_on)
    if due_on < received_on:
        raise ValidationError({"due_on": "Hạn trả lời phải từ ngày nhận trở đi."})
    row = Complaint.objects.create(
        ward=ward,
        household=household,
        category=category,
        from_name=from_name,
        contact=contact,
        text=text,
        received_on=received_on,
        due_on=due_on,
        entered_by=by,
    )
    log(by, "complaint.registered", row, area=ward, after=seal(_facts(row)))
    return row


@transaction.atomic
def assign_complaint(*, complaint: Complaint, owner: User, by: User, version: int) -> Complaint:
    """Make somebody who handles complaints of that ward answerable for it."""
    row = locked(complaint, by, version)
    known = Complaint.objects.visible_to(owner).filter(pk=row.pk).exists()
    if not owner.is_active or not owner.may(May.HANDLE_COMPLAINTS) or not known:
        raise ValidationError({"owner": "Người này không xử lý đơn của phường, xã."})
    return changed(row, by, "complaint.assigned", owner=owner)


@transaction.atomic
def answer_complaint(*, complaint: Complaint, result: str, by: User, today: date, version: int) -> Complaint:
    """Answer in writing, today; not before its re-check is done. The text cannot be changed afterwards."""
    row = locked(complaint, by, version)
    if row.state == Complaint.State.RECHECKING:
        raise ValidationError("Hộ đang được phúc tra: ghi kết quả phúc tra rồi mới trả lời đơn.")
    if not result.strip():
        raise ValidationError({"result": "Ghi nội dung trả lời."})
    state = Complaint.State.ANSWERED
    return changed(row, by, "complaint.answered", state=state, result=result.strip(), answered_on=today, answered_by=by)


@transaction.atomic
def withdraw_complaint(*, complaint: Complaint, by: User, today: date, version: int) -> Complaint:
    """The sender took it back; a re-check that it opened ends with it."""
    row = locked(complaint, by, version)
    Recheck.objects.filter(complaint=row, closed_on__isnull=True).update(
        finding="Người gửi đã rút đơn.", closed_on=today, closed_by=by
    )
    return changed(row, by, "complaint.withdrawn", state=Complaint.State.WITHDRAWN)


def _facts(row: Complaint) -> dict:
    return {
        "category": row.category,
        "from_name": row.from_name,
        "contact": row.contact,
        "text": row.text,
        "household": row.household_id,
        "due_on": row.due_on.isoformat(),
        "state": str(row.state),
        "owner": row.owner_id,
        "result": row.result,
    }


def locked(complaint: Complaint, by: User, version: int) -> Complaint:
    """The complaint as it is now, held; refused when somebody else changed it or it is done with."""
    if not by.may(May.HANDLE_COMPLAINTS) or not Complaint.objects.visible_to(by).filter(pk=complaint.pk).exists():
        raise PermissionDenied
    row = Complaint.objects.select_for_update(of=("self",)).select_related("ward").get(pk=complaint.pk)
    if row.version != version:
        raise ValidationError("Đơn vừa được người khác sửa. Tải lại trang rồi làm lại.")
    if not row.under_way:
        raise ValidationError("Đơn đã xử lý xong.")
    return row


def changed(row: Complaint, by: User, action: str, **values) -> Complaint:
    """Write the columns of a locked complaint, with a line that holds before and after sealed."""
    before = _facts(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    log(by, action, row, area=row.ward, before=seal(before), after=seal(_facts(row)))
    return row
