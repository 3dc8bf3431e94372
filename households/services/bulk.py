"""One act for many rows at once: the same rights and checks as for one row, a fixed number of statements.

What stands in the way of a row is said of that row and the others are done: all of them, or, when something breaks, none.
A row that the user may not see, or that is gone, is refused like any other; the right to the act is asked first.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from accounts.log import log_found, log_many
from accounts.models import Agency, User
from accounts.roles import May
from areas.vietnamese import tidy
from households import complaint_queries, review_steps
from households.models import Complaint, Dossier, ExitPlan, Household, ImportBatch, Listed, Review
from households.sealed import seal
from households.services import dossiers
from households.services.imports import GIVEN_UP_FROM

UNKNOWN = "Không tìm thấy trong địa bàn của bạn."
DONE_ALREADY = "Đã như vậy rồi."


@dataclass
class Outcome:
    """How many rows were written, and why the others were not: by key, the row's name and the reason."""

    done: int = 0
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)


@transaction.atomic
def return_reviews(*, keys: Collection[int], note: str, by: User) -> Outcome:
    """Send forms back to who entered them, all with one note (as reviews.return_review)."""
    _must(by, May.DECIDE_REVIEWS)
    note = tidy(note)
    if not note:
        raise ValidationError({"note": "Ghi lý do trả lại để người nhập biết phải sửa gì."})
    _hold_households(Review.objects.visible_to(by).filter(pk__in=keys).values("household"))
    waiting, outcome = _parted(
        Review.objects.visible_to(by).select_for_update(of=("self",)).select_related("household", "ward"),
        keys,
        lambda review: (
            "" if review_steps.allowed("return", review.state) else f"Phiếu {review.get_state_display().lower()}."
        ),
    )
    state = review_steps.after("return")
    before, after = {"state": review_steps.ENTERED}, seal({"return_note": note}) | {"state": state}
    for ward, rows in _by_ward(waiting, lambda review: review.ward).items():
        theirs = Review.objects.filter(pk__in=[row.pk for row in rows])
        log_found(by, "review.returned", theirs, label="household__code", area=ward, before=before, after=after)
        theirs.update(state=state, return_note=note, version=F("version") + 1)
    return outcome


@transaction.atomic
def assign_complaints(*, keys: Collection[int], owner: User, by: User) -> Outcome:
    """Make somebody of each complaint's ward answerable for it (as complaints.assign_complaint)."""
    _must(by, May.HANDLE_COMPLAINTS)

    def why_not(complaint):
        if not complaint.under_way:
            return "Đơn đã xử lý xong."
        if complaint.owner_id == owner.pk:
            return DONE_ALREADY
        return "" if owner in known[complaint.ward_id] else "Người này không xử lý đơn của phường, xã."

    complaints = Complaint.objects.visible_to(by).select_for_update(of=("self",)).select_related("ward")
    wards = {one.ward_id: one.ward for one in complaints.filter(pk__in=keys)}
    known = {pk: complaint_queries.handlers(ward) for pk, ward in wards.items()}
    waiting, outcome = _parted(complaints, keys, why_not)
    for ward, rows in _by_ward(waiting, lambda complaint: complaint.ward).items():
        lines = ((row, seal({"owner": row.owner_id}), seal({"owner": owner.pk})) for row in rows)
        log_many(by, "complaint.assigned", lines, area=ward)
    Complaint.objects.filter(pk__in=[row.pk for row in waiting]).update(owner=owner, version=F("version") + 1)
    return outcome


@transaction.atomic
def assign_helpers(*, keys: Collection[int], by: User, agency: Agency | None = None, person: str = "") -> Outcome:
    """Name who helps the households of these exit plans (as plans.assign_helper)."""
    _must(by, May.EDIT_HOUSEHOLDS)
    person = tidy(person)
    if not agency and not person:
        raise ValidationError({"person": "Chọn đơn vị hoặc ghi tên người giúp đỡ."})
    if len(person) > 120:
        raise ValidationError({"person": "Không quá 120 ký tự."})
    _hold_households(ExitPlan.objects.visible_to(by).filter(pk__in=keys).values("household"))
    waiting, outcome = _parted(
        ExitPlan.objects.visible_to(by).select_for_update(of=("self",)).select_related("household__ward"),
        keys,
        lambda plan: "" if plan.state == ExitPlan.State.OPEN else "Kế hoạch đã kết thúc.",
    )
    after = seal({"helper_agency": agency and agency.pk, "helper_person": person})
    for ward, rows in _by_ward(waiting, lambda plan: plan.household.ward).items():
        lines = (
            (row, seal({"helper_agency": row.helper_agency_id, "helper_person": row.helper_person}), after)
            for row in rows
        )
        log_many(by, "exit_plan.helper", lines, area=ward)
    ExitPlan.objects.filter(pk__in=[row.pk for row in waiting]).update(
        helper_agency=agency, helper_person=person, version=F("version") + 1
    )
    return outcome


@transaction.atomic
def cancel_imports(*, keys: Collection[int], by: User) -> Outcome:
    """Give sheets up before they are applied (as imports.cancel)."""
    _must(by, May.IMPORT_HOUSEHOLDS)
    waiting, outcome = _parted(
        ImportBatch.objects.visible_to(by)
        .defer("sealed", "reading")
        .select_for_update(of=("self",))
        .select_related("ward"),
        keys,
        lambda one: "" if one.state in GIVEN_UP_FROM else f"Lần nhập này đang ở bước “{one.get_state_display()}”.",
    )
    ImportBatch.objects.filter(pk__in=[row.pk for row in waiting]).update(state=ImportBatch.State.CANCELLED)
    for ward, rows in _by_ward(waiting, lambda batch: batch.ward).items():
        log_many(
            by, "import.cancelled", ((row, {"state": row.state}, {"state": "cancelled"}) for row in rows), area=ward
        )
    return outcome


def leave_out(*, keys: Collection[int], reason: str, by: User) -> Outcome:
    """Take households off the lists of dossiers that still stand at their list (as dossiers.leave_out)."""
    return _of_dossiers(keys, by, False, lambda dossier, rows: dossiers.leave_out(
        dossier=dossier, listed=rows, reason=reason, by=by
    ))  # fmt: skip


def put_back(*, keys: Collection[int], by: User) -> Outcome:
    """Bring them back onto the list (as dossiers.put_back)."""
    return _of_dossiers(keys, by, True, lambda dossier, rows: dossiers.put_back(dossier=dossier, listed=rows, by=by))


@transaction.atomic
def _of_dossiers(keys, by: User, included: bool, act) -> Outcome:
    """The rows, a dossier at a time: a ward has one dossier a round, however many households are on it."""
    _must(by, May.ENTER_REVIEWS)
    ours = Listed.objects.visible_to(by).filter(pk__in=keys)
    held = (
        Dossier.objects.visible_to(by)
        .filter(pk__in=ours.values("dossier"))
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    at_list = {dossier.pk: dossier for dossier in held if dossier.step == dossiers.Step.LIST}

    def why_not(listed):
        if listed.dossier_id not in at_list:
            return "Danh sách của đợt đã chốt: hồ sơ không còn ở bước lập danh sách."
        return "" if listed.included != included else DONE_ALREADY

    waiting, outcome = _parted(Listed.objects.visible_to(by).select_related("household"), keys, why_not)
    of_each = defaultdict(list)
    for row in waiting:
        of_each[row.dossier_id].append(row.pk)
    for pk, rows in of_each.items():
        act(at_list[pk], rows)
    return outcome


def _must(by: User, right: May) -> None:
    if not by.may(right):
        raise PermissionDenied


def _hold_households(households) -> None:
    """In the order of their keys, as every service of a household does first."""
    list(Household.objects.filter(pk__in=households).select_for_update().order_by("pk").values_list("pk", flat=True))


def _parted(rows, keys: Collection[int], why_not) -> tuple[list, Outcome]:
    """The rows that may be written, and an outcome that names the others. `why_not` says '' of a row that may be."""
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
    outcome = Outcome(refused={key: (f"Số {key}", UNKNOWN) for key in keys if key not in found})
    waiting = []
    for row in found.values():
        if why := why_not(row):
            outcome.refused[row.pk] = (str(row), why)
        else:
            waiting.append(row)
    outcome.done = len(waiting)
    return waiting, outcome


def _by_ward(rows, ward_of) -> dict:
    """The rows of each ward: a line of the log names one."""
    found = defaultdict(list)
    for row in rows:
        found[ward_of(row)].append(row)
    return found
