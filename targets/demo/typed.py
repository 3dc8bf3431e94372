"""Synthetic figures of what no row of the portal yields: each says in its source that it is made up.

By the ends of March, May, August and November and in the last week of the year; a flow month by month. Committees' own
and the districts' follow the district's pace, so whoever is behind with households is behind with these too.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from targets.demo.cast import Cast
from targets.demo.ground import LAST_DAY, YEAR, Ground
from targets.demo.shape import pace_of
from targets.figure_services import Typing, enter_many
from targets.models import Indicator, Plan

SOURCE = "Dữ liệu minh họa, không phải số liệu thật"
DAYS = (date(YEAR, 3, 31), date(YEAR, 5, 31), date(YEAR, 8, 31), date(YEAR, 11, 30), date(YEAR, 12, 29))
MILLION = 1_000_000
# of the whole city, by DAYS
OF_THE_CITY = {
    "guidance_documents": (6, 11, 17, 24, 26),
    "foreign_projects": (2, 4, 6, 9, 9),
    "loans_outstanding": tuple(each * MILLION for each in (1_684_250, 1_731_900, 1_790_480, 1_846_320, 1_858_700)),
}
# of a ward's district, for each of its wards, once the year is full
A_WARD = {"child_nutrition": 46, "information_officers": 9, "union_cadres": 22, "districts_own_budget": 85 * MILLION}
SHARES = ("information_officers", "union_cadres")
CARED_FOR = 31  # turns of help with the cost of treatment in a ward and month
SEASON = (8, 7, 9, 10, 10, 11, 12, 11, 10, 10, 9, 8)  # tenths, January to December


def write_typed(ground: Ground, cast: Cast) -> dict[str, int]:
    rows = {row.code: row for row in Indicator.objects.all()}
    typed = [Typing(rows[code], *rest) for code, *rest in (*_of_the_city(ground), *_of_districts(ground))]
    plan = Plan.objects.get(year=YEAR)
    return {"typed": enter_many(plan=plan, typed=typed, evidence=SOURCE, today=LAST_DAY, by=cast.office)}


def _of_the_city(ground: Ground) -> Iterator[tuple]:
    city = next(iter(ground.areas.values())).parent.parent
    for code, counts in OF_THE_CITY.items():
        yield from ((code, city, day, count) for day, count in zip(DAYS, counts, strict=True))


def _of_districts(ground: Ground) -> Iterator[tuple]:
    for district in ground.districts:
        wards, pace = len(district.wards), pace_of(district.code)
        area = ground.areas[district.wards[0].code].parent
        way = (0.4 * pace.trained[0], 0.8 * pace.trained[0], 0.7 * pace.trained[1], pace.trained[1], pace.trained[2])
        for code, each in A_WARD.items():
            whole = each * wards
            for day, share in zip(DAYS, way, strict=True):
                yield code, area, day, round(whole * share), whole if code in SHARES else None
        for month, tenths in enumerate(SEASON, 1):
            yield "medical_cost_turns", area, _end_of(month), round(CARED_FOR * wards * tenths / 10)


def _end_of(month: int) -> date:
    return date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)
