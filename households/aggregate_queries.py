"""The facts that aggregate forms are filled with: a fixed number of grouped queries, whatever the number of wards."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from areas.models import Area, ResidentHouseholds
from areas.vietnamese import fold
from households.aggregates import CHILD_LACKS, movement_facts
from households.computed import CHILD_UNTIL
from households.form_b import CAUSE_COLUMNS
from households.ledger import Group
from households.ledger_queries import ledger_of
from households.models import Household, Member, Review, ReviewTrigger, Standard, StatusSpell
from households.standards import DEPRIVATION_KEYS
from households.targeted_queries import at_least

ETHNICITIES = {"kinh": "kinh", "co tu": "co_tu", "hoa": "hoa"}


@dataclass(frozen=True)
class Line:
    """An area of the form: a district in bold with its wards under it."""

    no: str
    area: Area
    facts: Counter
    is_sum: bool


def lines(user, standard: Standard, first: date, last: date) -> list[Line]:
    """The areas that the user sees, from the top down, with their facts on the evening of `last`.

    Movements are those from the morning of `first`. ValueError when the days are not in order.
    """
    areas = _areas(user, last)
    found = {pk: Counter() for pk in areas}
    for ward, facts in _wards(user, standard, last):
        for pk in _upwards(areas, ward):
            found[pk].update(facts)
    for (pk, group), ledger in ledger_of(user, standard, first, last).items():
        if pk in found and group in (Group.POOR, Group.NEAR_POOR):
            found[pk].update(movement_facts(ledger, group))
    for pk, households in _residents(areas, last.year).items():
        found[pk]["residents.hh"] = households
    return _numbered(areas, found)


def _areas(user, day: date) -> dict[int, Area]:
    """The user's area and all under it that existed on the day."""
    if user.area is None:
        return {}
    there = (
        Area.objects.under(user.area) if user.area.level != Area.Level.WARD else Area.objects.filter(pk=user.area_id)
    )
    there = there.existing_on(day).order_by("order", "code")
    return {area.pk: area for area in there}


def _upwards(areas: dict[int, Area], ward: int) -> Iterable[int]:
    if ward in areas:
        yield from (pk for pk in map(int, areas[ward].path.strip("/").split("/")) if pk in areas)


def _residents(areas: dict[int, Area], year: int) -> dict[int, int]:
    """Resident households as they are stated; an area without its own statement has them summed, if all below have."""
    known = dict(ResidentHouseholds.objects.filter(area__in=areas, year=year).values_list("area_id", "households"))
    for area in sorted(areas.values(), key=lambda area: -area.path.count("/")):
        parts = [known.get(child.pk) for child in areas.values() if child.parent_id == area.pk and child.has_residents]
        if area.pk not in known and parts and None not in parts:
            known[area.pk] = sum(parts)
    return known


def _numbered(areas: dict[int, Area], found: dict[int, Counter]) -> list[Line]:
    below: dict[int | None, list[Area]] = {}
    for area in areas.values():
        below.setdefault(area.parent_id if area.parent_id in areas else None, []).append(area)
    told: list[Line] = []

    def tell(area: Area, no: str) -> None:
        children = below.get(area.pk, [])
        told.append(Line(no, area, found[area.pk], bool(children)))
        for place, child in enumerate(children, 1):
            tell(child, f"{no}.{place}" if no else str(place))

    for top in below.get(None, []):
        tell(top, "")
    return told


# Facts of wards


def _wards(user, standard: Standard, day: date) -> Iterable[tuple[int, dict[str, int]]]:
    yield from _households(user, standard, day)
    yield from _heads(user, standard, day)
    yield from _reviews(user, standard, day)
    yield from _children(user, standard, day)
    yield from _lacking_children(user, standard, day)
    yield from _unnamed(user, standard, day)


def _households(user, standard, day):
    """Households and persons by category and by the groups of form 8."""
    none = Q(ethnic_minority=False, has_labour=True, has_merit=False)
    parts = {"minority": Q(ethnic_minority=True), "no_labour": Q(has_labour=False), "merit": Q(has_merit=True)}
    parts["none_of_three"] = none
    spells = StatusSpell.objects.visible_to(user).filter(standard=standard).on(day).order_by()
    sums = {f"hh_{name}": Count("pk", filter=which) for name, which in parts.items()}
    sums |= {f"persons_{name}": Sum("persons", filter=which, default=0) for name, which in parts.items()}
    rows = spells.values("ward_id", "category").annotate(hh=Count("pk"), people=Sum("persons"), **sums)
    for row in rows:
        category = row["category"]
        facts = {f"hh.{category}": row["hh"], f"persons.{category}": row["people"]}
        for unit in ("hh", "persons"):
            facts |= {f"{unit}.{category}.{name}": row[f"{unit}_{name}"] for name in parts}
        yield row["ward_id"], facts


def _holding(standard: Standard, day: date, spells: str = "household__spells") -> Q:
    """Of a household: it has a status under the standard on the day. For one filter(), so that one spell is meant."""
    still = Q(**{f"{spells}__valid_to__isnull": True}) | Q(**{f"{spells}__valid_to__gt": day})
    return Q(**{f"{spells}__standard": standard, f"{spells}__valid_from__lte": day}) & still


def _in_household(day: date) -> Q:
    return Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))


WARD, CATEGORY = "household__spells__ward_id", "household__spells__category"


def lacks_and_causes(standard: Standard, day: date) -> Iterable[tuple[int, dict[str, int]]]:
    """(ward, facts) of every ward, for figures that nobody's scope limits: households by what they lack and why, keys as
    in the forms ('poor.lack.water', 'near_poor.cause_no_capital', 'poor.reviewed'). One query. Small counts are the
    caller's to withhold."""
    return _reviews(None, standard, day)


def _seen(user) -> QuerySet:
    """Ids of the households one may see: members and reviews of a household go with the household's own scope."""
    return Household.objects.visible_to(user).order_by().values("pk")


def _heads(user, standard, day):
    heads = Member.objects.filter(_holding(standard, day), _in_household(day), relation=Member.Relation.HEAD)
    rows = heads.filter(household__in=_seen(user)).order_by().values(WARD, CATEGORY, "ethnicity", "sex")
    for row in rows.annotate(heads=Count("pk")):
        name = ETHNICITIES.get(fold(row["ethnicity"]), "other")
        names = [name] if name == "kinh" else [name, "minority"]
        facts = {f"{row[CATEGORY]}.ethnic.{name}": row["heads"] for name in names}
        if row["sex"] == Member.Sex.FEMALE:
            facts[f"{row[CATEGORY]}.female_head"] = row["heads"]
        yield row[WARD], facts


def _last_reviews(user, standard, day) -> QuerySet:
    """The newest decided review of each household with a status on the day; of all of them without a user."""
    # Two of one day: the one entered last, so that its household is not counted twice.
    newer = Q(decided_on__gt=OuterRef("decided_on")) | Q(decided_on=OuterRef("decided_on"), pk__gt=OuterRef("pk"))
    later = Review.objects.filter(
        newer, household=OuterRef("household"), state=Review.State.DECIDED, decided_on__lte=day
    )
    decided = Review.objects.filter(_holding(standard, day), state=Review.State.DECIDED, decided_on__lte=day)
    decided = decided.filter(household__in=_seen(user)) if user else decided
    return decided.filter(~Exists(later)).order_by()


def _reviews(user, standard, day):
    """Deprivations (forms 4 to 7) and causes (form 10) as the newest decided review says them."""
    sums = {f"n_{key}": Count("pk", filter=Q(**{key: True})) for key in [*DEPRIVATION_KEYS, *CAUSE_COLUMNS]}
    rows = _last_reviews(user, standard, day).values(WARD, CATEGORY).annotate(reviewed=Count("pk"), **sums)
    for row in rows:
        category = row[CATEGORY]
        facts = {f"{category}.lack.{key}": row[f"n_{key}"] for key in DEPRIVATION_KEYS}
        facts |= {f"{category}.lack.all": sum(facts.values()), f"{category}.reviewed": row["reviewed"]}
        yield row[WARD], facts | {f"{category}.{key}": row[f"n_{key}"] for key in CAUSE_COLUMNS}


# Form 11


def _under_16(day) -> QuerySet:
    return Member.objects.filter(
        _in_household(day), ~at_least(day, 12 * CHILD_UNTIL), birth_year__gte=day.year - CHILD_UNTIL
    )


def _children(user, standard, day):
    children = _under_16(day).filter(_holding(standard, day), household__in=_seen(user)).order_by()
    for row in children.values(WARD, CATEGORY).annotate(children=Count("pk")):
        yield row[WARD], {f"{row[CATEGORY]}.children": row["children"]}


def _lacking_children(user, standard, day):
    """Children by the indicator that the newest decided review names them under."""
    spells = "review__household__spells"
    named = ReviewTrigger.objects.filter(
        _holding(standard, day, spells),
        review__in=_last_reviews(user, standard, day).values("pk"),
        member__in=_under_16(day).values("pk"),
        member__household=F("review__household"),
        indicator__in=CHILD_LACKS,
    )
    ward, category = f"{spells}__ward_id", f"{spells}__category"
    for row in named.order_by().values(ward, category, "indicator").annotate(children=Count("pk")):
        yield row[ward], {f"{row[category]}.child.{row['indicator']}": row["children"]}


def _unnamed(user, standard, day):
    """Households that lack something of a child's and whose review does not say who.

    Where every review says who, no child is an answer: zero. Elsewhere it is not known.
    """
    lacks = Q()
    for key in CHILD_LACKS:
        said = ReviewTrigger.objects.filter(review=OuterRef("pk"), indicator=key)
        lacks |= Q(**{key: True}) & ~Exists(said)
    rows = _last_reviews(user, standard, day).values(WARD, CATEGORY)
    for row in rows.annotate(households=Count("pk", filter=lacks)):
        unnamed, category = row["households"], row[CATEGORY]
        known = {} if unnamed else {f"{category}.child.{key}": 0 for key in CHILD_LACKS}
        yield row[WARD], known | {f"{category}.unnamed": unnamed, f"{category}.children": 0}
