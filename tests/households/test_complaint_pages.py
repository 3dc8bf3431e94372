"""The pages of complaints, by role."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import PersonalDataView, User
from households.models import Complaint
from tests import make

TYPED = {
    "category": "result",
    "from_name": "Lê Thị Thử",
    "received_on": "16/10/2023",
    "text": "Đề nghị xem lại.",
}


@pytest.fixture
def home(areas, cast):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu")


@pytest.fixture
def row(as_user, home):
    as_user("hoa").post(reverse("complaint_new"), TYPED | {"household": home.code})
    return Complaint.objects.get()


def test_an_officer_receives_and_answers(as_user, row):
    page = reverse("complaint_detail", args=[row.pk])
    browser = as_user("hoa")
    assert "Lê Thị Thử" in browser.get(page).content.decode()
    assert browser.post(page, {"do": "take", "version": 1}).status_code == 302
    assert "Ghi nội dung" in browser.post(page, {"do": "answer", "version": 2, "result": ""}).content.decode()
    kept = browser.post(page, {"do": "answer", "version": 1, "result": "Giữ kết quả."}).content.decode()
    assert "người khác sửa" in kept
    assert "Giữ kết quả." in kept
    assert browser.post(page, {"do": "recheck", "version": 1}).status_code == 200
    assert browser.post(page, {"do": "answer", "version": 2, "result": "Giữ kết quả."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.owner.username) == ("answered", "hoa")
    assert browser.post(page, {"do": "burn", "version": 3}).status_code == 400


def test_others_do_not_see_it(as_user, row):
    page = reverse("complaint_detail", args=[row.pk])
    assert as_user("binh").get(page).status_code == 404
    assert as_user("leader").get(page).status_code == 403
    assert "Lê Thị Thử" not in as_user("binh").get(reverse("complaint_list") + "?tinh-trang=open").content.decode()


def test_the_list_names_nobody_before_a_filter(as_user, row):
    browser, page = as_user("hoa"), reverse("complaint_list")
    before = PersonalDataView.objects.count()
    assert "Lê Thị Thử" not in browser.get(page).content.decode()
    assert PersonalDataView.objects.count() == before
    assert "Lê Thị Thử" in browser.get(page + "?tinh-trang=open").content.decode()
    assert PersonalDataView.objects.count() == before + 1


def test_a_household_of_another_ward_is_refused(as_user, home):
    said = as_user("binh").post(reverse("complaint_new"), TYPED | {"household": home.code}).content.decode()
    assert "Không có hộ này" in said
    assert "Đề nghị xem lại." in said


def test_it_is_given_to_another_of_the_ward(as_user, row):
    page, browser = reverse("complaint_detail", args=[row.pk]), as_user("hoa")
    people = User.objects.in_bulk(field_name="username")
    shown = browser.get(page).content.decode()
    assert "Người lan" in shown
    assert "Người binh" not in shown
    refused = browser.post(page, {"do": "assign", "version": 1, "owner": people["binh"].pk}).content.decode()
    assert "không xử lý đơn" in refused
    assert browser.post(page, {"do": "assign", "version": 1, "owner": people["lan"].pk}).status_code == 302
    row.refresh_from_db()
    assert row.owner == people["lan"]


def test_the_answer_is_printed_once_given(as_user, row):
    paper, browser = reverse("paper_answer", args=[row.pk]), as_user("hoa")
    assert browser.get(paper).status_code == 404
    browser.post(
        reverse("complaint_detail", args=[row.pk]),
        {"do": "answer", "version": 1, "result": "Giữ kết quả.\n#danger $x$"},
    )
    assert paper in browser.get(reverse("complaint_detail", args=[row.pk])).content.decode()
    answer = browser.get(paper)
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    for words in ("Kính gửi: Ông (bà) Lê Thị Thử", "Giữ kết quả.", "#danger $x$./.", row.household.code, "Như trên"):
        assert words in text
    looks = PersonalDataView.objects.filter(kind="export", household_code=row.household.code)
    assert looks.get().reason == f"In trả lời đơn số {row.pk}"
    assert as_user("binh").get(paper).status_code == 404
    assert as_user("leader").get(paper).status_code == 403


def test_the_household_page_shows_its_complaints_to_who_handles_them(as_user, row, home):
    page, shown = reverse("household_detail", args=[home.code]), reverse("complaint_detail", args=[row.pk])
    told = as_user("hoa").get(page).content.decode()
    for link in (shown, reverse("paper_form_01", args=[home.code]), f"{reverse('complaint_new')}?ho={home.code}"):
        assert link in told
    assert reverse("paper_certificate", args=[home.code]) not in told, "not poor: no certificate"
    others = as_user("district").get(page).content.decode()
    assert shown not in others
    assert reverse("complaint_new") not in others


def test_the_list_is_found_from_the_reviews(as_user, row):
    assert reverse("complaint_list") in as_user("hoa").get(reverse("review_list")).content.decode()
    assert reverse("complaint_list") not in as_user("district").get(reverse("review_list")).content.decode()
