"""Every page in a browser: no accessibility fault, no console error, nothing wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.browser.conftest import sign_in
from tests.browser.test_journey import city

__all__ = ["city"]

WARD = [
    "/",
    "/ho/",
    "/ho/?q=tran",
    "/ho/moi/",
    "/ra-soat/",
    "/ra-soat/ho/{code}/phieu-b/",
    "/ho/{code}/",
    "/ra-soat/ho/{code}/ho-tro/",
    "/ra-soat/ho-so/",
    "/bieu-tong-hop/so-bien-dong/",
    "/bieu-tong-hop/2/",
    "/bieu-tong-hop/10/",
    "/de-nghi/?state=waiting",
    "/de-nghi/ho/{code}/moi/",
    "/don-thu/",
    "/don-thu/moi/",
    "/ho-tro/",
    "/ho-tro/?kind=house_new",
    "/ho-tro/chinh-sach/",
    "/ho-tro/cho-lam/",
    "/ho-tro/cho-lam/?viec=no_plan",
    "/in/danh-sach/",
    "/nhap/",
    "/danh-sach/",
    "/trung-ho/",
]
CITY = [
    "/tong-quan/",
    "/tong-quan/493/",
    "/ke-hoach/",
    "/ke-hoach/phu-luc/",
    "/ke-hoach/nhiem-vu/",
    "/ke-hoach/so-lieu/",
    "/bao-cao/",
    "/bao-cao/2023-05-31/",
    "/toi/",
    "/doi-mat-khau/",
    "/api/",
]
ADMIN = ["/quan-tri/", "/quan-tri/households/household/", "/quan-tri/households/review/"]
ADMIN += [f"/quan-tri/households/{name}/" for name in ("dossier", "listed", "exitplan", "complaint", "importbatch")]
ADMIN += [f"/quan-tri/households/{name}/" for name in ("reviewrequest", "householdchange", "duplicatepair", "support")]


def wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def faults(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    return [f"{page.url} {fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"][:3]]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(city, visit, width):
    call_command("generate_report", "2023-05-31", verbosity=0)
    wrong = []
    page = visit(width, 800)
    page.goto(f"{page.base}/dang-nhap/")
    wrong += faults(page)
    for name, paths in {"canbo": WARD + ADMIN, "chuongtrinh": CITY}.items():
        page = visit(width, 800)
        sign_in(page, name)
        for path in paths:
            answer = page.goto(page.base + path.format(code=city.code))
            assert answer.status == 200, path
            if wider_than_screen(page) > 0:
                wrong.append(f"{path} is {wider_than_screen(page)} px wider than {width}")
            if not path.startswith(("/quan-tri/", "/api/")):  # their inner markup is Django's and Swagger's to mend
                wrong += faults(page)
    assert not wrong, "\n".join(wrong)
