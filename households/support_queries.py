"""Supports read: the ledger with its sums, and whether a policy is for a household on a day."""

from datetime import date

from django.db.models import Count, OuterRef, Subquery, Sum

from accounts.roles import May
from households.eligibility import Rule, Standing, Verdict, judge
from households.models import Household, Member, Policy, StatusSpell, Support
from households.spells import Closed


def supports_of(user):
    """Supports that the user may read: those of the own area, or, without a right to households, the own agency's."""
    if user.may(May.SEE_HOUSEHOLDS):
        return Support.objects.visible_to(user)
    return Support.objects.given_by(user)


def ledger(user, *, policy=None, kind: str = "", first: date | None = None, last: date | None = None):
    """Supports by policy, kind and the day they were given, both days inclusive."""
    asked = {"policy": policy, "policy__kind": kind, "given_on__gte": first, "given_on__lte": last}
    return supports_of(user).filter(**{name: value for name, value in asked.items() if value})


def kept_of(user, rows) -> list[int]:
    """Keys of those rows that the user may correct."""
    return list(Support.objects.kept_by(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def for_list(supports):
    """With all that a row of the list shows, the head's name of today included; newest first."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on__isnull=True)
    rows = supports.select_related("household__ward", "policy", "ward", "agency")
    return rows.annotate(head_name=Subquery(head.values("full_name")[:1])).order_by("-given_on", "-id")


def sums_by_kind(supports) -> list[dict]:
    """By kind: households and turns counted apart, persons and money (dong) added up; in one query.

    A household with several supports of one kind counts once there, and once in each other kind.
    """
    rows = (
        supports.order_by()
        .values("policy__kind")
        .annotate(
            households=Count("household", distinct=True), turns=Count("pk"), heads=Sum("persons"), money=Sum("amount")
        )
    )
    order = list(Policy.Kind.values)
    sums = [row | {"label": Policy.Kind(row["policy__kind"]).label} for row in rows]
    return sorted(sums, key=lambda row: order.index(row["policy__kind"]))


def masked_name(full_name: str | None) -> str:
    """Enough to tell one's own records apart: the given name, the rest as initials. 'Trần Văn Mẫu' -> 'T. V. Mẫu'."""
    words = (full_name or "").split()
    return " ".join([*(f"{word[0]}." for word in words[:-1]), *words[-1:]])


def rule_of(policy: Policy) -> Rule:
    """The policy's columns as the rule that judges."""
    categories = {"poor": policy.for_poor, "near_poor": policy.for_near_poor}
    flags = {
        "has_labour": policy.needs_labour,
        "special_hardship": policy.needs_hardship,
        "has_merit": policy.needs_merit,
    }
    return Rule(
        categories=frozenset(name for name, asked in categories.items() if asked),
        issuers=frozenset([policy.for_issuer] if policy.for_issuer else []),
        flags=frozenset(name for name, asked in flags.items() if asked),
        escaped_months=policy.escaped_months,
    )


def verdicts_on(policies, household: Household, day: date) -> list[tuple[Policy, Verdict]]:
    """Each policy with whether it is for the household on the day, by its statuses of that day; in one query."""
    spells = list(StatusSpell.objects.filter(household=household, valid_from__lte=day).select_related("standard"))
    return [(policy, _judge(rule_of(policy), spells, day)) for policy in policies]


def verdict_on(policy: Policy, household: Household, day: date) -> Verdict:
    return verdicts_on([policy], household, day)[0][1]


def _judge(rule, spells, day) -> Verdict:
    standings = [
        Standing(spell.standard.issuer, spell.category, _flags(spell))
        for spell in spells
        if spell.valid_to is None or spell.valid_to > day
    ]
    left = [
        spell.valid_to
        for spell in spells
        if spell.closed_as == Closed.ESCAPED
        and spell.valid_to <= day
        and (not rule.issuers or spell.standard.issuer in rule.issuers)
        and (not rule.categories or spell.category in rule.categories)
    ]
    return judge(rule, standings, escaped_months_ago=_months(max(left), day) if left else None)


def _flags(spell) -> frozenset[str]:
    return frozenset(name for name in ("has_labour", "special_hardship", "has_merit") if getattr(spell, name))


def _months(since: date, day: date) -> int:
    """Whole months that have passed."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
