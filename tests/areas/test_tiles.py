"""The schematic tile map: every ward of 2023 in its relative place, and the line round each district."""

import csv

import pytest

from areas import tiles
from areas.tiles import Ward, draw, shade

AREAS = tiles.FILE.with_name("areas-2023.csv")


def wards_2023():
    lines = [line for line in AREAS.read_text().splitlines() if not line.startswith("#")]
    return [row for row in csv.DictReader(lines) if row["level"] == "ward"]


def test_every_ward_has_a_square_of_its_own_and_each_district_hangs_together():
    at, wards = tiles.places(), wards_2023()
    assert len(wards) == 56
    assert len({at[row["code"]] for row in wards}) == 56
    districts = {row["parent_code"] for row in wards}
    assert len(set(at.values())) == len(at) == 56 + len(districts)
    for district in districts:
        left = {at[row["code"]] for row in wards if row["parent_code"] == district}
        reached = [left.pop()]
        for x, y in reached:
            for beside in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if beside in left:
                    left.remove(beside)
                    reached.append(beside)
        assert not left, district


def test_wards_lie_as_in_the_city():
    at = {row["name"]: tiles.places()[row["code"]] for row in wards_2023()}
    west_to_east = ["Hòa Bắc", "Hòa Khánh Bắc", "Thanh Khê Tây", "Thạch Thang", "An Hải Bắc", "Mân Thái"]
    assert [at[name][0] for name in west_to_east] == sorted({at[name][0] for name in west_to_east})
    north_to_south = ["Nại Hiên Đông", "An Hải Tây", "An Hải Đông", "Mỹ An", "Khuê Mỹ", "Hòa Quý"]
    assert [at[name][1] for name in north_to_south] == sorted({at[name][1] for name in north_to_south})
    assert at["Hòa Phước"][1] > at["Hòa Xuân"][1] > at["Khuê Trung"][1] > at["Thuận Phước"][1]


@pytest.mark.parametrize(
    ("count", "most", "told"), [(0, 0, 0), (0, 9, 0), (1, 1, 1), (1, 4, 1), (4, 4, 4), (2, 8, 1), (3, 8, 2), (8, 8, 4)]
)
def test_shades(count, most, told):
    assert shade(count, most) == told


def test_a_drawing_is_cut_to_its_wards_and_draws_a_line_between_districts():
    at = {"a": (5, 5), "b": (6, 5), "c": (7, 5), "2": (7, 4)}
    wards = [Ward("a", "A", "1", "Một", 1), Ward("b", "B", "1", "Một", 0), Ward("c", "C", "2", "Hai", 1300)]
    drawing = draw(wards, "hộ", at)
    assert [(s.code, s.x, s.y, s.shade) for s in drawing.squares] == [
        ("a", 6, 58, 1),
        ("b", 102, 58, 0),
        ("c", 198, 58, 4),
    ]
    assert drawing.squares[2].label == "C, Hai: 1.300 hộ"
    assert [word.text for word in drawing.names] == ["Hai"]
    assert "M198 58V110" in drawing.border
    assert "M102 58V110" not in drawing.border
    alone = draw(wards[:2], "hộ", at)
    assert (alone.border, alone.names, alone.width) == ("", [], 2 * 96 + 12)
    assert alone.squares[0].label == "A: 1 hộ"
    assert draw(wards[:1], "hộ", at) is None
    assert draw([Ward("new", "Mới", "1", "Một", 3), wards[0]], "hộ", at) is None
