"""The accepted reports of a period side by side: what is handed in and not accepted stays between unit and office."""

import pytest

from reports import compiled, unit_services
from reports.models import Duty
from reports.states import Move
from tests import make
from tests.reports.units import DAY, NOON, TEXTS, a_stage, handed_in, move

SECRET = TEXTS["shortcomings"]


@pytest.fixture
def stage(areas, cast, year, plan):
    stage = a_stage(areas, cast, plan)
    own = {"name": "Học bổng", "unit": "suất", "typed": 12, "source": "Danh sách số 3"}
    unit_services.type_figure(duty=stage["health"], by=cast["writer"], at=NOON, version=0, **own)
    handed_in(stage["health"], cast["writer"])
    return stage


def address(stage):
    return f"/bao-cao/tien-do/{stage['period'].pk}/"


def test_only_what_is_accepted_is_compiled(as_user, stage, cast):
    page = as_user("leader").get(address(stage)).content.decode()
    assert SECRET not in page
    assert "Học bổng" not in page
    found = compiled.compiled(stage["period"])
    assert [len(each) for each in (found.accepted, found.waiting, found.missing)] == [0, 1, 1]
    move(stage["health"], Move.ACCEPT, cast["cuc"])
    page = as_user("leader").get(address(stage)).content.decode()
    assert f"<p>{SECRET}</p>" in page
    assert "Chưa nộp:" in page
    rows = compiled.export_rows(stage["period"])
    assert ["Học bổng", "suất", "Sở Y tế", None, None, 12, "Danh sách số 3"] in rows


def test_the_same_figure_of_two_units_is_one_group(stage, cast):
    """In the order of the plan, each beside the other."""
    move(stage["health"], Move.ACCEPT, cast["cuc"])
    own = {"name": "Học bổng", "unit": "suất", "typed": 5, "source": "Danh sách số 9"}
    unit_services.type_figure(duty=stage["committee"], by=cast["writer2"], at=NOON, version=0, **own)
    handed_in(stage["committee"], cast["writer2"])
    move(stage["committee"], Move.ACCEPT, cast["cuc"])
    group = next(one for one in compiled.compiled(stage["period"]).figures if one.name == "Học bổng")
    assert [(row.agency.name, row.figure.typed) for row in group.rows] == [("Sở Y tế", 12), ("UBND quận Hải Châu", 5)]


def test_it_takes_three_queries_for_two_units_and_for_more(stage, django_assert_num_queries):
    for number in range(9):
        agency = make.an_agency(f"so-{number}", name=f"Sở {number}", short_name=f"Sở {number}")
        Duty.objects.create(period=stage["period"], agency=agency, due_on=DAY, first_due_on=DAY)
    with django_assert_num_queries(3):
        compiled.compiled(stage["period"])


def test_it_is_a_file_too_and_a_period_that_is_none_is_no_page(as_user, stage, cast):
    move(stage["health"], Move.ACCEPT, cast["cuc"])
    client = as_user("leader")
    text = b"".join(client.get(f"{address(stage)}xuat/").streaming_content).decode()
    assert "Học bổng" in text
    workbook = client.get(f"{address(stage)}xuat/?format=xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    assert workbook["Content-Disposition"] == 'attachment; filename="tong-hop-dinh-ky-2023-05-31.xlsx"'
    assert client.get("/bao-cao/tien-do/99999/").status_code == 404
