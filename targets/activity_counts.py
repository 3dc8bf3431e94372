"""What activities count for, as of a day or month by month: one query for activities and the households of models, one
for the roster.

There is one way to count: the scoreboard, pages, reports and the API all come here. An activity counts on its first day,
where it was held; a cancelled one nowhere. Tallies are {key: count}, the keys those of `COUNTED`; a missing key is none.

A unit that was inspected twice is one unit. An inspection by a district's People's Committee is its own task (IV.14.e) and
fills no quota of III.8, which the city's units fill.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import ExtractMonth

from accounts.models import Agency
from targets.models import Activity, Attendance, ModelHousehold, Officer, Plan

Tally = dict[str, int]
Pair = tuple[int, int]  # (trained, all of them), persons

# kind → what one row of it adds, beside the quota of inspections: key → column ('n': one each)
COUNTED = {
    "training": {"trainings": "n"},
    "dialogue": {"dialogues": "n", "dialogue_households": "households"},
    "communication": {"communications": "times", "communication_reach": "people"},
    "model": {"livelihood_models": "n"},
    "legal_aid": {"legal_aid_sessions": "n", "legal_aid_people": "people"},
    "clinic": {"free_clinics": "n", "free_clinic_people": "people"},
    "fund": {"fund_drives": "n", "fund_raised": "amount"},
}
URBAN, RURAL, WARDS = "inspected_urban_districts", "inspected_rural_districts", "inspected_wards"
QUOTAS = (URBAN, RURAL, WARDS)
SUMMED = ("people", "households", "times", "amount")
JOINED = "joined"  # beside the kinds of activities
OWN_INSPECTIONS, STUDY_VISITS, HOUSEHOLDS = "district_inspections", "study_visits", "model_households"


def counted(*, year: int, as_of: date) -> dict[int, Tally]:
    """By the area they were held in. One query. ValueError for a day outside the year."""
    return _tallies("area", year, as_of)


def by_agency(*, year: int, as_of: date) -> dict[int, Tally]:
    """By the agency that held them. One query. ValueError for a day outside the year."""
    return _tallies("agency", year, as_of)


def by_month(*, year: int, as_of: date) -> dict[int, dict[int, Tally]]:
    """{area: {month: what was new in that month}}: added up to a month they are `counted` as of its end. One query.

    A unit that was inspected in March and in June counts in March.
    """
    found: dict[int, dict[int, Tally]] = {}
    seen: set[tuple] = set()
    for row in sorted(_grouped(year, as_of, "area", monthly=True), key=lambda row: row["month"]):
        _add(found.setdefault(row["owner"], {}).setdefault(row["month"], {}), row, seen)
    return found


def by_clause(plan: Plan, as_of: date) -> dict[int, dict[str, int]]:
    """{clause: {kind: how many}} of a plan, for its living text. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = Activity.objects.within(plan.year, as_of).filter(clause__plan=plan).order_by()
    for clause, kind, n in rows.values_list("clause_id", "kind").annotate(n=Count("pk")):
        found.setdefault(clause, {})[kind] = n
    return found


def rosters(*, year: int, as_of: date) -> dict[int, Pair]:
    """(trained in the year, all on the roster that day) by the officers' own area, not summed. One query.

    An area without a roster has no entry. A study visit is not a training.
    """
    _check(year, as_of)
    rows = Officer.objects.on(as_of).annotate(trained=Exists(_classes(year, as_of))).order_by().values("area_id")
    told = rows.annotate(all=Count("pk"), done=Count("pk", filter=Q(trained=True)))
    return {row["area_id"]: (row["done"], row["all"]) for row in told}


def rosters_by_month(*, year: int, as_of: date) -> dict[int, dict[int, Pair]]:
    """{area: {month: the pair at its end, or on the day in its last month}}. One query."""
    _check(year, as_of)
    points = {month: min(_month_end(year, month), as_of) for month in range(1, as_of.month + 1)}
    counts = {}
    for month, day in points.items():
        there = Q(valid_from__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))
        counts[f"all_{month}"] = Count("pk", filter=there)
        counts[f"done_{month}"] = Count("pk", filter=there & Exists(_classes(year, day)))
    rows = Officer.objects.filter(valid_from__lte=as_of).order_by().values("area_id").annotate(**counts)
    return {row["area_id"]: {m: (row[f"done_{m}"], row[f"all_{m}"]) for m in points if row[f"all_{m}"]} for row in rows}


def _classes(year: int, as_of: date):
    """An officer's attendances of trainings of the year."""
    held = Attendance.objects.filter(officer=OuterRef("pk"), activity__kind="training", activity__form="class")
    return held.filter(activity__cancelled_at=None, activity__day__gte=date(year, 1, 1), activity__day__lte=as_of)


def _month_end(year: int, month: int) -> date:
    return date.fromordinal((date(year + month // 12, month % 12 + 1, 1)).toordinal() - 1)


def _check(year: int, as_of: date) -> None:
    if as_of.year != year:
        raise ValueError(f"{as_of.isoformat()} is not a day of {year}")


def _tallies(owner: str, year: int, as_of: date) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    seen: set[tuple] = set()
    for row in _grouped(year, as_of, owner):
        _add(found.setdefault(row["owner"], {}), row, seen)
    return found


def _grouped(year: int, as_of: date, owner: str, *, monthly: bool = False) -> Iterable[dict]:
    """Groups of like activities, and of households that joined a model (JOINED): that may be in a later year than the
    model's own. One query."""
    _check(year, as_of)
    held = Activity.objects.within(year, as_of).order_by()
    held = held.values(
        owner=F(f"{owner}_id"),
        month=ExtractMonth("day") if monthly else Value(0),
        what=F("kind"),
        shape=F("form"),
        where=F("area_id"),
        level=F("area__level"),
        name=F("area__full_name"),
        held_by=F("agency__kind"),
    )
    sums = {f"sum_{column}": Sum(column, default=0) for column in SUMMED}
    joined = ModelHousehold.objects.filter(activity__cancelled_at=None).order_by()
    joined = joined.filter(joined_on__gte=date(year, 1, 1), joined_on__lte=as_of)
    joined = joined.values(
        owner=F(f"activity__{owner}_id"),
        month=ExtractMonth("joined_on") if monthly else Value(0),
        what=Value(JOINED),
        shape=Value(""),
        where=F("activity__area_id"),
        level=Value(""),
        name=Value(""),
        held_by=Value(""),
    )
    nothing = {f"sum_{column}": Value(0) for column in SUMMED}
    return held.annotate(n=Count("pk"), **sums).union(joined.annotate(n=Count("pk"), **nothing), all=True)


def _add(tally: Tally, row: dict, seen: set[tuple]) -> None:
    """One group. `seen`: units that an owner has inspected already."""
    if row["what"] == JOINED:
        tally[HOUSEHOLDS] = tally.get(HOUSEHOLDS, 0) + row["n"]
        return
    if row["what"] == "inspection":
        if row["held_by"] == Agency.Kind.DISTRICT:
            tally[OWN_INSPECTIONS] = tally.get(OWN_INSPECTIONS, 0) + row["n"]
        elif (row["owner"], row["where"]) not in seen:
            seen.add((row["owner"], row["where"]))
            key = quota_of(row["level"], row["name"])
            tally[key] = tally.get(key, 0) + 1
        return
    if row["what"] == "training" and row["shape"] != "class":
        tally[STUDY_VISITS] = tally.get(STUDY_VISITS, 0) + row["n"]
        return
    for key, column in COUNTED[row["what"]].items():
        tally[key] = tally.get(key, 0) + (row["n"] if column == "n" else int(row[f"sum_{column}"]))


def quota_of(level: str, name: str) -> str:
    """Which quota of III.8 a unit fills. A district is rural when it is a huyện."""
    if level == "ward":
        return WARDS
    return RURAL if name.startswith("Huyện") else URBAN
