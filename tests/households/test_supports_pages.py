"""The page that writes a support down."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import Policy, Support
from tests import make
from tests.households.test_reviews import TODAY


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Only doors ask for the day, so one patch is enough: 20/12/2023."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


@pytest.fixture
def insurance(db):
    return Policy.objects.create(
        code="insurance", name="Bảo hiểm y tế", kind="insurance", legal_basis="thử", valid_from=date(2022, 1, 1)
    )


def test_an_officer_writes_a_support(as_user, home, insurance):
    typed = {
        "policy": insurance.pk,
        "given_on": "01/04/2023",
        "ends_on": "31/12/2023",
        "persons": "3",
        "amount": "50.000.000",
    }
    response = as_user("hoa").post(reverse("support_new", args=[home.code]), typed)
    assert response["Location"] == reverse("household_detail", args=[home.code])
    support = Support.objects.get()
    assert (support.amount, support.persons, support.ends_on) == (50_000_000, 3, date(2023, 12, 31))


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"policy": ""}, "policy", "Chọn chính sách"),
        ({"given_on": "21/12/2023"}, "given_on", "không được sau hôm nay"),
        ({"given_on": "31/04/2023"}, "given_on", "Không có ngày này"),
        ({"ends_on": "01/03/2023"}, "ends_on", "từ ngày hưởng trở đi"),
        ({"persons": "4"}, "persons", "từ 1 đến 3"),
        ({"persons": "hai"}, "persons", "bằng chữ số"),
        ({"amount": "năm chục"}, "amount", "bằng chữ số"),
    ],
)
def test_a_bad_support_is_told_at_the_field(as_user, home, insurance, change, field, says):
    typed = {"policy": insurance.pk, "given_on": "01/04/2023", "persons": "1"} | change
    response = as_user("hoa").post(reverse("support_new", args=[home.code]), typed)
    assert says in response.context["form"].errors[field][0]
    assert not Support.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("binh", 404), ("lan", 403), ("cuc", 403)])
def test_supports_are_for_the_wards_officer(as_user, home, insurance, who, status):
    client = as_user(who)
    assert client.get(reverse("support_new", args=[home.code])).status_code == status
    assert client.post(reverse("support_new", args=[home.code]), {}).status_code == status
