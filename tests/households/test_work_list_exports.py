"""Every work list as a file: the page's rows, for whom, with its line in the log, in a steady number of queries."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import PersonalDataView
from households.models import Complaint, DuplicatePair, HouseWork, LoanBalance, Member, ReviewRequest
from households.sealed import vault
from households.services import dossiers, imports
from households.views.list_exports import LISTS
from tests import make

TODAY = date(2023, 10, 20)
NUMBER = "048071004127"
ASKED = {
    "ra-soat": {"state": "entered"},
    "ho-tro": {"first": "01/01/2023", "last": "20/10/2023"},
    "viec-cho-lam": {"viec": "no_plan"},
    "von-vay": {"first": "01/01/2023", "last": "20/10/2023"},
    "nha-o": {"stage": ""},
}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


def a_home_of_everything(areas, cast, standards, name="Trần Văn Mẫu"):
    """A poor household with a review, a request, a complaint, a support, a loan, a house and a likely twin."""
    home, hoa = make.a_household(areas["ward"], head=name), cast["hoa"]
    make.a_spell(home, standards[0])
    make.a_review(home, hoa)
    make.a_support(home, given_on=date(2023, 4, 1))
    loan = make.a_support(home, "loan", amount=50_000_000)
    for day, owed in ((date(2023, 9, 30), 30_000_000), (date(2023, 11, 30), 10_000_000)):
        LoanBalance.objects.create(support=loan, day=day, outstanding=owed, overdue=1_000_000)
    built = {"policy": loan.policy, "ward": home.ward, "agency": cast["staff"].agency}
    HouseWork.objects.create(household=home, approved_on=date(2023, 2, 1), from_city=40_000_000, **built)
    both = {"household": home, "ward": home.ward, "entered_by": hoa, "received_on": TODAY}
    ReviewRequest.objects.create(form="01", channel="post", **both)
    Complaint.objects.create(category="other", from_name="Người Gửi", due_on=TODAY, text="x", **both)
    twin = make.a_household(areas["ward"], head=name)
    DuplicatePair.objects.create(first=home, second=twin, ward=home.ward, score=60, reasons=["cùng họ tên"])
    return home


@pytest.fixture
def home(areas, cast, standards):
    home = a_home_of_everything(areas, cast, standards)
    imports.keep_file(name="ho.csv", data=b"x", day=TODAY, by=cast["hoa"])
    home.dossier = dossiers.open_dossier(round=make.a_round(), ward=home.ward, by=cast["hoa"], today=TODAY)
    return home


def rows_of(answer):
    assert answer.status_code == 200, answer
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def asked_of(what, home):
    return ASKED.get(what, {}) | ({"ho-so": home.dossier.pk} if what == "trong-ho-so" else {})


@pytest.mark.parametrize("what", LISTS)
def test_a_list_as_a_file_with_its_line_in_the_log(as_user, home, what):
    path = reverse("list_export", args=[what, "csv"])
    rows = rows_of(as_user("hoa").get(path, asked_of(what, home)))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    (line,) = PersonalDataView.objects.filter(kind="export")
    assert line.reason.startswith("Xuất ")
    assert line.reason.endswith(f"(CSV): {len(rows) - 1} dòng") or what == "co-the-trung"
    sheet = as_user("hoa").get(reverse("list_export", args=[what, "xlsx"]), asked_of(what, home))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"
    assert as_user("hoa").get(reverse("list_export", args=[what, "docx"]), asked_of(what, home)).status_code == 404


@pytest.mark.parametrize("what", LISTS)
def test_the_page_offers_the_file(as_user, home, what):
    args = [home.dossier.pk] if what == "trong-ho-so" else []
    page = as_user("hoa").get(reverse(LISTS[what].page, args=args), ASKED.get(what, {})).text
    assert f"/danh-sach/xuat/{what}/csv/" in page


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("who", ["leader", "admin", "client"])
def test_who_may_not_export_gets_none(as_user, home, what, who):
    answer = as_user(who).get(reverse("list_export", args=[what, "csv"]), asked_of(what, home))
    assert answer.status_code == 403
    assert not PersonalDataView.objects.exists()


@pytest.mark.parametrize("what", [what for what in LISTS if what != "chinh-sach"])
def test_another_ward_gets_nothing_of_it(as_user, home, what):
    answer = as_user("binh").get(reverse("list_export", args=[what, "csv"]), asked_of(what, home))
    assert answer.status_code == 404 if what == "trong-ho-so" else len(rows_of(answer)) == 1


@pytest.mark.parametrize("what", sorted(ASKED.keys() - {"ra-soat"}))
def test_nothing_asked_goes_back_to_the_page(as_user, home, what):
    answer = as_user("hoa").get(reverse("list_export", args=[what, "csv"]))
    assert answer.url == reverse(LISTS[what].page)
    assert not PersonalDataView.objects.exists()


@pytest.mark.parametrize(
    "what", ["ra-soat", "ho-tro", "viec-cho-lam", "co-the-trung", "trong-ho-so", "von-vay", "nha-o"]
)
def test_queries_do_not_grow_with_the_rows(as_user, areas, cast, standards, home, what):
    client, path, counts = as_user("hoa"), reverse("list_export", args=[what, "csv"]), []
    for more in (1, 5):
        for place in range(more):
            a_home_of_everything(areas, cast, standards, f"Lê Văn Số {more} {place}")
        client.get(path, asked_of(what, home))
        with CaptureQueriesContext(connection) as seen:
            rows_of(client.get(path, asked_of(what, home)))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_agency_takes_out_its_own_supports_with_names_masked(as_user, home, cast):
    make.a_support(home, given_on=date(2023, 5, 1), agency=cast["staff"].agency)
    rows = rows_of(as_user("staff").get(reverse("list_export", args=["ho-tro", "csv"]), ASKED["ho-tro"]))
    assert [row[1] for row in rows[1:]] == ["T. V. Mẫu"]


def test_a_loan_stands_with_its_balance_of_the_day_and_a_house_with_its_money(as_user, home):
    """By the last day asked; an agency, which may not open households, takes out its own houses with names masked."""
    (loan,) = rows_of(as_user("hoa").get(reverse("list_export", args=["von-vay", "csv"]), ASKED["von-vay"]))[1:]
    assert loan[1:2] + loan[5:9] == ["Trần Văn Mẫu", "50000000", "30/09/2023", "30000000", "1000000"]
    path = reverse("list_export", args=["nha-o", "csv"])
    head, house = rows_of(as_user("staff").get(path, ASKED["nha-o"]))
    told = dict(zip(head, house, strict=True))
    assert (told["Chủ hộ"], told["Bước"], told["Cộng kinh phí"]) == ("T. V. Mẫu", "Được duyệt", "40000000")
    assert len(rows_of(as_user("staff").get(path, {"stage": "finished_on"}))) == 1
    assert len(rows_of(as_user("staff").get(reverse("list_export", args=["von-vay", "csv"]), ASKED["von-vay"]))) == 1


@pytest.fixture
def uninsured(areas, standards):
    home = make.a_household(areas["ward"])
    make.a_spell(home, standards[1], "near_poor")
    home.members.update(has_insurance=False)
    Member.objects.filter(household=home, relation="head").update(
        citizen_id_sealed=vault().seal(NUMBER), citizen_id_last4=NUMBER[-4:]
    )
    return home


def test_whole_numbers_need_the_right_and_a_reason_and_stand_in_the_households_own_log(as_user, uninsured):
    path = "/danh-sach/can-ngheo-chua-bhyt/tai/csv/"
    assert as_user("district").post(path, {"reason": "đối chiếu"}).status_code == 403
    answer = as_user("hoa").post(path, {"reason": "x"}, follow=True)
    assert "Ghi rõ lý do" in answer.text
    PersonalDataView.objects.all().delete()
    assert NUMBER not in str(rows_of(as_user("hoa").get(path)))
    assert NUMBER in str(rows_of(as_user("hoa").post(path, {"reason": "đối chiếu với BHXH"})))
    assert list(PersonalDataView.objects.filter(kind="reveal").values_list("household_code", flat=True)) == [
        uninsured.code
    ]
    assert "đối chiếu với BHXH" in PersonalDataView.objects.get(kind="reveal").reason


@pytest.mark.parametrize("key", ["", "x", "٣", "9" * 30, "0"])
def test_a_dossier_that_is_none_is_not_found(as_user, db, key):
    assert as_user("hoa").get("/danh-sach/xuat/trong-ho-so/csv/", {"ho-so": key}).status_code == 404
