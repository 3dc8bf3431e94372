"""The frozen lines of a report as a reader of the API is told them: small counts of poor people are kept back."""

from collections.abc import Iterable

from reports.models import Line
from targets.disclosure import LAST, TIES, has_guarded_whole, is_guarded, seen_among, whole_code
from targets.indicators import INDICATORS
from targets.small_cells import family_sums, withheld

Key = tuple[int, str]  # area, code


def told_lines(lines: Iterable[Line], scope: int) -> list[dict]:
    """Rows in the report's own order. `scope`: whose rows the reader sees (disclosure.scope_of).

    A row whose count is kept back tells the plan's own figures and nothing that was counted.
    """
    lines = list(lines)
    hidden = _hidden(lines, scope)
    return [_row(line, hidden) for line in lines]


def _hidden(lines: list[Line], scope: int) -> frozenset[Key]:
    """As `withheld_figures`, of what the report holds: the city and the units below it."""
    areas = {line.area_id: line.area for line in lines}
    counts: dict[Key, int | None] = {}
    for line in lines:
        measure = INDICATORS.get(line.indicator)
        if measure is None or is_guarded(measure):  # of one that is no more, nothing is known: kept back when small
            counts[line.area_id, line.indicator] = line.actual
        if measure and has_guarded_whole(measure):
            counts[line.area_id, whole_code(measure)] = line.denominator
    seen = seen_among(scope, areas.values())
    children = {pk: [one.pk for one in areas.values() if one.parent_id == pk] for pk in areas}
    codes = list(dict.fromkeys(code for _, code in counts))
    sums = [[(pk, code) for code in tie] for pk in areas for tie in TIES] + family_sums(children, codes)
    keys = {key for key in counts if key[0] in seen}
    return withheld(counts, sums, seen=keys, last={key for key in counts if key[1] in LAST})


def _row(line: Line, hidden: frozenset[Key]) -> dict:
    measure = INDICATORS.get(line.indicator)
    own = (line.area_id, line.indicator) in hidden
    whole = measure is not None and (line.area_id, whole_code(measure)) in hidden
    kept_back = own or whole
    return {
        "order": line.order,
        "area": line.area.code,
        "name": line.area.full_name,
        "level": line.area.level,
        "indicator": line.indicator,
        "unit": line.unit,
        "target": line.target,
        "published_rate": line.published_rate,
        "numerator": None if own or (whole and line.unit == "percent") else line.actual,
        "denominator": None if whole else line.denominator,
        "rate": None if kept_back else line.computed_rate,
        "reached": None if kept_back else line.reached,
        "suppressed": kept_back,
    }
