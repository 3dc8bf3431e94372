"""The rule of classify.py as an expression of the database, for asking it of many reviews at once.

classify() stays the rule: it writes every result and its reasons. A test holds the two together on 20,000 households.
"""

from collections.abc import Iterable

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from households.models import ScoreAnswer, ScoreItem, ScoreOption, ScoreTable
from households.scoring import Kind
from households.standards import DEPRIVATION_KEYS, Category, IncomeBasis, Rule


def lacks(prefix: str = "") -> Combinable:
    """How many of the 12 indicators a review ticks. `prefix` leads to the review, e.g. 'review__'."""
    total = Value(0, output_field=IntegerField())
    for key in DEPRIVATION_KEYS:
        total = total + Case(When(**{f"{prefix}{key}": True}, then=Value(1)), default=Value(0))
    return total


def b1(tables: Iterable[ScoreTable], prefix: str = "") -> Combinable:
    """B1 of a review: counted by the newest table of its zone and day, as scoring.score() does, or as it was typed.

    NULL when the table does not know an answer or misses one: the form must be answered again. One sum a table, so few.
    """
    counted = [
        When(_asked_of(table, prefix), then=Case(When(_fits(table, prefix), then=_points(table, prefix))))
        for table in tables
    ]
    typed = When(Q(**{f"{prefix}score_table__isnull": True}), then=F(f"{prefix}b1_score"))
    return Case(typed, *counted, default=F(f"{prefix}b1_score"), output_field=IntegerField(null=True))


def _asked_of(table: ScoreTable, prefix: str) -> Q:
    days = {f"{prefix}surveyed_on__gte": table.valid_from}
    if table.valid_to:
        days[f"{prefix}surveyed_on__lte"] = table.valid_to
    return Q(**{f"{prefix}zone": table.zone}, **days)


def _points(table: ScoreTable, prefix: str) -> Combinable:
    review = OuterRef(OuterRef(f"{prefix}pk"))
    number = Q(number__isnull=False) & _in_band(OuterRef("least"), OuterRef("most"))
    met = ScoreAnswer.objects.filter(review=review, item=OuterRef("item__code"))
    met = met.filter(Q(option=OuterRef("code")) | Q(option="") & number)
    options = ScoreOption.objects.filter(Exists(met), item__table=table).order_by()
    total = options.values("item__table").annotate(total=Sum("points")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=IntegerField())


def _in_band(least, most) -> Q:
    return (Q(number__gte=least) | Q(IsNull(least, True))) & (Q(number__lt=most) | Q(IsNull(most, True)))


def _fits(table: ScoreTable, prefix: str) -> Q:
    """Every answer is one of the table's, and of every item that asks for exactly one there is one."""
    options = ScoreOption.objects.filter(item__table=table, item__code=OuterRef("item"))
    chosen = options.exclude(item__kind=Kind.BAND).filter(code=OuterRef("option"))
    bounds = Q(least__isnull=True) | Q(least__lte=OuterRef("number"))
    band = options.filter(bounds, Q(most__isnull=True) | Q(most__gt=OuterRef("number")), item__kind=Kind.BAND)
    own = ScoreAnswer.objects.filter(review=OuterRef(f"{prefix}pk"))
    strange = own.filter(~Exists(chosen), ~Exists(band))
    given = ScoreAnswer.objects.filter(review=OuterRef(OuterRef(f"{prefix}pk")), item=OuterRef("code")).order_by()
    given = given.values("item").annotate(given=Count("pk")).values("given")
    not_once = ScoreItem.objects.filter(table=table).exclude(kind=Kind.MULTI)
    not_once = not_once.annotate(given=Coalesce(Subquery(given), Value(0))).exclude(given=1)
    return ~Q(Exists(strange)) & ~Q(Exists(not_once))


def category(rule: Rule, prefix: str = "", b1: str = "") -> Case:
    """The category of a review under the rule. Annotate `lacked=lacks(prefix)` first; an unknown zone gives NULL.

    `b1`: the name under which b1() was annotated; without, the points as they stand in the review.
    """
    income = b1 or f"{prefix}b1_score"
    if rule.basis != IncomeBasis.B1_SCORE:
        income = f"{prefix}income_per_person"
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
    """Of these results (a queryset of Result under one standard), those that the rule now tells otherwise.

    Otherwise: another category, or, of a standard by points, another B1. Reviews whose answers no longer fit the table
    are left out; unfit() names them.
    """
    told = results.annotate(lacked=lacks("review__"), counted=_counted(rule))
    told = told.annotate(ruled=category(rule, "review__", "counted")).exclude(counted__isnull=True)
    return told.filter(~Q(category=F("ruled")) | ~Q(counted=F("review__b1_score")))


def unfit(results, rule: Rule):
    """Of these results those whose answers the newest table cannot count."""
    return results.annotate(counted=_counted(rule)).filter(counted__isnull=True)


def _counted(rule: Rule) -> Combinable:
    """B1 as the standard sees it: one by income does not look at points, so no table changes it."""
    tables = ScoreTable.objects.newest_first() if rule.basis == IncomeBasis.B1_SCORE else []
    return b1(tables, "review__")
