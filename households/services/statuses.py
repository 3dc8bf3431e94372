"""From a decided review to the household's spells of status. Called inside the decision's transaction."""

from datetime import date

from households import spells
from households.models import Review, StatusSpell
from households.spells import Status
from households.standards import Category


def last_change(household_id: int, history: list[StatusSpell]) -> date | None:
    """The day on which the household's status last changed or was last decided; `history` holds all its spells."""
    decided = Review.objects.filter(household=household_id, state=Review.State.DECIDED)
    return last_of(decided.order_by("-decided_on").values_list("decided_on", flat=True).first(), history)


def last_of(decided_on: date | None, history: list[StatusSpell]) -> date | None:
    """The latest of a household's last decision and of the ends of its spells."""
    days = [decided_on]
    for spell in history:
        days += [spell.valid_from, spell.valid_to]
    return max((day for day in days if day), default=None)


def apply(review: Review, day: date, history: list[StatusSpell]) -> dict[str, dict]:
    """Close and open what the review's results say, a standard at a time. Returns what was and what is, for the log.

    The caller holds the household locked, and has checked that the day is after `last_change`.
    """
    changes, opened = {}, []
    for result in review.results.select_related("standard"):
        held, decided, change = change_of(review, result.standard_id, result.category, history)
        if change.close:
            held.valid_to, held.closed_as, held.closed_by = day, change.close, review
            held.save(update_fields=["valid_to", "closed_as", "closed_by"])
        if change.open:
            opened.append(spell_of(review, result.standard_id, decided, day, change.open))
        changes[result.standard.code] = {"before": held.category if held else None, "after": result.category}
    StatusSpell.objects.bulk_create(opened)
    return changes


def change_of(
    review: Review, standard: int, category: str, history: list[StatusSpell]
) -> tuple[StatusSpell | None, Status, spells.Change]:
    """The open spell under a standard (its id), what is decided, and what becomes of the one because of the other."""
    under = [spell for spell in history if spell.standard_id == standard]
    held = next((spell for spell in under if spell.valid_to is None), None)
    decided = status_of(review, Category(category))
    before = any(spell.category == category for spell in under)
    return held, decided, spells.change(held.status() if held else None, decided, was_poor_before=before)


def status_of(review: Review, category: Category) -> Status:
    """What a review's facts and one of its results make of a household."""
    return Status(
        category,
        review.ward_id,
        review.persons,
        review.has_labour,
        review.special_hardship,
        review.has_merit,
        review.ethnic_minority,
    )


def spell_of(review: Review, standard: int, decided: Status, day: date, reason: spells.Opened) -> StatusSpell:
    """The spell that a decided result opens, not yet written. `standard`: its id."""
    return StatusSpell(
        household_id=review.household_id,
        standard_id=standard,
        ward_id=decided.ward,
        category=decided.category,
        persons=decided.persons,
        has_labour=decided.has_labour,
        special_hardship=decided.special_hardship,
        has_merit=decided.has_merit,
        ethnic_minority=decided.ethnic_minority,
        valid_from=day,
        opened_as=reason,
        opened_by=review,
    )
