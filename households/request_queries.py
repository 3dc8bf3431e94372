"""Requests by Form 01 and Form 04 read: Form A as it stands, the ward's open dossier, the list."""

from households.models import Dossier, Household, Listed, Review, ReviewRequest, ScreeningItem, ScreeningRule
from households.standards import Category
from households.steps import Step

WAITING = "waiting"
STATES = {WAITING: "Chưa sàng lọc"} | dict(ReviewRequest.Outcome.choices)


def form_a() -> tuple[list[ScreeningItem], ScreeningRule | None]:
    """The items in use and the threshold; Form A can be asked only when both are there."""
    return list(ScreeningItem.objects.filter(active=True)), ScreeningRule.objects.first()


def open_dossier(ward_id: int) -> Dossier | None:
    """The ward's latest dossier whose list is still being made."""
    found = Dossier.objects.filter(ward_id=ward_id, step=Step.LIST).select_related("round", "ward")
    return found.order_by("-round__starts_on", "-pk").first()


def is_listed(dossier: Dossier | None, household: Household) -> bool:
    """Whether the household is to be reviewed in that dossier."""
    return bool(dossier) and Listed.objects.filter(dossier=dossier, household=household, included=True).exists()


def decided_review(row: ReviewRequest) -> Review | None:
    """The review that answered a request: the household's first decided one, surveyed since the request came."""
    if row.outcome != ReviewRequest.Outcome.SURVEY:
        return None
    since = Review.objects.filter(household=row.household_id, ward=row.ward_id, surveyed_on__gte=row.received_on)
    return since.filter(state=Review.State.DECIDED).order_by("decided_on", "pk").first()


def refusal(row: ReviewRequest) -> list[str]:
    """The written reasons why what was asked is not granted (Decision 24/2021 art. 5); none while it is open or granted.

    Form 01 asks to be recognised as poor or near-poor, Form 04 as having escaped: each result speaks for its standard,
    and one that grants what was asked is enough for no refusal to be owed.
    """
    if row.outcome == ReviewRequest.Outcome.REFUSED:
        return [row.refusal_reason]
    review = decided_review(row)
    if review is None:
        return []
    results = list(review.results.select_related("standard").order_by("standard__issuer"))
    asked_to_leave = row.form == ReviewRequest.Form.ESCAPED
    if any((result.category == Category.NOT_POOR) == asked_to_leave for result in results):
        return []
    return [f"Theo {result.standard.name}: {result.receipt['why']}" for result in results]


def listed(user, state: str = "", form: str = "", code: str = ""):
    """Requests that the user sees, by what became of them, by form and by the household's code."""
    found = ReviewRequest.objects.visible_to(user).select_related("ward", "household")
    if state:
        found = found.filter(outcome="" if state == WAITING else state)
    if form:
        found = found.filter(form=form)
    if code:
        found = found.filter(household__code=code)
    return found
