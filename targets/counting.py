"""Counts as of a day, for every area at once, in seven queries: standards, spells, supports, places, and three of
activities (activity_counts.py).

There is one way to count: pages, reports and the API all come here. 'Opening' is the last day of the year before.
A spell holds from `valid_from` up to, not including, `valid_to`; a support up to and including `ends_on`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, FilteredRelation, Max, OuterRef, Q, Subquery, Sum

from areas.models import Area
from households.models import Policy, Standard, StatusSpell, Support
from households.spells import Closed, Opened
from households.standards import Category
from targets import activity_counts
from targets.indicators import Counts
from targets.models import Activity, Figure

Pair = tuple[int, int]

POOR_LABOUR = Q(category=Category.POOR) & Q(has_labour=True)
NEAR_POOR = Q(category=Category.NEAR_POOR)


@dataclass(frozen=True)
class Standards:
    """Ids of the two standards that figures are counted by; None: that issuer has none in force."""

    city: int | None
    central: int | None


@dataclass(frozen=True)
class Places:
    """Every area there ever was, and what is known of those that exist on the day, summed upwards.

    `residents`: resident households. `derived`: areas whose residents rest on derived numbers.
    `officers`: (trained, all of them), from the roster or, where there is none, typed. What is not known has no entry:
    null is not zero. `from_roster`: the areas whose officers were counted, not typed.
    """

    areas: dict[int, Area]
    there: list[Area]
    residents: dict[int, int]
    derived: frozenset[int]
    officers: dict[int, Pair]
    from_roster: frozenset[int] = frozenset()

    def children(self, area: Area) -> list[Area]:
        """The areas right under this one on the day, in the order of the plan."""
        return [child for child in self.there if child.parent_id == area.pk]


@dataclass(frozen=True)
class Counted:
    """Counts of every area, wards summed to districts and the city.

    `listed`: whether there is any list of households to count; without one a count of nobody is not a zero.
    """

    places: Places
    counts: dict[int, Counts]
    listed: bool

    def of(self, area: Area) -> Counts:
        return self.counts.get(area.pk, Counts())


def opening_of(year: int) -> date:
    return date(year - 1, 12, 31)


def count_areas(*, year: int, as_of: date) -> Counted:
    """Every area's counts as of a day of the year, in seven queries. ValueError for a day outside the year."""
    wards = count_by_ward(year=year, as_of=as_of)
    found = places(year=year, as_of=as_of)
    counts = {pk: Counts() for pk in found.areas}
    for ward, counted in wards.items():
        for pk in _lineage(found.areas[ward]):
            counts[pk] += counted
    for area, held in activity_counts.counted(year=year, as_of=as_of).items():
        for pk in _lineage(found.areas[area]):
            counts[pk] += Counts(held=held)
    for pk, households in found.residents.items():
        counts[pk] = replace(counts[pk], residents=households)
    for pk, (trained, all_of_them) in found.officers.items():
        counts[pk] = replace(counts[pk], officers_trained=trained, officers=all_of_them)
    return Counted(found, counts, any(counted.spells for counted in wards.values()))


def count_by_ward(*, year: int, as_of: date, insurance: bool = True) -> dict[int, Counts]:
    """What spells and supports say of each ward, by its id, in three queries.

    `insurance`: False leaves objective 2 out. It is the one figure that looks at the spells a second time, and the
    appendix does not ask for it.
    """
    if as_of.year != year:
        raise ValueError(f"{as_of.isoformat()} is not a day of {year}")
    opening, standards = opening_of(year), standards_on(as_of)
    found: dict[int, dict] = {}
    for row in _spell_rows(standards, opening, as_of):
        values = found.setdefault(row["ward_id"], {})
        values.update(_from_city(row) if row["standard_id"] == standards.city else _from_central(row))
        values["spells"] = values.get("spells", 0) + row["spells"]
    for ward, kind, now, at_opening in _support_rows(standards, opening, as_of, insurance):
        values = found.setdefault(ward, {})
        values[SUPPORT_COUNTS[kind]] = int(now)
        if kind == Policy.Kind.INSURANCE:
            values["opening_near_poor_insured"] = int(at_opening)
    return {ward: Counts(**values) for ward, values in found.items()}


def standards_on(day: date) -> Standards:
    """The city's standard and the central one in force; the newest where two overlap, so that nobody counts twice."""
    newest = {s.issuer: s.pk for s in Standard.objects.in_force(day).order_by("valid_from", "id")}
    return Standards(newest.get(Standard.Issuer.CITY), newest.get(Standard.Issuer.CENTRAL))


def last_day_with_data(year: int) -> date | None:
    """The newest day of the year on which a status changed, a support was given, an activity was held or a figure was
    typed."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = {"from": Q(valid_from__range=(first, last)), "to": Q(valid_to__range=(first, last))}
    days = StatusSpell.objects.aggregate(
        opened=Max("valid_from", filter=within["from"]), closed=Max("valid_to", filter=within["to"])
    )
    given = Support.objects.filter(given_on__range=(first, last)).aggregate(day=Max("given_on"))
    typed = Figure.objects.filter(day__range=(first, last)).aggregate(day=Max("day"))
    held = Activity.objects.held().filter(day__range=(first, last)).aggregate(day=Max("day"))
    told = (*days.values(), *given.values(), *typed.values(), *held.values())
    return max((day for day in told if day), default=None)


# Spells


def _spell_rows(standards: Standards, opening: date, as_of: date) -> Iterable[dict]:
    """One row a ward and standard, from one pass over the spells that touch the window (opening, as_of].

    Of these, a spell held on the opening day if it began by then, and holds now if it has not ended by now. Grouping
    by the standard, and the rare condition first, keep the pass as cheap as a plain sum.
    """
    held, holds = Q(valid_from__lte=opening), Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)
    into = {
        f"into_{why}": Count("id", filter=Q(valid_from__gt=opening) & Q(opened_as=why) & POOR_LABOUR) for why in Opened
    }
    out_of = {
        f"out_{why}": Count("id", filter=Q(valid_to__lte=as_of) & Q(closed_as=why) & POOR_LABOUR) for why in Closed
    }
    return (
        StatusSpell.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=opening), valid_from__lte=as_of)
        .filter(standard__in=[pk for pk in (standards.city, standards.central) if pk])
        .order_by()
        .values("ward_id", "standard_id")
        .annotate(
            spells=Count("*"),
            opening_poor=Count("id", filter=held & POOR_LABOUR),
            poor=Count("id", filter=holds & POOR_LABOUR),
            opening_hardship=Count("id", filter=Q(special_hardship=True) & held & POOR_LABOUR),
            hardship=Count("id", filter=Q(special_hardship=True) & holds & POOR_LABOUR),
            opening_near=Count("id", filter=held & NEAR_POOR),
            near=Count("id", filter=holds & NEAR_POOR),
            opening_near_persons=Sum("persons", filter=held & NEAR_POOR, default=0),
            near_persons=Sum("persons", filter=holds & NEAR_POOR, default=0),
            **into,
            **out_of,
        )
    )


def _from_city(row: dict) -> dict:
    return {
        "opening_poor_labour": row["opening_poor"],
        "poor_labour": row["poor"],
        "opening_special_hardship": row["opening_hardship"],
        "special_hardship": row["hardship"],
        "opening_near_poor": row["opening_near"],
        "near_poor": row["near"],
        "opening_near_poor_persons": row["opening_near_persons"],
        "near_poor_persons": row["near_persons"],
        "into": {why.value: row[f"into_{why}"] for why in Opened if row[f"into_{why}"]},
        "out_of": {why.value: row[f"out_{why}"] for why in Closed if row[f"out_{why}"]},
    }


def _from_central(row: dict) -> dict:
    return {"opening_central_poor": row["opening_poor"], "central_poor": row["poor"]}


# Supports

SUPPORT_COUNTS = {
    "house_new": "house_new",
    "house_repair": "house_repair",
    "job": "jobs",
    "insurance": "near_poor_insured",
}

# By hand, because a sum of capped sums is beyond the query builder. Booleans and functions that SQLite and PostgreSQL
# do not share are left out.
HOUSES_AND_JOBS = """
SELECT given.ward_id, policy.kind, COUNT(*) AS now, 0 AS at_opening
  FROM households_support given
  JOIN households_policy policy ON policy.id = given.policy_id
 WHERE policy.kind IN ('house_new', 'house_repair', 'job')
   AND given.given_on > %(opening)s AND given.given_on <= %(as_of)s
 GROUP BY given.ward_id, policy.kind
"""

# Cards are first added up per near-poor household (city standard) and capped at its persons, at the start of the year
# and on the day asked about; then by ward. The start is 1 January here: that is when cards are renewed. They count in
# the ward of the household's status, so that a ward never has more people insured than near-poor.
INSURANCE = """
SELECT ward_id, 'insurance',
       COALESCE(SUM(CASE WHEN valid_to > %(as_of)s OR valid_to IS NULL
                         THEN CASE WHEN cards > persons THEN persons ELSE cards END END), 0),
       COALESCE(SUM(CASE WHEN valid_from <= %(opening)s
                         THEN CASE WHEN opening_cards > persons THEN persons ELSE opening_cards END END), 0)
  FROM (SELECT spell.ward_id, spell.persons, spell.valid_from, spell.valid_to,
               SUM(CASE WHEN card.ends_on IS NULL OR card.ends_on >= %(as_of)s THEN card.persons ELSE 0 END) AS cards,
               SUM(CASE WHEN card.given_on <= %(new_year)s THEN card.persons ELSE 0 END) AS opening_cards
          FROM households_statusspell spell
          JOIN households_support card ON card.household_id = spell.household_id
          JOIN households_policy policy ON policy.id = card.policy_id AND policy.kind = 'insurance'
         WHERE spell.category = 'near_poor'
           AND spell.standard_id = %(city)s
           AND spell.valid_from <= %(as_of)s AND (spell.valid_to IS NULL OR spell.valid_to > %(opening)s)
           AND card.given_on <= %(as_of)s AND (card.ends_on IS NULL OR card.ends_on >= %(new_year)s)
         GROUP BY spell.id, spell.ward_id, spell.persons, spell.valid_from, spell.valid_to) household
 GROUP BY ward_id
"""


def _support_rows(standards: Standards, opening: date, as_of: date, insurance: bool) -> list[tuple]:
    """Ward, kind of policy, count now, count on the opening day (insurance only)."""
    sql = f"{HOUSES_AND_JOBS} UNION ALL {INSURANCE}" if insurance else HOUSES_AND_JOBS
    with connection.cursor() as cursor:
        days = {"opening": opening, "new_year": opening + timedelta(days=1), "as_of": as_of}
        cursor.execute(sql, {"city": standards.city, **days})
        return cursor.fetchall()


# Places


def places(*, year: int, as_of: date) -> Places:
    """The areas of a day with their residents of the year, and their officers: from rosters, else the newest typed
    figures. Two queries."""
    areas = {area.pk: area for area in _areas_with_figures(year, as_of)}
    there = [area for area in areas.values() if _exists(area, as_of)]
    peopled = [area for area in there if area.has_residents]
    residents = _rise(peopled, {pk: (a.households, int(a.derived)) for pk, a in areas.items() if a.households})
    typed = {pk: (a.trained, a.officers) for pk, a in areas.items() if a.officers}
    rosters = whole_rosters(peopled, activity_counts.rosters(year=year, as_of=as_of))
    officers = _rise(peopled, typed | rosters)
    return Places(
        areas,
        there,
        {pk: households for pk, (households, _) in residents.items()},
        frozenset(pk for pk, (_, marks) in residents.items() if marks),
        officers,
        frozenset(rosters),
    )


def whole_rosters(there: list[Area], own: dict[int, Pair]) -> dict[int, Pair]:
    """Rosters summed upwards, own officers included, where none is missing: a ward's own, a district's when each ward
    below has one, the city's when each district has. A part of the officers is no denominator of all of them."""
    below: dict[int, list[Area]] = {}
    for area in there:
        below.setdefault(area.parent_id, []).append(area)
    whole: dict[int, Pair] = {}
    for area in sorted(there, key=lambda area: -area.path.count("/")):
        parts = [whole.get(child.pk) for child in below.get(area.pk, [])]
        mine = own.get(area.pk)
        if None in parts or (not parts and mine is None):
            continue
        known = [*parts, *([mine] if mine else [])]
        whole[area.pk] = (sum(pair[0] for pair in known), sum(pair[1] for pair in known))
    return whole


def _areas_with_figures(year: int, as_of: date) -> Iterable[Area]:
    """Every area there ever was, with its resident households of the year and its newest typed figure by the day."""
    typed = Figure.objects.filter(
        area=OuterRef("pk"), indicator__code="officers_trained", day__year=year, day__lte=as_of
    ).order_by("-day", "-id")
    return Area.objects.annotate(
        resident=FilteredRelation("residents", condition=Q(residents__year=year)),
        households=F("resident__households"),
        derived=F("resident__derived"),
        trained=Subquery(typed.values("count")[:1]),
        officers=Subquery(typed.values("whole")[:1]),
    ).order_by("order", "code", "valid_from")


def _exists(area: Area, day: date) -> bool:
    return area.valid_from <= day and (area.valid_to is None or area.valid_to >= day)


def _lineage(area: Area) -> list[int]:
    """Ids from the city down to the area itself."""
    return [int(pk) for pk in area.path.strip("/").split("/")]


def _rise(there: list[Area], own: dict[int, Pair]) -> dict[int, Pair]:
    """Pairs of areas that gave none of their own, summed from the areas below; unknown as soon as one below is."""
    below: dict[int, list[Area]] = {}
    for area in there:
        below.setdefault(area.parent_id, []).append(area)
    known = dict(own)
    for area in sorted(there, key=lambda area: -area.path.count("/")):
        parts = [known.get(child.pk) for child in below.get(area.pk, [])]
        if area.pk not in known and parts and None not in parts:
            known[area.pk] = (sum(part[0] for part in parts), sum(part[1] for part in parts))
    return known
