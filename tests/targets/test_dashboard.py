"""The dashboards: comparison with another day, any indicator, what is not told, tables as files, one screen."""

from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.log import log
from tests import make
from tests.targets.test_pages import plan, text_of

__all__ = ["plan"]  # a fixture
DAY = {"ngay": "30/9/2023"}


@pytest.fixture
def homes(areas, standards):
    """At the opening: 9 poor in one ward, 6 in the next, 8 in the commune. Of the first 2 escape in May."""
    city = standards[1]
    for place, amount in (("ward", 7), ("next_ward", 6), ("commune", 8)):
        for _ in range(amount):
            make.a_spell(make.a_household(areas[place]), city)
    for _ in range(2):
        make.a_spell(make.a_household(areas["ward"]), city, valid_to=date(2023, 5, 31))


def file_of(browser, path, **asked):
    answer = browser.get(path, DAY | {"format": "csv"} | asked)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    return [line.split(";") for line in answer.getvalue().decode("utf-8-sig").splitlines()]


def test_another_day_stands_beside_with_the_difference(plan, areas, homes, as_user):
    rows = {row[0]: row for row in file_of(as_user("cuc"), "/tong-quan/492/", bang="chi-tieu", so="30/04/2023")}
    assert rows["Chỉ tiêu"][-2:] == ["Ngày 30/04/2023", "Tăng, giảm"]
    assert rows["Hộ nghèo còn sức lao động cuối năm"][2] == "13"
    assert rows["Hộ nghèo còn sức lao động cuối năm"][-2:] == ["15", "−2"]
    page = text_of(as_user("cuc").get("/tong-quan/", DAY | {"so": "30/04/2023"}))
    assert "So với 30/04/2023: <b>+2</b>" in page


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("hôm qua", "Không đọc được ngày so sánh"),
        ("1/1/2019", "Chưa có số liệu của năm 2019. Số liệu bắt đầu từ 01/01/2023."),
        ("30/09/2023", "chọn ngày khác để so sánh"),
        ("1/1/2099", "Ngày so sánh chưa đến"),
    ],
)
def test_a_day_that_cannot_be_compared_with_is_told_and_kept(plan, as_user, asked, message):
    page = text_of(as_user("leader").get("/tong-quan/", DAY | {"so": asked}))
    assert message in page
    assert f'value="{asked}"' in page
    assert "Tăng, giảm" not in page


def test_areas_are_compared_by_any_indicator(plan, areas, homes, as_user):
    rows = file_of(as_user("cuc"), "/tong-quan/", bang="dia-ban", chi_tieu="poor_escaped")
    assert [row[:2] for row in rows[1:]] == [["Quận Hải Châu", "2"], ["Huyện Hòa Vang", "0"]]
    assert "Không có chỉ tiêu này" in text_of(as_user("cuc").get("/tong-quan/", {"chi_tieu": "khong-co"}))


def test_small_figures_are_told_only_to_who_sees_the_rows(plan, areas, homes, as_user):
    """On the page and in its files, and what would give them away is kept back with them."""
    for name, told in (("leader", "ẩn"), ("cuc", "2"), ("district", "2")):
        rows = dict(row[:2] for row in file_of(as_user(name), "/tong-quan/492/", bang="bien-dong"))
        assert rows["Ra: Thoát nghèo, thoát cận nghèo"].lstrip("'").lstrip("−-") == told, name
    leader = as_user("leader")
    rows = dict(row[:2] for row in file_of(leader, "/tong-quan/492/", bang="bien-dong"))
    assert [rows["Đầu năm"], rows["Hiện có"]].count("ẩn") >= 1, "the difference of the two would tell"
    page = text_of(leader.get("/tong-quan/492/", DAY))
    assert "Đã giảm 2" not in page
    assert "số dưới 5 hộ hoặc người" in page
    assert "ẩn" in leader.get("/ke-hoach/phu-luc/", DAY | {"format": "csv"}).content.decode()
    assert "kept-back" in text_of(leader.get("/ke-hoach/chi-tieu/poor_labour_reduction/", DAY | {"dia_ban": "492"}))


def test_a_kept_page_is_not_shown_to_who_may_see_less(plan, areas, homes, as_user):
    assert "Đã giảm 2 trên 309" in text_of(as_user("cuc").get("/tong-quan/492/", DAY))
    assert "Đã giảm 2 trên 309" not in text_of(as_user("leader").get("/tong-quan/492/", DAY))
    assert "Đã giảm 2 trên 309" not in text_of(as_user("hoa").get("/tong-quan/497/", DAY))


def test_a_ward_has_its_page(plan, areas, homes, as_user):
    page = text_of(as_user("cuc").get(f"/tong-quan/{areas['ward'].code}/", DAY))
    assert "Hiện có 7 hộ nghèo còn sức lao động." in page
    assert f'<a href="/tong-quan/492/?ngay=2023-09-30">Quận Hải Châu</a> › {areas["ward"].full_name}' in page


def test_categories_month_by_month_and_why_households_are_poor(plan, areas, standards, homes, cast, as_user):
    household = make.a_household(areas["ward"])
    make.a_spell(household, standards[1])
    rows = file_of(as_user("cuc"), "/tong-quan/dien-bien/", bang="dien-bien")
    assert rows[0][1:3] == ["31/01/2023", "28/02/2023"]
    assert (rows[1][1], rows[1][-1]) == ("24", "22")
    page = text_of(as_user("cuc").get("/tong-quan/dien-bien/", DAY | {"dia_ban": "492"}))
    assert "Quận Hải Châu: diễn biến" in page
    for code in ("48", "khong-co"):
        assert as_user("cuc").get("/tong-quan/dien-bien/", {"dia_ban": code}).status_code == 404
    assert as_user("nobody").get("/tong-quan/dien-bien/").status_code == 403


def test_one_screen_for_the_projector_needs_no_script(plan, homes, as_user):
    page = text_of(as_user("leader").get("/tong-quan/", DAY | {"trinh-chieu": "1"}))
    assert "<script" not in page
    assert 'href="?ngay=2023-09-30">Thoát trình chiếu' in page
    assert 'href="/tong-quan/492/?ngay=2023-09-30&amp;trinh-chieu=1"' in page


@pytest.mark.parametrize("path", ["/tong-quan/", "/tong-quan/dien-bien/", "/tong-quan/dieu-hanh/"])
def test_the_city_costs_fifteen_queries_after_a_write(
    plan, areas, homes, cast, as_user, django_assert_max_num_queries, path
):
    """All figures are counted anew: whatever was kept is of before the write."""
    browser = as_user("leader")
    browser.get("/ke-hoach/chi-tieu/")
    log(cast["cuc"], "plan.amended", plan)
    with django_assert_max_num_queries(15):
        assert browser.get(path, DAY).status_code == 200
    with django_assert_max_num_queries(4):
        browser.get(path, DAY)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/tong-quan/", 15),
        ("/tong-quan/492/", 15),
        ("/tong-quan/dien-bien/", 15),
        ("/tong-quan/dieu-hanh/", 15),
        ("/ke-hoach/chi-tieu/", 15),
        ("/ke-hoach/chi-tieu/poor_labour_reduction/", 15),
        ("/ke-hoach/", 18),  # the text itself, its amendments, who owes what, activities and money are five of them
    ],
)
def test_cold_with_nothing_kept_and_no_day_asked(
    plan, areas, homes, cast, as_user, django_assert_max_num_queries, path, most
):
    """The first page after a start: the day to open on and all that frames it among them."""
    assert timezone.localdate() > date(2023, 12, 31)
    for name in ("leader", "cuc"):
        browser = as_user(name)
        cache.clear()
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_a_table_that_there_is_not_is_404(plan, as_user):
    for path in ("/tong-quan/", "/tong-quan/dien-bien/", "/tong-quan/dieu-hanh/"):
        assert as_user("leader").get(path, {"format": "csv", "bang": "x"}).status_code == 404
