"""The decision on a ward's whole list: every review of the dossier in one transaction, a fixed number of statements.

The rules are those of one review's decision (services/reviews.py): a second person, after the survey, after the last
change of each household. Nothing is computed again; the stored results count. Decision 24/2021/QĐ-TTg art. 4 and 5.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import CharField, F, Max, QuerySet
from django.db.models.functions import Cast

from accounts.log import log_found
from accounts.models import Event, User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import number as counted
from areas.vietnamese import tidy
from households import dossier_queries, review_steps
from households.models import Dossier, Household, Review
from households.services import dossiers, statuses
from households.services.reviews import WRITTEN_BY
from households.steps import Move, Step

MOST_NAMED = 10


@transaction.atomic
def decide_dossier(
    *, dossier: Dossier, number: str, day: date, by: User, today: date, version: int | None = None
) -> Dossier:
    """Recognise every result of a dossier under one number and day.

    PermissionDenied without the right or the area; ValidationError names the field, or the households that stand in
    the way, and nothing is written.
    """
    if not by.may(May.DECIDE_REVIEWS):
        raise PermissionDenied
    dossier = dossiers.locked(dossier, by, version)
    if dossier.step != Step.DECISION:
        raise ValidationError("Hồ sơ không ở bước quyết định. Mở lại trang để xem.", code="stale")
    number = tidy(number)
    reviews = _locked_reviews(dossier)
    if left := dossier_queries.progress(dossier)["left"]:
        raise ValidationError(f"Còn {counted(left)} hộ chưa có phiếu hoặc phiếu bị trả lại.")
    if waiting := dossier_queries.missing(dossier, Move.FINISH, today):
        raise ValidationError(waiting)
    last_survey = reviews.aggregate(last=Max("surveyed_on"))["last"] or day
    posted = max((posting.to_on for posting in dossier.postings.all()), default=None)
    if wrong := _wrong(last_survey, number, day, today, posted):
        raise ValidationError(wrong)
    _refuse_own(reviews, by)
    _refuse_too_early(reviews, day)
    statuses.apply(reviews, day)
    _decide(reviews, dossier, number, day, by)
    dossier.decision_number, dossier.decided_on, dossier.decided_by = number, day, by
    dossiers.take(dossier, Step.CERTIFICATES, Move.FINISH, by=by, today=today, note="", document=number)
    return dossier


def _locked_reviews(dossier: Dossier) -> QuerySet:
    """The reviews to decide, their households held in the order of their keys so that two deciders never cross.

    Who enters or sends back a review holds its household too, so from here on every statement finds the same reviews.
    """
    households = dossier.listed.filter(included=True).values("household")
    held = Household.objects.filter(pk__in=households).select_for_update().order_by("pk")
    list(held.values_list("pk", flat=True))
    return dossier_queries.reviews_of(dossier).filter(state=Review.State.ENTERED)


def _wrong(last_survey: date, number: str, day: date, today: date, posted: date | None) -> dict[str, str]:
    wrong = {}
    if not number or len(number) > 60:
        wrong["number"] = "Ghi số quyết định (không quá 60 ký tự), ví dụ 398/QĐ-UBND."
    if day > today:
        wrong["day"] = f"Ngày quyết định không được sau hôm nay ({written(today)})."
    elif day < last_survey:
        wrong["day"] = f"Ngày quyết định trước ngày khảo sát cuối cùng ({written(last_survey)})."
    elif posted and day <= posted:
        wrong["day"] = f"Kết quả còn niêm yết đến hết ngày {written(posted)}: ngày quyết định phải sau ngày đó."
    return wrong


def _refuse_own(reviews: QuerySet, by: User) -> None:
    """Who entered or edited any of the forms never decides the list."""
    keys = reviews.order_by().values_list(Cast("pk", CharField()))
    mine = Event.objects.filter(
        by=by, action__in=WRITTEN_BY, subject_type=Review._meta.label_lower, subject_id__in=keys
    )
    if reviews.filter(entered_by=by).exists() or mine.exists():
        raise ValidationError("Người nhập hoặc sửa phiếu trong hồ sơ không được quyết định hồ sơ đó.", code="own")


def _refuse_too_early(reviews: QuerySet, day: date) -> None:
    if not (early := statuses.changed_since(reviews, day)):
        return
    codes = Household.objects.filter(pk__in=list(early)[:MOST_NAMED]).order_by("code").values_list("code", flat=True)
    named = ", ".join(codes) + (" …" if len(early) > MOST_NAMED else "")
    raise ValidationError({"day": f"{counted(len(early))} hộ có phân loại hiệu lực từ ngày này hoặc sau đó: {named}."})


def _decide(reviews: QuerySet, dossier: Dossier, number: str, day: date, by: User) -> None:
    # A line says that the review was decided; what became of the household stands in its spells, which name the review.
    before = {"state": review_steps.ENTERED}
    after = {"state": Review.State.DECIDED.value, "number": number, "day": day.isoformat(), "dossier": dossier.pk}
    log_found(by, "review.decided", reviews, label="household__code", area=dossier.ward, before=before, after=after)
    reviews.order_by().update(
        state=review_steps.after("decide"),
        decided_by=by,
        decided_on=day,
        decision_number=number,
        version=F("version") + 1,
    )
