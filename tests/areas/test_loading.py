"""Broken files are refused as a whole, with the line and the column at fault."""

from datetime import date

import pytest

from areas.loading import BrokenFile, parse_areas, parse_residents

HEAD = "level,code,parent_code,name,full_name,kind,zone,order,has_residents,valid_from,valid_to\n"
CITY = "city,48,,Đà Nẵng,Thành phố Đà Nẵng,Thành phố,,0,yes,2016-01-01,\n"
DISTRICT = "district,492,48,Hải Châu,Quận Hải Châu,Quận,,1,yes,2016-01-01,2025-06-30\n"
WARD = "ward,20236,492,Hải Châu I,Phường Hải Châu I,Phường,urban,1,yes,2016-01-01,2024-12-31\n"


def test_a_good_file():
    city, district, ward = parse_areas("# nguồn\n" + HEAD + CITY + "\n" + DISTRICT + WARD, "a.csv")
    assert city.parent is None
    assert city.valid_to is None
    assert district.parent == ("48", date(2016, 1, 1))
    assert ward.parent == ("492", date(2016, 1, 1))
    assert (ward.zone, ward.order, ward.has_residents, ward.valid_to) == ("urban", 1, True, date(2024, 12, 31))


def test_a_code_may_be_used_again_later():
    again = WARD.replace("Hải Châu I", "Hải Châu").replace("2016-01-01,2024-12-31", "2025-01-01,2025-06-30")
    rows = parse_areas(HEAD + CITY + DISTRICT + WARD + again, "a.csv")
    assert [row.valid_from.year for row in rows if row.code == "20236"] == [2016, 2025]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, ""),
        ("# chỉ có ghi chú\n", 1, ""),
        (HEAD.replace("zone,", ""), 1, ""),
        (HEAD.replace("zone", "khu vuc"), 1, ""),
        (HEAD + CITY.replace("48,,", "48,"), 2, ""),
        (HEAD + CITY.replace("city", "tinh"), 2, "level"),
        (HEAD + CITY.replace("48", "bốn tám"), 2, "code"),
        (HEAD + CITY.replace("Thành phố Đà Nẵng", " "), 2, "full_name"),
        (HEAD + CITY.replace("48,,", "48,1,"), 2, "parent_code"),
        (HEAD + CITY.replace(",0,", ",-1,"), 2, "order"),
        (HEAD + CITY.replace("yes", "có"), 2, "has_residents"),
        (HEAD + CITY.replace("2016-01-01", ""), 2, "valid_from"),
        (HEAD + CITY.replace("2016-01-01", "2016-02-30"), 2, "valid_from"),
        (HEAD + CITY.replace("2016-01-01", "01/01/2016"), 2, "valid_from"),
        (HEAD + CITY.replace("2016-01-01,", "2016-01-01,2015-12-31"), 2, "valid_to"),
        (HEAD + DISTRICT + CITY, 2, "parent_code"),
        (HEAD + CITY + DISTRICT.replace("48", "49"), 3, "parent_code"),
        (HEAD + CITY + DISTRICT + WARD.replace("492,", "48,"), 4, "parent_code"),
        (HEAD + CITY + DISTRICT + WARD.replace("2024-12-31", "2025-12-31"), 4, "parent_code"),
        (HEAD + CITY + DISTRICT + WARD.replace("2024-12-31", ""), 4, "parent_code"),
        (HEAD + CITY + DISTRICT + WARD.replace("2016", "2015"), 4, "parent_code"),
        (HEAD + CITY + DISTRICT + WARD.replace("urban", ""), 4, "zone"),
        (HEAD + CITY + DISTRICT + WARD.replace("urban", "mixed"), 4, "zone"),
        (HEAD + CITY + DISTRICT + WARD + WARD, 5, "code"),
        ("# một\n# hai\n" + HEAD + CITY + "\n" + DISTRICT.replace("yes", "?"), 6, "has_residents"),
        (HEAD + CITY + 'district,"492,48', 3, ""),
    ],
)
def test_broken_areas(text, line, column):
    with pytest.raises(BrokenFile) as refused:
        parse_areas(text, "a.csv")
    assert (refused.value.line, refused.value.column) == (line, column), refused.value
    assert str(refused.value).startswith(f"a.csv, dòng {line}")


RESIDENTS = "code,year,households,derived,source\n"
ROW = "492,2023,54274,yes,Suy ra\n"


def test_good_residents():
    (row,) = parse_residents(RESIDENTS + ROW, "r.csv")
    assert (row.code, row.year, row.households, row.derived, row.source) == ("492", 2023, 54274, True, "Suy ra")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (RESIDENTS + ROW.replace("54274", "0"), 2, "households"),
        (RESIDENTS + ROW.replace("54274", "54.274"), 2, "households"),
        (RESIDENTS + ROW.replace("2023", "23"), 2, "year"),
        (RESIDENTS + ROW.replace("2023", "20230"), 2, "year"),
        (RESIDENTS + ROW.replace("Suy ra", ""), 2, "source"),
        (RESIDENTS + ROW + ROW, 3, "code"),
    ],
)
def test_broken_residents(text, line, column):
    with pytest.raises(BrokenFile) as refused:
        parse_residents(text, "r.csv")
    assert (refused.value.line, refused.value.column) == (line, column)
