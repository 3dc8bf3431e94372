"""Papers of a dossier: who stands on them and with what words, when they may be printed, who took them."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import PersonalDataView
from households.dossier_papers import result_of
from households.models import Dossier, DossierStep, Listed, Meeting, Member, Posting, Result
from households.sealed import vault
from households.services import decisions
from households.views import paper_lists, papers
from tests import make

TODAY = date(2023, 12, 14)
RECEIPT = {"why": "Điểm B1 140.", "lines": []}


@pytest.mark.parametrize(
    ("held", "category", "said"),
    [
        (None, "poor", "hộ nghèo"),
        ("poor", "poor", "hộ nghèo"),
        ("near_poor", "poor", "hộ nghèo"),
        (None, "near_poor", "hộ cận nghèo"),
        ("near_poor", "near_poor", "hộ cận nghèo"),
        ("poor", "near_poor", "hộ thoát nghèo, thành hộ cận nghèo"),
        ("poor", "not_poor", "hộ thoát nghèo"),
        ("near_poor", "not_poor", "hộ thoát cận nghèo"),
        (None, "not_poor", None),
    ],
)
def test_what_a_list_says(held, category, said):
    assert result_of(held, category) == said


@pytest.fixture
def dossier(areas, cast, standards):
    """Four households: still poor; poor and now near-poor; asked in vain; sent back. Ready to be decided."""
    central, city = standards
    round = make.a_round()
    row = Dossier.objects.create(round=round, ward=areas["ward"], opened_by=cast["hoa"], step="decision")
    DossierStep.objects.create(dossier=row, step="decision", cycle=1, opened_on=date(2023, 12, 1))
    for name, held, found in (
        ("Trần Văn Nghèo", "poor", ("poor", "poor")),
        ("Lê Văn Cận", "poor", ("near_poor", "poor")),
        ("Đỗ Văn Đủ", None, ("not_poor", "not_poor")),
    ):
        home = make.a_household(areas["ward"], head=name)
        Listed.objects.create(dossier=row, household=home, why="on_list")
        review = make.a_review(home, cast["hoa"], round)
        for standard, category in zip((central, city), found, strict=True):
            Result.objects.create(
                review=review, standard=standard, category=category, receipt=RECEIPT, rule_version="1"
            )
            if held:
                make.a_spell(home, standard, held)
    back = make.a_household(areas["ward"], head="Hồ Văn Trả")
    Listed.objects.create(dossier=row, household=back, why="on_list")
    make.a_review(back, cast["hoa"], round, state="returned")
    Posting.objects.create(
        dossier=row,
        cycle=1,
        from_on=date(2023, 11, 20),
        to_on=date(2023, 11, 22),
        places="nhà văn hóa Tổ 1",
        entered_by=cast["hoa"],
    )
    return row


def text_of(answer):
    pages = PdfReader(BytesIO(answer.content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_the_public_list(as_user, dossier):
    answer = as_user("hoa").get(reverse("paper_posting", args=[dossier.pk]))
    (page,) = text_of(answer)
    assert "1 Trần Văn Nghèo 1975 Tổ 1 2 Hộ nghèo" in page
    assert "Chuẩn Trung ương: hộ thoát nghèo, thành hộ cận nghèo; Chuẩn thành phố: hộ nghèo" in page
    assert "Niêm yết từ ngày 20/11/2023 đến hết ngày 22/11/2023 tại nhà văn hóa Tổ 1" in page
    assert "(chưa xác nhận)" in page
    assert "Tổng cộng: 2 hộ" in page
    assert "Đỗ Văn Đủ" not in page, "refused: nobody else's business"
    assert "Hồ Văn Trả" not in page, "sent back: no result"
    looks = PersonalDataView.objects.get(kind="export")
    assert looks.reason == "In niêm yết, Phường Một, Đợt 2023: 2 hộ"


def test_the_public_list_as_a_sheet(as_user, dossier):
    answer = as_user("hoa").get(reverse("paper_posting_sheet", args=[dossier.pk]))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[8]] == [1, "Trần Văn Nghèo", "1975", "Tổ 1", 2, "Hộ nghèo"]
    assert sheet["B10"].value is None
    assert PersonalDataView.objects.filter(kind="export").count() == 1


def test_minutes_are_of_one_group(as_user, cast, dossier):
    values = {
        "dossier": dossier,
        "cycle": 1,
        "held_on": date(2023, 11, 10),
        "place": "nhà văn hóa",
        "chair": "Hồ Thị A",
    }
    values |= {"secretary": "Vũ Thị B", "present": 40, "agreed": 30, "entered_by": cast["hoa"]}
    meeting = Meeting.objects.create(group="Tổ 1", **values)
    other = Meeting.objects.create(group="Tổ 2", **values)
    browser = as_user("hoa")
    first, second = text_of(browser.get(reverse("paper_minutes", args=[meeting.pk])))
    for words in ("10/11/2023", "Hồ Thị A", "40", "30", "Trần Văn Nghèo"):
        assert words in first
        assert words in second
    assert "Trần Văn Nghèo" not in text_of(browser.get(reverse("paper_minutes", args=[other.pk])))[0]
    assert as_user("binh").get(reverse("paper_minutes", args=[meeting.pk])).status_code == 404


def test_a_decision_is_a_draft_until_it_is_given(as_user, cast, dossier):
    Listed.objects.filter(household__members__full_name="Hồ Văn Trả").delete()
    url, papers = reverse("paper_decision", args=[dossier.pk]), reverse("paper_certificates", args=[dossier.pk])
    browser = as_user("lan")
    assert "Số: ......./QĐ-UBND" in text_of(browser.get(url))[0]
    assert browser.get(papers).status_code == 404
    decisions.decide_dossier(dossier=dossier, number="12/QĐ-UBND", day=TODAY, by=cast["lan"], today=TODAY)
    pages = text_of(browser.get(url))
    assert "Số: 12/QĐ-UBND" in pages[0]
    assert "ngày 14 tháng 12 năm 2023" in pages[0]
    assert "1 hộ nghèo, 1 hộ cận nghèo, 1 hộ thoát nghèo, 0 hộ thoát cận nghèo" in " ".join(pages)
    assert "hộ thoát nghèo, thành hộ cận nghèo" in pages[-1], "what held before the decision is still known"
    assert "Đỗ Văn Đủ" not in " ".join(pages)
    made = text_of(browser.get(papers))
    assert ["Trần Văn Nghèo" in made[0], "Lê Văn Cận" in made[1], len(made)] == [True, True, 2]
    assert "hộ cận nghèo, từ ngày 14/12/2023" in made[1]
    assert PersonalDataView.objects.filter(by=cast["lan"], kind="export").count() == 3


NUMBER = "048071004127"


@pytest.fixture
def decided(cast, dossier):
    Listed.objects.filter(household__members__full_name="Hồ Văn Trả").delete()
    decisions.decide_dossier(dossier=dossier, number="12/QĐ-UBND", day=TODAY, by=cast["lan"], today=TODAY)
    heads = Member.objects.filter(full_name="Trần Văn Nghèo")
    heads.update(citizen_id_sealed=vault().seal(NUMBER), citizen_id_last4=NUMBER[-4:])
    return dossier, heads.get().household.code


@pytest.mark.parametrize("name", ["paper_certificates", "paper_certificate"])
def test_certificates_with_whole_numbers(as_user, decided, name, monkeypatch):
    """Masked by GET; whole by POST, with the right and a reason, and a line in each household's list of looks."""
    dossier, code = decided
    url = reverse(name, args=[dossier.pk if name == "paper_certificates" else code])
    looks = PersonalDataView.objects.filter(kind="reveal")
    leader = as_user("lan")
    shown = " ".join(text_of(leader.get(url)))
    assert ("••••4127" in shown, NUMBER in shown, looks.count()) == (True, False, 0)
    assert "Ghi rõ lý do" in leader.post(url, {"reason": "abc"}, follow=True).content.decode()
    assert not looks.exists()
    assert NUMBER in " ".join(text_of(leader.post(url, {"reason": "Cấp giấy chứng nhận"})))
    of = {code} if name == "paper_certificate" else set(looks.values_list("household_code", flat=True)) | {code}
    assert set(looks.values_list("household_code", flat=True)) == of
    assert looks.count() == (1 if name == "paper_certificate" else 2)
    assert {look.reason for look in looks} == {"In giấy chứng nhận, đủ số định danh. Cấp giấy chứng nhận"}
    exports = [look.reason for look in PersonalDataView.objects.filter(kind="export")]
    assert sum("đủ số định danh" in reason for reason in exports) == 1

    def broken(*args):
        raise RuntimeError

    before = PersonalDataView.objects.count()
    monkeypatch.setattr(paper_lists, "log_view", broken)  # the second of two writes
    monkeypatch.setattr(papers, "log_view", broken)
    with pytest.raises(RuntimeError):
        leader.post(url, {"reason": "Cấp giấy chứng nhận"})
    assert PersonalDataView.objects.count() == before
    for somebody, status in (("district", 403), ("binh", 404)):
        assert as_user(somebody).post(url, {"reason": "Cấp giấy chứng nhận"}).status_code == status


def test_whole_numbers_are_offered_to_who_may_see_them(as_user, decided):
    dossier, code = decided
    for page in (reverse("dossier", args=[dossier.pk]), reverse("household_detail", args=[code])):
        assert "In đủ số định danh" in as_user("lan").get(page).content.decode()
        assert "In đủ số định danh" not in as_user("district").get(page).content.decode()


def test_no_decision_before_its_step(as_user, dossier):
    Dossier.objects.update(step="posting")
    assert as_user("lan").get(reverse("paper_decision", args=[dossier.pk])).status_code == 404


@pytest.mark.parametrize("name", ["paper_posting", "paper_posting_sheet", "paper_decision"])
def test_papers_by_role(as_user, dossier, name):
    url = reverse(name, args=[dossier.pk])
    assert as_user("binh").get(url).status_code == 404
    assert as_user("leader").get(url).status_code == 403
    assert as_user("staff").get(url).status_code == 403
    assert not PersonalDataView.objects.exists()
    assert as_user("district").get(url).status_code == 200


def test_many_households_take_no_more_queries(as_user, cast, standards, dossier):
    browser, url = as_user("hoa"), reverse("paper_posting_sheet", args=[dossier.pk])

    def asked():
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        return len(seen)

    asked()
    few = asked()
    for number in range(6):
        home = make.a_household(dossier.ward, head=f"Bùi Văn {number}")
        Listed.objects.create(dossier=dossier, household=home, why="request")
        review = make.a_review(home, cast["hoa"], dossier.round)
        Result.objects.create(review=review, standard=standards[0], category="poor", receipt={}, rule_version="1")
    assert asked() == few


def test_no_line_of_a_paper_that_failed(as_user, dossier, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("households.papers.pdf.public_list", broken)
    with pytest.raises(RuntimeError):
        as_user("hoa").get(reverse("paper_posting", args=[dossier.pk]))
    assert not PersonalDataView.objects.exists()


def test_the_dossiers_page_links_its_papers(as_user, cast, dossier):
    page = reverse("dossier", args=[dossier.pk])
    shown = as_user("lan").get(page).content.decode()
    for name in ("paper_posting", "paper_posting_sheet", "paper_decision"):
        assert reverse(name, args=[dossier.pk]) in shown
    assert reverse("paper_certificates", args=[dossier.pk]) not in shown
