"""Papers: names stay text, pages are by right, each paper that names people leaves a line."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Installation, PersonalDataView
from households.papers import pdf
from households.papers.content import Certificate, Decision, Head, Minutes, Person, Posted, PublicList, written_date
from tests import make

TRICKY = 'Nguyễn Thị #Mẫu $x$ *Ữ* "Ẵ"'
HEAD = Head("", "Ủy ban nhân dân phường Một", "QĐ-UBND", "Phường Một")
PERSON = Person(TRICKY, "Chủ hộ", "female", "1960", "Kinh")
ROWS = [Posted(TRICKY, "1960", "Tổ 1", 3, "Hộ nghèo")] * 45


def texts(content):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2023, 2, 9), "ngày 09 tháng 02 năm 2023"),
        (date(2023, 3, 10), "ngày 10 tháng 3 năm 2023"),
        (date(2023, 12, 1), "ngày 01 tháng 12 năm 2023"),
    ],
)
def test_zero_rule(day, said):
    assert written_date(day) == said


def test_the_list_of_a_decision_is_numbered_by_itself_and_names_are_text():
    pages = texts(pdf.decision(Decision(HEAD, "Về việc thử", ["Căn cứ A", "Căn cứ B"], ["Một", "Hai"], ["VT"], ROWS)))
    assert len(pages) == 3
    assert "Căn cứ A; Căn cứ B. QUYẾT ĐỊNH:" in pages[0]
    assert "Hai./." in pages[0]
    assert TRICKY in pages[1]
    assert pages[1].startswith("Phụ lục")
    assert pages[2].startswith("2 ")


def test_minutes_come_in_two_copies():
    pages = texts(pdf.minutes(Minutes(HEAD, "Tổ 1", "", "", "", "", "", "", "", ROWS[:2])))
    assert ["Bản 1/2" in pages[0], "Bản 2/2" in pages[1], len(pages)] == [True, True, 2]


def test_the_public_list_repeats_its_header():
    pages = texts(pdf.public_list(PublicList(HEAD, "NIÊM YẾT", "", ROWS)))
    assert len(pages) > 1
    assert all("Năm sinh" in page for page in pages[:2])


def test_certificates_of_more_than_one_batch(monkeypatch):
    monkeypatch.setattr(pdf, "BATCH", 2)
    one = Certificate(HEAD, PERSON, "1 đường Thử", "Hộ nghèo", "01/01/2023", [PERSON])
    pages = texts(pdf.certificates([one] * 5))
    assert len(pages) == 5
    assert all(TRICKY in page for page in pages)


@pytest.fixture
def home(areas, cast, standards, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2023, 12, 20))
    return make.a_household(areas["ward"], head="Trần Văn Mẫu")


@pytest.mark.parametrize("name", ["paper_form_01", "paper_form_04", "paper_certificate"])
def test_papers_of_a_household_by_role(as_user, home, standards, name):
    make.a_spell(home, standards[0])
    Installation.objects.create(id=1, demo=True)
    url = reverse(name, args=[home.code])
    assert as_user("binh").get(url).status_code == 404
    assert as_user("leader").get(url).status_code == 403
    assert not PersonalDataView.objects.exists()
    response = as_user("hoa").get(url)
    assert response["Content-Type"] == "application/pdf"
    assert "Trần Văn Mẫu" in texts(response.content)[0]
    assert "DỮ LIỆU MINH HỌA" in texts(response.content)[0]
    assert PersonalDataView.objects.filter(kind="export", household_code=home.code).count() == 1


def test_no_certificate_without_a_status(as_user, home):
    assert as_user("hoa").get(reverse("paper_certificate", args=[home.code])).status_code == 404


def test_an_empty_form_names_nobody(as_user, home):
    assert as_user("hoa").get(reverse("paper_form_04_empty")).status_code == 200
    assert not PersonalDataView.objects.exists()
