"""The catalogue and one indicator's page: who reads them, the three faces side by side, own value, forecast."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Agency
from areas.models import Area
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator, Plan, Target
from tests import make

DAY = "?ngay=30/09/2023"
LIST, HOUSING = "/ke-hoach/chi-tieu/", "/ke-hoach/chi-tieu/housing/"


@pytest.fixture
def city(db):
    for command in ("load_areas", "load_agencies", "load_standards", "load_plan"):
        call_command(command, verbosity=0)
    return Area.objects.get(level="city")


@pytest.fixture
def enter(city, client):
    def sign_in(role, **more):
        client.force_login(make.a_user(role, **more))
        return lambda path: client.get(path)

    return sign_in


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("city_leader", 200),
        ("department_staff", 200),
        ("api_client", 200),
        ("administrator", 403),
        ("", 403),
    ],
)
def test_who_sees_figures_sees_the_catalogue(enter, role, status):
    more = {"agency": Agency.objects.get(code="so-y-te")} if role == "department_staff" else {}
    get = enter(role, **more)
    for path in (LIST, HOUSING, "/ke-hoach/so-lieu/chenh-lech/"):
        assert get(path).status_code == status


def test_the_catalogue_tells_every_indicator_with_owner_source_and_clause(enter):
    page = text_of(enter("city_leader")(LIST + DAY))
    for code, measure in INDICATORS.items():
        assert reverse("indicator", args=[code]) in page
        assert measure.definition in page
    assert "Hồ sơ rà soát" in page
    assert page.count("<section") >= 3
    typed = text_of(enter("city_leader", username="b")(LIST + "?nguon=typed&co_quan=so-y-te"))
    assert reverse("indicator", args=["child_nutrition"]) in typed
    assert reverse("indicator", args=["housing"]) not in typed
    assert "Không có chỉ tiêu nào" in text_of(enter("city_leader", username="c")(LIST + "?nguon=x"))


def test_an_unknown_indicator_or_district_is_not_found(enter):
    get = enter("city_leader")
    assert get("/ke-hoach/chi-tieu/khong-co/").status_code == 404
    assert get(HOUSING + "?dia_ban=x").status_code == 404


def test_published_computed_and_typed_stand_side_by_side_with_the_own_value(enter, city):
    ward = Area.objects.get(code="20236")
    for month in (1, 2, 3, 4):
        make.a_support(make.a_household(ward), "house_new", date(2023, month, 10))
    row, district = Indicator.objects.get(code="housing"), ward.parent
    Target.objects.filter(indicator=row, area=district).update(own_value=35, own_basis="KH 12/KH-UBND")
    Figure.objects.create(
        indicator=row, area=district, day=date(2023, 9, 1), count=6, computed=4, evidence="x", reason="Chưa ghi sổ."
    )
    page = text_of(enter("city_leader")(f"{HOUSING}{DAY}&dia_ban={district.code}"))
    for told in (
        "35 (KH 12/KH-UBND)",
        "khác số tính được",
        "UBND các quận, huyện",
        "Dự báo 31/12: 5 nhà",
        "Cộng các địa bàn",
    ):
        assert told in page, told
    assert "tự đặt 35" in text_of(enter("city_leader", username="b")("/ke-hoach/phu-luc/" + DAY))


def test_a_newer_catalogue_reaches_an_installation_that_keeps_its_plan(city):
    Indicator.objects.filter(code="gifts").delete()
    Indicator.objects.filter(code="housing").update(tolerance=12, owner=None, unit="turn")
    plan = Plan.objects.get()
    Plan.objects.filter(pk=plan.pk).update(title="Đã sửa trong cổng")
    call_command("load_plan", keep=True, verbosity=0)
    assert Indicator.objects.get(code="gifts").owner.code == "mat-tran-doan-the"
    housing = Indicator.objects.get(code="housing")
    assert (housing.tolerance, housing.owner, housing.unit) == (12, None, "house")  # data is kept, code is copied
    assert Plan.objects.get().title == "Đã sửa trong cổng"
