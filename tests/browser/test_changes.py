"""A household's life in a browser: every form fits and is accessible; two who edit at once lose nothing."""

import pytest

from households.models import Household
from households.services.register import edit_household
from tests import make
from tests.browser.conftest import sign_in
from tests.browser.test_pages import faults, wider_than_screen
from tests.households.test_register_numbers import NUMBERS, enter

KINDS = ["chuyen-cho", "chuyen-di", "tach-ho", "nhap-ho", "dong-ho-so", "doi-chu-ho", "roi-ho", "vao-ho"]
pytestmark = pytest.mark.django_db(transaction=True)


def checked(page, shown):
    too_wide = wider_than_screen(page)
    return faults(page) + ([f"{shown} is {too_wide} px too wide"] if too_wide > 0 else [])


@pytest.mark.parametrize("width", [360, 1280])
def test_the_forms_of_a_households_life(visit, width):
    areas = make.a_city()
    hoa = make.a_cast(areas)["hoa"]
    family = make.a_household(areas["ward"], members=4)
    numbered = enter(hoa, **NUMBERS)
    page = visit(width, 800)
    sign_in(page, "hoa")
    wrong = []
    shown = [f"/ho/{family.code}/bien-dong/{kind}/" for kind in KINDS]
    shown += [f"/ho/{numbered.code}/", f"/ho/{numbered.code}/sua/"]
    shown += [f"/ho/{numbered.code}/so-dinh-danh/{numbered.members.get().pk}/cmnd-cu/"]
    for path in shown:
        assert page.goto(page.base + path).status == 200
        wrong += checked(page, path)
    page.goto(f"{page.base}/ho/{family.code}/bien-dong/tach-ho/")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".errsum")
    wrong += checked(page, "the refused split")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [360, 1280])
def test_two_edit_at_once(visit, width):
    areas = make.a_city()
    hoa = make.a_cast(areas)["hoa"]
    household = enter(hoa, **NUMBERS)
    page = visit(width, 800)
    sign_in(page, "hoa")
    page.goto(f"{page.base}/ho/{household.code}/sua/")
    edit_household(
        household=household,
        version=1,
        group="Tổ 15",
        address="15 Lê Duẩn",
        phone="0905000000",
        members=[],
        gone=set(),
        day=household.registered_on,
        by=hoa,
    )
    page.fill("[name=address]", "99 Lê Duẩn")
    page.click("main form button[type=submit]")
    page.wait_for_selector("#stale-h")
    assert page.input_value("[name=group]") == "Tổ 15"
    wrong = checked(page, "the clash")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Chọn một.")
    wrong += checked(page, "the clash that was not decided")
    page.check("[name=choice-0][value=mine]")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**/ho/{household.code}/")
    saved = Household.objects.get(pk=household.pk)
    assert (saved.group, saved.address, saved.phone) == ("Tổ 15", "99 Lê Duẩn", "0905000000")
    assert not wrong, "\n".join(wrong)
