"""From decided reviews to the households' spells of status. Called inside the decision's transaction.

One way for one review and for a ward's whole list: four statements, however many households.
"""

from datetime import date

from django.db.models import CharField, DateField, F, Q, QuerySet, Value

from areas.set_based import insert_from, update_from
from households import sql_spells
from households.models import Review, StatusSpell

OPENED = [
    "household",
    "standard",
    "ward",
    "category",
    *sql_spells.FACTS,
    "valid_from",
    "opened_as",
    "closed_as",
    "opened_by",
]


def last_change(household_id: int, history: list[StatusSpell]) -> date | None:
    """The day on which the household's status last changed or was last decided; `history` holds all its spells."""
    decided = Review.objects.filter(household=household_id, state=Review.State.DECIDED)
    days = [decided.order_by("-decided_on").values_list("decided_on", flat=True).first()]
    for spell in history:
        days += [spell.valid_from, spell.valid_to]
    return max((day for day in days if day), default=None)


def changed_since(reviews: QuerySet, day: date) -> set[int]:
    """Ids of the reviews' households whose `last_change` is on the day or after it."""
    households = reviews.order_by().values("household")
    late = StatusSpell.objects.filter(Q(valid_from__gte=day) | Q(valid_to__gte=day), household__in=households)
    decided = Review.objects.filter(state=Review.State.DECIDED, decided_on__gte=day, household__in=households)
    return {pk for rows in (late, decided) for pk in rows.order_by().values_list("household", flat=True)}


def categories(review: Review) -> dict[str, dict]:
    """What is held and what is decided under each standard of a review's results, by its code; for the log."""
    held = dict(StatusSpell.objects.open().filter(household=review.household_id).values_list("standard", "category"))
    results = review.results.values_list("standard", "standard__code", "category")
    return {code: {"before": held.get(standard), "after": category} for standard, code, category in results}


def apply(reviews: QuerySet, day: date) -> None:
    """Close and open what the results of these reviews say, by the rule of spells.py.

    The caller holds the households locked, and has checked that the day is after the last change of each.
    """
    before = sql_spells.held(reviews).filter(valid_to__isnull=True)
    new = sql_spells.newly_listed(reviews).filter(why_opened__isnull=False)
    insert_from(
        StatusSpell, OPENED, new.values_list("review__household", "standard", *_of_review("review__", "category", day))
    )
    closing = before.filter(why_closed__isnull=False, valid_from__lt=day)  # not what was opened a line above
    on = Value(day, DateField())
    update_from(
        StatusSpell,
        ["valid_to", "closed_as", "closed_by"],
        closing.values_list("pk", on, "why_closed", "household__reviews"),
    )
    closed = sql_spells.held(reviews, "closed_by__").filter(valid_to=day, why_opened__isnull=False)
    insert_from(
        StatusSpell, OPENED, closed.values_list("household", "standard", *_of_review("closed_by__", "decided", day))
    )


def _of_review(prefix: str, category: str, day: date) -> list:
    """The columns of a spell that a decision opens, after its household and its standard; `prefix` leads to the review."""
    facts = [F(f"{prefix}{name}") for name in sql_spells.FACTS]
    empty = Value("", CharField())
    return [F(f"{prefix}ward"), F(category), *facts, Value(day, DateField()), F("why_opened"), empty, F(f"{prefix}pk")]
