"""Reading money: one way to add it up, for pages, dashboards, reports and the API.

    rows = BudgetLine.objects.visible_to(user).standing().filter(year=2023)
    money_queries.total(rows, day)                     # Money: allotted, disbursed, left, over, share
    money_queries.totals(rows, "source", day)          # [Total(key, label, money)]; also "clause", "agency", "policy"
    money_queries.cross(rows, "clause", "source", day) # {(clause, source): Money}

Amounts are whole dong. `day`: spending up to its end and lines allotted by then; None: everything. Each call is one
query, however many lines there are. A line without a clause or policy stands under the key None.

An allotment that was changed counts as it is now for every day from `allotted_on`: what a report said is frozen there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from households.support_queries import ledger
from targets.models import BudgetLine, Disbursement
from targets.spending import Money

# what lines are grouped by → its key, its words, what it is ordered by
GROUPS = {
    "source": ("source_id", "source__name", "source__order"),
    "agency": ("agency_id", "agency__short_name", "agency__order"),
    "clause": ("clause_id", "clause__ref", "clause__order"),
    "policy": ("policy_id", "policy__name", "policy__name"),
    "year": ("year", "year", "year"),
}
SUMS = {"all_allotted": Sum("allotted"), "all_spent": Sum("spent"), "all_over": Sum("over_allowed")}


@dataclass(frozen=True)
class Total:
    key: int | None
    label: str  # empty for lines that name none
    money: Money


def total(rows: QuerySet, day: date | None = None) -> Money:
    """All of them together."""
    return _money(*_drawn(rows, day).aggregate(**SUMS).values())


def totals(rows: QuerySet, by: str, day: date | None = None) -> list[Total]:
    """By one of GROUPS, in its own order, those without any last."""
    found = _drawn(rows, day).values_list(*GROUPS[by]).annotate(**SUMS)
    ordered = sorted(found, key=lambda row: (row[0] is None, row[2] or 0, str(row[1])))
    return [Total(key, str(label or ""), _money(*sums)) for key, label, _, *sums in ordered]


def cross(rows: QuerySet, first: str, second: str, day: date | None = None) -> Mapping[tuple, Money]:
    """By two of GROUPS at once; a pair without a line is missing."""
    found = _drawn(rows, day).values_list(GROUPS[first][0], GROUPS[second][0]).annotate(**SUMS)
    return {(one, two): _money(*sums) for one, two, *sums in found}


def _drawn(rows: QuerySet, day: date | None) -> QuerySet:
    return with_spent(rows.order_by(), day)


def _money(allotted: int | None, spent: int | None, over: int | None) -> Money:
    return Money(int(allotted or 0), int(spent or 0), int(over or 0))


def with_spent(rows: QuerySet, day: date | None = None) -> QuerySet:
    """The lines themselves, each with `spent` and `left`, for a list of them; no query a row."""
    drawn = Disbursement.objects.up_to(day).filter(line=OuterRef("pk")).order_by().values("line")
    drawn = drawn.annotate(sum=Sum("amount")).values("sum")
    rows = rows.filter(allotted_on__lte=day) if day else rows
    return rows.annotate(spent=Coalesce(Subquery(drawn), 0)).annotate(left=F("allotted") - F("spent"))


def unpaid_supports(line: BudgetLine, user) -> QuerySet:
    """Supports that the user may read, of the line's agency or written by a ward, under its policy and in its year,
    for whose amount no line has paid in full; each with `unpaid`, the newest first."""
    rows = ledger(user, policy=line.policy, first=date(line.year, 1, 1), last=date(line.year, 12, 31))
    rows = rows.filter(Q(agency=line.agency_id) | Q(agency=None), amount__gt=0)
    drawn = Disbursement.objects.standing().filter(support=OuterRef("pk")).order_by().values("support")
    drawn = drawn.annotate(sum=Sum("amount")).values("sum")
    rows = rows.annotate(unpaid=F("amount") - Coalesce(Subquery(drawn), 0)).filter(unpaid__gt=0)
    return rows.select_related("household", "ward", "policy").order_by("-given_on", "-pk")
