"""The pages of money: who opens and sends what, where a refusal stands, what they cost."""

import io
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from targets.models import BudgetLine, Disbursement
from targets.money_services import allow_overspending
from tests import make
from tests.targets.activities import an_activity
from tests.targets.money import a_line, a_source, spent
from tests.targets.tasks import a_stage

LIST = "/ke-hoach/kinh-phi/"
READERS = {"hoa", "lan", "binh", "district", "staff", "other", "cuc", "mai", "leader", "client"}


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def stage(areas, cast):
    stage = a_stage(areas, cast)
    own = a_line(cast["staff"].agency, "Xây, sửa nhà", clause=stage["own"].clause)
    fund = a_line(cast["staff"].agency, "Quà Tết", 2_000_000_000, "fund")
    committee = a_line(stage["committee"], "Cho vay vốn", 50_000_000, clause=stage["district"].clause)
    row = spent(own, 40_000_000, cast["staff"], document="PC 01")
    return stage | {"line": own, "fund": fund, "of_committee": committee, "row": row}


def url(line):
    return f"{LIST}{line.pk}/"


@pytest.mark.parametrize(
    ("path", "who"),
    [
        (lambda s: LIST, READERS),
        (lambda s: f"{LIST}xuat/", READERS),
        (lambda s: url(s["line"]), READERS),
        (lambda s: f"{LIST}them/", {"cuc", "mai"}),
        (lambda s: f"{url(s['line'])}sua/", {"cuc", "mai"}),
        (lambda s: f"{url(s['line'])}ho-tro/", {"staff", "cuc", "mai"}),
        (lambda s: f"{LIST}chi/{s['row'].pk}/", {"staff", "cuc", "mai"}),
        (lambda s: f"{url(s['of_committee'])}ho-tro/", {"district"}),
    ],
)
def test_who_opens_what(stage, cast, as_user, path, who):
    opened = {name for name in cast if as_user(name).get(path(stage)).status_code == 200}
    assert opened == who


def test_forms_stand_only_before_those_who_may_send_them(stage, cast, as_user):
    found = {}
    for name in ("leader", "staff", "district", "cuc"):
        page = text_of(as_user(name).get(url(stage["of_committee"])))
        found[name] = [do for do in ("spend", "over", "cancel") if f'name="do" value="{do}"' in page]
    assert found == {"leader": [], "staff": [], "district": ["spend"], "cuc": ["over", "cancel"]}
    sent = {"do": "spend", "spend-day": "20/05/2023", "spend-amount": "1", "spend-what": "x"}
    for name in ("leader", "staff", "cuc"):
        assert as_user(name).post(url(stage["of_committee"]), sent).status_code == 403
    assert as_user("staff").post(url(stage["line"]), {"do": "xoa"}).status_code == 400


def test_money_walks_through_the_pages(stage, cast, as_user):
    office = as_user("cuc")
    new = {
        "year": "2023",
        "title": "Tập huấn",
        "agency": stage["committee"].pk,
        "source": a_source().pk,
        "clause": stage["district"].clause.pk,
        "allotted": "50 triệu",
        "allotted_on": "10/01/2023",
        "basis": "QĐ thử",
    }
    answer = office.post(f"{LIST}them/", new)
    line = BudgetLine.objects.get(title="Tập huấn")
    assert (answer.status_code, answer["Location"], line.allotted) == (302, url(line), 50_000_000)
    spend = {"do": "spend", "spend-day": "20/05/2023", "spend-amount": "60.000.000", "spend-what": "Đợt 1"}
    refused = as_user("district").post(url(line), spend)
    page = text_of(refused)
    assert refused.status_code == 422
    assert "id_spend-amount_error" in page
    assert "chỉ còn 50.000.000 đồng" in page
    assert 'value="60.000.000"' in page, "what was typed is kept"
    over = {"do": "over", "version": "1", "over-amount": "10 triệu", "over-reason": "Thêm một lớp"}
    assert as_user("cuc").post(url(line), over).status_code == 302
    assert as_user("district").post(url(line), spend).status_code == 302
    page = text_of(as_user("leader").get(url(line)))
    assert "−10.000.000 đồng" in page
    assert "Thêm một lớp" in page
    assert "Thêm một lớp" in text_of(as_user("leader").get(LIST, {"nam": "2023", "vuot": "1"}))
    row = line.disbursements.get()
    correct = {"do": "correct", "correct-day": "21/05/2023", "correct-amount": "45000000", "correct-what": "Đợt 1"}
    wrong = as_user("district").post(f"{LIST}chi/{row.pk}/", correct)
    assert "id_correct-reason_error" in text_of(wrong)
    assert as_user("district").post(f"{LIST}chi/{row.pk}/", correct | {"correct-reason": "Gõ nhầm"}).status_code == 302
    page = text_of(as_user("leader").get(url(line)))
    assert "Gõ nhầm" in page
    assert "Đã sửa" in page
    new = line.disbursements.standing().get()
    cancel = {"do": "cancel", "cancel-reason": "Chưa chi"}
    assert as_user("district").post(f"{LIST}chi/{new.pk}/", cancel).status_code == 302
    assert as_user("district").get(f"{LIST}chi/{new.pk}/").status_code == 404
    assert as_user("cuc").post(url(line), cancel | {"version": "2"}).status_code == 302
    assert "Tập huấn" not in text_of(as_user("leader").get(LIST))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"spend-amount": "-5"}, "id_spend-amount_error"),
        ({"spend-amount": "nhiều"}, "id_spend-amount_error"),
        ({"spend-amount": "9" * 30}, "id_spend-amount_error"),
        ({"spend-amount": "0,5"}, "id_spend-amount_error"),
        ({"spend-day": "31/02/2023"}, "id_spend-day_error"),
        ({"spend-day": "01/01/2022"}, "id_spend-day_error"),
        ({"spend-what": " "}, "id_spend-what_error"),
        ({"spend-what": "Đợt 40000000", "spend-amount": "40000000", "spend-document": "PC 01"}, "id_spend-what_error"),
    ],
)
def test_what_is_wrong_stands_at_its_field(stage, as_user, fields, field):
    sent = {"do": "spend", "spend-day": "20/05/2023", "spend-amount": "1", "spend-what": "x"} | fields
    answer = as_user("staff").post(url(stage["line"]), sent)
    assert answer.status_code == 422
    assert field in text_of(answer)
    assert Disbursement.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ({}, ["Xây, sửa nhà", "Quà Tết", "Cho vay vốn", "2.150.000.000 đồng", "2,15 tỷ đồng"][:4], []),
        ({"nguon": "fund"}, ["Quà Tết"], ["Cho vay vốn"]),
        ({"co_quan": "ubnd-hai-chau"}, ["Cho vay vốn"], ["Quà Tết"]),
        ({"muc": "IV.14"}, ["Cho vay vốn"], ["Quà Tết"]),
        ({"muc": "-"}, ["Quà Tết"], ["Cho vay vốn"]),
        ({"ngay": "19/05/2023"}, ["0 đồng (0,0 %)"], []),
        ({"ngay": "20/05/2023", "muc": "IV.1.a"}, ["40.000.000 đồng (40,0 %)"], []),
        ({"ngay": "hôm nay"}, ["Không đọc được ngày này", "Quà Tết"], []),
        ({"nam": "1999", "nguon": "x", "theo": "x", "sap": "x"}, ["Năm này chưa có", "Không có cách sắp xếp", "Quà Tết"], []),
        ({"theo": "co_quan"}, ["UBND Hải Châu</a></th><td class=\"num nw\">0 / 50</td>"], []),
    ],
)  # fmt: skip
def test_filters_in_the_address(stage, as_user, asked, shown, hidden):
    page = text_of(as_user("leader").get(LIST, {"nam": "2023"} | asked))
    for words in shown:
        assert words in page, words
    for words in hidden:
        assert f">{words}</a>" not in page, words


def test_files_hold_what_the_list_shows(stage, as_user):
    browser = as_user("leader")
    book = load_workbook(io.BytesIO(browser.get(f"{LIST}xuat/", {"format": "xlsx"}).getvalue()))
    rows = {row[5]: row for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert rows["Xây, sửa nhà"][8:11] == (100_000_000, 40_000_000, 60_000_000)
    sent = browser.get(f"{LIST}xuat/", {"bang": "chi", "nguon": "city"})
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[0] == "20/05/2023"
    assert lines[1].endswith(";PC 01;40000000")
    assert len(lines) == 2


def test_supports_that_nobody_paid_are_ticked_and_drawn(stage, areas, cast, as_user):
    house = make.a_household(areas["ward"])
    agency = cast["staff"].agency
    support = make.a_support(house, "house_new", amount=50_000_000, agency=agency)
    make.a_support(house, "job", agency=agency)
    make.a_support(house, "gift", amount=7, agency=stage["health_agency"])
    make.a_support(house, "loan", amount=9, agency=agency, given_on=date(2022, 5, 1))
    path = f"{url(stage['line'])}ho-tro/"
    browser = as_user("staff")
    page = text_of(browser.get(path))
    assert re.findall(r'name="chon" value="([0-9]+)"', page) == [str(support.pk)]
    assert browser.post(path, {"chon": "999"}).status_code == 403
    assert 'value="50.000.000"' in text_of(browser.get(url(stage["line"]), {"ho_tro": support.pk}))
    part = {"do": "spend", "spend-day": "20/05/2023", "spend-amount": "1.000.000", "spend-what": "Đợt 1"}
    assert browser.post(url(stage["line"]), part | {"ho_tro": support.pk}).status_code == 302
    assert Disbursement.objects.get(support=support).amount == 1_000_000
    assert browser.post(path, {}).status_code == 302
    assert browser.post(path, {"chon": support.pk}).status_code == 302
    assert "Không có hỗ trợ nào chưa chi" in text_of(browser.get(path))
    again = browser.post(url(stage["line"]), part | {"ho_tro": support.pk, "spend-document": "PC 02"}, follow=True)
    assert "đã được chi đủ" in text_of(again)
    assert Disbursement.objects.standing().count() == 3, "nothing is written without its support"
    assert f"Hỗ trợ của hộ {house.code}" in text_of(browser.get(url(stage["line"])))
    page = text_of(as_user("leader").get(url(stage["line"])))
    assert "Hỗ trợ của hộ" in page
    assert house.code not in page, "whose support it was is not for who sees sums only"


def test_the_plan_and_an_agency_lead_to_their_lines(stage, as_user):
    browser = as_user("leader")
    assert f"{LIST}?nam=2023&amp;co_quan=so-thu" in text_of(browser.get("/ke-hoach/co-quan/so-thu/"))


@pytest.mark.parametrize("path", [LIST, f"{LIST}?theo=co_quan", None])
def test_cost_does_not_grow_with_lines(stage, cast, as_user, path, django_assert_max_num_queries):
    for no in range(40):
        line = a_line(cast["staff"].agency, f"Dòng {no}", clause=stage["own"].clause)
        spent(line, 5, cast["staff"])
        spent(stage["line"], no + 1, cast["staff"])
    allow_overspending(line=stage["line"], amount=5, reason="x", version=1, by=cast["cuc"])
    browser = as_user("cuc")
    browser.get(path or url(stage["line"]))
    with django_assert_max_num_queries(18):
        assert browser.get(path or url(stage["line"])).status_code == 200


def test_an_activity_draws_on_a_line_of_who_held_it(stage, areas, cast, as_user):
    agency = cast["staff"].agency
    common = {"area": areas["city"], "clause": stage["own"].clause}
    held = an_activity(stage["plan"], agency, title="Tập huấn đợt 1", **common)
    others = an_activity(stage["plan"], stage["health_agency"], **common)
    before = an_activity(stage["plan"], agency, day=date(2022, 6, 15), **common)
    part = {"do": "spend", "spend-day": "20/05/2023", "spend-amount": "5", "spend-what": "Thuê hội trường"}
    browser = as_user("staff")
    for wrong in (others, before):
        answer = browser.post(url(stage["line"]), part | {"spend-activity": wrong.pk})
        assert "id_spend-activity_error" in text_of(answer)
    assert browser.post(url(stage["line"]), part | {"spend-activity": held.pk}).status_code == 302
    row = Disbursement.objects.get(activity=held)
    assert f'href="/ke-hoach/hoat-dong/{held.pk}/"' in text_of(as_user("leader").get(url(stage["line"])))
    correct = {"do": "correct", "correct-day": "20/05/2023", "correct-amount": "6", "correct-what": "Hội trường"}
    correct |= {"correct-reason": "Gõ nhầm", "correct-activity": held.pk}
    assert as_user("staff").post(f"{LIST}chi/{row.pk}/", correct).status_code == 302
    assert held.disbursements.standing().get().amount == 6
    with pytest.raises(ValidationError) as refused:
        spent(stage["line"], 5, cast["staff"], activity=others)
    assert list(refused.value.error_dict) == ["activity"]
