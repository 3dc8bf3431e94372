"""The rules of money: what a line leaves, what is refused, how amounts are read and written."""

from datetime import date
from decimal import Decimal

import pytest

from areas.vietnamese import money, parse_money, short_money
from targets.spending import MOST, Money, allotment_fault, amount_fault, last_day, line_faults, spending_faults

TODAY = date(2023, 6, 15)


@pytest.mark.parametrize(
    ("value", "full", "short"),
    [
        (None, "–", "–"),
        (0, "0 đồng", "0 đồng"),
        (999_499, "999.499 đồng", "1 triệu đồng"),
        (994_999, "994.999 đồng", "994.999 đồng"),
        (50_000_000, "50.000.000 đồng", "50 triệu đồng"),
        (50_125_000, "50.125.000 đồng", "50,13 triệu đồng"),
        (994_999_999, "994.999.999 đồng", "995 triệu đồng"),
        (999_996_000, "999.996.000 đồng", "1 tỷ đồng"),
        (1_250_000_000, "1.250.000.000 đồng", "1,25 tỷ đồng"),
        (1_234_500_000_000, "1.234.500.000.000 đồng", "1.234,5 tỷ đồng"),
        (-3_400_000, "−3.400.000 đồng", "−3,4 triệu đồng"),
    ],
)
def test_money_is_written_in_full_and_in_its_unit(value, full, short):
    assert (money(value), short_money(value)) == (full, short)


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("50.000.000", 50_000_000),
        ("50.000.000 đồng", 50_000_000),
        ("50000000đ", 50_000_000),
        ("50 triệu", 50_000_000),
        ("50TR", 50_000_000),
        ("1,25 tỷ đồng", 1_250_000_000),
        ("0,5 tỷ", 500_000_000),
        ("-1 triệu", -1_000_000),
    ],
)
def test_money_is_read_as_people_write_it(text, dong):
    assert parse_money(text) == dong


@pytest.mark.parametrize("text", ["", "tỷ", "năm mươi triệu", "5 tỷ triệu", "1.00.000", "1e9", "50 nghìn"])
def test_what_is_no_money_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 the caller words it
        parse_money(text)


@pytest.mark.parametrize(
    ("allotted", "disbursed", "over", "left", "room", "share"),
    [
        (100, 0, 0, 100, 100, Decimal("0.0")),
        (100, 100, 0, 0, 0, Decimal("100.0")),
        (100, 120, 30, -20, 10, Decimal("120.0")),
        (3, 1, 0, 2, 2, Decimal("33.3")),
        (0, 0, 0, 0, 0, None),
    ],
)
def test_what_a_line_leaves(allotted, disbursed, over, left, room, share):
    line = Money(allotted, disbursed, over)
    assert (line.left, line.room, line.share) == (left, room, share)


@pytest.mark.parametrize(
    ("amount", "fault"),
    [(None, True), (0, True), (-1, True), (1, False), (MOST, False), (MOST + 1, True)],
)
def test_an_amount_is_above_zero_and_below_a_slip(amount, fault):
    assert bool(amount_fault(amount)) == fault


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"amount": 101}, "amount"),
        ({"amount": 100}, None),
        ({"day": TODAY}, None),
        ({"day": date(2023, 6, 16)}, "day"),
        ({"day": date(2022, 12, 31)}, "day"),
        ({"day": date(2024, 1, 31), "today": date(2024, 3, 1)}, None),
        ({"day": date(2024, 2, 1), "today": date(2024, 3, 1)}, "day"),
        ({"day": None}, "day"),
        ({"what": "  "}, "what"),
    ],
)
def test_a_spending_is_judged_by_field(changed, field):
    given = {"amount": 60, "day": date(2023, 5, 1), "what": "Đợt 1", "year": 2023, "today": TODAY} | changed
    assert list(spending_faults(**given, money_of_line=Money(100, 30, 30))) == ([field] if field else [])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"title": ""}, "title"),
        ({"basis": " "}, "basis"),
        ({"allotted": 0}, "allotted"),
        ({"allotted_on": None}, "allotted_on"),
        ({"allotted_on": date(2022, 1, 1)}, None),
        ({"allotted_on": date(2021, 12, 31)}, "allotted_on"),
        ({"allotted_on": last_day(2023)}, None),
        ({"allotted_on": date(2024, 2, 1)}, "allotted_on"),
        ({"year": 1999}, "year"),
        ({"year": None}, "year"),
    ],
)
def test_a_line_is_judged_by_field(changed, field):
    given = {"year": 2023, "title": "a", "basis": "b", "allotted": 1, "allotted_on": date(2023, 1, 1)} | changed
    assert list(line_faults(**given)) == ([field] if field else [])


def test_an_allotment_is_not_cut_below_what_was_spent():
    assert not allotment_fault(70, 30, 100)
    assert "100 đồng" in allotment_fault(69, 30, 100)
