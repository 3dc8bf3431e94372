"""A whole annual round of one ward, walked by its people in a browser: from the list to the certificates."""

import re
from datetime import date

import pytest
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from households.models import Dossier, ReviewRequest, Round, ScreeningItem, ScreeningRule, Standard, StatusSpell
from households.standards import DEPRIVATION_KEYS
from tests import make
from tests.browser.conftest import sign_in
from tests.browser.test_journey import city
from tests.browser.test_pages import faults, wider_than_screen

__all__ = ["city"]


@pytest.fixture
def clock(monkeypatch):
    """clock(9, 20) makes it that day of 2023 for every page."""
    today = [date(2023, 9, 5)]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: today[0])
    return lambda month, day: today.__setitem__(0, date(2023, month, day))


@pytest.fixture
def ward(city):
    """Beside the journey's poor household: one in Tổ 2 with last year's form, one that moved away, two that will ask."""
    area = city.ward
    found = [city, *(make.a_household(area, head=f"Lê Thị Thử {place}", members=2) for place in range(2, 6))]
    for place, household in enumerate(found):
        household.group = "Tổ 1" if place in (0, 2) else "Tổ 2"
        household.save()
    for household in found[1:3]:
        make.a_spell(household, Standard.objects.get(issuer="city"), "near_poor")
    entered = make.a_user(Role.WARD_OFFICER, area, username="cu")
    make.a_user(Role.DISTRICT_OFFICER, area.parent, username="quan")
    last = Round.objects.get(kind="annual", year=2022)
    make.a_review(
        found[1], entered, round=last, surveyed_on=date(2022, 10, 3), state="decided", decided_by=User.objects.get(username="lanhdao"),
        decided_on=date(2022, 12, 1), decision_number="1/QĐ", deprived=("employment",), income_per_person=2_000_000, b1_score=190,
    )  # fmt: skip
    for place in (1, 2):
        ScreeningItem.objects.create(code=f"A{place}", text=f"Mục thử {place}", order=place)
    ScreeningRule.objects.create(threshold=2, legal_basis="thử")
    return found


class Walk:
    """One person at one screen. Every page walked over is looked at: its width and its accessibility."""

    def __init__(self, page, name):
        self.page = page
        sign_in(page, name)

    def open(self, path):
        assert self.page.goto(self.page.base + path).status == 200, path
        self.looked()

    def looked(self):
        too_wide = wider_than_screen(self.page)
        assert too_wide <= 0, f"{self.page.url} is {too_wide} px too wide"

    def press(self, words, within="main"):
        with self.page.expect_navigation():
            self.page.locator(within).locator("button, a.btn").filter(has_text=words).locator(
                "visible=true"
            ).first.click()
        self.looked()
        assert not self.page.locator(".errsum").count(), self.page.locator(".errsum").inner_text()

    def fill(self, **typed):
        for name, value in typed.items():
            field = self.page.locator(f"main [name={name}]:visible").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def told(self) -> str:
        return self.page.locator("main").inner_text()

    def paper(self, words) -> str:
        """The text of a PDF that a link of the page leads to."""
        link = self.page.locator("main a").filter(has_text=words).first.get_attribute("href")
        answer = self.page.request.get(self.page.base + link)
        assert answer.status == 200, link
        path = self.tmp / "paper.pdf"
        path.write_bytes(answer.body())
        return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(path).pages).split())


@pytest.fixture
def person(visit, tmp_path):
    def enters(name, width=1280):
        walk = Walk(visit(width, 800), name)
        walk.tmp = tmp_path
        return walk

    return enters


def form_b(walk, deprived, income="1.900.000", b1="165"):
    page = walk.page
    walk.fill(b1_score=b1, income_per_person=income)
    for key in DEPRIVATION_KEYS:
        page.check(f"[name={key}][value={'yes' if key in deprived else 'no'}]")
    walk.fill(b2_total=str(10 * len(deprived)))
    for name in ("special_hardship", "has_merit", "ethnic_minority"):
        page.check(f"[name={name}][value=no]")
    page.check("[name=has_labour][value=yes]")
    walk.press(re.compile("^Lưu"))


def minutes(walk, group, agreed):
    walk.fill(group=group, held_on="02/10/2023", place="Nhà văn hóa", chair="Tổ trưởng", secretary="Thư ký")
    walk.fill(present="10", agreed=str(agreed))
    walk.press("Ghi biên bản họp")


def post(walk, first, last):
    walk.fill(from_on=first, to_on=last, places="Trụ sở UBND phường, nhà văn hóa Tổ 1, Tổ 2")
    walk.press("niêm yết")


def asks(walk, household, yes):
    """A household's Form 01, received and screened by Form A."""
    walk.open(f"/de-nghi/ho/{household.code}/moi/")
    walk.page.check("[name=form][value='01']")
    walk.press("Ghi giấy đề nghị")
    for item in yes:
        walk.page.check(f"[name=yes][value={item}]")
    if len(yes) > 1:
        walk.fill(refusal_reason="Hộ có xe ô tô và nhà cho thuê.")
    walk.press("Ghi kết quả Phiếu A")


def test_a_whole_round_from_the_list_to_the_certificates(ward, clock, person):
    poor, near, away, asking, rich = ward
    officer = person("canbo")

    # The list: proposed, ticked off with a reason, joined by who asked; who is surely not poor is refused in writing.
    officer.open("/ra-soat/ho-so/")
    officer.press("Mở hồ sơ Định kỳ 2023")
    dossier = Dossier.objects.get()
    here = f"/ra-soat/ho-so/{dossier.pk}/"
    assert set(dossier.listed.values_list("household", flat=True)) == {poor.pk, near.pk, away.pk}
    officer.page.check(f"[aria-label='Chọn hộ {away.code}']")
    officer.fill(reason="Cả hộ đã chuyển đi nơi khác.")
    officer.press("Bỏ hộ đã chọn")
    asks(officer, asking, [])
    asks(officer, rich, ["A1", "A2"])
    assert "nhà cho thuê" in officer.paper("Văn bản trả lời")
    assert set(ReviewRequest.objects.values_list("outcome", flat=True)) == {"survey", "refused"}
    officer.open(here)
    assert "3 hộ cần rà soát" in officer.told() or "3 hộ cần rà soát" in officer.page.inner_text("body")
    officer.press("Chốt danh sách")

    # The survey at the door, one household after the other; last year's answers come filled in and are compared.
    clock(9, 20)
    phone = person("canbo", 360)
    phone.open(f"{here}?xem=left")
    phone.open(f"/ra-soat/ho/{near.code}/phieu-b/?round={dossier.round_id}")
    phone.press("Điền theo đợt trước")
    assert phone.page.input_value("[name=income_per_person]") == "2.000.000"
    phone.fill(surveyed_on="20/09/2023")
    form_b(phone, {"employment", "nutrition"})
    assert "mới thiếu hụt" in phone.told()
    while phone.page.locator("main a.btn").filter(has_text="hộ tiếp theo").count():
        phone.press("hộ tiếp theo")
        phone.fill(surveyed_on="20/09/2023")
        form_b(phone, set(DEPRIVATION_KEYS[:4]) if poor.code in phone.page.url else {"telecom"})
    phone.press("Về hồ sơ")
    phone.press("Khảo sát xong")

    # One group agrees, the other does not: survey and meeting again, for that group only.
    clock(10, 2)
    officer.open(here)
    minutes(officer, "Tổ 1", 6)
    minutes(officer, "Tổ 2", 4)
    assert "Chưa đạt 50 %" in officer.told()
    officer.press("Khảo sát và họp lại")
    officer.press("Khảo sát xong")
    assert "Chưa có biên bản: Tổ 2." in officer.told()
    minutes(officer, "Tổ 2", 8)
    assert "Tổ 2" in officer.paper("Biên bản họp Tổ 2")
    officer.press("Họp xong")

    # The board, a complaint, the household checked again and the result posted again.
    clock(10, 3)
    post(officer, "03/10/2023", "05/10/2023")
    assert "Thử 2" in officer.paper("PDF danh sách niêm yết")
    officer.press("Nhận đơn", within=f"tr:has-text('{near.code}')")
    officer.fill(from_name="Người gửi thử", text="Hộ có người ốm nặng.")
    officer.press("Ghi đơn")
    officer.press("Mở phúc tra hộ")
    officer.press("sửa phiếu B của hộ")
    officer.press("Sửa phiếu")
    form_b(officer, {"employment", "nutrition", "health_insurance"})
    officer.press("Về hồ sơ")
    assert "chưa ghi kết quả phúc tra" in officer.told()
    officer.page.locator("main a").filter(has_text="Đơn số").first.click()
    officer.fill(finding="Thiếu hụt thêm bảo hiểm y tế: thay đổi kết quả.")
    officer.press("Ghi kết quả phúc tra")
    officer.fill(result="Đã phúc tra; kết quả của hộ thay đổi.")
    officer.press("Trả lời bằng văn bản")
    assert "Đã phúc tra" in officer.paper("Văn bản trả lời")
    officer.open(here)
    officer.press("niêm yết lại")
    post(officer, "03/10/2023", "06/10/2023")
    clock(10, 9)
    officer.open(here)
    officer.fill(document="45/BC-UBND")
    officer.press("Niêm yết xong")

    # The district sends it back with a note, then agrees.
    clock(10, 10)
    district = person("quan")
    district.open("/")
    district.page.locator("main a").filter(has_text="An Hải Bắc").first.click()
    district.page.locator("summary", has_text="Trả lại").click()
    district.fill(note="Thiếu biên bản họp Tổ 2.")
    district.press("Trả lại phường, xã", within="details")
    officer.open(here)
    assert "Thiếu biên bản họp Tổ 2." in officer.page.locator("#viec").inner_text()
    officer.press("Niêm yết xong")
    district.open(here)
    district.fill(document="12/LĐTBXH")
    district.press("Thống nhất")

    # The ward's leader decides over the whole list; the certificates are printed and given out.
    clock(10, 20)
    leader = person("lanhdao")
    leader.open(here)
    assert "12/LĐTBXH" in leader.paper("Dự thảo quyết định")
    leader.fill(number="398/QĐ-UBND", day="20/10/2023")
    leader.page.check("[name=sure]")
    leader.press("Ban hành quyết định")
    assert "398/QĐ-UBND" in leader.paper("Quyết định 398/QĐ-UBND")
    certificates = leader.paper("Giấy chứng nhận của mọi hộ")
    assert "Trần Văn Thử" in certificates
    leader.press("Đã cấp giấy chứng nhận")
    rail = leader.page.locator(".rail").inner_text()
    for told in ("12/LĐTBXH", "398/QĐ-UBND", "2 biên bản họp", "Xong 20/10/2023, Người lanhdao", "Hạn 14/12/2023"):
        assert told in rail
    assert not faults(leader.page)

    # What stands afterwards: spells, the movement ledger, a list to hand out.
    opened = StatusSpell.objects.filter(valid_from=date(2023, 10, 20)).values_list("household", "category", "opened_as")
    city_standard = Standard.objects.get(issuer="city")
    assert (near.pk, "poor", "from_near_poor") in opened.filter(standard=city_standard)
    officer.open("/bieu-tong-hop/so-bien-dong/?first=01/10/2023&last=31/10/2023")
    assert "Từ hộ cận nghèo" in officer.told()
    officer.open("/ra-soat/ho-so/")
    assert "398/QĐ-UBND" in officer.told()
