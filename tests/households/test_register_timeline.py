"""Geometry of the time line: what stands where, and what would not fit."""

from datetime import date

import pytest

from households.timeline import BAR, LEFT, RIGHT, ROW, Span, Track, draw

TODAY = date(2023, 10, 3)
POOR = Span(date(2022, 7, 1), None, "Hộ nghèo", "poor")
NEAR = Span(date(2022, 1, 1), date(2022, 7, 1), "Hộ cận nghèo", "near_poor")


def drawn(*tracks, marks=(), today=TODAY):
    return draw(list(tracks), list(marks), today)


def test_a_status_runs_from_its_first_day_until_today():
    drawing = drawn(Track("Chuẩn Trung ương 2022-2025", True, (NEAR, POOR)))
    near, poor = drawing.lines[0].bars
    assert near.x == LEFT
    assert near.x + near.width == poor.x, "one ends where the next begins"
    assert poor.x + poor.width == drawing.today.x < RIGHT
    assert poor.title == "Hộ nghèo: từ 01/07/2022"
    assert near.title == "Hộ cận nghèo: từ 01/01/2022 đến 01/07/2022"


def test_the_axis_holds_whole_years_around_everything():
    drawing = drawn(Track("Chuẩn", True, (POOR,)))
    assert [tick.label for tick in drawing.ticks] == ["01/2022", "07/2022", "01/2023", "07/2023", "01/2024"]
    assert (drawing.ticks[0].x, drawing.ticks[-1].x) == (LEFT, RIGHT)


@pytest.mark.parametrize("start", [1994, 2005, 2016, 2020, 2023])
def test_ticks_stay_few_however_long_the_history(start):
    drawing = drawn(Track("Chuẩn", True, (Span(date(start, 3, 1), None, "Hộ nghèo", "poor"),)))
    places = [tick.x for tick in drawing.ticks]
    assert 3 <= len(places) <= 9
    assert places == sorted(places)
    assert min(after - before for before, after in zip(places, places[1:], strict=False)) > 60


def test_tracks_do_not_touch_and_only_the_unconfirmed_says_so():
    drawing = drawn(Track("Chuẩn Trung ương", True, (POOR,)), Track("Chuẩn thành phố", False, (POOR,)))
    first, second = drawing.lines
    assert second.bars[0].y - first.bars[0].y == ROW > BAR
    assert (first.note, second.note[1]) == (None, "chưa xác nhận")
    assert second.bars[0].y + BAR < drawing.bottom < drawing.height


def test_words_that_do_not_fit_are_left_to_the_title():
    day = Span(date(2022, 3, 1), date(2022, 3, 2), "Hộ nghèo", "poor")
    bar = drawn(Track("Chuẩn", True, (day,))).lines[0].bars[0]
    assert (bar.label, bar.width) == ("", 2)
    assert bar.title.startswith("Hộ nghèo")


def test_labels_of_close_decisions_do_not_run_into_each_other():
    marks = [(date(2022, 7, 1), "QĐ 167/QĐ-UBND"), (date(2022, 7, 20), "QĐ 170/QĐ-UBND"), (date(2023, 3, 1), "QĐ 20")]
    drawing = drawn(Track("Chuẩn", True, (POOR,)), marks=marks)
    assert [mark.label for mark in drawing.marks] == ["QĐ 167/QĐ-UBND", "", "QĐ 20"]


def test_a_status_of_the_future_is_drawn_and_does_not_run_backwards():
    ahead = Span(date(2024, 2, 1), None, "Hộ nghèo", "poor")
    drawing = drawn(Track("Chuẩn", True, (ahead,)))
    assert drawing.lines[0].bars[0].width == 2
    assert drawing.ticks[-1].label == "01/2025"
