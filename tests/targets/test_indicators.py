"""Arithmetic on counts, against the plan's own appendix. No database."""

import itertools
import json
from decimal import Decimal
from pathlib import Path

import pytest

from targets.indicators import APPENDIX, INDICATORS, TYPED, WITH_RATE, Counts, disagrees, percent, rate_note
from targets.measures import ADDS_LABELS, DIRECTION_LABELS, OVER_LABELS, SOURCE_LABELS

D = Decimal
AGENCIES = Path(__file__).parents[2] / "accounts/data/agencies.json"


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        (6271, 300079, D("2.09")),
        (4188, 300079, D("1.40")),  # the plan prints 1,39
        (1, 200, D("0.50")),
        (1, 8000, D("0.01")),  # 0.0125 down
        (3, 8000, D("0.04")),  # 0.0375 up
        (1, 20000, D("0.01")),  # 0.005: half goes up
        (-1, 20000, D("-0.01")),
        (0, 7, D("0.00")),
        (7, 0, None),
        (0, 0, None),
        (None, 7, None),
        (7, None, None),
    ],
)
def test_percent(part, whole, rate):
    assert percent(part, whole) == rate


# unit → resident households and, for each column with a rate, (count, printed rate)
ROWS = {
    "city": (300079, [(6271, "2.09"), (2083, "0.69"), (4188, "1.39"), (1300, "0.44")]),
    "Hải Châu": (54274, [(673, "1.24"), (309, "0.57"), (364, "0.67"), (90, "0.18")]),
    "Thanh Khê": (48000, [(600, "1.25"), (219, "0.45"), (381, "0.79"), (150, "0.31")]),
    "Sơn Trà": (37695, [(1259, "3.34"), (450, "1.19"), (809, "2.15"), (270, "0.72")]),
    "Ngũ Hành Sơn": (22331, [(728, "3.26"), (262, "1.17"), (466, "2.09"), (110, "0.49")]),
    "Liên Chiểu": (56770, [(1652, "2.91"), (335, "0.59"), (1317, "2.32"), (160, "0.30")]),
    "Cẩm Lệ": (42789, [(629, "1.47"), (213, "0.50"), (416, "0.97"), (170, "0.40")]),
    "Hòa Vang": (38220, [(730, "1.91"), (295, "0.77"), (435, "1.14"), (350, "0.91")]),
}


def test_printed_rates_that_do_not_follow_from_the_counts_are_found_and_no_others():
    found = {
        (unit, code)
        for unit, (residents, columns) in ROWS.items()
        for code, (count, printed) in zip(WITH_RATE, columns, strict=True)
        if disagrees(D(printed), count, residents)
    }
    assert found == {
        ("city", "poor_labour_end"),
        ("city", "near_poor_reduction"),
        ("Hải Châu", "near_poor_reduction"),
        ("Thanh Khê", "poor_labour_reduction"),
        ("Liên Chiểu", "near_poor_reduction"),
        ("Hòa Vang", "near_poor_reduction"),
    }


@pytest.mark.parametrize(
    ("printed", "part", "whole", "note"),
    [
        (D("1.39"), 4188, 300079, "in kế hoạch 1,39; tính lại 1,40"),
        (D("2.09"), 6271, 300079, ""),
        (D("0.50"), 1010, 200000, ""),  # 0.505: rounding explains a difference of exactly half a hundredth
        (D("0.50"), 1011, 200000, "in kế hoạch 0,50; tính lại 0,51"),
        (None, 4188, 300079, ""),
        (D("1.39"), None, 300079, ""),
        (D("1.39"), 4188, None, ""),
        (D("1.39"), 4188, 0, ""),
    ],
)
def test_the_note_on_a_rate(printed, part, whole, note):
    assert rate_note(printed, part, whole) == note


COUNTS = Counts(
    residents=300, opening_poor_labour=60, poor_labour=45, opening_central_poor=20, central_poor=22,
    opening_special_hardship=9, special_hardship=4, opening_near_poor=30, near_poor=24, near_poor_persons=80,
    near_poor_insured=72, house_new=3, house_repair=5, jobs=11, officers_trained=6, officers=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "actual", "whole"),
    [
        ("poor_labour_start", 60, 300),
        ("poor_labour_reduction", 15, 300),
        ("central_poor_reduction", -2, None),
        ("special_hardship_reduction", 5, None),
        ("poor_labour_end", 45, 300),
        ("near_poor_reduction", 6, 300),
        ("housing", 8, None),
        ("job_introductions", 11, None),
        ("insurance_near_poor", 72, 80),
        ("house_new", 3, None),
        ("house_repair", 5, None),
        ("officers_trained", 6, 8),
    ],
)
def test_what_each_indicator_takes_from_the_counts(code, actual, whole):
    measure = INDICATORS[code]
    assert measure.actual(COUNTS) == actual
    assert (measure.whole(COUNTS) if measure.whole else None) == whole


def test_the_catalogue_is_the_appendix_the_objectives_and_what_else_can_be_counted():
    plan = [*APPENDIX, "insurance_near_poor", "house_new", "house_repair", "officers_trained"]
    assert list(INDICATORS)[: len(plan)] == plan
    assert len(INDICATORS) >= 40
    assert [APPENDIX.index(code) + 1 for code in WITH_RATE] == [1, 2, 5, 6]
    clauses = {measure.clause.partition(".")[0] for measure in INDICATORS.values()}
    assert clauses == {"II", "III", "IV"}
    owners = {row["code"] for row in json.loads(AGENCIES.read_text())["agencies"]}
    for measure in INDICATORS.values():
        assert measure.definition.endswith(".")
        assert measure.numerator, measure.code
        assert measure.owner in owners, measure.code
        assert (measure.source, measure.direction) in itertools.product(SOURCE_LABELS, DIRECTION_LABELS)
        assert measure.adds in ADDS_LABELS
        assert measure.over in OVER_LABELS
        assert bool(measure.denominator) == measure.has_rate, measure.code
        assert (measure.unit == "percent") == (measure.adds == "ratio")


@pytest.mark.parametrize("code", TYPED)
def test_nobody_typed_is_null_and_a_typed_zero_is_zero(code):
    measure = INDICATORS[code]
    if code == "officers_trained":  # counted from rosters where there are any
        return
    assert measure.actual(Counts()) is None
    assert measure.actual(Counts(typed={code: (0, 5)})) == 0


def test_counts_add_field_by_field_and_reason_by_reason():
    one = Counts(residents=1, jobs=2, into={"new": 1, "relapsed": 2}, held={"dialogues": 1})
    two = Counts(residents=10, jobs=20, into={"new": 5}, out_of={"escaped": 3}, held={"dialogues": 2, "trainings": 1})
    assert one + two == Counts(
        residents=11,
        jobs=22,
        into={"new": 6, "relapsed": 2},
        out_of={"escaped": 3},
        held={"dialogues": 3, "trainings": 1},
    )
    assert sum([one, two], Counts()) == one + two
