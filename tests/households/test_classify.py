"""The poverty rule at its edges: at, one below and one above each line, in both zones, under both standards."""

import pytest

from households.classify import classify, contradiction
from households.standards import DEPRIVATION_KEYS, Findings, IncomeBasis, Rule

CENTRAL = Rule("central-2022", "Trung ương", IncomeBasis.B1_SCORE, 140, 175, 3)
CITY = Rule("city-2022", "Thành phố", IncomeBasis.INCOME, 2_000_000, 2_500_000, 3, confirmed=False)


def found(zone="urban", b1=165, income=1_800_000, lacks=3):
    return Findings(zone, b1, income, frozenset(DEPRIVATION_KEYS[:lacks]))


@pytest.mark.parametrize(
    ("zone", "b1", "lacks", "category"),
    [
        ("rural", 139, 3, "poor"),
        ("rural", 140, 3, "poor"),
        ("rural", 141, 3, "not_poor"),
        ("rural", 140, 2, "near_poor"),
        ("rural", 141, 2, "not_poor"),
        ("urban", 174, 3, "poor"),
        ("urban", 175, 3, "poor"),
        ("urban", 176, 3, "not_poor"),
        ("urban", 175, 2, "near_poor"),
        ("urban", 176, 12, "not_poor"),
        ("urban", 0, 0, "near_poor"),
        ("rural", 0, 12, "poor"),
    ],
)
def test_central_standard_compares_b1(zone, b1, lacks, category):
    # An income far from the line changes nothing here: the central standard looks at B1.
    assert classify(found(zone, b1, 99_000_000, lacks), CENTRAL).category == category


@pytest.mark.parametrize(
    ("zone", "income", "lacks", "category"),
    [
        ("rural", 1_999_999, 3, "poor"),
        ("rural", 2_000_000, 3, "poor"),
        ("rural", 2_000_001, 3, "not_poor"),
        ("rural", 2_000_000, 2, "near_poor"),
        ("urban", 2_499_999, 3, "poor"),
        ("urban", 2_500_000, 3, "poor"),
        ("urban", 2_500_001, 3, "not_poor"),
        ("urban", 2_500_000, 2, "near_poor"),
        ("urban", 0, 0, "near_poor"),
    ],
)
def test_city_standard_compares_income(zone, income, lacks, category):
    assert classify(found(zone, 400, income, lacks), CITY).category == category


def test_one_household_may_be_poor_for_the_city_and_not_for_the_centre():
    findings = found("urban", 176, 2_400_000, 3)
    assert (classify(findings, CENTRAL).category, classify(findings, CITY).category) == ("not_poor", "poor")


def test_how_many_deprivations_make_poor_is_the_standards_to_say():
    strict = Rule("x", "x", IncomeBasis.B1_SCORE, 140, 175, 2)
    assert classify(found(lacks=2), strict).category == "poor"
    assert classify(found(lacks=1), strict).category == "near_poor"


@pytest.mark.parametrize("zone", ["", "city", "Urban"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(ValueError, match="unknown zone"):
        classify(found(zone), CENTRAL)


def test_an_unknown_indicator_is_refused():
    with pytest.raises(ValueError, match="unknown indicators: \\['roof'\\]"):
        classify(Findings("urban", 1, 1, frozenset({"roof"})), CENTRAL)


@pytest.mark.parametrize(
    ("findings", "rule", "why"),
    [
        (
            found(b1=165, lacks=3),
            CENTRAL,
            "Điểm B1 165, không vượt mức 175 điểm của khu vực thành thị; "
            "thiếu hụt 3 chỉ số (B2 30 điểm), đủ mức 3 chỉ số trở lên, nên là hộ nghèo.",
        ),
        (
            found("rural", 140, lacks=2),
            CENTRAL,
            "Điểm B1 140, không vượt mức 140 điểm của khu vực nông thôn; "
            "thiếu hụt 2 chỉ số (B2 20 điểm), chưa đến 3 chỉ số, nên là hộ cận nghèo.",
        ),
        (found(b1=176), CENTRAL, "Điểm B1 176, cao hơn mức 175 điểm của khu vực thành thị, nên không nghèo."),
        (
            found("rural", income=1_800_000, lacks=0),
            CITY,
            "Thu nhập bình quân 1.800.000, không vượt mức 2.000.000 đồng/người/tháng của khu vực nông thôn; "
            "không thiếu hụt chỉ số nào, chưa đến 3 chỉ số, nên là hộ cận nghèo.",
        ),
    ],
)
def test_the_receipt_says_why(findings, rule, why):
    assert classify(findings, rule).why == why


def test_the_receipt_lists_what_each_answer_contributed():
    receipt = classify(found(lacks=2), CENTRAL)
    assert receipt.as_json() == {
        "why": receipt.why,
        "lines": [
            ["B1, thu nhập", "165 / 175 điểm"],
            ["1. Việc làm", "10 điểm"],
            ["2. Người phụ thuộc trong hộ", "10 điểm"],
            ["B2, thiếu hụt", "20 / 120 điểm"],
        ],
        "rule_version": "2021.1",
    }


@pytest.mark.parametrize(
    ("zone", "b1", "income", "warned"),
    [
        ("urban", 175, 2_499_999, False),
        ("urban", 175, 2_500_000, True),
        ("urban", 176, 2_500_000, False),
        ("urban", 176, 1_500_001, False),
        ("urban", 176, 1_500_000, True),
        ("urban", 175, 1_500_000, False),
        ("rural", 140, 1_875_000, True),
        ("rural", 141, 1_125_000, True),
        ("rural", 141, 1_125_001, False),
    ],
)
def test_b1_and_income_that_contradict_each_other_are_pointed_out(zone, b1, income, warned):
    assert bool(contradiction(found(zone, b1, income), CENTRAL)) is warned


def test_a_standard_by_income_cannot_contradict_b1():
    assert contradiction(found(b1=10, income=90_000_000), CITY) == ""
