"""Supports read: the ledger with its sums, and whether a policy is for a household on a day."""

from dataclasses import replace
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from accounts.roles import May
from households import targeted
from households.eligibility import Person, Rule, Standing, Verdict, judge
from households.models import Household, HouseWork, LoanBalance, Member, Policy, StatusSpell, Support
from households.spells import Closed
from households.support_stages import SOURCES, STAGES


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


def for_list(supports, day: date | None = None):
    """With all that a row of the list shows, the head's name of today included; newest first.

    A loan's balance is its newest one, or its newest one up to a day.
    """
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on__isnull=True)
    newest = LoanBalance.objects.filter(support=OuterRef("pk")).order_by("-day")
    newest = newest.filter(day__lte=day) if day else newest
    rows = supports.select_related("household__ward", "policy", "ward", "agency", "member")
    return rows.annotate(
        head_name=Subquery(head.values("full_name")[:1]),
        balance_on=Subquery(newest.values("day")[:1]),
        outstanding=Subquery(newest.values("outstanding")[:1]),
        overdue=Subquery(newest.values("overdue")[:1]),
    ).order_by("-given_on", "-id")


def loan_sums(supports, day: date) -> dict | None:
    """Of the loans among them, each by its newest balance up to a day: how many, lent, outstanding, overdue (dong)."""
    newest = LoanBalance.objects.filter(support=OuterRef("pk"), day__lte=day).order_by("-day")
    loans = supports.filter(policy__kind=Policy.Kind.LOAN).order_by()
    sums = loans.annotate(
        owed=Subquery(newest.values("outstanding")[:1]), late=Subquery(newest.values("overdue")[:1])
    ).aggregate(
        loans=Count("pk"),
        told=Count("owed"),
        lent=Sum("amount"),
        outstanding=Sum("owed"),
        overdue=Sum("late"),
        late_loans=Count("pk", filter=Q(late__gt=0)),
    )
    return sums if sums["loans"] else None


def at_stage(stage: str) -> Q:
    """Houses whose last stage it is."""
    names = list(STAGES)
    after = names[names.index(stage) + 1 :]
    return Q(**{f"{stage}__isnull": False}, **{f"{name}__isnull": True for name in after})


def house_works(user, *, stage: str = ""):
    """Houses that the user may read, with what a row of the list shows; `stage`: the last one reached."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on__isnull=True)
    rows = HouseWork.objects.readable_by(user).select_related("household__ward", "policy", "ward", "agency")
    if stage:
        rows = rows.filter(at_stage(stage))
    return rows.annotate(head_name=Subquery(head.values("full_name")[:1])).order_by("-approved_on", "-id")


def house_sums(works) -> dict:
    """By stage how many houses stand there, and the money (dong) of each source over all of them; in one query."""
    reached = {name: Count("pk", filter=at_stage(name)) for name in STAGES}
    return works.order_by().aggregate(**reached, **{f"sum_{name}": Sum(name) for name in SOURCES}, houses=Count("pk"))


def sums_by_kind(supports) -> list[dict]:
    """By kind: households and turns counted apart, persons and money (dong) added up; in one query.

    A household with several supports of one kind counts once there, and once in each other kind.
    """
    rows = (
        supports.order_by()
        .values("policy__kind")
        .annotate(
            households=Count("household", distinct=True),
            turns=Count("pk"),
            heads=Sum("persons"),
            money=Sum("amount"),
            people=Count("member", distinct=True),
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
        age_from=policy.age_from,
        age_to=policy.age_to,
    )


def verdicts_on(
    policies, household: Household, day: date, member: Member | None = None
) -> list[tuple[Policy, Verdict]]:
    """Each policy with whether it is for the household on the day, by its statuses of that day; in one query.

    `member`: who of it receives; without one, what the policy asks of a person's age is left open.
    """
    spells = list(StatusSpell.objects.filter(household=household, valid_from__lte=day).select_related("standard"))
    person = None
    if member is not None:
        months = targeted.months_old(day, member.birth_year, member.birth_month, member.birth_day)
        person = Person(months // 12, member.sex)
    return [(policy, _judge(_asked(policy, person), spells, day, person)) for policy in policies]


def verdicts_in_force(household: Household, day: date) -> list[tuple[Policy, Verdict]]:
    """The suggestion: every policy in force on the day, whether it is for the household, and why."""
    in_force = Policy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return verdicts_on(in_force.order_by("name"), household, day)


def _asked(policy, person) -> Rule:
    rule = rule_of(policy)
    return rule if person else replace(rule, age_from=None, age_to=None)


def verdict_on(policy: Policy, household: Household, day: date, member: Member | None = None) -> Verdict:
    return verdicts_on([policy], household, day, member)[0][1]


def _judge(rule, spells, day, person=None) -> Verdict:
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
    return judge(rule, standings, escaped_months_ago=_months(max(left), day) if left else None, person=person)


def _flags(spell) -> frozenset[str]:
    return frozenset(name for name in ("has_labour", "special_hardship", "has_merit") if getattr(spell, name))


def _months(since: date, day: date) -> int:
    """Whole months that have passed."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
