"""Writes about activities: entered, corrected, cancelled and put back, with the files that prove them."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import facts, log
from accounts.models import Agency, User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import tidy
from targets import evidence_files
from targets.activity_kinds import KINDS, NUMBERS, faults, search_text
from targets.models import Activity, ActivityFile, Clause, Plan
from targets.task_services import Given, checked_files

STALE = "Hoạt động vừa được người khác thay đổi. Tải lại trang rồi làm lại."
LOGGED = (
    "clause", "kind", "form", "agency", "area", "title", "place", "day", "ends_on", *NUMBERS, "content",
    "recommendations", "follow_by", "closed_on", "cancel_reason",
)  # fmt: skip
WORDS = ("title", "place", "content", "recommendations")


def may_write_for(by: User, agency: Agency) -> bool:
    """One's own agency, or any for the programme office."""
    if by.may(May.MANAGE_ACTIVITIES):
        return agency.kind != Agency.Kind.GROUP
    return by.may(May.ENTER_ACTIVITIES) and Agency.objects.of(by).filter(pk=agency.pk).exists()


@transaction.atomic
def enter_activity(
    *, kind: str, agency: Agency, by: User, today: date, files: Sequence[Given] = (), **values
) -> Activity:
    """Something that was held. `values`: the kind's fields by name. PermissionDenied for another agency's;
    ValidationError at the field, and then nothing is written."""
    if kind not in KINDS or not may_write_for(by, agency):
        raise PermissionDenied
    kept = checked_files(files)
    row = Activity(kind=kind, agency=agency, entered_by=by)
    _fill(row, values, today)
    row.save()
    for given, found in kept:
        _keep(row, given, found, by)
    log(by, "activity.entered", row, area=row.area, after=facts(row, LOGGED) | {"files": len(kept)})
    return row


@transaction.atomic
def edit_activity(*, activity: Activity, version: int, by: User, today: date, **values) -> Activity:
    """Correct what was entered; the kind and the agency stay. A training keeps who was there."""
    row = locked(activity, version, by)
    before = facts(row, LOGGED)
    _fill(row, values, today)
    if row.kind == "model" and row.taking_part.filter(joined_on__lt=row.day).exists():
        raise ValidationError({"day": "Đã có hộ tham gia trước ngày này: sửa ngày tham gia của hộ trước."})
    _bump(row, by, "activity.edited", before)
    return row


@transaction.atomic
def cancel_activity(*, activity: Activity, version: int, reason: str, by: User, at: datetime) -> Activity:
    """It no longer counts, and stays to be read with its reason."""
    row = locked(activity, version, by)
    reason = tidy(reason)
    if not reason:
        raise ValidationError({"reason": "Ghi lý do hủy."})
    if row.disbursements.filter(cancelled_at=None).exists():
        raise ValidationError({"reason": "Đã có khoản chi cho hoạt động này: hủy khoản chi trước."})
    before = facts(row, LOGGED)
    row.cancelled_at, row.cancelled_by, row.cancel_reason = at, by, reason[:300]
    _bump(row, by, "activity.cancelled", before)
    return row


@transaction.atomic
def restore_activity(*, activity: Activity, version: int, by: User) -> Activity:
    """Undo of `cancel_activity`."""
    row = locked(activity, version, by, cancelled=True)
    before = facts(row, LOGGED)
    row.cancelled_at, row.cancelled_by, row.cancel_reason = None, None, ""
    _bump(row, by, "activity.restored", before)
    return row


@transaction.atomic
def add_files(*, activity: Activity, files: Sequence[Given], by: User) -> int:
    """Proof that came later. Returns how many were kept."""
    row = locked(activity, None, by)
    kept = checked_files(files)
    if not kept:
        raise ValidationError({"files": "Chọn tệp minh chứng."})
    for given, found in kept:
        _keep(row, given, found, by)
    log(by, "activity.file_added", row, area=row.area, after={"files": [given.name[:100] for given, _ in kept]})
    return len(kept)


@transaction.atomic
def remove_file(*, file: ActivityFile, by: User) -> None:
    """A wrong file, which may name people, is really gone; its name and checksum stay in the log."""
    row = locked(file.activity, None, by)
    log(by, "activity.file_removed", row, area=row.area, before={"name": file.name, "sha256": file.sha256})
    file.delete()


@transaction.atomic
def download_file(*, file: ActivityFile, by: User) -> bytes:
    """The bytes, with a line in the log: a file may name people. PermissionDenied outside the agency and the office."""
    if not ActivityFile.objects.visible_to(by).filter(pk=file.pk).exists():
        raise PermissionDenied
    log(by, "activity.file_read", file.activity, area=file.activity.area, after={"sha256": file.sha256})
    return bytes(file.content)


def locked(activity: Activity, version: int | None, by: User, *, cancelled: bool = False) -> Activity:
    """The row, held until the end of the transaction, after every check that all writes share. `version` None: what is
    written only adds to it, so that another's change does no harm."""
    rows = (
        Activity.objects.owned_by(by).select_for_update(of=("self",)).select_related("clause__plan", "agency", "area")
    )
    row = rows.filter(pk=activity.pk).first()
    if row is None:
        raise PermissionDenied
    if version is not None and row.version != version:
        raise ValidationError(STALE)
    check_plan(row.clause.plan)
    if (row.cancelled_at is not None) != cancelled:
        raise ValidationError("Hoạt động này chưa bị hủy." if cancelled else "Hoạt động này đã bị hủy: chỉ để xem.")
    return row


def check_plan(plan: Plan) -> None:
    """A closed year is closed."""
    if plan.state != Plan.State.IN_FORCE:
        raise ValidationError(f"{plan} không ở tình trạng đang thực hiện: hoạt động chỉ để xem.")


def clauses_for(plan: Plan, agency: Agency | None):
    """Clauses that an activity may serve: objectives, solutions, and tasks the agency owes (all of them for None)."""
    rows = plan.clauses.filter(repealed_on=None)
    tasks = rows.filter(kind=Clause.Kind.TASK)
    if agency is not None:
        tasks = tasks.filter(assignments__agency=agency)
    keys = tasks.values("pk")
    return rows.filter(kind__in=[Clause.Kind.OBJECTIVE, Clause.Kind.SOLUTION]) | rows.filter(pk__in=keys)


def areas_for(agency: Agency, plan: Plan):
    """Areas of the plan's year: a People's Committee stays in its own district."""
    rows = Area.objects.existing_on(date(plan.year, 12, 31))
    return rows.under(agency.area) if agency.area_id else rows


def _fill(row: Activity, values: dict, today: date) -> None:
    """Take the values over after asking what is wrong with them."""
    clause, area = values["clause"], values["area"]
    plan = clause.plan
    check_plan(plan)
    for name in WORDS:
        setattr(row, name, (values.get(name) or "").strip())
    row.search = search_text(row.title, row.place, row.content)
    for name in ("day", "ends_on", "follow_by", "clause", "area"):
        setattr(row, name, values.get(name))
    row.form = values.get("form") or ""
    asked = {number.name for number in row.about.numbers}
    for name in NUMBERS:
        setattr(row, name, values.get(name) if name in asked else None)
    if not row.about.of_units:
        row.recommendations, row.follow_by = "", None
    wrong = faults(
        kind=row.kind,
        year=plan.year,
        today=today,
        day=row.day,
        ends_on=row.ends_on,
        form=row.form,
        level=area.level,
        content=row.content,
        recommendations=row.recommendations,
        follow_by=row.follow_by,
        numbers={name: getattr(row, name) for name in NUMBERS},
    )
    if not row.title:
        wrong["title"] = f"Ghi {row.about.title_label.lower()}."
    if not clauses_for(plan, row.agency).filter(pk=clause.pk).exists():
        wrong["clause"] = "Mục này không phải việc của đơn vị. Chọn một mục trong danh sách."
    if not areas_for(row.agency, plan).filter(pk=area.pk).exists():
        wrong["area"] = "Địa bàn này không thuộc đơn vị. Chọn một địa bàn trong danh sách."
    if row.pk and not row.recommendations and row.follow_ups.exists():
        wrong["recommendations"] = "Kiến nghị đã có theo dõi thực hiện: không bỏ trống được."
    if wrong:
        raise ValidationError(wrong)


def _bump(row: Activity, by: User, action: str, before: dict) -> None:
    row.version += 1
    row.save()
    log(by, action, row, area=row.area, before=before, after=facts(row, LOGGED))


def _keep(row: Activity, given: Given, kind: str, by: User) -> None:
    ActivityFile.objects.create(
        activity=row,
        name=evidence_files.safe_name(given.name, kind),
        kind=kind,
        content=given.content,
        size=len(given.content),
        sha256=hashlib.sha256(given.content).hexdigest(),
        added_by=by,
    )
