"""The main job, walked in a browser: a review becomes a status, a figure, a report that opens."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command
from docx import Document

from accounts.models import Agency
from accounts.roles import Role
from areas.models import Area
from households.models import Review, Round, Standard, StatusSpell
from households.standards import DEPRIVATION_KEYS
from tests import make
from tests.browser.conftest import sign_in


@pytest.fixture
def city(transactional_db):
    """The real areas, agencies, standards and plan; one poor household in An Hải Bắc, and three people."""
    for command in ("load_areas", "load_agencies", "load_standards", "load_plan"):
        call_command(command, verbosity=0)
    ward = Area.objects.get(code="20272", level="ward")
    household = make.a_household(ward, head="Trần Văn Thử", members=3, registered_on=date(2021, 1, 1))
    for standard in Standard.objects.in_force(date(2022, 12, 14)):
        make.a_spell(household, standard, persons=3)
    office = Agency.objects.get(code="so-ldtbxh")
    make.a_user(Role.WARD_OFFICER, ward, username="canbo")
    make.a_user(Role.WARD_LEADER, ward, username="lanhdao")
    make.a_user(Role.PROGRAMME_OFFICE, Area.objects.get(level="city"), office, username="chuongtrinh")
    return household


def open_figure(page, day):
    """Poor households with labour in the whole city, as the appendix table of the dashboard shows them that day."""
    page.goto(f"{page.base}/tong-quan/?ngay={day}")
    return page.locator("tr.sum td").all_inner_texts()


def fill_form_b(page, deprived):
    page.select_option("[name=round]", label="Định kỳ 2023")
    page.fill("[name=surveyed_on]", "03/10/2023")
    page.fill("[name=b1_score]", "190")
    page.fill("[name=income_per_person]", "3.100.000")
    for key in DEPRIVATION_KEYS:
        page.check(f"[name={key}][value={'yes' if key in deprived else 'no'}]")
    page.fill("[name=b2_total]", str(10 * len(deprived)))
    for name, value in {
        "has_labour": "yes",
        "special_hardship": "no",
        "has_merit": "no",
        "ethnic_minority": "no",
    }.items():
        page.check(f"[name={name}][value={value}]")


def test_a_review_becomes_a_status_a_figure_and_a_report(city, visit):
    officer = visit(360, 780)
    sign_in(officer, "canbo")
    before = open_figure(officer, "31/12/2023")

    # An officer enters form B on a phone; a wrong total is refused at its field and nothing typed is lost.
    officer.goto(f"{officer.base}/ra-soat/ho/{city.code}/phieu-b/")
    fill_form_b(officer, {"telecom"})
    officer.fill("[name=b2_total]", "30")
    officer.press("[name=b2_total]", "Enter")
    assert officer.locator(".errsum").is_visible()
    assert officer.input_value("[name=income_per_person]") == "3.100.000"
    assert Review.objects.count() == 0
    officer.fill("[name=b2_total]", "10")
    officer.press("[name=b2_total]", "Enter")
    officer.wait_for_url("**/ra-soat/phieu/*/")
    assert "Không nghèo" in officer.locator("main").inner_text()
    assert officer.locator("[name=number]").count() == 0, "who entered does not decide"
    assert StatusSpell.objects.open().count() == 2

    # A second person decides.
    leader = visit()
    sign_in(leader, "lanhdao")
    leader.goto(officer.url)
    leader.fill("[name=number]", "66/QĐ-UBND")
    leader.fill("[name=day]", "14/11/2023")
    leader.press("[name=day]", "Enter")
    if leader.locator("dialog[open]").count():
        leader.locator("dialog[open] button.btn").last.click()
    leader.wait_for_function("document.querySelector('main').innerText.includes('Đã quyết định')")
    assert StatusSpell.objects.open().count() == 0
    review = Review.objects.get()
    assert (review.round, review.decided_by.username) == (Round.objects.get(kind="annual", year=2023), "lanhdao")

    # The figure moves on the day of the decision, and not before.
    after = open_figure(officer, "31/12/2023")
    assert after != before
    assert open_figure(officer, "13/11/2023") == open_figure(officer, "31/10/2023")

    # The report of 30 November carries it, downloads and opens.
    call_command("generate_report", "2023-11-30", verbosity=0)
    office = visit()
    sign_in(office, "chuongtrinh")
    office.goto(f"{office.base}/bao-cao/2023-11-30/")
    for suffix in ("docx", "xlsx"):
        with office.expect_download() as download:
            office.locator(f"a[href*='/bao-cao/2023-11-30/{suffix}/']").first.click()
        with open(download.value.path(), "rb") as file:
            content = io.BytesIO(file.read())
        if suffix == "docx":
            words = "\n".join(paragraph.text for paragraph in Document(content).paragraphs)
            assert "30/11/2023" in words or "30 tháng 11 năm 2023" in words
        else:
            assert openpyxl.load_workbook(content).sheetnames[0] == "Phụ lục"
