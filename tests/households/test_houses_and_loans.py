"""Houses by their stages and sources, balances of loans, and supports of one member of a household."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Event
from households import support_queries
from households.models import HouseWork, Policy, Support
from households.sealed import unseal
from households.services import houses, supports
from households.support_stages import SOURCES, STAGES
from tests import make

TODAY = date(2023, 6, 1)
DAYS = dict(zip(STAGES, [date(2023, 2, 1), date(2023, 3, 1), date(2023, 4, 1), date(2023, 5, 1)], strict=True))
MONEY = {"from_city": 40_000_000, "from_fund": 10_000_000}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


@pytest.fixture
def policy(db):
    return a_policy("house_new")


def a_policy(kind, **more):
    values = {"name": kind, "kind": kind, "legal_basis": "thử", "valid_from": date(2022, 1, 1)} | more
    return Policy.objects.create(code=kind, **values)


def until(stage):
    names = list(STAGES)
    return {name: day for name, day in DAYS.items() if names.index(name) <= names.index(stage)}


def approve(home, policy, by, days=None, **more):
    values = {"days": days or until("approved_on"), "money": MONEY} | more
    return houses.approve_house(household=home, policy=policy, by=by, today=TODAY, **values)


def change(work, by, days, money=MONEY, version=None):
    version = version or work.version
    return houses.change_house(work=work, days=days, money=money, version=version, by=by, today=TODAY)


def test_a_house_counts_from_its_hand_over(home, policy, cast):
    work = approve(home, policy, cast["staff"])
    assert (work.agency, work.ward, work.money, work.stage) == (
        cast["staff"].agency,
        home.ward,
        50_000_000,
        "Được duyệt",
    )
    for stage in ("started_on", "finished_on"):
        work = change(work, cast["staff"], until(stage))
        assert not Support.objects.exists()
    work = change(work, cast["staff"], DAYS)
    support = Support.objects.get()
    assert (support.given_on, support.amount, support.persons) == (date(2023, 5, 1), 50_000_000, 3)
    assert (support.agency, support.ward) == (cast["staff"].agency, home.ward)
    work = change(work, cast["staff"], DAYS | {"handed_over_on": date(2023, 5, 2)}, {"from_bank": 1})
    support.refresh_from_db()
    assert (support.given_on, support.amount) == (date(2023, 5, 2), 1)
    line = Event.objects.filter(action="house.changed").latest("pk")
    assert unseal(line.before)["handed_over_on"] == "2023-05-01"
    with pytest.raises(ValidationError, match="theo nhà"):
        supports.cancel_support(support=support, reason="x", version=support.version, by=cast["staff"])
    change(work, cast["staff"], until("finished_on"))
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    ("days", "money", "field"),
    [
        ({}, {}, "approved_on"),
        ({"approved_on": date(2023, 6, 2)}, {}, "approved_on"),
        ({"approved_on": date(2021, 12, 31)}, {}, "approved_on"),  # before the policy
        (until("approved_on") | {"finished_on": date(2023, 4, 1)}, {}, "finished_on"),
        (DAYS | {"handed_over_on": date(2023, 3, 31)}, {}, "handed_over_on"),
        (until("approved_on"), {"from_bank": -1}, "from_bank"),
        (until("approved_on"), {"from_bank": supports.AMOUNT_MOST + 1}, "from_bank"),
    ],
)
def test_an_impossible_house_is_refused_at_its_field(home, policy, cast, days, money, field):
    with pytest.raises(ValidationError) as raised:
        houses.approve_house(household=home, policy=policy, days=days, money=money, by=cast["staff"], today=TODAY)
    assert list(raised.value.message_dict) == [field]
    assert not HouseWork.objects.exists()


def test_one_house_under_way_and_a_reason_outside_the_policy(home, policy, cast):
    Policy.objects.update(for_poor=True)
    policy.refresh_from_db()
    with pytest.raises(ValidationError, match="Không thuộc diện"):
        approve(home, policy, cast["hoa"])
    approve(home, policy, cast["hoa"], outside_reason="Sập nhà")
    with pytest.raises(ValidationError, match="chưa bàn giao"):
        approve(home, policy, cast["staff"], outside_reason="Sập nhà")
    with pytest.raises(ValidationError, match="về nhà ở"):
        approve(home, a_policy("job"), cast["hoa"])


@pytest.mark.parametrize("who", ["lan", "binh", "district", "cuc", "leader", "admin", "client", "nobody"])
def test_who_writes_houses(home, policy, cast, who):
    with pytest.raises(PermissionDenied):
        approve(home, policy, cast[who])
    work = approve(home, policy, cast["hoa"])
    for other in (who, "staff"):
        with pytest.raises(PermissionDenied):
            change(work, cast[other], DAYS)
        with pytest.raises(PermissionDenied):
            houses.cancel_house(work=work, reason="x", version=1, by=cast[other])


@given(
    gaps=st.lists(st.integers(0, 400), min_size=1, max_size=4),
    money=st.dictionaries(st.sampled_from(list(SOURCES)), st.integers(0, 10**9)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_the_house_and_its_support_agree(home, policy, cast, gaps, money):
    day, days = date(2022, 1, 1), {}
    for name, gap in zip(STAGES, gaps, strict=False):
        day = date.fromordinal(day.toordinal() + gap)
        days[name] = day
    with transaction.atomic():
        try:
            work = approve(home, policy, cast["hoa"], days, money=money)
        except ValidationError:
            assert max(days.values()) > TODAY
        else:
            assert work.money == sum(money.values())
            assert bool(work.support) == ("handed_over_on" in days)
            if work.support:
                assert (work.support.given_on, work.support.amount) == (days["handed_over_on"], work.money or None)
        transaction.set_rollback(True)


def test_an_old_page_and_a_cancelled_house(home, policy, cast):
    work = approve(home, policy, cast["hoa"], DAYS)
    with pytest.raises(ValidationError, match="người khác sửa"):
        change(work, cast["hoa"], until("finished_on"), version=7)
    houses.cancel_house(work=work, reason="Nhầm hộ", version=1, by=cast["hoa"])
    assert not Support.objects.exists()
    event = Event.objects.get(action="house.cancelled")
    assert unseal(event.after)["reason"] == "Nhầm hộ"
    assert unseal(event.before)["house"]["from_city"] == 40_000_000


def balance(loan, by, day=TODAY, outstanding=30, overdue=0):
    return houses.write_balance(support=loan, day=day, outstanding=outstanding, overdue=overdue, by=by, today=TODAY)


def test_balances_are_kept_by_day_and_the_newest_counts(home, cast):
    loan = make.a_support(home, "loan", date(2023, 4, 1), amount=50, agency=cast["staff"].agency)
    balance(loan, cast["staff"], date(2023, 5, 1), 40)
    balance(loan, cast["staff"], TODAY, 35, 5)
    balance(loan, cast["staff"], TODAY, 30, 2)
    assert [(b.day, b.outstanding, b.overdue) for b in loan.balances.all()] == [
        (TODAY, 30, 2),
        (date(2023, 5, 1), 40, 0),
    ]
    assert unseal(Event.objects.filter(action="loan.balance").latest("pk").before)["outstanding"] == 35
    sums = support_queries.loan_sums(support_queries.supports_of(cast["staff"]), TODAY)
    assert (sums["lent"], sums["outstanding"], sums["overdue"], sums["late_loans"]) == (50, 30, 2, 1)
    before = support_queries.loan_sums(support_queries.supports_of(cast["hoa"]), date(2023, 5, 31))
    assert (before["outstanding"], before["overdue"]) == (40, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": date(2023, 6, 2)}, "day"),
        ({"day": date(2023, 3, 31)}, "day"),
        ({"outstanding": 51}, "outstanding"),
        ({"outstanding": 3, "overdue": 4}, "overdue"),
    ],
)
def test_an_impossible_balance_is_refused(home, cast, values, field):
    loan = make.a_support(home, "loan", date(2023, 4, 1), amount=50, agency=cast["staff"].agency)
    with pytest.raises(ValidationError) as raised:
        balance(loan, cast["staff"], **values)
    assert list(raised.value.message_dict) == [field]
    with pytest.raises(PermissionDenied):
        balance(loan, cast["hoa"])


def cards(home, cast, policy, members, **more):
    values = {"given_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)} | more
    return supports.support_members(
        write=supports.record_support,
        household=home,
        policy=policy,
        members=members,
        by=cast["hoa"],
        today=TODAY,
        **values,
    )


def test_members_receive_a_row_each_and_nobody_twice(home, cast):
    policy = a_policy("insurance", unit="person", age_to=40)
    head, child, other = home.members.order_by("pk")
    with pytest.raises(ValidationError, match="chọn người hưởng"):
        supports.record_support(
            household=home, policy=policy, given_on=date(2023, 1, 1), persons=3, by=cast["hoa"], today=TODAY
        )
    with pytest.raises(ValidationError, match="48 tuổi"):
        cards(home, cast, policy, [child, head])
    assert not Support.objects.exists()
    assert len(cards(home, cast, policy, [child, other])) == 2
    with pytest.raises(ValidationError, match="đã có thẻ"):
        cards(home, cast, policy, [child], given_on=date(2023, 2, 1))
    stranger = make.a_household(home.ward).members.first()
    with pytest.raises(ValidationError, match="không ở trong hộ"):
        cards(home, cast, policy, [stranger], outside_reason="x")
    sums = support_queries.sums_by_kind(support_queries.supports_of(cast["hoa"]))[0]
    assert (sums["households"], sums["turns"], sums["heads"], sums["people"]) == (1, 2, 2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.update(persons=2)


def test_an_agency_sees_members_only_where_the_policy_is_of_persons(as_user, home, cast):
    of_persons, of_household = a_policy("training", unit="person"), a_policy("gift")
    browser, page = as_user("staff"), reverse("support_give")
    who = {"code": home.code, "head": "Trần Văn Mẫu"}
    assert "Con 1" not in browser.post(page, who | {"do": "policy", "policy": of_household.pk}).content.decode()
    told = browser.post(page, who | {"do": "policy", "policy": of_persons.pk}).content.decode()
    assert "Trần Thị Con 1, sinh năm 2000" in told
    typed = who | {"do": "give", "policy": of_persons.pk, "given_on": "01/04/2023"}
    assert "Chọn người hưởng" in browser.post(page, typed).content.decode()
    members = [member.pk for member in home.members.order_by("pk")[1:]]
    assert browser.post(page, typed | {"members": members}).status_code == 302
    assert Support.objects.filter(agency=cast["staff"].agency, persons=1).count() == 2
    rows = browser.get(reverse("support_list"), {"first": "01/01/2023", "last": "31/12/2023"}).content.decode()
    assert "T. T. C. 1" in rows
    assert "Trần Thị Con 1" not in rows


def test_a_house_in_the_browser(as_user, home, policy, cast):
    browser = as_user("hoa")
    typed = {"code": home.code, "head": "tran van mau", "do": "approve", "house-policy": policy.pk}
    typed |= {"house-approved_on": "01/02/2023", "house-from_city": "50.000.000"}
    assert (
        "Ghi ngày của bước trước"
        in browser.post(reverse("house_new"), typed | {"house-finished_on": "01/03/2023"}).content.decode()
    )
    answer = browser.post(reverse("house_new"), typed)
    work = HouseWork.objects.get()
    assert answer["Location"] == reverse("house_detail", args=[work.pk])
    assert "50.000.000 đồng" in browser.get(answer["Location"]).content.decode()
    stage = {"do": "change", "house-version": 1, "house-approved_on": "01/02/2023", "house-started_on": "02/02/2023"}
    assert browser.post(answer["Location"], stage).status_code == 302
    listed = browser.get(reverse("house_list"), {"stage": "started_on"}).content.decode()
    assert "Trần Văn Mẫu" in listed
    assert "Trần Văn Mẫu" not in browser.get(reverse("house_list")).content.decode()
    assert as_user("binh").get(answer["Location"]).status_code == 404
    assert as_user("binh").post(reverse("house_new"), typed).status_code == 200
    assert as_user("staff").get(answer["Location"]).status_code == 404
    assert as_user("cuc").post(answer["Location"], stage).status_code == 403
    assert as_user("cuc").get(reverse("house_new")).status_code == 403


def test_a_bank_writes_a_balance(as_user, home, cast):
    loan = make.a_support(home, "loan", date(2023, 4, 1), amount=50_000_000, agency=cast["staff"].agency)
    browser, page = as_user("staff"), reverse("loan_detail", args=[loan.pk])
    wrong = browser.post(page, {"day": "01/06/2023", "outstanding": "60.000.000"}).content.decode()
    assert "50.000.000 đồng" in wrong
    assert browser.post(page, {"day": "01/06/2023", "outstanding": "45.000.000"}).status_code == 302
    told = browser.get(page).content.decode()
    assert "45.000.000 đồng" in told
    assert "T. V. Mẫu" in told
    assert as_user("hoa").post(page, {"day": "01/06/2023", "outstanding": "1"}).status_code == 403
    assert as_user("binh").get(page).status_code == 404


def test_the_households_page_shows_them_and_leads_to_them(as_user, home, policy, cast):
    work = approve(home, policy, cast["hoa"], DAYS)
    make.a_support(home, "house_repair", date(2023, 4, 1))
    loan = make.a_support(home, "loan", date(2023, 4, 1), amount=50)
    browser, page = as_user("hoa"), reverse("household_detail", args=[home.code])
    told = browser.get(page).content.decode()
    assert reverse("house_detail", args=[work.pk]) in told
    assert "Chưa ghi dư nợ" in told
    balance(loan, cast["hoa"], TODAY, 30)
    assert "Dư nợ 30 đồng ngày 01/06/2023" in browser.get(page).content.decode()
    edit = browser.get(reverse("support_edit", args=[work.support_id]))
    assert edit["Location"] == reverse("house_detail", args=[work.pk])
