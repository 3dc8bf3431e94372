"""The admin of ward staff: own ward only, masked numbers, the pages' services, and confirming a standard."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event, PersonalDataView
from households.members import Person
from households.models import Household, Result, Standard
from households.services.register import register_household
from tests import make

BASE = "/quan-tri/households/"
NUMBER = "048071004127"


@pytest.fixture
def household(cast):
    people = [
        Person("Đặng Văn Hoà", "head", "male", 1971, 5, 20, citizen_id=NUMBER),
        Person("Lê Thị Thu", "spouse", "female", 1974, citizen_id=""),
    ]
    return register_household(
        ward=cast["hoa"].area,
        group="Tổ 14",
        address="12 Lê Duẩn",
        phone="",
        members=people,
        day=date(2023, 5, 4),
        by=cast["hoa"],
    )


@pytest.fixture
def rows(cast, household, standards):
    """One row of everything about the household, by the name of its admin page."""
    review = make.a_review(household, cast["hoa"])
    return {
        "household": household,
        "member": household.members.get(relation="head"),
        "review": review,
        "statusspell": make.a_spell(household, standards[0]),
        "support": make.a_support(household),
    }


PEOPLE = ["household", "member", "review", "statusspell", "support"]


@pytest.mark.parametrize("page", PEOPLE)
@pytest.mark.parametrize("who", ["hoa", "lan", "cuc"])
def test_own_ward_is_seen_and_the_look_written_down(as_user, rows, page, who):
    client = as_user(who)
    assert rows["household"].code in client.get(f"{BASE}{page}/").text
    answer = client.get(f"{BASE}{page}/{rows[page].pk}/change/")
    assert answer.status_code == 200
    assert NUMBER not in answer.text
    assert rows["member"].citizen_id_hash not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert PersonalDataView.objects.filter(household_code=rows["household"].code, by__username=who).count() == 1


@pytest.mark.parametrize("page", PEOPLE)
def test_another_wards_rows_are_not_found(as_user, rows, page):
    client = as_user("binh")
    assert rows["household"].code not in client.get(f"{BASE}{page}/").text
    assert client.get(f"{BASE}{page}/{rows[page].pk}/change/").status_code == 404
    assert client.get(f"{BASE}{page}/{rows[page].pk}/history/").status_code == 404
    assert not PersonalDataView.objects.exists()


@pytest.mark.parametrize("page", PEOPLE)
@pytest.mark.parametrize("who", ["admin", "district", "leader", "staff", "nobody"])
def test_who_has_no_right_to_households_in_the_admin(as_user, rows, page, who):
    assert as_user(who).get(f"{BASE}{page}/{rows[page].pk}/change/").status_code in (302, 403)


@pytest.mark.parametrize("page", PEOPLE)
def test_nothing_is_deleted_and_only_households_are_written(as_user, rows, page):
    client = as_user("hoa")
    assert client.get(f"{BASE}{page}/{rows[page].pk}/delete/").status_code == 403
    if page != "household":
        assert client.post(f"{BASE}{page}/{rows[page].pk}/change/", {}).status_code == 403
        assert client.get(f"{BASE}{page}/add/").status_code == 403


def change(client, household, **more):
    data = {"group": "Tổ 15", "address": "15 Lê Duẩn", "phone": "+84 905 123 456", "seen": 1} | more
    data |= {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}
    return client.post(f"{BASE}household/{household.pk}/change/", data, follow=True)


def test_a_change_goes_through_the_service(as_user, household):
    answer = change(as_user("hoa"), household)
    assert answer.status_code == 200
    household.refresh_from_db()
    assert (household.group, household.phone, household.version) == ("Tổ 15", "0905123456", 2)
    assert " 15 le duan" in household.search
    assert household.members.filter(left_on__isnull=True).count() == 2
    events = Event.objects.filter(subject_type="households.household").values_list("action", flat=True)
    assert list(events) == ["household.edited", "household.registered"]


def test_an_admin_form_that_is_no_longer_new_overwrites_nothing(as_user, household):
    client = as_user("hoa")
    change(client, household)
    answer = change(client, household, address="99 Lê Duẩn")
    assert "người khác vừa sửa" in answer.text
    household.refresh_from_db()
    assert household.address == "15 Lê Duẩn"


def test_a_bad_phone_is_said_at_its_field(as_user, household):
    answer = change(as_user("hoa"), household, phone="123")
    assert answer.context["adminform"].form.errors["phone"]
    household.refresh_from_db()
    assert household.version == 1


@pytest.mark.parametrize("who", ["lan", "cuc"])
def test_who_may_only_look_changes_nothing(as_user, household, who):
    client = as_user(who)
    assert 'name="address"' not in client.get(f"{BASE}household/{household.pk}/change/").text
    assert change(client, household).status_code == 403
    household.refresh_from_db()
    assert household.version == 1


def test_a_new_household_is_entered_on_its_page(as_user):
    assert as_user("hoa").get(f"{BASE}household/add/").url == "/ho/moi/"
    assert as_user("lan").get(f"{BASE}household/add/").status_code == 403


@pytest.mark.parametrize("page", PEOPLE)
def test_the_search_reads_marks_as_the_page_does(as_user, rows, page):
    client = as_user("hoa")
    for typed in ("dang hoa", "ĐẶNG HÒA", "4127"):
        assert rows["household"].code in client.get(f"{BASE}{page}/", {"q": typed}).text
    assert rows["household"].code not in client.get(f"{BASE}{page}/", {"q": "khong co"}).text


@pytest.mark.parametrize("page", PEOPLE)
def test_a_list_asks_as_often_for_thirty_as_for_one(as_user, areas, cast, rows, page):
    client = as_user("hoa")

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{BASE}{page}/").status_code == 200
        return len(seen)

    asked()
    one = asked()
    for place in range(29):
        household = make.a_household(areas["ward"], code=f"20236-1{place:04}", members=1)
        make.a_review(household, cast["hoa"])
        make.a_support(household)
        make.a_spell(household, Standard.objects.first())
    assert asked() == one


def fields_of(standard, **more):
    names = ["name", "line_rural", "line_urban", "deprivations_for_poor", "legal_basis"]
    days = {"valid_from": "01/01/2022", "valid_to": "31/12/2025"}
    return {name: getattr(standard, name) for name in names} | days | {"document": ""} | more


def test_the_programme_office_confirms_a_standard_by_its_document(as_user, standards, cast):
    _, city = standards
    client, url = as_user("cuc"), f"{BASE}standard/{city.pk}/change/"
    assert client.post(url, fields_of(city, line_urban=2_600_000)).status_code == 302
    city.refresh_from_db()
    assert (city.line_urban, city.confirmed) == (2_600_000, False)
    assert client.post(url, fields_of(city, document="  45/2021/QĐ-UBND ")).status_code == 302
    city.refresh_from_db()
    assert (city.confirmed, city.confirmed_document, city.confirmed_by) == (True, "45/2021/QĐ-UBND", cast["cuc"])
    assert city.confirmed_at is not None
    actions = Event.objects.filter(subject_type="households.standard").values_list("action", flat=True)
    assert list(actions) == ["standard.confirmed", "row.changed"]
    assert client.post(url, fields_of(city, line_urban=1)).status_code == 403, "final once confirmed"


@pytest.mark.parametrize("name", ["line_rural", "line_urban", "deprivations_for_poor"])
def test_amounts_that_results_were_computed_from_stay(as_user, standards, cast, household, name):
    _, city = standards
    client, url = as_user("cuc"), f"{BASE}standard/{city.pk}/change/"
    before = getattr(city, name)
    assert client.post(url, fields_of(city, **{name: before + 1})).status_code == 302, "nobody was reviewed yet"
    city.refresh_from_db()
    review = make.a_review(household, cast["hoa"])
    Result.objects.create(review=review, standard=city, category="poor", receipt={}, rule_version="1")
    answer = client.post(url, fields_of(city, **{name: before + 2}))
    assert "không sửa được" in answer.context["adminform"].form.errors[name][0]
    city.refresh_from_db()
    assert getattr(city, name) == before + 1
    assert client.post(url, fields_of(city, name="Tên mới", document="45/2021/QĐ-UBND")).status_code == 302
    city.refresh_from_db()
    assert (city.name, city.confirmed) == ("Tên mới", True)


def test_what_the_service_refuses_to_confirm_is_said_in_the_form(as_user, standards, monkeypatch):
    _, city = standards
    client, url = as_user("cuc"), f"{BASE}standard/{city.pk}/change/"
    answer = client.post(url, fields_of(city, document="\u200b\u200b"))
    assert answer.context["adminform"].form.errors["document"] == ["Ghi số văn bản quy định mức chuẩn."]

    def refuse(**given):
        raise ValidationError({"confirmed_document": "Văn bản này chưa được công nhận."})

    monkeypatch.setattr("households.admin_master.confirm_standard", refuse)
    answer = client.post(url, fields_of(city, name="Tên mới", document="1/QĐ"))
    assert answer.context["adminform"].form.errors["document"] == ["Văn bản này chưa được công nhận."]
    city.refresh_from_db()
    assert (city.name, city.confirmed) == ("Chuẩn thành phố 2022-2025", False), "nothing of it was saved"


def test_a_standard_that_another_confirmed_meanwhile_is_not_a_fault(as_user, standards, monkeypatch, cast):
    _, city = standards

    def late(*, standard, **given):
        Standard.objects.filter(pk=standard.pk).update(confirmed=True, confirmed_document="44/QĐ")
        raise ValidationError({"confirmed_document": "Chuẩn này đã được xác nhận theo 44/QĐ."})

    monkeypatch.setattr("households.admin_master.confirm_standard", late)
    # What the other has written stands, though all of this request is rolled back.
    monkeypatch.setattr("django.contrib.admin.options.transaction.atomic", lambda **options: nullcontext())
    answer = as_user("cuc").post(f"{BASE}standard/{city.pk}/change/", fields_of(city, document="1/QĐ"), follow=True)
    assert answer.status_code == 200
    assert "Chưa lưu: Chuẩn này đã được xác nhận theo 44/QĐ." in answer.text


@pytest.mark.parametrize("who", ["hoa", "lan"])
def test_ward_staff_read_standards_only(as_user, standards, who):
    _, city = standards
    client, url = as_user(who), f"{BASE}standard/{city.pk}/change/"
    assert client.get(url).status_code == 200
    assert client.post(url, fields_of(city, document="1/QĐ")).status_code == 403
    city.refresh_from_db()
    assert not city.confirmed


def test_dates_in_the_wrong_order_are_said_at_a_field(as_user, standards):
    _, city = standards
    answer = as_user("cuc").post(
        f"{BASE}standard/{city.pk}/change/", fields_of(city, valid_to="31/12/2021", document="1/QĐ")
    )
    assert answer.status_code == 200
    assert answer.context["errors"]
    city.refresh_from_db()
    assert not city.confirmed


def test_wards_to_filter_by_are_ones_own(as_user, household):
    answer = as_user("cuc").get(f"{BASE}household/", {"ward": household.ward_id})
    assert household.code in answer.text
    assert "Phường Hai" in answer.text
    assert "Phường Hai" not in as_user("hoa").get(f"{BASE}household/").text
    assert Household.objects.count() == 1
