"""The pages of the plan: who opens them, which day they are about, what they print, what they cost."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from targets.indicators import APPENDIX, INDICATORS, TYPED
from targets.models import Amendment, Assignment, Clause, Figure, Indicator, Plan, Target
from tests import make

ROWS = ["Toàn thành phố", "Quận Hải Châu", "Huyện Hòa Vang"]
READERS = ["hoa", "lan", "district", "staff", "cuc", "leader", "client"]
PAGES = [
    "/tong-quan/",
    "/tong-quan/492/",
    "/ke-hoach/",
    "/ke-hoach/phu-luc/",
    "/ke-hoach/nhiem-vu/",
    "/ke-hoach/so-lieu/",
]
# indicator → (value, printed rate) of the city, Hải Châu and Hòa Vang
PRINTED = {
    "poor_labour_start": [(1403, "1.52"), (673, "1.24"), (730, "1.91")],
    "poor_labour_reduction": [(604, "0.65"), (309, "0.57"), (295, "0.77")],
    "central_poor_reduction": [(108, None), (35, None), (73, None)],
    "special_hardship_reduction": [(78, None), (28, None), (50, None)],
    "poor_labour_end": [(799, "0.86"), (364, "0.67"), (435, "1.14")],
    "near_poor_reduction": [(440, "0.48"), (90, "0.18"), (350, "0.91")],
    "housing": [(90, None), (30, None), (60, None)],
    "job_introductions": [(450, None), (150, None), (300, None)],
}


@pytest.fixture
def plan(areas, cast):
    plan = Plan.objects.create(
        number="66/KH-UBND",
        year=2023,
        title="Kế hoạch thử",
        issued_on=date(2023, 3, 17),
        signed_by="Người ký",
        general_goal="Mục tiêu chung của năm.",
        funding="Kinh phí đã bố trí.",
        reporting="Ngày 31/5 và 30/11.",
        recipients=["Lưu: VT."],
    )
    for order, measure in enumerate(INDICATORS.values()):
        indicator = Indicator.objects.create(
            code=measure.code,
            name=measure.name,
            definition=measure.definition,
            unit=measure.unit,
            source=measure.source,
            order=order,
        )
        for area, printed in zip(
            (areas["city"], areas["urban"], areas["rural"]), PRINTED.get(measure.code, []), strict=False
        ):
            Target.objects.create(
                plan=plan,
                indicator=indicator,
                area=area,
                value=printed[0],
                published_rate=printed[1] and Decimal(printed[1]),
            )
        if measure.code not in APPENDIX:
            Target.objects.create(plan=plan, indicator=indicator, area=areas["city"], value=100, in_appendix=False)
    for no in range(1, 6):
        clause(plan, f"II.{no}", "objective", no, f"Mục tiêu thứ {no}.")
    checked = clause(plan, "III.8", "solution", 6, "Kiểm tra tại 14 phường, xã.")
    Amendment.objects.create(
        clause=checked,
        change="amended",
        before="Kiểm tra tại 7 phường, xã.",
        after="Kiểm tra tại 14 phường, xã.",
        basis="Theo góp ý",
    )
    heading = clause(plan, "IV.1", "agency", 7, "Sở Lao động")
    task = clause(plan, "IV.1.a", "task", 8, "Hướng dẫn rà soát.", heading)
    Amendment.objects.create(clause=task, change="added", basis="Bổ sung nhiệm vụ")
    Assignment.objects.create(clause=task, agency=cast["staff"].agency, role="lead")
    return plan


def clause(plan, ref, kind, order, text, parent=None):
    return Clause.objects.create(plan=plan, ref=ref, kind=kind, order=order, text=text, parent=parent)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("page", PAGES)
def test_whoever_sees_figures_opens_the_page_and_nobody_else(plan, standards, as_user, page):
    for name in READERS:
        assert as_user(name).get(page).status_code == 200, name
    for name in ("admin", "nobody"):
        assert as_user(name).get(page).status_code == 403, name


@pytest.mark.parametrize("page", PAGES)
def test_without_a_plan_the_page_says_so(areas, as_user, page):
    response = as_user("leader").get(page)
    assert response.status_code == 200
    assert "Chưa có kế hoạch" in text_of(response)


def test_an_area_page_is_for_districts_and_wards(plan, areas, as_user):
    for code in ("48", "khong-co"):
        assert as_user("leader").get(f"/tong-quan/{code}/").status_code == 404
    assert "Phường, xã không được giao chỉ tiêu." in text_of(as_user("leader").get(f"/tong-quan/{areas['ward'].code}/"))


@pytest.mark.parametrize("page", ["/tong-quan/", "/tong-quan/492/", "/ke-hoach/", "/ke-hoach/phu-luc/"])
@pytest.mark.parametrize(
    ("asked", "day", "message"),
    [
        ("", "31/12/2023", ""),
        ("30/09/2023", "30/09/2023", ""),
        ("2023-09-30", "30/09/2023", ""),
        ("1/1/2023", "01/01/2023", ""),
        ("31/12/2023", "31/12/2023", ""),
        ("31/12/2022", "31/12/2023", "của năm 2023"),
        ("01/01/2024", "31/12/2023", "của năm 2023"),
        ("30/02/2023", "31/12/2023", "Không đọc được ngày"),
        ("hôm nay", "31/12/2023", "Không đọc được ngày"),
    ],
)
def test_the_page_says_which_day_it_is_about(plan, as_user, page, asked, day, message):
    response = as_user("leader").get(page, {"ngay": asked})
    assert response.status_code == 200
    assert f"đến ngày <b>{day}</b>" in text_of(response)
    assert ('role="alert"' in text_of(response)) == bool(message)
    assert message in text_of(response)
    if message:
        assert f'value="{asked}"' in text_of(response)


def test_the_opening_day_is_the_last_with_data_and_the_page_says_why(plan, areas, standards, as_user):
    make.a_spell(make.a_household(areas["ward"]), standards[1], valid_from=date(2023, 11, 30), opened_as="new")
    assert "đến ngày <b>30/11/2023</b>, ngày cuối có số liệu" in text_of(as_user("leader").get("/tong-quan/"))


def test_a_day_yet_to_come_is_refused(plan, as_user, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2023, 6, 1))
    page = text_of(as_user("leader").get("/tong-quan/", {"ngay": "2/6/2023"}))
    assert "Chưa đến ngày này. Chọn ngày không sau 01/06/2023" in page
    assert "đến ngày <b>01/06/2023</b>" in page


def test_the_dashboard_counts_what_is_in_the_list(plan, areas, standards, as_user):
    city_standard = standards[1]
    for _ in range(3):
        make.a_spell(make.a_household(areas["ward"]), city_standard)
    make.a_spell(make.a_household(areas["ward"]), city_standard, valid_to=date(2023, 5, 31))
    make.a_spell(make.a_household(areas["commune"]), city_standard, valid_from=date(2023, 6, 1), opened_as="new")
    page = text_of(as_user("cuc").get("/tong-quan/", {"ngay": "30/9/2023"}))
    assert 'aria-label="Đầu năm 4; Thoát nghèo −1; Phát sinh +1; Tái nghèo 0; Khác 0; Hiện có 4 hộ"' in page
    assert (
        '<a href="/tong-quan/492/?ngay=2023-09-30" aria-label="Quận Hải Châu: 0 % kế hoạch năm, thiếu 230 hộ">' in page
    )
    assert "chưa xác nhận" in page
    district = text_of(as_user("cuc").get("/tong-quan/492/", {"ngay": "30/9/2023"}))
    assert "Đã giảm 1 trên 309 hộ nghèo còn sức lao động, thiếu 230 hộ so với mốc." in district
    assert "Phường Một: 3 hộ" in district


def test_a_confirmed_standard_is_not_called_unconfirmed(plan, standards, as_user):
    city_standard = standards[1]
    city_standard.confirmed, city_standard.confirmed_document = True, "01/QĐ"
    city_standard.save()
    for page in PAGES[:4]:
        assert "chưa xác nhận" not in text_of(as_user("leader").get(page))


@pytest.mark.parametrize(("view", "names"), [("", ["", "1. ", "2. "]), ("ke-hoach", ["", "", ""])])
def test_the_appendix_prints_every_figure_of_the_plan(plan, as_user, view, names):
    page = text_of(as_user("leader").get("/ke-hoach/phu-luc/", {"xem": view}))
    bodies = [body.partition("</tbody>")[0] for body in page.split("<tbody>")[1:]]
    assert len(bodies) == 3
    for place, (body, number, area) in enumerate(zip(bodies, names, ROWS, strict=True)):
        assert f">{number}{area}</th>" in body
        row = body.partition("</tr>")[0]
        cells = [found.rstrip("*") for found in re.findall(r'<td class="num[^>]*>([^<]*)', row)]
        printed = []
        for code in APPENDIX:
            value, rate = PRINTED[code][place]
            printed += [f"{value:,}".replace(",", ".")] + ([rate.replace(".", ",")] if rate else [])
        assert cells == printed


def test_the_appendix_says_where_a_printed_rate_does_not_follow(plan, as_user):
    """90 of 1.000 resident households is 9,00 %, printed 0,18 %; no note where the count gives the rate."""
    page = text_of(as_user("leader").get("/ke-hoach/phu-luc/"))
    assert "Quận Hải Châu, giảm hộ cận nghèo: in kế hoạch 0,18; tính lại 9,00" in page


def test_the_appendix_downloads_as_seen(plan, as_user):
    response = as_user("leader").get("/ke-hoach/phu-luc/", {"format": "csv", "xem": "ke-hoach", "ngay": "30/11/2023"})
    assert response["Content-Disposition"] == 'attachment; filename="phu-luc-2023-2023-11-30.csv"'
    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert lines[1] == ",Toàn thành phố,1403,1.52,604,0.65,108,78,799,0.86,440,0.48,90,450"
    assert lines[3] == "2,Huyện Hòa Vang,730,1.91,295,0.77,73,50,435,1.14,350,0.91,60,300"
    wide = as_user("leader").get("/ke-hoach/phu-luc/", {"format": "csv"}).content.decode("utf-8-sig").split("\r\n")
    assert len(wide[0].split(",")) > len(lines[0].split(","))


def test_the_living_plan_shows_text_states_chips_and_amendments(plan, as_user):
    page = text_of(as_user("leader").get("/ke-hoach/"))
    for words in ("Mục tiêu chung của năm.", "Kinh phí đã bố trí.", "Ngày 31/5 và 30/11.", "Lưu: VT.", "Người ký"):
        assert words in page
    for no in range(1, 6):
        assert f"Mục tiêu thứ {no}." in page
        assert f'aria-label="Tình trạng II.{no}"' in page
    assert "<del>7</del>" in page
    assert "Kiểm tra tại <ins>14</ins> phường, xã." in page
    assert "Bổ sung" in page
    assert "<b>Chủ trì</b> Sở LĐ" in page


def test_tasks_are_filtered_by_agency_and_role(plan, cast, as_user):
    code = cast["staff"].agency.code
    browser = as_user("leader")
    assert "1 nhiệm vụ" in text_of(browser.get("/ke-hoach/nhiem-vu/", {"co_quan": code, "vai_tro": "lead"}))
    assert "Không có nhiệm vụ nào" in text_of(browser.get("/ke-hoach/nhiem-vu/", {"vai_tro": "own"}))
    wrong = text_of(browser.get("/ke-hoach/nhiem-vu/", {"co_quan": "x", "vai_tro": "y"}))
    assert "Cơ quan này không có nhiệm vụ" in wrong
    assert "Không có vai trò này" in wrong


def typed(areas, **more):
    indicator = Indicator.objects.get(code=TYPED[0])
    values = {"indicator": indicator.pk, "area": areas["city"].pk, "day": "30/11/2023", "count": "612", "whole": "1140"}
    return values | {"evidence": "Danh sách lớp tập huấn"} | more


def test_the_programme_office_enters_a_figure_and_the_page_shows_it(plan, areas, as_user):
    assert as_user("cuc").post("/ke-hoach/so-lieu/", typed(areas)).status_code == 302
    figure = Figure.objects.get()
    assert (figure.count, figure.whole, figure.day, figure.entered_by.username) == (
        612,
        1140,
        date(2023, 11, 30),
        "cuc",
    )
    page = text_of(as_user("leader").get("/ke-hoach/so-lieu/"))
    assert "612 / 1.140" in page
    assert "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize("name", [name for name in READERS if name != "cuc"])
def test_others_read_figures_but_cannot_enter_them(plan, areas, as_user, name):
    refused = 422 if name in ("district", "staff") else 403  # they type what they answer for, which this is not
    assert as_user(name).post("/ke-hoach/so-lieu/", typed(areas)).status_code == refused
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"count": "1141"}, "không được lớn hơn tổng số"),
        ({"whole": "0", "count": "0"}, "Tổng số phải lớn hơn 0."),
        ({"count": "-1"}, "id_count_error"),
        ({"day": "31/12/2022"}, "của năm 2023"),
        ({"day": "30/02/2023"}, "id_day_error"),
        ({"evidence": " "}, "id_evidence_error"),
        ({"indicator": "999"}, "id_indicator_error"),
    ],
)
def test_a_wrong_figure_is_refused_and_what_was_typed_is_kept(plan, areas, as_user, given, message):
    response = as_user("cuc").post("/ke-hoach/so-lieu/", typed(areas, **given))
    assert response.status_code == 422
    assert message in text_of(response)
    assert 'value="1140"' in text_of(response) or "whole" in given
    assert not Figure.objects.exists()


def test_links_to_households_are_for_those_who_may_see_them(plan, areas, standards, as_user):
    """On the kept page too: what one reader may see is not kept for the next."""
    seen = {name: text_of(as_user(name).get("/tong-quan/492/")) for name in ("cuc", "leader", "hoa", "district")}
    assert "/ho/?status=city-2022%3Apoor&amp;ward=492" in seen["cuc"]
    assert "/ho/?status=city-2022%3Apoor&amp;ward=492" in seen["district"]
    assert "/ho/?status=city-2022%3Apoor&amp;day" in seen["hoa"]
    assert "/ho/?" not in seen["leader"]
    assert "/ho/?" not in text_of(as_user("district").get("/tong-quan/497/"))


@pytest.mark.parametrize("page", PAGES)
def test_the_page_costs_the_same_whatever_the_list_holds(plan, areas, standards, as_user, page):
    def cost():
        from django.core.cache import cache

        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        return len(asked)

    browser = as_user("cuc")
    make.a_spell(make.a_household(areas["ward"]), standards[1])
    few = cost()
    for _ in range(30):
        make.a_spell(make.a_household(areas["commune"]), standards[1])
    for order in range(30):
        task = clause(plan, f"IV.1.x{order}", "task", 20 + order, "Việc.", Clause.objects.get(ref="IV.1"))
        Assignment.objects.create(clause=task, agency=make.an_agency(f"coquan{order}"), role="own")
    assert cost() == few


@pytest.mark.parametrize("page", PAGES[:5])
def test_a_warm_page_asks_the_database_next_to_nothing(plan, standards, as_user, django_assert_max_num_queries, page):
    browser = as_user("cuc")
    first = text_of(browser.get(page)).partition("<main")[2]
    with django_assert_max_num_queries(4):
        assert text_of(browser.get(page)).partition("<main")[2] == first


def test_many_typed_figures_come_in_pages_at_the_same_cost(plan, areas, cast, as_user):
    def cost(page):
        with CaptureQueriesContext(connection) as asked:
            text = text_of(browser.get("/ke-hoach/so-lieu/", {"page": page}))
        return len(asked), text

    browser = as_user("cuc")
    indicator = Indicator.objects.get(code=TYPED[0])
    values = {
        "indicator": indicator,
        "area": areas["city"],
        "day": date(2023, 5, 1),
        "whole": 100,
        "entered_by": cast["cuc"],
    }
    Figure.objects.create(count=1, evidence="Một", **values)
    browser.get("/ke-hoach/so-lieu/")
    few, _ = cost(1)
    Figure.objects.bulk_create(Figure(count=2, evidence="Nhiều", **values) for _ in range(35))
    many, first = cost(1)
    assert many == few
    assert first.count("Nhiều") == 30
    assert "Trang 1 / 2" in first
    assert "Một" in cost(2)[1]


def test_a_write_ends_the_kept_page(plan, areas, as_user):
    before = text_of(as_user("cuc").get("/tong-quan/"))
    as_user("cuc").post("/ke-hoach/so-lieu/", typed(areas, count="1140"))
    assert text_of(as_user("cuc").get("/tong-quan/", {"ngay": "30/11/2023"})) != before


def test_pages_are_light(plan, standards, as_user):
    """HTML alone: style and script are shared by every page."""
    import gzip

    for page in PAGES:
        assert len(gzip.compress(as_user("leader").get(page).content)) < 40_000, page


def test_every_name_leads_to_its_page():
    names = ["dashboard", "plan", "plan_appendix", "plan_tasks", "plan_figures"]
    assert [reverse(name) for name in names] == [PAGES[0], *PAGES[2:]]
    assert reverse("dashboard_area", args=["492"]) == PAGES[1]
