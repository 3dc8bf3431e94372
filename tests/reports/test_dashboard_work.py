"""The dashboard of tasks, reports and money: of all agencies, and of one."""

import pytest

from accounts.models import Agency
from tests.reports.units import a_stage, handed_in
from tests.targets.money import a_line, spent
from tests.targets.test_pages import text_of

PAGE = "/tong-quan/dieu-hanh/"
DAY = {"ngay": "30/6/2023"}


@pytest.fixture
def stage(areas, cast, year, plan):
    return a_stage(areas, cast, plan)


def rows_of(browser, table, **asked):
    answer = browser.get(PAGE, DAY | {"format": "csv", "bang": table} | asked)
    return [line.split(";") for line in answer.getvalue().decode("utf-8-sig").splitlines()]


def test_reports_that_came_in_are_counted_by_period(stage, cast, as_user):
    assert rows_of(as_user("leader"), "bao-cao")[1][1:5] == ["2", "0", "0", "2"]
    handed_in(stage["health"], cast["writer"])
    assert rows_of(as_user("leader"), "bao-cao")[1][1:5] == ["2", "1", "1", "1"]
    assert rows_of(as_user("leader"), "bao-cao", ngay="30/5/2023")[1][1:5] == ["2", "0", "0", "0"], "as it was"
    assert "Báo cáo đã nhận" in text_of(as_user("leader").get(PAGE, DAY))


def test_tasks_stand_by_agency_and_state(stage, as_user):
    rows = {row[0]: row[1:] for row in rows_of(as_user("leader"), "nhiem-vu")}
    assert list(rows)[0] == "Cơ quan"
    assert rows["Cơ quan"][0] == "Quá hạn"
    for name, counts in list(rows.items())[1:]:
        assert sum(map(int, counts[:-1])) == int(counts[-1]) > 0, name


def test_one_agency_is_shown_alone(stage, cast, as_user):
    agency = Agency.objects.get(code="so-y-te")
    a_line(agency)
    rows = rows_of(as_user("leader"), "nhiem-vu", co_quan="so-y-te")
    assert [row[0] for row in rows[1:]] == [agency.short_name]
    page = text_of(as_user("leader").get(PAGE, DAY | {"co_quan": "so-y-te"}))
    assert "Báo cáo của đơn vị" in page
    assert "100 triệu đồng" in page
    assert "Chưa giao kinh phí." in text_of(as_user("leader").get(PAGE, DAY | {"co_quan": "ubnd-hai-chau"}))
    assert as_user("leader").get(PAGE, {"co_quan": "khong-co"}).status_code == 404


def test_money_is_summed_by_source_up_to_the_day(stage, cast, as_user):
    line = a_line(cast["staff"].agency)
    spent(line, 40_000_000, cast["cuc"])
    assert rows_of(as_user("leader"), "kinh-phi")[1][1:] == ["100000000", "40000000", "60000000", "40,0"]
    assert rows_of(as_user("leader"), "kinh-phi", ngay="1/5/2023")[1][2] == "0"


def test_only_who_sees_figures_opens_it(stage, as_user):
    assert as_user("nobody").get(PAGE).status_code == 403
    assert as_user("admin").get(PAGE).status_code == 403
