"""How an area's categories went month by month, and what its poor households lack and why, as a reader is told it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from areas.models import Area
from areas.vietnamese import number
from households.aggregate_queries import lacks_and_causes
from households.form_b import CAUSES
from households.models import Standard
from households.standards import DEPRIVATION_KEYS, DEPRIVATION_LABELS
from targets import charts
from targets.disclosure import seen_among, withheld_figures
from targets.places import Places, lineage
from targets.series import cached_months, cached_series
from targets.small_cells import HIDDEN, family_sums, withheld

# indicator → its line: the three stocks of households that the plan follows
CATEGORIES = [("poor_labour_end", "a"), ("near_poor_now", "b"), ("central_poor_now", "c")]
LABELS = {
    "poor_labour_end": "Hộ nghèo CSLĐ, chuẩn thành phố",
    "near_poor_now": "Hộ cận nghèo, chuẩn thành phố",
    "central_poor_now": "Hộ nghèo CSLĐ, chuẩn Trung ương",
}
GROUPS = ("poor", "near_poor")


@dataclass(frozen=True)
class Reason:
    """Households that lack something, or are poor for a cause: words and bars for the poor and the near-poor."""

    label: str
    values: tuple[str, str]
    bars: tuple[charts.Bar, charts.Bar]


@dataclass(frozen=True)
class Trends:
    area: Area
    days: list[date]
    lines: list[charts.Trend]
    rows: list[tuple[str, list[str]]]  # category, a figure for each day
    reviewed: tuple[str, str]
    lacks: list[Reason]
    causes: list[Reason]
    kept_back: bool

    @property
    def has_causes(self) -> bool:
        """Whether any review says why."""
        return any(value != "0" for one in self.causes for value in one.values)

    @property
    def label(self) -> str:
        """The chart in words."""
        return "; ".join(f"{name}: {values[0]} đến {values[-1]}" for name, values in self.rows if values)


def trends(year: int, day: date, area: Area | None, scope: int, newest: int | None = None) -> Trends:
    """`area`: None is the city. `scope`: whose rows the reader sees. Nine queries: seven to count the months, one for the standard, one for the reviews."""
    months = cached_months(year, day, newest)
    places = months[day].places
    area = area or next(one for one in places.there if one.is_city)
    series, rows, drawn = cached_series(year, day, newest), [], []
    hidden = {month: withheld_figures(counted, scope) for month, counted in months.items()}
    for code, kind in CATEGORIES:
        told = [(point.actual, (area.pk, code) in hidden[point.day]) for point in series.of(area.pk, code)]
        rows.append((LABELS[code], [HIDDEN if small else number(value) for value, small in told]))
        drawn.append((LABELS[code], kind, [None if small else value for value, small in told]))
    days = list(series.days)
    facts, small = _facts(day, places, seen_among(scope, places.there))
    own = facts.get(area.pk, Counter())
    lacks = _reasons([(f"lack.{key}", DEPRIVATION_LABELS[key]) for key in DEPRIVATION_KEYS], area, own, small)
    causes = _reasons(CAUSES, area, own, small)
    reviewed = tuple(_told(own, area, f"{group}.reviewed", small) for group in GROUPS)
    kept_back = any(HIDDEN in values for _, values in rows) or any(HIDDEN in one.values for one in [*lacks, *causes])
    return Trends(
        area, days, charts.trends(drawn, [f"{one:%d/%m}" for one in days]), rows, reviewed, lacks, causes, kept_back
    )


def _facts(day: date, places: Places, seen: frozenset[int]) -> tuple[dict[int, Counter], frozenset]:
    """What the newest reviews say of each area, wards summed upwards, and which of it is not told."""
    standard = Standard.objects.in_force(day).filter(issuer=Standard.Issuer.CITY).order_by("-valid_from", "-id").first()
    found: dict[int, Counter] = {}
    for ward, facts in lacks_and_causes(standard, day) if standard else ():
        for pk in lineage(places.areas[ward]):
            found.setdefault(pk, Counter()).update(facts)
    codes = sorted({key for facts in found.values() for key in facts})
    counts = {(area.pk, code): found.get(area.pk, {}).get(code, 0) for area in places.there for code in codes}
    children = {area.pk: [child.pk for child in places.children(area)] for area in places.there}
    small = withheld(counts, family_sums(children, codes), seen={key for key in counts if key[0] in seen})
    return found, small


def _reasons(named: Iterable[tuple[str, str]], area: Area, own: Counter, small: frozenset) -> list[Reason]:
    """Most frequent among the poor first; bars are parts of the households of the group that have a review."""
    found = []
    for key, label in named:
        codes = [f"{group}.{key}" for group in GROUPS]
        values = tuple(_told(own, area, code, small) for code in codes)
        bars = tuple(_bar(label, own, area, code, small, value) for code, value in zip(codes, values, strict=True))
        told = [0 if (area.pk, code) in small else own.get(code, 0) for code in codes]
        found.append((told, Reason(label, values, bars)))
    return [reason for _, reason in sorted(found, key=lambda one: [-count for count in one[0]])]


def _told(own: Counter, area: Area, code: str, small: frozenset) -> str:
    return HIDDEN if (area.pk, code) in small else number(own.get(code, 0))


def _bar(label: str, own: Counter, area: Area, code: str, small: frozenset, value: str) -> charts.Bar:
    whole = f"{code.split('.')[0]}.reviewed"
    known = not {(area.pk, code), (area.pk, whole)} & small and own.get(whole, 0)
    share = own.get(code, 0) * 100 / own[whole] if known else 0
    kind = "warm" if code.startswith("poor.") else "sea"
    return charts.Bar(f"{label}: {value} hộ", charts.along(share), kind, None, "", "end", 0)


def months_table(page: Trends):
    """`bang=dien-bien`."""
    return ["Nhóm hộ", *page.days], [[name, *values] for name, values in page.rows]


def reasons_table(page: Trends):
    """`bang=thieu-hut` and `bang=nguyen-nhan` in one: the first column says which."""
    rows = [["Thiếu hụt", one.label, *one.values] for one in page.lacks]
    rows += [["Nguyên nhân", one.label, *one.values] for one in page.causes]
    return ["Loại", "Nội dung", "Hộ nghèo", "Hộ cận nghèo"], rows


TABLES = {"dien-bien": months_table, "thieu-hut": reasons_table}
