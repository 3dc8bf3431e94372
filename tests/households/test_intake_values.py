from datetime import date, datetime

import pytest

from households.intake import values


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.259", 1259), ("1259", 1259), ("1,39", 1.39), ("1.259,5", 1259.5), (7, 7), ("", None), ("1.2.3", None)],
)
def test_numbers(cell, value):
    assert values.number(cell).value == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("02/01/1980", date(1980, 1, 2)), (29222.0, date(1980, 1, 2)), (1980, 1980), ("31/02/1980", None)]
    + [(datetime(1980, 1, 2), date(1980, 1, 2))],
)
def test_births(cell, value):
    assert values.birth(cell).value == value


def test_a_lost_zero_is_suggested_never_silent():
    got = values.citizen_id(48080000001.0)
    assert (got.value, got.suggestion) == (None, "048080000001")
    assert got.error


def test_look_alikes_and_nfd():
    assert values.text("Ða\u0300 \u00a0Nẵng\u200b").value == "Đà Nẵng"


@pytest.mark.parametrize(("cell", "value"), [("Nam", "male"), (" NỮ ", "female"), ("", None), ("x", None)])
def test_sexes(cell, value):
    assert values.sex(cell).value == value
