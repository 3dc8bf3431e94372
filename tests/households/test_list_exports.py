"""Lists as files: the rows of the page, masked, for whom, and the line each file leaves."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import PersonalDataView
from households import export_rows, exports
from tests import make

TODAY = date(2023, 6, 15)
POOR = "/danh-sach/chuan-trung-uong/tai/{}/"
UNINSURED = "/danh-sach/can-ngheo-chua-bhyt/tai/{}/"
FOUND = "/danh-sach/ket-qua-tim/{}/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    home = make.a_household(areas["ward"], head="Trần Văn Mẫu")
    make.a_spell(home, standards[0])
    return home


def csv_of(answer):
    assert answer.status_code == 200, answer
    return [line.split(";") for line in b"".join(answer.streaming_content).decode().lstrip("\ufeff").split("\r\n")[:-1]]


def xlsx_of(answer):
    assert answer.status_code == 200, answer
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    return rows


def the_log():
    return list(PersonalDataView.objects.filter(kind="export").values_list("reason", flat=True))


@pytest.mark.parametrize("path", [POOR, FOUND])
def test_households_as_both_files(as_user, home, path):
    asked = {"q": "mau"} if path == FOUND else {}
    head, row = csv_of(as_user("hoa").get(path.format("csv"), asked))
    assert head == export_rows.HOUSEHOLD
    assert row[:2] == ["Trần Văn Mẫu", home.code]
    assert row[-1] == "Hộ nghèo, chuẩn Trung ương"
    sheet = xlsx_of(as_user("hoa").get(path.format("xlsx"), asked))
    assert [list(line)[:2] for line in sheet] == [head[:2], row[:2]]
    told = "Xuất danh sách hộ: “mau”" if path == FOUND else "Xuất Hộ nghèo chuẩn Trung ương"
    assert the_log() == [f"{told} (XLSX): 1 dòng", f"{told} (CSV): 1 dòng"]


def test_members_with_masked_numbers(as_user, areas, standards, cast):
    home = make.a_household(areas["ward"])
    make.a_spell(home, standards[1], "near_poor")
    home.members.update(has_insurance=False)
    home.members.filter(relation="head").update(citizen_id_last4="4127", full_name="=Trần")
    rows = csv_of(as_user("hoa").get(UNINSURED.format("csv")))
    assert rows[0] == export_rows.MEMBER
    by_name = {row[0]: row for row in rows[1:]}
    assert by_name["'=Trần"][4] == "••••••••4127"
    assert by_name["Trần Thị Con 1"][4] == ""
    assert {row[-1] for row in rows[1:]} == {"Hộ cận nghèo, chuẩn thành phố (chưa xác nhận)"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("hoa", 200), ("lan", 200), ("district", 200), ("cuc", 200), ("staff", 403), ("leader", 403), ("admin", 403)],
)
def test_files_by_role(as_user, home, who, status):
    for path in (POOR, FOUND):
        answer = as_user(who).get(path.format("csv"), {"q": "mau"})
        assert answer.status_code == status


def test_another_ward_gets_nothing_of_it(as_user, home):
    for path in (POOR, FOUND):
        assert len(csv_of(as_user("binh").get(path.format("csv"), {"q": "mau"}))) == 1


def test_only_what_was_asked(as_user, areas, home, standards):
    make.a_spell(make.a_household(areas["commune"], head="Lê Văn Mẫu"), standards[0])
    for path in (POOR, FOUND):
        asked = {"q": "mau"} if path == FOUND else {}
        assert len(csv_of(as_user("cuc").get(path.format("csv"), asked))) == 3
        assert len(csv_of(as_user("cuc").get(path.format("csv"), asked | {"ward": "492"}))) == 2
    assert any("492" in reason for reason in the_log())


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (FOUND, {}),
        (FOUND, {"day": "01/01/2023"}),
        (FOUND, {"q": "mau", "ward": "1"}),
        (POOR, {"ward": "1"}),
    ],
)
def test_without_a_right_question_back_to_the_page(as_user, home, path, asked):
    answer = as_user("cuc").get(path.format("csv"), asked)
    assert answer.status_code == 302
    assert the_log() == []


@pytest.mark.parametrize("path", [POOR.format("docx"), FOUND.format("docx"), "/danh-sach/khong-co/tai/csv/"])
def test_no_such_file(as_user, home, path):
    assert as_user("hoa").get(path, {"q": "mau"}).status_code == 404
    assert the_log() == []


def test_a_whole_number_does_not_stay_in_the_log(as_user, home):
    csv_of(as_user("hoa").get(FOUND.format("csv"), {"q": "048 071 004 127"}))
    assert "048" not in the_log()[0]
    assert "4127" in the_log()[0] or "4 127" in the_log()[0]


def test_more_than_a_sheet_holds_is_said_on_the_page(as_user, home, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    answer = as_user("hoa").get(POOR.format("xlsx"), follow=True)
    assert "hãy lọc bớt, hoặc tải tệp CSV" in answer.text
    assert the_log() == []


def test_the_log_comes_first_or_there_is_no_file(as_user, home, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("households.views.lists.log_export", broken)
    with pytest.raises(RuntimeError):
        as_user("hoa").get(POOR.format("csv"))


def test_queries_by_piece_and_not_by_row(as_user, areas, home, standards):
    client = as_user("hoa")
    csv_of(client.get(FOUND.format("csv"), {"q": "mau"}))
    counts = []
    for more in (1, 20):
        for _ in range(more):
            make.a_spell(make.a_household(areas["ward"], head="Lê Văn Mẫu"), standards[0])
        with CaptureQueriesContext(connection) as seen:
            csv_of(client.get(FOUND.format("csv"), {"q": "mau"}))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_row_stands_in_one_piece(as_user, areas, home, standards, monkeypatch):
    monkeypatch.setattr(export_rows, "AT_ONCE", 2)
    for _ in range(4):
        make.a_household(areas["ward"], head="Lê Văn Mẫu")
    rows = csv_of(as_user("hoa").get(FOUND.format("csv"), {"q": "mau"}))
    assert len({row[1] for row in rows[1:]}) == 5


def test_buttons_for_who_may_export(as_user, home):
    assert "/danh-sach/ket-qua-tim/xlsx/?q=mau" in as_user("hoa").get("/ho/", {"q": "mau"}).text
    assert "/danh-sach/chuan-trung-uong/tai/csv/" in as_user("hoa").get("/danh-sach/chuan-trung-uong/").text
