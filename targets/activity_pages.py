"""What pages say of activities: the quota of inspections as bars, and what stands in the margin of a clause."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from areas.models import Area
from areas.vietnamese import number
from targets import activity_counts, charts, pace
from targets.activity_kinds import LABELS
from targets.cells import Cell, cell_of
from targets.indicators import INDICATORS, Counts
from targets.models import Figure, Plan

KINDS = {pace.OK: "ok", pace.WATCH: "watch", pace.LATE: "bad", pace.NONE: "none"}  # state of a figure → its colour
QUOTA_CLAUSE = "III.8"
UNITS = {
    activity_counts.URBAN: "quận",
    activity_counts.RURAL: "huyện",
    activity_counts.WARDS: "phường, xã",
}


@dataclass(frozen=True)
class Quota:
    """How many units of one sort have been inspected, of how many that are to be."""

    title: str
    value: str
    goal: str
    bar: charts.Bar | None
    kind: str
    state: str
    gap: str


def quotas_of(cells: dict[str, Cell]) -> list[Quota]:
    """The quota of III.8 from the city's cells; nothing for a plan that sets none."""
    return [_quota(cells[code], unit) for code, unit in UNITS.items() if cells[code].target is not None]


def quotas(plan: Plan, day: date) -> list[Quota]:
    """The same read alone. Three queries."""
    city = Area.Level.CITY
    targets = plan.targets.filter(indicator__code__in=UNITS, area__level=city).values_list("indicator__code", "value")
    given = dict(targets)
    tally: dict[str, int] = {}
    for held in activity_counts.counted(year=plan.year, as_of=day).values():
        for key in UNITS:
            tally[key] = tally.get(key, 0) + held.get(key, 0)
    share = pace.share_of_year(plan.year, day)
    counts = Counts(held=tally)
    return quotas_of(
        {code: cell_of(INDICATORS[code], counts, given.get(code), None, share, listed=True) for code in UNITS}
    )


def _quota(cell: Cell, unit: str) -> Quota:
    gap = cell.pace.gap or 0
    said = "" if gap == 0 else f"{'thiếu' if gap < 0 else 'vượt'} {number(abs(gap))} so với mốc hôm nay"
    label = f"Đã kiểm tra {number(cell.actual)} trên {number(cell.target)} {unit}"
    bar = charts.pace_bar(
        label=label,
        share=cell.reached,
        mark=cell.pace.mark,
        kind=KINDS[cell.pace.state],
        mark_label=f"mốc {number(cell.pace.expected)}",
    )
    title = INDICATORS[cell.code].name
    return Quota(
        title,
        f"{number(cell.actual)} {unit}",
        f"kế hoạch {number(cell.target)} {unit}",
        bar,
        KINDS[cell.pace.state],
        cell.pace.label,
        said,
    )


@dataclass(frozen=True)
class Margin:
    """One kind of activity that served a clause."""

    words: str
    url: str


def margins(plan: Plan, day: date) -> dict[int, list[Margin]]:
    """{clause: what was held for it}, for the living plan. One query."""
    root = reverse("activity_list")
    found = {}
    for clause, held in activity_counts.by_clause(plan, day).items():
        found[clause] = [
            Margin(f"{LABELS[kind]}: {number(n)}", f"{root}?loai={kind}") for kind, n in sorted(held.items())
        ]
    return found


@dataclass(frozen=True)
class Trained:
    """Objective II.5 in an area: counted from the roster, and typed; each may be missing."""

    trained: int | None
    all: int | None
    typed: Figure | None
    wards: int  # that have a roster
    of_wards: int

    @property
    def whole(self) -> bool:
        return self.wards == self.of_wards

    @property
    def differs(self) -> bool:
        typed = self.typed
        return bool(typed and self.all and (typed.count, typed.whole) != (self.trained, self.all))


def trained_in(area: Area, day: date) -> Trained:
    """The roster's own sum even where a ward is missing, with how many wards it rests on. Three queries."""
    told = activity_counts.rosters(year=day.year, as_of=day)
    areas = list(Area.objects.existing_on(day).under(area).filter(has_residents=True))
    mine = [told[one.pk] for one in areas if one.pk in told]
    wards = [one for one in areas if one.level == Area.Level.WARD]
    typed = Figure.objects.filter(
        indicator__code="officers_trained", area=area, day__year=day.year, day__lte=day
    ).order_by("-day", "-id")
    return Trained(
        sum(pair[0] for pair in mine) if mine else None,
        sum(pair[1] for pair in mine) if mine else None,
        typed.first(),
        sum(one.pk in told for one in wards),
        len(wards),
    )
