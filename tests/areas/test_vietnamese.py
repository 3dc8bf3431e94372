"""Numbers, days and names as Vietnamese offices write them: tables at the edges."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from areas import vietnamese


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (None, 0, "–"),
        ("", 0, "–"),
        (0, 0, "0"),
        (999, 0, "999"),
        (1259, 0, "1.259"),
        (1_234_567, 0, "1.234.567"),
        (-3, 0, "−3"),
        (Decimal("-0.004"), 2, "0,00"),
        (Decimal("2.085"), 2, "2,09"),
        (Decimal("2.084999"), 2, "2,08"),
        (Decimal("1259.5"), 1, "1.259,5"),
        ("1.39", 2, "1,39"),
        (0.1, 2, "0,10"),
    ],
)
def test_number(value, places, shown):
    assert vietnamese.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0, "0"), (12, "+12"), (-3, "−3"), (Decimal("1500"), "+1.500")]
)
def test_signed(value, shown):
    assert vietnamese.signed(value) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.259", "1259"),
        ("1259", "1259"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,39", "1.39"),
        ("1.39", "1.39"),
        ("12.5", "12.5"),
        ("0,44", "0.44"),
        ("-3", "-3"),
        (" 1 259 ", "1259"),
        ("1\u00a0259", "1259"),
    ],
)
def test_parse_number(text, value):
    assert vietnamese.parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "–", "abc", "1.25.9", "1,2,3", "12.34.567", "1e3", "٣", "1.259,", "--1", "NaN"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=".*"):
        vietnamese.parse_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("31/05/2023", date(2023, 5, 31)),
        ("1/5/2023", date(2023, 5, 1)),
        ("01-05-2023", date(2023, 5, 1)),
        ("1.5.2023", date(2023, 5, 1)),
        ("2023-05-31", date(2023, 5, 31)),
        (" 29/02/2024 ", date(2024, 2, 29)),
    ],
)
def test_parse_day(text, value):
    assert vietnamese.parse_day(text) == value


@pytest.mark.parametrize(
    "text", ["", "29/02/2023", "31/04/2023", "00/01/2023", "1/13/2023", "1/5/23", "hôm qua", "2023-13-01"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=".*"):
        vietnamese.parse_day(text)


def test_day_and_money():
    assert vietnamese.day(date(2023, 5, 1)) == "01/05/2023"
    assert vietnamese.day(None) == "–"
    assert vietnamese.money(2_000_000) == "2.000.000 đồng"
    assert vietnamese.money(None) == "–"


@pytest.mark.parametrize(
    "text", ["Hòa Vang", "Hoà Vang", "HÒA  VANG", " hoa vang ", unicodedata.normalize("NFD", "Hòa Vang")]
)
def test_fold_makes_one_word_of_every_spelling(text):
    assert vietnamese.fold(text) == "hoa vang"


@pytest.mark.parametrize("letter", ["Đ", "Ð", "Ɖ", "đ", "ð", "d", "D"])
def test_fold_knows_every_d(letter):
    assert vietnamese.fold(f"{letter}ặng Ước") == "dang uoc"


def test_tidy_keeps_the_marks_and_drops_the_dirt():
    assert vietnamese.tidy("\ufeff  Ðặng\u00a0\u200b Thị\tHoa ") == "Đặng Thị Hoa"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Trần Văn Thử", "thu tran van"),
        ("Lê Hoa", "hoa le"),
        ("Hoa", "hoa"),
        ("", ""),
        ("Đặng Thị Bích Ngọc", "ngoc dang thi bich"),
    ],
)
def test_name_key_sorts_by_given_name_first(name, key):
    assert vietnamese.name_key(name) == key
