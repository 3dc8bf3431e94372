"""Requests by Form 01 and Form 04 read: Form A as it stands, the ward's open dossier, the list."""

from households.models import Dossier, Household, Listed, ReviewRequest, ScreeningItem, ScreeningRule
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
