"""The areas of a day, their residents of the year, and how a number rises from the parts to the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q

from areas.models import Area

Pair = tuple[int, int | None]


@dataclass(frozen=True)
class Places:
    """Every area there ever was, and what is known of those that exist on the day, summed upwards.

    `residents`: resident households. `derived`: areas whose residents rest on derived numbers. What is not known has no
    entry: null is not zero.
    """

    areas: dict[int, Area]
    there: list[Area]
    residents: dict[int, int]
    derived: frozenset[int]

    def children(self, area: Area) -> list[Area]:
        """The areas right under this one on the day, in the order of the plan."""
        return [child for child in self.there if child.parent_id == area.pk]

    @property
    def peopled(self) -> list[Area]:
        return [area for area in self.there if area.has_residents]


def places(*, year: int, as_of: date) -> Places:
    """The areas of a day with their residents of the year, in one query."""
    return places_on(areas_of(year), as_of)


def areas_of(year: int) -> dict[int, Area]:
    """Every area there ever was, with its resident households of the year, in one query."""
    rows = Area.objects.annotate(
        resident=FilteredRelation("residents", condition=Q(residents__year=year)),
        households=F("resident__households"),
        derived=F("resident__derived"),
    )
    return {area.pk: area for area in rows.order_by("order", "code", "valid_from")}


def places_on(areas: Mapping[int, Area], day: date) -> Places:
    there = [area for area in areas.values() if _exists(area, day)]
    own = {pk: (area.households, int(area.derived)) for pk, area in areas.items() if area.households}
    known = rise([area for area in there if area.has_residents], own)
    return Places(
        dict(areas),
        there,
        {pk: households for pk, (households, _) in known.items()},
        frozenset(pk for pk, (_, marks) in known.items() if marks),
    )


def lineage(area: Area) -> list[int]:
    """Ids from the city down to the area itself."""
    return [int(pk) for pk in area.path.strip("/").split("/")]


def rise(there: Iterable[Area], own: Mapping[int, Pair]) -> dict[int, Pair]:
    """Pairs of areas that gave none of their own, summed from the areas below; unknown as soon as one below is."""
    below, known = _below(there), dict(own)
    for area in _deepest_first(there):
        parts = [known.get(child.pk) for child in below.get(area.pk, [])]
        if area.pk not in known and parts and None not in parts:
            known[area.pk] = _total(parts)
    return known


def whole_rosters(there: list[Area], own: dict[int, Pair]) -> dict[int, Pair]:
    """Rosters summed upwards, own officers included, where none is missing: a ward's own, a district's when each ward
    below has one, the city's when each district has. A part of the officers is no denominator of all of them."""
    below, whole = _below(there), {}
    for area in _deepest_first(there):
        parts, mine = [whole.get(child.pk) for child in below.get(area.pk, [])], own.get(area.pk)
        if None in parts or (not parts and mine is None):
            continue
        whole[area.pk] = _total([*parts, *([mine] if mine else [])])
    return whole


def _below(there: Iterable[Area]) -> dict[int | None, list[Area]]:
    below: dict[int | None, list[Area]] = {}
    for area in there:
        below.setdefault(area.parent_id, []).append(area)
    return below


def _deepest_first(there: Iterable[Area]) -> list[Area]:
    return sorted(there, key=lambda area: -area.path.count("/"))


def _total(pairs: list) -> Pair:
    """Of how many is known only when it is of every part."""
    wholes = [pair[1] for pair in pairs]
    return sum(pair[0] for pair in pairs), None if None in wholes else sum(wholes)


def _exists(area: Area, day: date) -> bool:
    return area.valid_from <= day and (area.valid_to is None or area.valid_to >= day)
