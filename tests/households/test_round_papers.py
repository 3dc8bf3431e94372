"""What a round hands out beside its decision: the list to review, the letter of refusal, complaints and requests as files."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import PersonalDataView
from households import request_queries
from households.models import Complaint
from households.services import dossiers
from tests.households.test_dossiers import DAY, at_decision, decide, listed, opened  # noqa: F401
from tests.households.test_list_exports import csv_of, xlsx_of
from tests.households.test_rechecks import complained
from tests.households.test_requests import form_a, received, screened  # noqa: F401
from tests.make import a_household, a_review, a_round


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2023, 10, 20))


def text_of(answer):
    assert answer.status_code == 200
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def test_the_list_to_review_names_who_is_left_out_and_why(as_user, cast, areas, listed):  # noqa: F811
    dossier = opened(cast, areas)
    out = dossier.listed.first()
    dossiers.leave_out(dossier=dossier, listed=[out.pk], reason="Đã chuyển đi", by=cast["hoa"])
    answer = as_user("hoa").get(reverse("paper_review_list", args=[dossier.pk]))
    rows = [
        row for row in load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=8, values_only=True) if row[2]
    ]
    assert [(row[2], row[6]) for row in rows] == [
        (listed[1].code, None), (listed[0].code, "Không rà soát: Đã chuyển đi"),
    ]  # fmt: skip
    assert PersonalDataView.objects.get(kind="export").reason.startswith("Tải danh sách cần rà soát")
    assert as_user("binh").get(reverse("paper_review_list", args=[dossier.pk])).status_code == 404


def test_a_request_that_form_a_screened_out_is_answered_in_writing(as_user, cast, areas, form_a):  # noqa: F811
    row = received(a_household(areas["ward"], head="Trần Văn Mẫu"), cast["hoa"])
    page = reverse("paper_refusal", args=[row.pk])
    assert as_user("hoa").get(page).status_code == 404  # nothing is refused yet
    screened(row, cast["hoa"], yes=["A1", "A2"], refusal_reason="Hộ có xe ô tô")
    text = text_of(as_user("hoa").get(page))
    assert "Trần Văn Mẫu" in text
    assert "Hộ có xe ô tô" in text
    assert page in as_user("hoa").get(reverse("request_detail", args=[row.pk])).content.decode()
    assert as_user("binh").get(page).status_code == 404
    assert as_user("lan").get(page).status_code == 403


@pytest.mark.parametrize(
    ("form", "category", "refused"),
    [("01", "not_poor", True), ("01", "near_poor", False), ("04", "poor", True), ("04", "not_poor", False)],
)
def test_a_request_decided_against_is_answered_with_the_receipts_reasons(
    cast, areas, standards, form, category, refused
):
    home = a_household(areas["ward"])
    row, _ = screened(received(home, cast["hoa"], form=form), cast["hoa"])
    assert request_queries.refusal(row) == []  # not surveyed yet
    review = a_review(
        home, cast["hoa"], round=a_round(kind="regular", starts_on=date(2023, 9, 15)), surveyed_on=DAY, state="decided",
        decided_by=cast["lan"], decided_on=date(2023, 10, 9), decision_number="9/QĐ",
    )  # fmt: skip
    review.results.create(standard=standards[0], category=category, receipt={"why": "Điểm B1 190."}, rule_version="1")
    assert request_queries.refusal(row) == (["Theo Chuẩn Trung ương 2022-2025: Điểm B1 190."] if refused else [])


def test_complaints_are_filtered_and_handed_out(as_user, cast, areas):
    home = a_household(areas["ward"], head="Trần Văn Mẫu")
    late, fresh = complained(cast, home, received_on=DAY), complained(cast, home, received_on=date(2023, 10, 20))
    Complaint.objects.filter(pk=fresh.pk).update(owner=cast["hoa"], category="other")
    officer, page = as_user("hoa"), reverse("complaint_list")
    for asked, found in {
        "han=late": [late], "han=due": [late], "cua=mine": [fresh], "cua=nobody": [late], "loai=other": [fresh],
        "tinh-trang=open": [late, fresh], "tinh-trang=open&loai=result": [late], "han=nonsense": None,
    }.items():  # fmt: skip
        shown = officer.get(f"{page}?{asked}").context["page"]
        assert (shown and list(shown)) == found, asked
    export = reverse("complaint_export", args=["csv"])
    head, *rows = csv_of(officer.get(export + "?tinh-trang=open"))
    assert [dict(zip(head, row, strict=True))["Quá hạn"] for row in rows] == ["Quá hạn", ""]
    assert len(xlsx_of(officer.get(reverse("complaint_export", args=["xlsx"]) + "?han=late"))) == 2
    assert officer.get(export).status_code == 302  # nothing is asked, nobody is named
    assert csv_of(as_user("binh").get(export + "?tinh-trang=open"))[1:] == []
    assert as_user("cuc").get(export + "?tinh-trang=open").status_code == 403


def test_requests_are_handed_out(as_user, cast, areas):
    home = a_household(areas["ward"])
    received(home, cast["hoa"])
    export = reverse("request_export", args=["csv"])
    rows = csv_of(as_user("hoa").get(export + "?state=waiting"))
    assert rows[1][1:3] == ["01", home.code]
    assert as_user("hoa").get(export).status_code == 302
    assert as_user("lan").get(export + "?state=waiting").status_code == 403
