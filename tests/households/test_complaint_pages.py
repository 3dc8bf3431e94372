"""The pages of complaints, by role."""

import pytest
from django.urls import reverse

from accounts.models import PersonalDataView
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
