import hashlib
import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as open_docx

from accounts.models import Event
from reports import services
from reports.models import Period, Report
from tests.reports import build
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db
PAGE = "/bao-cao/2023-05-31/"
READERS = ["hoa", "lan", "binh", "district", "staff", "cuc", "leader", "client"]


@pytest.mark.parametrize("name", READERS)
def test_whoever_sees_figures_sees_reports_and_takes_the_documents(as_user, report, name):
    client = as_user(name)
    for path in ("/bao-cao/", PAGE, f"{PAGE}docx/", f"{PAGE}xlsx/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_whoever_does_not_sees_none(as_user, report, name):
    client = as_user(name)
    for path in ("/bao-cao/", PAGE, f"{PAGE}docx/"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("name", [name for name in READERS if name != "cuc"])
def test_only_the_programme_office_makes_reports(as_user, report, name):
    client = as_user(name)
    assert client.post(f"{PAGE}lap/", {"reason": "Sửa", "version": 1}).status_code == 403
    assert "lap/" not in client.get(PAGE).content.decode()
    assert Report.objects.count() == 1


def test_the_list_says_what_there_is_and_what_comes(as_user, report, areas):
    build.a_plan(areas, year=2199)
    text = as_user("hoa").get("/bao-cao/").content.decode()
    assert "Định kỳ 31/05/2023" in text
    assert "Đã chốt số liệu" in text
    assert "Đến ngày, chưa chốt" in text, "30 November 2023, which nobody has frozen"
    assert "Kỳ tới: <b>31/05/2199</b> (6 tháng), mở từ 01/05/2199" in text
    assert "Chưa mở" in text
    assert f"{PAGE}docx/?ban=1" in text


def test_the_list_without_a_plan_says_why_it_is_empty(as_user):
    assert "Chưa có kỳ báo cáo nào" in as_user("hoa").get("/bao-cao/").content.decode()


def test_the_list_asks_as_often_for_thirty_years_as_for_one(as_user, report, areas):
    client = as_user("hoa")
    client.get("/bao-cao/")
    with CaptureQueriesContext(connection) as one:
        client.get("/bao-cao/")
    for year in range(1990, 2019):
        plan = build.a_plan(areas, year=year, number=f"{year}/KH")
        period = services.open_period(plan=plan, day=date(year, 5, 31))
        Report.objects.create(period=period, as_of=period.day, checksum="x")
    with CaptureQueriesContext(connection) as thirty:
        text = client.get("/bao-cao/").content.decode()
    assert text.count("Báo cáo 6 tháng") == 30
    assert len(thirty) == len(one)


def test_the_page_shows_the_frozen_figures(as_user, report):
    text = as_user("leader").get(PAGE).content.decode()
    assert report.checksum in text
    assert "Khớp số liệu" in text
    assert "chưa xác nhận" in text
    assert "Kết quả: còn 4 hộ nghèo còn sức lao động, bằng 0,20% tổng số hộ dân cư (4/2.000 hộ)" in text
    assert "33,3" in text, "one of three households"


def test_the_page_tells_of_figures_that_no_longer_match_their_checksum(as_user, report):
    report.lines.filter(indicator="housing").update(actual=99)
    assert "Không khớp số liệu" in as_user("leader").get(PAGE).content.decode()


@pytest.mark.parametrize("day", ["2023-06-01", "2022-05-31", "2023-02-30", "hom-nay"])
def test_a_day_that_is_none_gets_a_page_that_names_the_days(as_user, report, day):
    for response in (as_user("cuc").get(f"/bao-cao/{day}/"), as_user("cuc").get(f"/bao-cao/{day}/docx/")):
        assert response.status_code == 404
        assert f"Không có kỳ báo cáo {day}" in response.content.decode()
        assert "Định kỳ 31/05/2023" in response.content.decode()
    assert as_user("cuc").post(f"/bao-cao/{day}/lap/").status_code == 404


def test_the_documents_come_whole_and_named_and_the_log_remembers(as_user, report, cast):
    client = as_user("hoa")
    response = client.get(f"{PAGE}docx/?ban=1")
    stored = report.documents.get(format="docx")
    assert response["Content-Disposition"] == 'attachment; filename="bao-cao-2023-05-31-ban-1.docx"'
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["ETag"] == f'"{stored.sha256}"'
    assert hashlib.sha256(response.content).hexdigest() == stored.sha256
    assert len(response.content) == stored.size
    assert open_docx(io.BytesIO(response.content)).core_properties.keywords == f"SHA-256 {report.checksum}"
    assert (
        openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}xlsx/").content))["Phụ lục"]["C7"].value == "=SUM(C8:C9)"
    )
    taken = Event.objects.filter(action="report.downloaded", by=cast["hoa"])
    assert sorted(event.after["format"] for event in taken) == ["docx", "xlsx"]
    again = client.get(f"{PAGE}docx/", headers={"If-None-Match": f'"{stored.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    assert taken.count() == 2, "what the browser still has is not taken again"


@pytest.mark.parametrize("path", ["docx/?ban=2", "docx/?ban=x", "odt/", "?ban=9"])
def test_versions_and_formats_that_are_none(as_user, report, path):
    assert as_user("hoa").get(PAGE + path).status_code == 404


def test_a_period_that_is_due_is_made_by_a_button(as_user, year, cast, django_capture_on_commit_callbacks):
    client = as_user("cuc")
    assert "Chưa chốt số liệu kỳ này" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}docx/").status_code == 404
    assert client.get(f"{PAGE}lap/").status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{PAGE}lap/", follow=True)
    assert "Đã chốt số liệu, bản 1." in response.content.decode()
    report = Report.objects.get()
    assert (report.frozen_by, report.documents.count()) == (cast["cuc"], 4)


def test_it_is_made_again_with_a_reason_only(as_user, report):
    client = as_user("cuc")
    refused = client.post(f"{PAGE}lap/", {"reason": "  ", "version": 1})
    assert "Ghi lý do lập lại." in refused.content.decode()
    typed = "Bổ sung " * 60
    refused = client.post(f"{PAGE}lap/", {"reason": typed, "version": 1})
    assert typed.strip() in refused.content.decode(), "what was typed is kept"
    assert Report.objects.count() == 1
    response = client.post(f"{PAGE}lap/", {"reason": "Bổ sung <b>quyết định</b>", "version": 1}, follow=True)
    text = response.content.decode()
    assert "Bổ sung &lt;b&gt;quyết định&lt;/b&gt;" in text
    assert "bản 2" in text
    old = client.get(f"{PAGE}?ban=1").content.decode()
    assert "(đã có bản 2)" in old
    stale = client.post(f"{PAGE}lap/", {"reason": "Lần nữa", "version": 1}, follow=True)
    assert "Đã có bản 2" in stale.content.decode()
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("today", "button", "listed", "shown"),
    [
        (date(2023, 5, 30), False, "Chưa đến ngày chốt số liệu; tự chốt sau khi hết ngày 31/05/2023", "Chưa đến ngày"),
        (DAY, True, "Số liệu tự chốt sau khi hết ngày 31/05/2023, hoặc ngay khi", "sau khi hết ngày hôm nay"),
        (date(2023, 6, 1), True, "Số liệu tự chốt vào lần chạy tự động kế tiếp", "Kỳ đã hết ngày."),
    ],
)
def test_the_pages_say_when_the_figures_freeze(as_user, year, monkeypatch, today, button, listed, shown):
    monkeypatch.setattr("reports.views.city.timezone.localdate", lambda: today)
    client = as_user("cuc")
    assert listed in client.get("/bao-cao/").content.decode()
    text = client.get(PAGE).content.decode()
    assert shown in text
    assert (f"{PAGE}lap/" in text) is button
    client.post(f"{PAGE}lap/")
    assert Report.objects.exists() is button, "by hand on the day itself, never before"


def test_list_and_page_say_where_a_report_rests_on_an_unconfirmed_standard(as_user, report):
    client = as_user("hoa")
    assert client.get("/bao-cao/").content.decode().count("chưa xác nhận") == 1
    assert client.get(PAGE).content.decode().count("chưa xác nhận") == 2, "beside the figures and beside the version"
    Report.objects.update(unconfirmed="")
    for path in ("/bao-cao/", PAGE):
        assert "chưa xác nhận" not in client.get(path).content.decode()


def test_what_cannot_be_made_says_why(as_user, plan, standards, areas):
    client = as_user("cuc")
    assert "Chưa có số liệu năm 2023" in client.post(f"{PAGE}lap/", follow=True).content.decode()
    build.a_plan(areas, year=2199)
    assert "chưa đến ngày chốt số liệu" in client.post("/bao-cao/2199-05-31/lap/", follow=True).content.decode()
    assert not Report.objects.exists()
    build.a_year(areas, standards)
    services.claim(period=Period.objects.get(day=DAY), at=Period.objects.get(day=DAY).opened_at)
    assert "đang được lập" in client.post(f"{PAGE}lap/", follow=True).content.decode()


def test_the_admin_shows_periods_and_reports_to_the_programme_office_and_changes_nothing(as_user, report):
    client = as_user("cuc")
    for model, row in (("period", report.period), ("report", report), ("letter", report.letter)):
        assert client.get(f"/quan-tri/reports/{model}/").status_code == 200
        assert client.get(f"/quan-tri/reports/{model}/{row.pk}/change/").status_code == 200
        assert client.get(f"/quan-tri/reports/{model}/add/").status_code == 403
        assert client.post(f"/quan-tri/reports/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_user("hoa").get("/quan-tri/reports/report/").status_code == 403
