"""Stored results laid beside the rule as it is now: who would change, and the undecided ones set right.

A decided review is never touched: its result is what the decision recognised (docs/decisions/0009-rescoring.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from households import dossier_queries, sql_rule, steps
from households.classify import Receipt, classify
from households.models import Household, Result, Review, Standard
from households.sealed import seal
from households.standards import DEPRIVATION_KEYS, Findings


@dataclass(frozen=True)
class Change:
    """One result whose category the rule no longer gives."""

    result: Result
    receipt: Receipt


def changes(standard: Standard) -> Iterator[Change]:
    """Who would change under the standard as it stands, in the order of households; read as a stream."""
    rule = standard.rule()
    stored = Result.objects.filter(standard=standard).select_related("review__household", "review__round")
    changed = sql_rule.changed_results(stored, rule).order_by("review__household__code", "review_id")
    for result in changed.iterator(chunk_size=500):
        yield Change(result, classify(_findings(result.review), rule))


@transaction.atomic
def rescore(*, review: Review, standard: Standard, by: User) -> bool:
    """Set the result of one undecided review right. False: decided meanwhile, its meeting was held, or nothing differs.

    The review's version grows, so a leader who has the old result on the screen is asked to look again.
    """
    if not by.may(May.CONFIRM_STANDARDS):
        raise PermissionDenied
    Household.objects.select_for_update(of=("self",)).filter(pk=review.household_id).first()
    visible = Review.objects.visible_to(by).select_related("household", "ward")
    review = visible.filter(pk=review.pk).exclude(state=Review.State.DECIDED).first()
    if review is None or _held_by_meeting(review):
        return False
    result = review.results.filter(standard=standard).first()
    receipt = classify(_findings(review), standard.rule())
    if result is None or result.category == receipt.category:
        return False
    before = result.category
    result.category, result.receipt, result.rule_version = receipt.category, receipt.as_json(), receipt.rule_version
    result.save(update_fields=["category", "receipt", "rule_version"])
    review.version += 1
    review.save(update_fields=["version"])
    log(
        by,
        "review.rescored",
        review,
        area=review.ward,
        before=seal({"spells": {standard.code: before}}),
        after=seal({"spells": {standard.code: receipt.category.value}}),
    )
    return True


def _findings(review: Review) -> Findings:
    ticked = frozenset(key for key in DEPRIVATION_KEYS if getattr(review, key))
    return Findings(review.zone, review.b1_score, review.income_per_person, ticked)


def _held_by_meeting(review: Review) -> bool:
    """Once the residents have met on a result, it changes only when the dossier is sent back or re-checked."""
    dossier = dossier_queries.holding(review)
    return bool(dossier and dossier.step not in steps.OPEN_TO_SURVEY)
