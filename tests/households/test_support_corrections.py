"""Supports corrected and cancelled, and the page of policies."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from households.eligibility import Rule, told
from households.models import Policy, Support
from households.sealed import unseal
from households.services import supports
from tests import make

TODAY = date(2023, 6, 1)
DAY = date(2023, 4, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


@pytest.fixture
def wards(home):
    return make.a_support(home, "insurance", DAY, persons=2, amount=1_000_000)


@pytest.fixture
def agencys(home, cast):
    return make.a_support(home, "loan", DAY, agency=cast["staff"].agency)


def correct(support, by, **more):
    values = {"given_on": DAY, "persons": 3, "amount": 1_000_000, "reason": "Đếm lại", "version": 1} | more
    return supports.correct_support(support=support, by=by, today=TODAY, **values)


def test_a_correction_tells_what_changed_and_why(wards, cast):
    kept = correct(wards, cast["hoa"])
    assert (kept.persons, kept.version) == (3, 2)
    event = Event.objects.get(action="support.corrected")
    assert unseal(event.before) == {"persons": 2}
    assert unseal(event.after) == {"persons": 3, "reason": "Đếm lại"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"persons": 4}, "persons"),
        ({"given_on": date(2023, 6, 2)}, "given_on"),
        ({"reason": " "}, "reason"),
        ({"version": 2}, "__all__"),
        ({"persons": 2}, "__all__"),  # as it was
    ],
)
def test_a_bad_correction_is_refused(wards, cast, change, field):
    with pytest.raises(ValidationError) as raised:
        correct(wards, cast["hoa"], **change)
    told = raised.value.message_dict if hasattr(raised.value, "error_dict") else {"__all__": raised.value.messages}
    assert list(told) == [field]
    wards.refresh_from_db()
    assert (wards.persons, wards.version) == (2, 1)


def test_a_correction_outside_the_policy_needs_its_reason(wards, cast):
    Policy.objects.update(for_poor=True)
    with pytest.raises(ValidationError, match="Không thuộc diện"):
        correct(wards, cast["hoa"])
    assert correct(wards, cast["hoa"], outside_reason="Cháy nhà").outside_reason == "Cháy nhà"
    after = unseal(Event.objects.get(action="support.corrected").after)
    assert after == {"persons": 3, "outside_reason": "Cháy nhà", "reason": "Đếm lại"}


def test_cancelled_is_gone_and_stands_in_the_history(wards, home, cast, as_user):
    supports.cancel_support(support=wards, reason="Ghi nhầm hộ", version=1, by=cast["hoa"])
    assert not Support.objects.exists()
    event = Event.objects.get(action="support.cancelled")
    assert event.label == home.code
    assert unseal(event.before)["support"]["amount"] == 1_000_000
    page = as_user("hoa").get(reverse("household_detail", args=[home.code])).content.decode()
    assert "Ghi nhầm hộ" in page
    with pytest.raises(PermissionDenied):
        supports.cancel_support(support=wards, reason="Lần nữa", version=1, by=cast["hoa"])


@pytest.mark.parametrize("who", ["lan", "binh", "district", "cuc", "staff", "leader", "admin", "client", "nobody"])
def test_a_wards_row_is_corrected_by_its_officer_only(wards, cast, who):
    with pytest.raises(PermissionDenied):
        correct(wards, cast[who])
    with pytest.raises(PermissionDenied):
        supports.cancel_support(support=wards, reason="Nhầm", version=1, by=cast[who])


def test_an_agencys_row_is_corrected_by_the_agency_only(agencys, cast):
    with pytest.raises(PermissionDenied):
        correct(agencys, cast["hoa"])
    other = make.a_user("department_staff", agency=make.an_agency("khac"))
    with pytest.raises(PermissionDenied):
        correct(agencys, other)
    assert correct(agencys, cast["staff"]).persons == 3


def test_the_page_corrects_and_cancels(wards, as_user):
    browser, page = as_user("hoa"), reverse("support_edit", args=[wards.pk])
    year = {"first": "01/01/2023", "last": "31/12/2023"}
    assert page in browser.get(reverse("support_list"), year).content.decode()
    assert page not in as_user("lan").get(reverse("support_list"), year).content.decode()
    browser = as_user("hoa")
    assert 'value="1.000.000"' in browser.get(page).content.decode()
    typed = {"do": "correct", "correct-given_on": "01/04/2023", "correct-persons": "3", "correct-version": "1"}
    told = browser.post(page, typed).content.decode()
    assert "Ghi lý do" in told
    assert 'value="3"' in told
    assert browser.post(page, typed | {"correct-reason": "Đếm lại"})["Location"] == reverse("support_list")
    old = browser.post(page, {"do": "cancel", "cancel-version": "1", "cancel-reason": "Nhầm"}).content.decode()
    assert "người khác sửa" in old
    assert browser.post(page, {"do": "burn"}).status_code == 400
    assert browser.post(page, {"do": "cancel", "cancel-version": "2", "cancel-reason": "Nhầm"}).status_code == 302
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("binh", 404), ("lan", 403), ("staff", 404), ("cuc", 403), ("leader", 403)]
)
def test_the_page_is_for_who_may_correct(wards, as_user, who, status):
    assert as_user(who).get(reverse("support_edit", args=[wards.pk])).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("hoa", 200), ("staff", 200), ("cuc", 200), ("leader", 403), ("client", 403)]
)
def test_the_policies_page(wards, as_user, who, status):
    Policy.objects.update(for_poor=True, for_issuer="city", fund="Ngân sách thành phố")
    answer = as_user(who).get(reverse("policy_list"))
    assert answer.status_code == status
    if status == 200:
        page = answer.content.decode()
        assert "Hộ nghèo, chuẩn thành phố" in page
        assert "Ngân sách thành phố" in page


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "Mọi hộ"),
        (Rule(categories=frozenset({"poor", "near_poor"})), "Hộ nghèo hoặc hộ cận nghèo"),
        (
            Rule(categories=frozenset({"poor"}), issuers=frozenset({"city"}), flags=frozenset({"has_merit"})),
            "Hộ nghèo, chuẩn thành phố, có người có công",
        ),
        (Rule(escaped_months=36), "Cả hộ mới thoát nghèo chưa quá 36 tháng"),
        (Rule(age_from=16, age_to=60, sex="female"), "Từ 16 tuổi, đến 60 tuổi, nữ"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert told(rule) == words
