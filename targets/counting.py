"""Counts as of a day, or of several days of a year at once, for every area, with one query a source.

There is one way to count: pages, reports and the API all come here. 'Opening' is the last day of the year before.
A spell holds from `valid_from` up to, not including, `valid_to`; a support up to and including `ends_on`.
Seven queries: standards, spells, registers, areas, typed figures, and two of activities (activity_counts.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from areas.models import Area
from households.models import Standard
from households.spells import Closed, Opened
from targets import activity_counts, typed_figures
from targets.counting_sql import ONCE, TALLIES, register_rows, spell_rows
from targets.indicators import Counts
from targets.measures import Typed
from targets.places import Places, areas_of, lineage, places, places_on, rise, whole_rosters

__all__ = ["Counted", "Places", "count_areas", "count_by_ward", "count_months", "places"]

FIELDS = {"house_new", "house_repair", "jobs"}  # tallies of supports that are fields of Counts, not keys of `given`
Tally = dict[str, int]  # field of Counts, or 'given:key', 'into:reason' → number


@dataclass(frozen=True)
class Standards:
    """Ids of the two standards that figures are counted by; None: that issuer has none in force."""

    city: int | None
    central: int | None
    unconfirmed: bool = False  # whether a standard of the city's waits for its document that day


@dataclass(frozen=True)
class Counted:
    """Counts of every area, wards summed to districts and the city.

    `listed`: whether there is any list of households to count; without one a count of nobody is not a zero.
    `from_roster`: the areas whose officers were counted, not typed. `unconfirmed`: whether figures by the city's
    standard rest on amounts that no document confirms yet.
    """

    places: Places
    counts: dict[int, Counts]
    listed: bool
    from_roster: frozenset[int] = frozenset()
    unconfirmed: bool = False

    @property
    def city(self) -> Area:
        return next(area for area in self.places.there if area.level == Area.Level.CITY)

    def of(self, area: Area) -> Counts:
        return self.counts.get(area.pk, Counts())


def opening_of(year: int) -> date:
    return date(year - 1, 12, 31)


def month_ends(year: int, last: date) -> list[date]:
    """The ends of the months that are over by the day, and the day itself."""
    ends = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)]
    return [*(end for end in ends if end < last), last]


def count_areas(*, year: int, as_of: date, further: bool = True) -> Counted:
    """Every area's counts as of a day of the year, in seven queries. ValueError for a day outside the year.

    `further`: False leaves out what the appendix does not ask for, and is half the queries.
    """
    return _count(year, [as_of], further)[as_of]


def count_months(*, year: int, as_of: date) -> dict[date, Counted]:
    """The same as of the end of each month and on the day itself, in as many queries: each equals `count_areas` of it."""
    return _count(year, month_ends(year, as_of))


def _count(year: int, days: Sequence[date], further: bool = True) -> dict[date, Counted]:
    """`days`: one day, or what `month_ends` gives."""
    standards = _standards_within(year, days)
    wards = _tallies(year, days, standards, further)
    areas = areas_of(year)
    typed = typed_figures.rows_of(year, days[-1]) if further else []
    held, rosters = _activities(year, days) if further else (dict.fromkeys(days, {}), dict.fromkeys(days, {}))
    found = {}
    for day in days:
        there = places_on(areas, day)
        total: dict[int, Tally] = {}
        for ward, tally in wards[day].items():
            for pk in lineage(areas[ward]):
                _add(total.setdefault(pk, {}), tally)
        for area, tally in held[day].items():
            for pk in lineage(areas[area]):
                _add(total.setdefault(pk, {}), {f"held:{key}": number for key, number in tally.items()})
        own = typed_figures.own_on(typed, day)
        whole = whole_rosters(there.peopled, rosters[day])
        officers = rise(there.peopled, own.get("officers_trained", {}) | whole)
        said = typed_figures.risen(own, there)
        counts = {
            pk: counts_of(total.get(pk, {}) | _about(there.residents.get(pk), officers.get(pk)), typed=said.get(pk, {}))
            for pk in areas
        }
        listed = any(tally.get("spells") for tally in wards[day].values())
        found[day] = Counted(there, counts, listed, frozenset(whole), standards[day].unconfirmed)
    return found


def counts_of(tally: Mapping[str, int], typed: Mapping[str, Typed] | None = None) -> Counts:
    values: dict = {"typed": dict(typed or {})}
    for key, number in tally.items():
        name, _, inner = key.partition(":")
        if inner:
            values.setdefault(name, {})[inner] = number
        else:
            values[name] = number
    return Counts(**values)


def _about(residents: int | None, officers: Typed | None) -> Tally:
    trained, whole = officers or (0, 0)
    return {"residents": residents or 0, "officers_trained": trained, "officers": whole or 0}


def _add(total: Tally, tally: Mapping[str, int]) -> None:
    for key, number in tally.items():
        total[key] = total.get(key, 0) + number


def _activities(year: int, days: Sequence[date]) -> tuple[dict, dict]:
    """Day → area → tally of what was held, and day → area → (trained, officers) of its roster. Two queries."""
    last = days[-1]
    if len(days) == 1:
        return {last: activity_counts.counted(year=year, as_of=last)}, {
            last: activity_counts.rosters(year=year, as_of=last)
        }
    months = activity_counts.by_month(year=year, as_of=last)
    kept = activity_counts.rosters_by_month(year=year, as_of=last)
    held: dict[date, dict[int, Tally]] = {day: {} for day in days}
    for area, by_month in months.items():
        for day in days:
            for month, tally in by_month.items():
                if month <= day.month:
                    _add(held[day].setdefault(area, {}), tally)
    rosters = {day: {area: pairs[day.month] for area, pairs in kept.items() if day.month in pairs} for day in days}
    return held, rosters


def count_by_ward(*, year: int, as_of: date, insurance: bool = True) -> dict[int, Counts]:
    """What the registers say of each ward, by its id, in three queries.

    `insurance`: False leaves out what the appendix does not ask for: objective 2, which looks at the spells a second
    time, and the further indicators.
    """
    wards = _tallies(year, [as_of], _standards_within(year, [as_of]), insurance)[as_of]
    return {ward: counts_of(tally) for ward, tally in wards.items()}


def _standards_within(year: int, days: Sequence[date]) -> dict[date, Standards]:
    for day in days:
        if day.year != year:
            raise ValueError(f"{day.isoformat()} is not a day of {year}")
    return standards_on(days)


def _tallies(
    year: int, days: Sequence[date], standards: Mapping[date, Standards], further: bool
) -> dict[date, dict[int, Tally]]:
    """Day → ward → tally, in two queries."""
    opening = opening_of(year)
    found: dict[date, dict[int, Tally]] = {day: {} for day in days}
    asked = {pk for day in days for pk in (standards[day].city, standards[day].central) if pk}
    spells = list(spell_rows(asked, opening, days)) if asked else []
    rows = register_rows(opening, days, [standards[day].city for day in days], further=further)
    for place, day in enumerate(days, 1):
        for row in spells:
            if row["began"] > place or row["standard_id"] not in (standards[day].city, standards[day].central):
                continue
            tally = found[day].setdefault(row["ward_id"], {})
            _add(tally, _of_spells(row, place, row["standard_id"] == standards[day].city))
        for ward, what, bucket, n, persons, amount in rows:
            if what == "insured":
                if bucket == place:
                    insured = {"near_poor_insured": int(n), "opening_near_poor_insured": int(persons)}
                    _add(found[day].setdefault(ward, {}), insured)
            elif bucket <= place:
                _add(found[day].setdefault(ward, {}), _of_registers(what, n, persons, amount))
    return found


def _of_spells(row: Mapping, place: int, by_city: bool) -> Tally:
    """What spells of one pair of buckets are on the day of this place: held at the opening, holding now, moved."""
    opened, holds = row["began"] == 0, row["ended"] > place
    tally: Tally = {"spells": row["spells"]}
    for there, prefix in ((opened, "opening_"), (holds, "")):
        if not there:
            continue
        if not by_city:
            tally[f"{prefix}central_poor"] = row["poor"]
            continue
        tally[f"{prefix}poor_labour"] = row["poor"]
        tally[f"{prefix}special_hardship"] = row["hardship"]
        tally[f"{prefix}near_poor"] = row["near"]
        tally[f"{prefix}near_poor_persons"] = row["near_persons"]
    if by_city and not opened:
        tally |= {f"into:{why}": row[f"into_{why}"] for why in Opened if row[f"into_{why}"]}
    if by_city and not holds:
        tally |= {f"out_of:{why}": row[f"out_{why}"] for why in Closed if row[f"out_{why}"]}
    return tally


def _of_registers(what: str, n: int, persons: int, amount: int | None) -> Tally:
    if what.startswith("once_"):
        return {f"given:{ONCE[what.removeprefix('once_')]}": int(n)}
    if what not in TALLIES:
        return {f"given:{what}": int(n)}
    columns = {"n": n, "persons": persons, "amount": amount or 0}
    return {key if key in FIELDS else f"given:{key}": int(columns[column]) for key, column in TALLIES[what].items()}


def standards_on(days: Iterable[date]) -> dict[date, Standards]:
    """The city's standard and the central one in force on each day; the newest where two overlap, so that nobody
    counts twice. One query."""
    days = list(days)
    rows = Standard.objects.filter(valid_from__lte=max(days)).filter(Q(valid_to=None) | Q(valid_to__gte=min(days)))
    rows = list(rows.order_by("valid_from", "id"))
    found = {}
    for day in days:
        there = [row for row in rows if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)]
        newest = {row.issuer: row.pk for row in there}
        waits = any(row.issuer == Standard.Issuer.CITY and not row.confirmed for row in there)
        found[day] = Standards(newest.get(Standard.Issuer.CITY), newest.get(Standard.Issuer.CENTRAL), waits)
    return found
