"""Geometry at the edges: nothing, less than nothing, exactly all, more than all."""

from decimal import Decimal

import pytest

from targets import charts, tilemap
from targets.charts import Step, along, pace_bar, shares, waterfall
from targets.wording import Piece, compare, within


@pytest.mark.parametrize(
    ("share", "length"),
    [
        (None, "0"),
        (0, "0"),
        (-12, "0"),
        (Decimal("0.04"), "0"),
        (Decimal("0.05"), "0.1"),
        (Decimal("70.33"), "70.3"),
        (70, "70"),
        (100, "100"),
        (Decimal("100.1"), "100"),
        (250, "100"),
    ],
)
def test_a_share_becomes_a_length_inside_the_bar(share, length):
    assert along(share) == length


@pytest.mark.parametrize(
    ("mark", "anchor", "dx"), [(0, "start", 8), (44, "start", 8), (45, "end", -8), (100, "end", -8)]
)
def test_the_marks_label_stays_inside_the_figure(mark, anchor, dx):
    bar = pace_bar(label="", share=50, mark=mark, kind="ok", mark_label="mốc")
    assert (bar.mark_anchor, bar.mark_dx) == (anchor, dx)


def test_no_mark_is_not_a_mark_at_zero():
    assert pace_bar(label="", share=50, mark=None, kind="none").mark is None
    assert pace_bar(label="", share=50, mark=0, kind="none").mark == "0"


@pytest.mark.parametrize(
    ("values", "lengths"),
    [
        ([], []),
        ([0, 0], ["0", "0"]),
        ([None, 4], ["0", "100"]),
        ([10, 5, 0], ["100", "50", "0"]),
        ([3, -1], ["100", "0"]),
    ],
)
def test_plain_bars_are_shares_of_the_longest(values, lengths):
    assert shares(values) == lengths


def fall(*steps, target=None):
    return waterfall([Step(label, amount, kind) for label, amount, kind in steps], target)


def test_the_waterfall_hangs_each_movement_where_the_last_one_ended():
    drawn = fall(("Đầu", 200, "start"), ("Thoát", -100, "less"), ("Mới", 50, "more"), ("Nay", 150, "now"), target=100)
    start, left, came, now = drawn.columns
    whole = charts.FALL_BASE - charts.FALL_TOP
    assert (start.y, start.height) == (charts.FALL_TOP, whole)
    assert (left.y, left.height) == (start.y, whole // 2)
    assert came.y + came.height == left.y + left.height == start.link_y + whole // 2
    assert (now.y, now.y + now.height) == (came.y, charts.FALL_BASE)
    assert drawn.target_y == charts.FALL_BASE - whole // 2
    assert [column.value for column in drawn.columns] == ["200", "−100", "+50", "150"]
    assert now.link_x is None


def test_an_empty_waterfall_stands_on_its_base():
    drawn = fall(("Đầu", 0, "start"), ("Thoát", 0, "less"), ("Nay", 0, "now"))
    assert {(column.y, column.height) for column in drawn.columns} == {(charts.FALL_BASE, 0)}
    assert drawn.target_y is None
    assert drawn.target_label_y < charts.FALL_BASE


def test_one_household_among_thousands_is_still_seen():
    drawn = fall(("Đầu", 6271, "start"), ("Mới", 1, "more"), ("Nay", 6272, "now"))
    assert drawn.columns[1].height == charts.THINNEST


def test_a_target_above_every_column_fits_the_drawing():
    drawn = fall(("Đầu", 10, "start"), ("Nay", 10, "now"), target=400)
    assert drawn.target_y == charts.FALL_TOP
    assert drawn.columns[0].height == round((charts.FALL_BASE - charts.FALL_TOP) / 40)


def test_columns_do_not_touch_and_fit_the_width():
    drawn = fall(*[("x", 5, "more")] * 6)
    edges = [(column.x, column.x + column.width) for column in drawn.columns]
    assert all(end < start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))
    assert edges[0][0] >= 0
    assert edges[-1][1] <= charts.FALL_WIDTH


def test_the_eight_districts_lie_in_their_true_relative_places():
    place = {tile.name: (tile.x, tile.y) for tile in tilemap.TILES}
    assert len(place) == 8
    west_to_east = ["Hòa Vang", "Liên Chiểu", "Thanh Khê", "Hải Châu", "Sơn Trà", "Hoàng Sa"]
    assert [place[name][0] for name in west_to_east] == sorted(place[name][0] for name in west_to_east)
    assert place["Liên Chiểu"][1] < place["Thanh Khê"][1] < place["Cẩm Lệ"][1]
    assert place["Sơn Trà"][1] < place["Hải Châu"][1] < place["Ngũ Hành Sơn"][1]
    for tile in tilemap.TILES:
        for shape in tile.shapes:
            for point in shape.split():
                x, y = map(int, point.split(","))
                assert 0 <= x <= tilemap.WIDTH
                assert 0 <= y <= tilemap.HEIGHT


@pytest.mark.parametrize("value", ["", "0 %", "78 %", "100 %", "−12 %"])
def test_shape_and_value_are_centred_under_the_name(value):
    tile = charts.map_tile(tilemap.TILES[0], url="", kind="ok", value=value, label="")
    right = tile.value_x + 10 * len(value) // 2
    assert abs((tile.icon_x + right) / 2 - tile.tile.x) <= 1


@pytest.mark.parametrize(
    ("before", "after", "out", "into"),
    [
        ("01 huyện và 7 phường, xã.", "01 huyện và 14 phường, xã.", ["7"], ["14"]),
        (
            "hoạt động phục vụ Chương trình",
            "hoạt động an sinh xã hội của Chương trình",
            ["phục vụ"],
            ["an sinh xã hội của"],
        ),
        ("như cũ", "như cũ", [], []),
        ("", "mới cả", [], ["mới cả"]),
        ("bỏ cả", "", ["bỏ cả"], []),
    ],
)
def test_wording_marks_the_words_that_changed_and_loses_none(before, after, out, into):
    old, new = compare(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after
    assert [piece.text for piece in old if piece.kind == "out"] == out
    assert [piece.text for piece in new if piece.kind == "in"] == into


def test_an_amended_part_is_marked_inside_the_whole_clause():
    _, new = compare("và 7 phường", "và 14 phường")
    assert within("Kiểm tra và 14 phường, xã.", "và 14 phường", new) == [
        Piece("same", "Kiểm tra "),
        Piece("same", "và "),
        Piece("in", "14"),
        Piece("same", " phường"),
        Piece("same", ", xã."),
    ]
    assert within("Chỗ khác", "và 14 phường", new) == [Piece("same", "Chỗ khác")]
