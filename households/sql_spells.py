"""The rule of spells.py as an expression of the database, for a decision on many reviews at once.

Nothing is decided here: `spells.OUTCOMES` is the rule's own answer to every situation, and a test holds the two together.
"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from households import spells
from households.models import Result, StatusSpell

FACTS = ("persons", "has_labour", "special_hardship", "has_merit", "ethnic_minority")


def held(reviews: QuerySet, prefix: str = "household__reviews__") -> QuerySet:
    """The spells that the reviews' results are about, with `why_closed` and `why_opened` (null: nothing to do).

    `prefix` leads from a spell to its review: the household's while the spell is open, `closed_by__` once it is closed.
    """
    found = StatusSpell.objects.order_by().filter(
        **{f"{prefix}in": reviews.order_by().values("pk"), f"{prefix}results__standard": F("standard")}
    )
    same_ward = Q(ward=F(f"{prefix}ward"))
    same_facts = Q(**{name: F(f"{prefix}{name}") for name in FACTS})
    situations = {
        situation: Q(category=situation.held, decided=situation.decided)
        & (same_ward if situation.same_ward else ~same_ward)
        & (same_facts if situation.same_facts else ~same_facts)
        for situation in spells.OUTCOMES
        if situation.held and not situation.was_poor_before  # of no weight once something is held; a test says so
    }
    return found.annotate(decided=F(f"{prefix}results__category")).annotate(**_reasons(situations))


def newly_listed(reviews: QuerySet) -> QuerySet:
    """Results of the reviews under whose standard nothing is held, with `why_opened` (null: not on the list)."""
    under = StatusSpell.objects.filter(household=OuterRef("review__household"), standard=OuterRef("standard"))
    free = Result.objects.order_by().filter(~Exists(under.open()), review__in=reviews.order_by().values("pk"))
    before = Exists(under.filter(category=OuterRef("category")))
    situations = {
        situation: Q(category=situation.decided) & (before if situation.was_poor_before else ~before)
        for situation in spells.OUTCOMES
        if situation.held is None and situation.same_ward and situation.same_facts
    }
    return free.annotate(**_reasons(situations))


def _reasons(situations: dict[spells.Situation, Q]) -> dict[str, Case]:
    return {name: _reason(situations, which) for name, which in (("why_closed", "close"), ("why_opened", "open"))}


def _reason(situations: dict[spells.Situation, Q], which: str) -> Case:
    found = ((where, getattr(spells.OUTCOMES[situation], which)) for situation, where in situations.items())
    whens = [When(where, then=Value(reason.value)) for where, reason in found if reason]
    return Case(*whens, default=Value(None), output_field=CharField(null=True))
