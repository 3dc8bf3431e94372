"""The duty board and a unit's report, per role, and what bad input gets for an answer."""

import json
from datetime import timedelta

import pytest

from reports import unit_services
from reports.models import Duty, DutyRule, Period, UnitFigure
from reports.states import Move
from targets.models import Indicator
from tests.reports.test_prose import WORD
from tests.reports.units import DAY, NOON, PDF, TEXTS, a_stage, explain_all, handed_in, move, write

BOARD = "/bao-cao/tien-do/"


@pytest.fixture
def stage(areas, cast, year, plan, monkeypatch):
    for module in ("duties", "units"):
        monkeypatch.setattr(f"reports.views.{module}.timezone.localdate", lambda *_: DAY)
    return a_stage(areas, cast, plan)


def page_of(duty):
    return f"/bao-cao/don-vi/{duty.pk}/"


@pytest.mark.parametrize("name", ["hoa", "writer", "writer2", "cuc", "leader", "client"])
def test_everybody_who_sees_figures_sees_who_owes_what(as_user, stage, name):
    text = as_user(name).get(BOARD).content.decode()
    assert "Sở Y tế" in text
    assert "Định kỳ 31/05/2023" in text
    assert ("Yêu cầu báo cáo đột xuất" in text) == (name == "cuc")


def test_the_board_costs_the_same_for_two_units_and_for_more(as_user, stage, plan, django_assert_max_num_queries):
    from tests import make

    for number in range(12):
        agency = make.an_agency(f"so-{number}", name=f"Sở {number}", short_name=f"Sở {number}")
        Duty.objects.create(period=stage["period"], agency=agency, due_on=DAY, first_due_on=DAY)
    client = as_user("cuc")
    with django_assert_max_num_queries(14):
        assert "Sở 11" in client.get(BOARD).content.decode()


def test_the_board_of_a_day_and_days_that_are_none(as_user, stage, cast):
    client = as_user("cuc")
    handed_in(stage["health"], cast["writer"])
    assert "1 đã nộp" in client.get(BOARD).content.decode().lower()
    assert "1 đã nộp" not in client.get(f"{BOARD}?ngay=30/05/2023").content.decode().lower()
    for asked, says in (("32/13/2023", "Không có ngày"), ("01/06/2023", "chưa đến"), ("31/12/2022", "bắt đầu từ năm")):
        assert says in client.get(BOARD, {"ngay": asked}).content.decode()
    assert client.get(f"{BOARD}?nam=1999").status_code == client.get(f"{BOARD}?nam=x").status_code == 404
    assert b"S\xe1\xbb\x9f Y t\xe1\xba\xbf" in b"".join(client.get("/bao-cao/tien-do/xuat/").streaming_content)


def test_a_report_that_nobody_owes_says_so(as_user, stage):
    answer = as_user("cuc").get("/bao-cao/don-vi/99999/")
    assert (answer.status_code, "không phải nộp báo cáo" in answer.content.decode()) == (404, True)


def test_who_reads_what_is_written_in_it(as_user, stage, cast):
    duty, secret = stage["health"], TEXTS["situation"]
    write(duty, cast["writer"])

    def readers():
        return {name for name in cast if name != "nobody" and secret in _page(as_user(name), duty)}

    assert readers() == {"writer", "chief"}
    explain_all(duty, cast["writer"])
    move(duty, Move.SUBMIT, cast["writer"])
    assert readers() == {"writer", "chief", "cuc"}
    move(duty, Move.ACCEPT, cast["cuc"])
    assert readers() == {name for name, user in cast.items() if user.may("see_figures")}


def _page(client, duty):
    return client.get(page_of(duty)).content.decode()


def test_two_texts_side_by_side(as_user, stage, cast):
    duty = stage["health"]
    part = duty.parts.get(part="results")
    unit_services.save_part(part=part, text="Của Chief.", version=1, by=cast["chief"], at=NOON)
    given = {"do": "save", "part": "results", "text": "Của Writer.", "version": 1}
    answer = as_user("writer").post(page_of(duty), given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in text for words in ("Của Chief.", "Của Writer.", "chưa ghi đè", 'name="version" value="2"'))
    assert as_user("writer").post(page_of(duty), given | {"text": "Gộp.", "version": 2}).status_code == 302
    part.refresh_from_db()
    assert part.text == "Gộp."


def draft(client, duty, part, **typed):
    return client.post(f"{page_of(duty)}phan/{part}/", json.dumps(typed), content_type="application/json")


def test_saved_as_it_is_typed(as_user, stage, cast):
    duty, client = stage["health"], as_user("writer")
    assert draft(client, duty, "results", text="Một.", version=1).json()["version"] == 2
    assert draft(client, duty, "results", text="Hai.", version=1).status_code == 409
    for wrong in ({"text": "x"}, {"text": "x", "version": "y"}, {"text": "x" * 20_001, "version": 2}):
        assert draft(client, duty, "results", **wrong).status_code == 400
    assert draft(client, duty, "khong-co", text="x", version=1).status_code == 404
    assert draft(as_user("writer2"), duty, "results", text="x", version=2).status_code == 404
    assert duty.parts.get(part="results").text == "Một."


def test_what_is_pasted_comes_back_clean(as_user, stage):
    answer = as_user("writer").post("/bao-cao/don-vi/lam-sach/", WORD, content_type="text/html")
    assert answer.json()["text"].startswith("**Kết quả** năm 2023")
    assert as_user("leader").post("/bao-cao/don-vi/lam-sach/", "x", content_type="text/html").status_code == 403


def test_from_writing_to_acceptance_on_the_page(as_user, stage, cast):
    duty, writer = stage["health"], as_user("writer")
    refused = writer.post(page_of(duty), {"do": "submit", "submit-version": duty.version})
    assert (refused.status_code, "I. Tình hình: chưa viết." in refused.content.decode()) == (422, True)
    for part, text in TEXTS.items():
        writer.post(page_of(duty), {"do": "save", "part": part.value, "text": text, "version": 1})
    writer.post(page_of(duty), {"do": "explain", "key": "task:IV.2.a", "g-text": "Chưa có hướng dẫn."})
    assert writer.post(page_of(duty), {"do": "submit", "submit-version": duty.version}).status_code == 302
    office = as_user("cuc")
    assert "Chưa có hướng dẫn." in office.get(page_of(duty)).content.decode()
    wrong = office.post(page_of(duty), {"do": "remark", "part": "results", "r-quote": "đâu có", "r-text": "Sửa"})
    assert (wrong.status_code, "Không thấy đoạn này" in wrong.content.decode()) == (422, True)
    office.post(page_of(duty), {"do": "remark", "part": "results", "r-quote": "một việc", "r-text": "Việc gì?"})
    assert "<mark>một việc</mark>" in office.get(page_of(duty)).content.decode()
    assert "Việc gì?" not in as_user("writer").get(page_of(duty)).content.decode(), "not sent yet"
    office = as_user("cuc")
    duty.refresh_from_db()
    assert office.post(page_of(duty), {"do": "return", "return-version": duty.version}).status_code == 302
    assert "Việc gì?" in as_user("writer").get(page_of(duty)).content.decode()


def test_nobody_does_what_is_not_his(as_user, stage, cast):
    duty = stage["health"]
    for name, doing in (("leader", "submit"), ("writer2", "submit"), ("writer", "accept"), ("writer", "remark")):
        assert as_user(name).post(page_of(duty), {"do": doing, "part": "results"}).status_code in (302, 400, 403, 422)
    duty.refresh_from_db()
    assert (duty.state, duty.version) == ("open", 1)
    assert as_user("writer").post(page_of(duty), {"do": "nothing"}).status_code == 400


def test_a_figure_with_its_evidence_on_its_page(as_user, stage, cast):
    duty, client = stage["committee"], as_user("writer2")
    address = f"{page_of(duty)}so-lieu/?ma=housing"
    wrong = client.post(address, {"typed": "hai", "version": 0})
    assert (wrong.status_code, "Ghi một con số" in wrong.content.decode()) == (422, True)
    import io

    file = io.BytesIO(PDF.content)
    file.name = PDF.name
    assert (
        client.post(address, {"typed": "1.002", "source": "Công văn", "files": file, "version": 0}).status_code == 302
    )
    kept = UnitFigure.objects.get()
    assert (kept.code, kept.typed, kept.files.count()) == ("housing", 1002, 1)
    got = client.get(f"/tep/bao-cao/{duty.pk}/{kept.files.get().pk}/")
    assert got.content == PDF.content
    assert client.get(f"{page_of(duty)}so-lieu/?ma=khong-co").status_code == 404
    assert as_user("writer").get(address).status_code == 404


def test_the_office_asks_for_an_ad_hoc_report(as_user, stage, plan):
    client, agency = as_user("cuc"), stage["committee"].agency
    given = {"name": "Kỳ họp", "day": "31/05/2023", "due_on": "01/06/2023", "agencies": [agency.pk]}
    wrong = client.post("/bao-cao/dot-xuat/moi/", given | {"day": "31/12/2022", "agencies": []})
    assert (wrong.status_code, "Chọn ít nhất một đơn vị." in wrong.content.decode()) == (422, True)
    housing = Indicator.objects.get(code="housing").pk
    assert client.post("/bao-cao/dot-xuat/moi/", given | {"indicators": [housing]}).status_code == 302
    duty = Period.objects.get(kind="ad_hoc").duties.get()
    text = as_user("writer2").get(page_of(duty)).content.decode()
    assert "Xây mới, sửa chữa nhà ở" in text
    assert "Giảm hộ cận nghèo" not in text
    assert as_user("writer2").get("/bao-cao/dot-xuat/moi/").status_code == 403


def test_the_office_reminds_the_late_ones(as_user, stage, monkeypatch):
    monkeypatch.setattr("reports.views.duties.timezone.localdate", lambda *_: DAY + timedelta(days=2))
    client, path = as_user("cuc"), f"/bao-cao/tien-do/{stage['period'].pk}/nhac/"
    assert "Đã nhắc 2 đơn vị." in client.post(path, follow=True).content.decode()
    assert "hôm nay đã nhắc rồi" in client.post(path, follow=True).content.decode()
    assert as_user("writer").post(path).status_code == 403


def test_homes_say_what_is_owed(as_user, stage, monkeypatch):
    monkeypatch.setattr("danang_poverty.home_tasks.timezone.localdate", lambda *_: DAY + timedelta(days=1))
    text = as_user("writer").get("/").content.decode()
    assert all(words in text for words in ("Báo cáo phải nộp", "Quá hạn 1 ngày", "Còn thiếu: I. Tình hình"))
    assert "2 quá hạn" in as_user("cuc").get("/").content.decode()


def test_the_report_page_costs_the_same_for_one_figure_and_for_many(as_user, stage, django_assert_max_num_queries):
    rule = DutyRule.objects.create(agency=stage["health"].agency)
    rule.indicators.set(Indicator.objects.all())
    client = as_user("writer")
    client.get(page_of(stage["health"]))
    with django_assert_max_num_queries(42):
        assert "Xây mới nhà ở cho hộ nghèo" in client.get(page_of(stage["health"])).content.decode()


def test_day_zero(as_user, cast):
    """No plan, nothing owed: a page that says so."""
    assert "Chưa có đơn vị nào" in as_user("leader").get(BOARD).content.decode()
    assert "Chưa có kế hoạch" in as_user("cuc").get("/bao-cao/dot-xuat/moi/").content.decode()
