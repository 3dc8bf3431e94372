"""Writes about what came of an activity: an inspection's recommendations, who was at a training, a model's households."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import facts, log, log_view
from accounts.models import PersonalDataView, User
from accounts.roles import May
from areas.vietnamese import day as write_day
from areas.vietnamese import tidy
from households.models import Household
from targets.activity_services import locked
from targets.models import Activity, Attendance, FollowUp, ModelHousehold, Officer

LOOK = "Mô hình giảm nghèo"
LOGGED = ("activity", "household", "joined_on", "result", "result_on", "result_note")
Step = FollowUp.Step


@transaction.atomic
def follow_up(*, activity: Activity, step: str, day: date, text: str, by: User, today: date, at: datetime) -> FollowUp:
    """A line about the recommendations: a note, that all is done, or that it is not after all."""
    row = locked(activity, None, by)
    wrong = {}
    if not row.recommendations:
        raise ValidationError("Cuộc kiểm tra này không có kiến nghị để theo dõi.")
    if not tidy(text):
        wrong["text"] = "Ghi đơn vị được kiểm tra đã làm gì."
    if day < row.day:
        wrong["day"] = f"Ngày này không được trước ngày kiểm tra ({write_day(row.day)})."
    elif day > today:
        wrong["day"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    if wrong:
        raise ValidationError(wrong)
    if step not in Step.values or (row.closed_on is None) == (step == Step.REOPEN):
        raise ValidationError("Kiến nghị vừa được người khác cập nhật. Tải lại trang rồi làm lại.")
    before = facts(row, ["closed_on"])
    row.closed_on = {Step.CLOSE: day, Step.REOPEN: None}.get(step, row.closed_on)
    row.version += 1
    row.save()
    line = FollowUp.objects.create(activity=row, step=step, day=day, text=text.strip(), by=by, at=at)
    log(by, "activity.followed_up", row, area=row.area, before=before, after=facts(row, ["closed_on"]) | {"step": step})
    return line


@transaction.atomic
def tick(
    *, activity: Activity, shown: Iterable[int], present: Iterable[int], by: User, at: datetime
) -> tuple[int, int]:
    """Of the officers shown on a page, who was there. Returns how many were added and taken back; those of other pages
    stay as they are, so that two people can tick two wards at once."""
    row = locked(activity, None, by)
    if row.kind != "training":
        raise PermissionDenied
    allowed = set(Officer.objects.to_tick(row, by).filter(pk__in=set(shown)).values_list("pk", flat=True))
    wanted = allowed & set(present)
    known = set(row.attendances.filter(officer__in=allowed).values_list("officer_id", flat=True))
    fresh, gone = wanted - known, known - wanted
    Attendance.objects.bulk_create(Attendance(activity=row, officer_id=pk, by=by, at=at) for pk in sorted(fresh))
    row.attendances.filter(officer__in=gone).delete()
    if fresh or gone:
        log(
            by,
            "activity.ticked",
            row,
            area=row.area,
            before={"officers": sorted(gone)},
            after={"officers": sorted(fresh)},
        )
    return len(fresh), len(gone)


def household_for(code: str, by: User) -> Household:
    """A household that one may name: in one's own area, or, by its whole code, for an agency that gives support.

    ValidationError at `code` when there is none.
    """
    given = tidy(code)
    rows = Household.objects.all() if by.may(May.GIVE_SUPPORT) else Household.objects.visible_to(by)
    found = rows.filter(code=given).first() if given else None
    if found is None:
        raise ValidationError({"code": "Không có hộ mã này trong phạm vi của bạn."})
    return found


@transaction.atomic
def join_model(*, activity: Activity, code: str, joined_on: date, by: User, today: date) -> ModelHousehold:
    """A household takes part in a model from a day."""
    row = locked(activity, None, by)
    if row.kind != "model":
        raise PermissionDenied
    household = household_for(code, by)
    wrong = _joining_faults(row, joined_on, today)
    if row.taking_part.filter(household=household).exists():
        wrong["code"] = "Hộ này đã tham gia mô hình."
    elif household.closed_on and household.closed_on <= joined_on:
        wrong["code"] = f"Hồ sơ hộ này đã đóng ngày {write_day(household.closed_on)}."
    if wrong:
        raise ValidationError(wrong)
    link = ModelHousehold.objects.create(activity=row, household=household, joined_on=joined_on, added_by=by)
    log(by, "activity.household_joined", link, area=household.ward, after=facts(link, LOGGED))
    log_view(by, PersonalDataView.Kind.VIEW, household.code, f"{LOOK}: ghi hộ tham gia")
    return link


@transaction.atomic
def tell_result(
    *,
    link: ModelHousehold,
    version: int,
    joined_on: date,
    result: str,
    result_on: date | None,
    note: str,
    by: User,
    today: date,
) -> ModelHousehold:
    """What came of it for a household, a year later; empty takes it back. The day it joined can be corrected too."""
    row = locked(link.activity, None, by)
    link = ModelHousehold.objects.select_for_update(of=("self",)).select_related("household__ward").get(pk=link.pk)
    if link.version != version:
        raise ValidationError("Dòng này vừa được người khác sửa. Tải lại trang rồi làm lại.")
    wrong = _joining_faults(row, joined_on, today)
    if result and not result_on:
        wrong["result_on"] = "Ghi ngày đánh giá."
    elif result_on and not result:
        wrong["result"] = "Chọn kết quả."
    elif result_on and result_on < joined_on:
        wrong["result_on"] = "Ngày đánh giá không được trước ngày tham gia."
    elif result_on and result_on > today:
        wrong["result_on"] = f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."
    if wrong:
        raise ValidationError(wrong)
    before = facts(link, LOGGED)
    link.joined_on, link.result, link.result_on = joined_on, result, result_on
    link.result_note, link.version = tidy(note)[:300], link.version + 1
    link.save()
    log(by, "activity.household_result", link, area=link.household.ward, before=before, after=facts(link, LOGGED))
    return link


@transaction.atomic
def leave_model(*, link: ModelHousehold, by: User) -> None:
    """A household that was put down by mistake is taken out; one that stopped has that as its result."""
    locked(link.activity, None, by)
    log(by, "activity.household_left", link, area=link.household.ward, before=facts(link, LOGGED))
    link.delete()


def _joining_faults(row: Activity, joined_on: date, today: date) -> dict[str, str]:
    if joined_on < row.day:
        return {"joined_on": f"Ngày này không được trước ngày bắt đầu mô hình ({write_day(row.day)})."}
    if joined_on > today:
        return {"joined_on": f"Chưa đến ngày này. Ghi ngày không sau {write_day(today)}."}
    return {}
