"""Requests to be reviewed: received, screened by Form A, put on the list of the ward's dossier or refused in writing."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households import request_queries, screening
from households.models import Household, ReviewRequest
from households.sealed import seal
from households.services import dossiers

MOST = 1000  # characters of a reason or a note
STALE = "Đề nghị vừa được người khác cập nhật. Mở lại trang rồi làm tiếp."


@transaction.atomic
def receive_request(
    *, household: Household, form: str, received_on: date, channel: str, by: User, today: date, note: str = ""
) -> ReviewRequest:
    """Write down a Form 01 or a Form 04 (Decision 24/2021): in person, by post or through the portal.

    Raises PermissionDenied without the right or outside the area; ValidationError at the field.
    """
    if not by.may(May.ENTER_REVIEWS):
        raise PermissionDenied
    rows = Household.objects.visible_to(by).select_for_update(of=("self",)).select_related("ward")
    household = rows.filter(pk=household.pk).first()
    if household is None:
        raise PermissionDenied
    wrong = {}
    if form not in ReviewRequest.Form.values:
        wrong["form"] = "Chọn Mẫu 01 hoặc Mẫu 04."
    elif ReviewRequest.objects.filter(household=household, form=form, outcome="").exists():
        wrong["form"] = "Hộ đã có giấy đề nghị theo mẫu này, chưa sàng lọc."
    if channel not in ReviewRequest.Channel.values:
        wrong["channel"] = "Chọn cách nộp."
    if received_on > today:
        wrong["received_on"] = f"Ngày nhận không được sau hôm nay ({written(today)})."
    if len(note.strip()) > MOST:
        wrong["note"] = f"Không quá {MOST} ký tự."
    if wrong:
        raise ValidationError(wrong)
    if household.closed_on:
        raise ValidationError(f"Hộ đã đóng hồ sơ từ ngày {written(household.closed_on)}.")
    row = ReviewRequest.objects.create(
        household=household,
        ward=household.ward,
        form=form,
        received_on=received_on,
        channel=channel,
        note=note.strip(),
        entered_by=by,
    )
    log(by, "request.received", row, area=row.ward, after=seal(_facts(row)))
    return row


@transaction.atomic
def screen_request(
    *,
    request: ReviewRequest,
    yes: Collection[str],
    by: User,
    today: date,
    version: int,
    override_reason: str = "",
    refusal_reason: str = "",
) -> tuple[ReviewRequest, bool]:
    """Judge a request by Form A, once; `yes` holds the codes of the items answered yes.

    Who is surely not poor is refused with written reasons, or surveyed all the same with the reason for that. Whoever
    is surveyed goes on the list of the ward's dossier whose list is open; returned is also whether one lists the
    household now. Without items or threshold nobody is refused. Form 04 is not judged by Form A.
    Locks the request, then the dossier.
    """
    row = _locked(request, by, version)
    if today < row.received_on:
        raise ValidationError(f"Đề nghị nhận ngày {written(row.received_on)}, chưa sàng lọc được.")
    items, rule = request_queries.form_a()
    codes = {item.code for item in items} if rule and row.form == screening.SCREENED_FORM else set()
    if set(yes) - codes:
        raise ValidationError({"yes": "Phiếu A vừa thay đổi. Mở lại trang rồi trả lời lại."})
    threshold = rule.threshold if codes else None
    count = len(set(yes))
    override_reason, refusal_reason = tidy(override_reason), tidy(refusal_reason)
    _check_reasons(screening.surely_not_poor(row.form, count, threshold), override_reason, refusal_reason)
    before = _facts(row)
    row.answers = {item.code: item.code in yes for item in items if item.code in codes}
    row.yes_count, row.threshold = (count, threshold) if codes else (None, None)
    row.override_reason, row.refusal_reason = override_reason, refusal_reason
    row.outcome = screening.outcome(row.form, count, threshold, overridden=bool(override_reason))
    row.screened_on, row.screened_by = today, by
    row.version += 1
    row.save()
    log(by, "request.screened", row, area=row.ward, before=seal(before), after=seal(_facts(row)))
    return row, row.outcome == screening.SURVEY and _put_on_list(row, by)


def _check_reasons(is_surely_not_poor: bool, override_reason: str, refusal_reason: str) -> None:
    wrong = {}
    for name, text in (("override_reason", override_reason), ("refusal_reason", refusal_reason)):
        if len(text) > MOST:
            wrong[name] = f"Không quá {MOST} ký tự."
        elif text and not is_surely_not_poor:
            wrong[name] = "Số câu có chưa đến ngưỡng: hộ được khảo sát, để trống mục này."
    if not wrong and is_surely_not_poor:
        if override_reason and refusal_reason:
            wrong["refusal_reason"] = "Chỉ ghi một trong hai: lý do từ chối hoặc lý do vẫn khảo sát."
        elif not override_reason and not refusal_reason:
            said = "Theo Phiếu A, hộ chắc chắn không nghèo. Ghi lý do từ chối để trả lời hộ bằng văn bản"
            wrong["refusal_reason"] = f"{said}, hoặc ghi lý do vẫn khảo sát."
    if wrong:
        raise ValidationError(wrong)


def _put_on_list(row: ReviewRequest, by: User) -> bool:
    if row.household.ward_id != row.ward_id or row.household.closed_on:
        raise ValidationError("Hộ đã chuyển địa bàn hoặc đã đóng hồ sơ, không đưa vào khảo sát được.")
    dossier = request_queries.open_dossier(row.ward_id)
    if dossier is None:
        return False
    if not request_queries.is_listed(dossier, row.household):
        dossiers.add_to_list(dossier=dossier, household=row.household, by=by)
    return True


def _facts(row: ReviewRequest) -> dict:
    return {
        "household": row.household.code,
        "form": row.form,
        "received_on": row.received_on.isoformat(),
        "channel": row.channel,
        "note": row.note,
        "answers": row.answers,
        "yes_count": row.yes_count,
        "threshold": row.threshold,
        "outcome": row.outcome,
        "override_reason": row.override_reason,
        "refusal_reason": row.refusal_reason,
    }


def _locked(request: ReviewRequest, by: User, version: int) -> ReviewRequest:
    if not by.may(May.ENTER_REVIEWS):
        raise PermissionDenied
    rows = ReviewRequest.objects.visible_to(by).select_for_update(of=("self",)).select_related("ward", "household")
    row = rows.filter(pk=request.pk).first()
    if row is None:
        raise PermissionDenied
    if row.version != version:
        raise ValidationError(STALE, code="stale")
    if row.outcome:
        raise ValidationError("Đề nghị đã sàng lọc xong.", code="stale")
    return row
