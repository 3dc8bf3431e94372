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
from households.services import form_rows
from households.standards import IncomeBasis


@dataclass(frozen=True)
class Change:
    """One result that the rule no longer gives, or gives by other points. `b1`: the points now."""

    result: Result
    receipt: Receipt
    b1: int


def changes(standard: Standard) -> Iterator[Change]:
    """Who would change under the standard as it stands, in the order of households; read as a stream."""
    rule = standard.rule()
    stored = Result.objects.filter(standard=standard).select_related("review__household", "review__round")
    changed = sql_rule.changed_results(stored, rule).order_by("review__household__code", "review_id")
    for result in changed.iterator(chunk_size=500):
        found = form_rows.findings_of(result.review, form_rows.table_for(result.review))
        yield Change(result, classify(found, rule), found.b1_score)


def unfit(standard: Standard) -> Iterator[Result]:
    """Results whose answers the newest table of points cannot count: those forms must be answered again."""
    stored = Result.objects.filter(standard=standard).select_related("review__household", "review__round")
    return sql_rule.unfit(stored, standard.rule()).order_by("review__household__code", "review_id").iterator(500)


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
    table = form_rows.table_for(review) if standard.basis == IncomeBasis.B1_SCORE else None
    found = form_rows.findings_of(review, table)
    if result is None or found is None:
        return False
    receipt = classify(found, standard.rule())
    if (result.category, review.b1_score) == (receipt.category, found.b1_score):
        return False
    before, points = result.category, review.b1_score
    result.category, result.receipt, result.rule_version = receipt.category, receipt.as_json(), receipt.rule_version
    result.save(update_fields=["category", "receipt", "rule_version"])
    review.version += 1
    review.b1_score, review.score_table = found.b1_score, table or review.score_table
    review.save(update_fields=["version", "b1_score", "score_table"])
    log(
        by,
        "review.rescored",
        review,
        area=review.ward,
        before=seal({"spells": {standard.code: before}, "b1_score": points}),
        after=seal({"spells": {standard.code: receipt.category.value}, "b1_score": review.b1_score}),
    )
    return True


def _held_by_meeting(review: Review) -> bool:
    """Once the residents have met on a result, it changes only when the dossier is sent back or re-checked."""
    dossier = dossier_queries.holding(review)
    return bool(dossier and dossier.step not in steps.OPEN_TO_SURVEY)
