"""Counting everything as of a day, against the one statement by hand that gives the same numbers."""

import time
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db import connection

from households.models import Standard
from households.spells import Closed, Opened
from targets.counting import count_by_ward, opening_of
from tests.bench import by_hand

AS_OF = date(2023, 11, 30)
REPEATS = 9


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    ratio: float
    wanted: float
    at_most: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        return self.ratio <= self.wanted if self.at_most else self.ratio >= self.wanted


def measure() -> list[Line]:
    return [
        against_by_hand("all 8 rows of the appendix by ward", insurance=False),
        against_by_hand("the same and objective 2 by ward", insurance=True),
    ]


def against_by_hand(what: str, *, insurance: bool) -> Line:
    sql = by_hand.statement(insurance=insurance, opened=list(Opened), closed=list(Closed))
    given = {"as_of": AS_OF, "opening": opening_of(AS_OF.year), "new_year": date(AS_OF.year, 1, 1)}
    given |= {standard.issuer: standard.pk for standard in Standard.objects.in_force(AS_OF)}

    def ours():
        return count_by_ward(year=AS_OF.year, as_of=AS_OF, insurance=insurance)

    def theirs():
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    same(ours(), theirs())
    spent = {ours: [], theirs: []}
    for _ in range(REPEATS):
        for way in (ours, theirs):
            started = time.perf_counter()
            way()
            spent[way].append(time.perf_counter() - started)
    mine, hand = median(spent[ours]), median(spent[theirs])
    return Line(what, mine / hand, 1.5, at_most=True, note=f"{mine * 1000:.0f} ms / {hand * 1000:.0f} ms by hand")


def same(ours: dict, theirs: list[dict]) -> None:
    """Both ways must give every number alike, or the ratio says nothing."""
    expected = {}
    for row in theirs:
        values = {name: int(value or 0) for name, value in row.items()}
        ward = values.pop("ward_id")
        expected[ward] = {name: value for name, value in values.items() if value}
    found = {}
    for ward, counts in ours.items():
        values = {name: value for name, value in vars(counts).items() if isinstance(value, int) and name != "spells"}
        values |= {f"into_{why}": number for why, number in counts.into.items()}
        values |= {f"out_{why}": number for why, number in counts.out_of.items()}
        found[ward] = {name: value for name, value in values.items() if value}
    if found != expected:
        ward = next(ward for ward in expected.keys() | found.keys() if found.get(ward) != expected.get(ward))
        raise SystemExit(f"The two ways count ward {ward} differently:\n{found.get(ward)}\n{expected.get(ward)}")
    if sum(values.get("poor_labour", 0) for values in found.values()) < 1000:
        raise SystemExit("There is nothing to count: the benchmark's database is not filled.")
