"""The decision on a ward's whole list: every review of the dossier in one transaction, a fixed number of statements.

The rules are those of one review's decision (services/reviews.py): a second person, after the survey, after the last
change of each household. Nothing is computed again; the stored results count. Decision 24/2021/QĐ-TTg art. 4 and 5.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from accounts.log import log_many
from accounts.models import Event, User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import number as counted
from areas.vietnamese import tidy
from households import dossier_queries, review_steps, spells
from households.models import Dossier, Household, Result, Review, StatusSpell
from households.services import dossiers
from households.services.reviews import WRITTEN_BY
from households.services.statuses import change_of, last_of, spell_of
from households.steps import Move, Step

MOST_NAMED = 10


@dataclass
class Changes:
    """What the decision writes: keys of spells to close by reason, and spells to open."""

    close: dict[spells.Closed, list[int]]
    open: list[StatusSpell]


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
    if left := dossier_queries.progress(dossier)["left"]:
        raise ValidationError(f"Còn {counted(left)} hộ chưa có phiếu hoặc phiếu bị trả lại.")
    if waiting := dossier_queries.missing(dossier, Move.FINISH, today):
        raise ValidationError(waiting)
    reviews = _locked_reviews(dossier)
    posted = max((posting.to_on for posting in dossier.postings.all()), default=None)
    if wrong := _wrong(reviews, number, day, today, posted):
        raise ValidationError(wrong)
    _refuse_own(reviews, by)
    history = _history(reviews)
    _refuse_too_early(reviews, history, day)
    changes = _changes(reviews, history, day)
    _write(dossier, reviews, changes, number, day, by)
    dossier.decision_number, dossier.decided_on, dossier.decided_by = number, day, by
    dossiers.take(dossier, Step.CERTIFICATES, Move.FINISH, by=by, today=today, note="", document=number)
    return dossier


def _locked_reviews(dossier: Dossier) -> list[Review]:
    """The reviews to decide, their households held in the order of their keys so that two deciders never cross."""
    waiting = dossier_queries.reviews_of(dossier).filter(state=Review.State.ENTERED)
    held = Household.objects.filter(pk__in=waiting.values("household")).select_for_update().order_by("pk")
    list(held.values_list("pk", flat=True))
    return list(waiting.select_related("household", "entered_by").order_by("pk"))


def _wrong(reviews: list[Review], number: str, day: date, today: date, posted: date | None) -> dict[str, str]:
    wrong = {}
    last_survey = max((review.surveyed_on for review in reviews), default=day)
    if not number or len(number) > 60:
        wrong["number"] = "Ghi số quyết định (không quá 60 ký tự), ví dụ 398/QĐ-UBND."
    if day > today:
        wrong["day"] = f"Ngày quyết định không được sau hôm nay ({written(today)})."
    elif day < last_survey:
        wrong["day"] = f"Ngày quyết định trước ngày khảo sát cuối cùng ({written(last_survey)})."
    elif posted and day <= posted:
        wrong["day"] = f"Kết quả còn niêm yết đến hết ngày {written(posted)}: ngày quyết định phải sau ngày đó."
    return wrong


def _refuse_own(reviews: list[Review], by: User) -> None:
    """Who entered or edited any of the forms never decides the list."""
    keys = [str(review.pk) for review in reviews]
    mine = Event.objects.filter(
        by=by, action__in=WRITTEN_BY, subject_type=Review._meta.label_lower, subject_id__in=keys
    )
    if any(review.entered_by_id == by.pk for review in reviews) or mine.exists():
        raise ValidationError("Người nhập hoặc sửa phiếu trong hồ sơ không được quyết định hồ sơ đó.", code="own")


def _history(reviews: list[Review]) -> dict[int, list[StatusSpell]]:
    """Every spell of every household, oldest first."""
    found = defaultdict(list)
    households = [review.household_id for review in reviews]
    for spell in StatusSpell.objects.filter(household__in=households).order_by("valid_from"):
        found[spell.household_id].append(spell)
    return found


def _refuse_too_early(reviews: list[Review], history: dict[int, list[StatusSpell]], day: date) -> None:
    households = [review.household_id for review in reviews]
    decided = dict(
        Review.objects.filter(household__in=households, state=Review.State.DECIDED)
        .order_by()
        .values_list("household")
        .annotate(last=Max("decided_on"))
    )
    early = []
    for review in reviews:
        last = last_of(decided.get(review.household_id), history[review.household_id])
        if last and day <= last:
            early.append(review.household.code)
    if early:
        named = ", ".join(early[:MOST_NAMED]) + (" …" if len(early) > MOST_NAMED else "")
        raise ValidationError(
            {"day": f"{counted(len(early))} hộ có phân loại hiệu lực từ ngày này hoặc sau đó: {named}."}
        )


def _changes(reviews, history, day: date) -> Changes:
    of_review = defaultdict(list)
    results = Result.objects.filter(review__in=[review.pk for review in reviews]).order_by("pk")
    for review, standard, category in results.values_list("review_id", "standard_id", "category"):
        of_review[review].append((standard, category))
    changes = Changes(defaultdict(list), [])
    for review in reviews:
        for standard, category in of_review[review.pk]:
            held, decided, change = change_of(review, standard, category, history[review.household_id])
            if change.close:
                changes.close[change.close].append(held.pk)
            if change.open:
                changes.open.append(spell_of(review, standard, decided, day, change.open))
    return changes


def _write(dossier: Dossier, reviews: list[Review], changes: Changes, number: str, day: date, by: User) -> None:
    deciding = Review.objects.filter(round=dossier.round_id, household=OuterRef("household"))
    for why, keys in changes.close.items():
        StatusSpell.objects.filter(pk__in=keys).update(
            valid_to=day, closed_as=why, closed_by=Subquery(deciding.values("pk")[:1])
        )
    StatusSpell.objects.bulk_create(changes.open, batch_size=1000)
    Review.objects.filter(pk__in=[review.pk for review in reviews]).update(
        state=review_steps.after("decide"),
        decided_by=by,
        decided_on=day,
        decision_number=number,
        version=F("version") + 1,
    )
    # A line says that the review was decided; what became of the household stands in its spells, which name the review.
    before = {"state": review_steps.ENTERED}
    after = {"state": Review.State.DECIDED, "number": number, "day": day.isoformat(), "dossier": dossier.pk}
    log_many(by, "review.decided", ((review, before, after) for review in reviews), area=dossier.ward)
