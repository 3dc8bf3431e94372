"""The rule of spells.py as an expression of the database, for a decision on many reviews at once.

Nothing is decided here: `spells.OUTCOMES` is the rule's own answer to every situation, and a test holds the two together.
"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from households import spells
from households.models import Result, StatusSpell
from households.standards import Category

FACTS = ("persons", "has_labour", "special_hardship", "has_merit", "ethnic_minority")


def held(reviews: QuerySet, prefix: str = "household__reviews__") -> QuerySet:
    """The spells that the reviews' results are about, with `why_closed` and `why_opened` (null: nothing to do).

    `prefix` leads from a spell to its review: the household's while the spell is open, `closed_by__` once it is closed.
    """
    found = StatusSpell.objects.order_by().filter(
        **{f"{prefix}in": reviews.order_by().values("pk"), f"{prefix}results__standard": F("standard")}
    )
    decided = f"{prefix}results__category"
    parts = {
        "held": {category: Q(category=category) for category in spells.LISTED},
        "decided": {category: Q(**{decided: category}) for category in Category},
        "same_ward": {True: Q(ward=F(f"{prefix}ward")), False: None},
        "same_facts": {True: Q(**{name: F(f"{prefix}{name}") for name in FACTS}), False: None},
    }
    known = {"was_poor_before": True}  # of no weight once something is held; a test says so
    return found.annotate(decided=F(decided), **_reasons(known, parts))


def newly_listed(reviews: QuerySet) -> QuerySet:
    """Results of the reviews under whose standard nothing is held, with `why_opened` (null: not on the list)."""
    under = StatusSpell.objects.filter(household=OuterRef("review__household"), standard=OuterRef("standard"))
    free = Result.objects.order_by().filter(~Exists(under.open()), review__in=reviews.order_by().values("pk"))
    parts = {
        "decided": {category: Q(category=category) for category in Category},
        "was_poor_before": {True: Q(Exists(under.filter(category=OuterRef("category")))), False: None},
    }
    return free.annotate(**_reasons({"held": None, "same_ward": True, "same_facts": True}, parts))


def _reasons(known: dict, parts: dict[str, dict]) -> dict[str, Combinable]:
    outcomes = {
        situation: outcome
        for situation, outcome in spells.OUTCOMES.items()
        if all(getattr(situation, name) == value for name, value in known.items())
        and (situation.held is None) == ("held" in known)
    }
    return {
        f"why_{name}": _reason({one: getattr(outcome, which) for one, outcome in outcomes.items()}, parts)
        for name, which in (("closed", "close"), ("opened", "open"))
    }


def _reason(outcomes: dict[spells.Situation, str | None], parts: dict[str, dict]) -> Combinable:
    """The outcomes as nested CASEs that ask no more of a row than its outcome hangs on."""
    if len(set(outcomes.values())) == 1:
        reason = next(iter(outcomes.values()))
        return Value(reason and reason.value, CharField(null=True))
    (name, conditions), *rest = parts.items()
    *asked, last = conditions

    def where(value):
        return _reason({one: out for one, out in outcomes.items() if getattr(one, name) == value}, dict(rest))

    whens = [When(conditions[value], then=where(value)) for value in asked]
    return Case(*whens, default=where(last), output_field=CharField(null=True))
