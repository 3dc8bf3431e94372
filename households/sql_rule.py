"""The rule of classify.py as an expression of the database, for asking it of many reviews at once.

classify() stays the rule: it writes every result and its reasons. A test holds the two together on 20,000 households.
"""

from django.db.models import Case, CharField, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from households.standards import DEPRIVATION_KEYS, Category, IncomeBasis, Rule


def lacks(prefix: str = "") -> Combinable:
    """How many of the 12 indicators a review ticks. `prefix` leads to the review, e.g. 'review__'."""
    total = Value(0, output_field=IntegerField())
    for key in DEPRIVATION_KEYS:
        total = total + Case(When(**{f"{prefix}{key}": True}, then=Value(1)), default=Value(0))
    return total


def category(rule: Rule, prefix: str = "") -> Case:
    """The category of a review under the rule. Annotate `lacked=lacks(prefix)` first; an unknown zone gives NULL."""
    income = f"{prefix}{'b1_score' if rule.basis == IncomeBasis.B1_SCORE else 'income_per_person'}"
    above, known = Q(), Q()
    for zone in ("rural", "urban"):
        above |= Q(**{f"{prefix}zone": zone, f"{income}__gt": rule.line(zone)})
        known |= Q(**{f"{prefix}zone": zone})
    return Case(
        When(above, then=Value(Category.NOT_POOR.value)),
        When(known & Q(lacked__gte=rule.deprivations_for_poor), then=Value(Category.POOR.value)),
        When(known, then=Value(Category.NEAR_POOR.value)),
        default=Value(None),
        output_field=CharField(null=True),
    )


def changed_results(results, rule: Rule):
    """Of these results (a queryset of Result under one standard), those whose category is no longer what the rule says."""
    told = results.annotate(lacked=lacks("review__")).annotate(ruled=category(rule, "review__"))
    return told.exclude(category=F("ruled"))
