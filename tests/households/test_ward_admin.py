"""The admin of ward staff beside households: who sees which list, the look and the file written down, the portal's history."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.log import log
from accounts.models import PersonalDataView
from households.models import (
    Complaint,
    Dossier,
    DossierStep,
    DuplicatePair,
    ExitPlan,
    HouseholdChange,
    HouseWork,
    ImportBatch,
    Listed,
    LoanBalance,
    Recheck,
    ReviewRequest,
    ScoreItem,
    ScoreTable,
    WardRequest,
)
from tests import make

DAY = date(2023, 10, 2)
# page -> who of a ward sees it and who of the city; nobody else does
PAGES = {
    "dossier": ["hoa", "lan", "cuc"],
    "listed": ["hoa", "lan", "cuc"],
    "reviewrequest": ["hoa", "lan", "cuc"],
    "exitplan": ["hoa", "lan", "cuc"],
    "complaint": ["hoa", "lan"],
    "importbatch": ["hoa"],
    "householdchange": ["hoa", "lan", "cuc"],
    "duplicatepair": ["hoa", "lan", "cuc"],
    "housework": ["hoa", "lan", "cuc"],
    "loanbalance": ["hoa", "lan", "cuc"],
    "recheck": ["hoa", "lan"],
    "wardrequest": ["hoa"],
}
EVERYBODY = ["hoa", "lan", "binh", "cuc", "district", "leader", "staff", "admin", "nobody"]


def a_dossier(cast, ward, **more):
    dossier = Dossier.objects.create(round=make.a_round(), ward=ward, opened_by=cast["hoa"], **more)
    DossierStep.objects.create(dossier=dossier, step=dossier.step, cycle=1, opened_on=DAY, due_on=date(2023, 12, 14))
    return dossier


def a_complaint(cast, ward, **more):
    values = {"category": "result", "from_name": "Người gửi thử", "received_on": DAY, "due_on": DAY, "text": "thử"}
    return Complaint.objects.create(ward=ward, entered_by=cast["hoa"], **(values | more))


def a_batch(cast, ward, place=1, **more):
    values = {"name": f"ds-{place}.xlsx", "sha256": f"{place:064}", "size": 1, "sealed": b"x", "day": DAY}
    return ImportBatch.objects.create(ward=ward, by=cast["hoa"], **(values | more))


def a_recheck(cast, dossier, complaint):
    given = {"household": complaint.household, "opened_on": DAY, "due_on": DAY, "opened_by": cast["hoa"]}
    return Recheck.objects.create(dossier=dossier, complaint=complaint, **given)


def a_house(household):
    policy = make.a_support(household, "house_new").policy
    return HouseWork.objects.create(household=household, policy=policy, ward=household.ward, approved_on=DAY)


def a_question(cast, household):
    ward = cast["binh"].area
    asked = {"asked_from": ward, "asked_of": household.ward, "ward": ward, "asked_by": cast["binh"]}
    asked |= {"number": "citizen_id", "asked_at": datetime(2023, 10, 2, tzinfo=UTC), "told": "kín"}
    return WardRequest.objects.create(household=household, member=household.members.first(), **asked)


@pytest.fixture
def rows(areas, cast):
    """One row for each page, all of Phường Một."""
    ward = areas["ward"]
    one, other = make.a_household(ward), make.a_household(ward)
    dossier = a_dossier(cast, ward)
    complaint = a_complaint(cast, ward, household=one)
    return {
        "dossier": dossier,
        "listed": Listed.objects.create(dossier=dossier, household=one, why="on_list"),
        "reviewrequest": ReviewRequest.objects.create(
            household=one, ward=ward, form="01", received_on=DAY, channel="post", entered_by=cast["hoa"]
        ),
        "exitplan": ExitPlan.objects.create(household=one, year=2023, opened_on=DAY),
        "complaint": complaint,
        "recheck": a_recheck(cast, dossier, complaint),
        "housework": a_house(one),
        "loanbalance": LoanBalance.objects.create(support=make.a_support(one, "loan"), day=DAY, outstanding=5),
        "wardrequest": a_question(cast, one),
        "importbatch": a_batch(cast, ward),
        "householdchange": HouseholdChange.objects.create(
            household=one, ward=ward, kind="head", day=DAY, by=cast["hoa"], before="", after=""
        ),
        "duplicatepair": DuplicatePair.objects.create(ward=ward, first=one, second=other, score=80, reasons=["thử"]),
    }


def address(page, kind="changelist", *args):
    return reverse(f"admin:households_{page}_{kind}", args=args)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_which_list_row_history_and_file(as_user, rows, page, who):
    client, key = as_user(who), rows[page].pk
    sees = who in PAGES[page]
    may_look = sees or (who == "binh" and "hoa" in PAGES[page])
    listed = client.get(address(page))
    assert (listed.status_code == 200) == may_look
    if may_look:
        assert listed.context["cl"].result_count == (1 if sees else 0)
    for kind in ("change", "history"):
        assert (client.get(address(page, kind, key)).status_code == 200) == sees, kind
    file = client.get(address(page, "export"))
    assert (file.status_code == 200) == may_look
    assert (len(b"".join(file)) > 0) == (file.status_code != 302)  # read to its end, a file is closed
    assert client.post(address(page, "change", key), {}).status_code in (302, 403, 404)
    assert client.get(address(page, "add")).status_code in (302, 403)
    looked = PersonalDataView.objects.filter(by__username=who)
    assert looked.filter(kind="list").count() == (1 if sees else 0)
    assert looked.filter(kind="export").count() == (1 if may_look else 0)


@pytest.mark.parametrize("page", PAGES)
def test_a_list_asks_as_often_for_twenty_as_for_one(as_user, areas, cast, rows, page):
    client = as_user("hoa")

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(page)).status_code == 200
        return len(seen)

    asked()
    few = asked()
    ward, dossier = areas["ward"], rows["dossier"]
    for place in range(2, 21):
        household = make.a_household(ward)
        Listed.objects.create(dossier=dossier, household=household, why="request")
        ReviewRequest.objects.create(
            household=household, ward=ward, form="01", received_on=DAY, channel="post", entered_by=cast["hoa"]
        )
        ExitPlan.objects.create(household=household, year=2023, opened_on=DAY, helper_agency=cast["cuc"].agency)
        complaint = a_complaint(cast, ward, household=household, owner=cast["hoa"])
        a_recheck(cast, dossier, complaint)
        a_house(household)
        LoanBalance.objects.create(support=make.a_support(household, "loan"), day=DAY, outstanding=5)
        a_question(cast, household)
        a_batch(cast, ward, place)
        HouseholdChange.objects.create(
            household=household, ward=ward, kind="head", day=DAY, by=cast["hoa"], before="", after=""
        )
        DuplicatePair.objects.create(ward=ward, first=rows["listed"].household, second=household, score=9)
        year = 2000 + place
        a_round = make.a_round(year)
        DossierStep.objects.create(
            dossier=Dossier.objects.create(round=a_round, ward=ward, opened_by=cast["hoa"]),
            step="list", cycle=1, opened_on=DAY,
        )  # fmt: skip
    assert asked() == few


def test_every_filter_of_every_list_finds_what_it_names(as_user, rows):
    client = as_user("hoa")
    for page, asked, found in [
        ("listed", {"included__exact": 1}, 1),
        ("listed", {"included__exact": 0}, 0),
        ("listed", {"to": "Tổ 1"}, 1),
        ("listed", {"q": "khong co"}, 0),
        ("exitplan", {"thieu": "helper"}, 1),
        ("exitplan", {"thieu": "late"}, 0),
        ("complaint", {"han": "late"}, 1),
        ("complaint", {"han": "soon"}, 0),
        ("complaint", {"q": "gửi thử"}, 1),
        ("complaint", {"q": "tran thu"}, 1),
        ("complaint", {"q": "khong co"}, 0),
        ("importbatch", {"q": "ds-1"}, 1),
        ("importbatch", {"q": "ds-9"}, 0),
        ("dossier", {"step__exact": "survey"}, 0),
        ("housework", {"buoc": "approved_on"}, 1),
        ("housework", {"buoc": "handed_over_on"}, 0),
        ("loanbalance", {"q": "tran thu"}, 1),
        ("loanbalance", {"to": "Tổ 9"}, 0),
        ("recheck", {"xong": "no"}, 1),
        ("recheck", {"xong": "yes"}, 0),
        ("wardrequest", {"state__exact": "mistake"}, 0),
        ("household", {"phan-loai": "none"}, 2),
        ("household", {"phan-loai": "poor"}, 0),
        ("household", {"dong": "yes"}, 0),
        ("household", {"to": "Tổ 1"}, 2),
        ("member", {"roi": "yes"}, 0),
        ("member", {"to": "Tổ 1", "roi": "no"}, 4),
    ]:
        assert client.get(address(page), asked).context["cl"].result_count == found, (page, asked)
    last = PersonalDataView.objects.filter(kind="list").first()
    assert last.reason == "Quản trị, thành viên: to=Tổ 1; roi=no: 4 dòng"


def test_the_history_is_the_portals_own(as_user, cast, rows):
    log(cast["hoa"], "complaint.registered", rows["complaint"], area=rows["complaint"].ward)
    told = as_user("lan").get(address("complaint", "history", rows["complaint"].pk)).text
    assert "Nhận đơn" in told
    assert "Người hoa" in told
    assert PersonalDataView.objects.filter(kind="view", household_code=rows["listed"].household.code).count() == 1


def rows_of(answer):
    content = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_a_file_holds_what_the_list_shows_and_no_whole_number(as_user, areas, cast):
    for place in (1, 2):
        household = make.a_household(areas["ward"], members=1, code=f"20236-0000{place}")
        household.members.update(citizen_id_last4=f"412{place}")
    make.a_household(areas["next_ward"], members=1)
    headings, *lines = rows_of(as_user("hoa").get(address("member", "export"), {"q": "4121"}))
    assert "Số định danh" in headings
    assert "Trang riêng" not in headings
    (line,) = lines
    assert line[headings.index("Số định danh")].endswith("4121")
    assert "•" in line[headings.index("Số định danh")]
    assert line[headings.index("Quan hệ với chủ hộ")] == "Chủ hộ"
    assert PersonalDataView.objects.get(kind="export").reason == "Quản trị, thành viên: q=4121: 1 dòng"
    chosen = as_user("lan").post(
        address("member"), {"action": "export_chosen", "_selected_action": household.members.get().pk}
    )
    assert len(rows_of(chosen)) == 2


def test_the_lists_lead_to_the_pages_that_write(as_user, rows):
    told = as_user("hoa").get(address("household")).text
    assert reverse("household_new") in told
    assert reverse("import_new") in told
    told = as_user("lan").get(address("household")).text
    assert reverse("household_new") not in told
    assert reverse("import_new") not in told
    assert (
        f'href="{reverse("request_detail", args=[rows["reviewrequest"].pk])}"'
        in as_user("hoa").get(address("reviewrequest")).text
    )
    assert "/de-nghi/" not in as_user("lan").get(address("reviewrequest")).text, "a page that is not theirs"


def test_a_list_or_row_shown_by_a_post_is_a_look_too(as_user, rows):
    """A forged POST that asks for no act, or whose form is refused, shows what a GET shows."""
    client, home = as_user("hoa"), rows["listed"].household
    assert home.code in client.post(address("household"), {}).text
    assert PersonalDataView.objects.filter(kind="list").count() == 1
    assert "chủ hộ" in client.post(address("household", "change", home.pk), {}).text.lower()
    assert PersonalDataView.objects.filter(kind="view", household_code=home.code).count() == 1


def test_no_list_is_guessed_by_the_stock_completion(as_user, rows):
    asked = {"app_label": "households", "model_name": "support", "field_name": "household", "term": "a"}
    assert as_user("hoa").get(reverse("admin:autocomplete"), asked).status_code == 404


def test_a_pair_of_two_wards_is_not_the_one_wards(as_user, areas, rows):
    """The office's search keeps it with the ward that was searched; the other household is not that ward's to see."""
    there = make.a_household(areas["next_ward"])
    pair = DuplicatePair.objects.create(
        ward=areas["ward"], first=rows["listed"].household, second=there, score=90, reasons=["cùng điện thoại"]
    )
    for kind in ("change", "history"):
        assert as_user("hoa").get(address("duplicatepair", kind, pair.pk)).status_code == 404
    assert there.code not in as_user("hoa").get(address("duplicatepair")).text
    assert as_user("cuc").get(address("duplicatepair", "change", pair.pk)).status_code == 200


def test_tables_of_points_are_read_by_who_runs_the_rounds_and_written_by_nobody(as_user, cast, standards):
    table = ScoreTable.objects.create(standard=standards[0], version="1", zone="urban", valid_from=DAY)
    for place in (1, 2):
        item = ScoreItem.objects.create(table=table, place=place, code=f"M{place}", text="Mục", kind="choice")
        for option in (1, 2):
            item.options.create(place=option, code=f"O{option}", text=f"Mức {option}", points=5 * option)
    for who in ("hoa", "lan", "admin", "district"):
        assert as_user(who).get(address("scoretable")).status_code in (302, 403), who
    office = as_user("cuc")
    assert "chưa kiểm chứng" in office.get(address("scoretable")).text
    assert "Mức 1: 5; Mức 2: 10" in office.get(address("scoretable", "change", table.pk)).text
    assert office.post(address("scoretable", "change", table.pk), {}).status_code == 403
    assert office.get(address("scoretable", "add")).status_code == 403


@pytest.mark.parametrize("page", ["household", "review"])
def test_a_file_of_a_filter_that_is_none_leads_back_to_the_list(as_user, rows, page):
    answer = as_user("hoa").get(address(page, "export"), {"khong-co": "1"})
    assert (answer.status_code, answer.url) == (302, f"{address(page)}?e=1")
    assert not PersonalDataView.objects.filter(kind="export").exists()
