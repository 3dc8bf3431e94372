"""The ledger of supports: who reads which rows, the sums, and an agency's own entry."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, PersonalDataView
from households import support_queries
from households.models import Policy, Support
from households.sealed import unseal
from households.services import supports
from tests import make

TODAY = date(2023, 6, 1)
DAY = date(2023, 4, 1)
YEAR = {"first": "01/01/2023", "last": "31/12/2023"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu", members=3)


@pytest.fixture
def poor(home, standards):
    make.a_spell(home, standards[1])
    return home


def a_policy(code="loan", **more):
    values = {"name": "Vay vốn", "kind": "loan", "legal_basis": "thử", "valid_from": date(2022, 1, 1)} | more
    return Policy.objects.create(code=code, **values)


def give(home, policy, by, **more):
    values = {"given_on": DAY, "persons": 1} | more
    return supports.give_support(household=home, policy=policy, by=by, today=TODAY, **values)


def test_an_agency_gives_and_the_line_stays(home, cast):
    support = give(home, a_policy(), cast["staff"], amount=50_000_000)
    assert (support.agency, support.ward, support.entered_by) == (cast["staff"].agency, home.ward, cast["staff"])
    event = Event.objects.get(action="support.given")
    assert (event.area, unseal(event.after)["amount"]) == (home.ward, 50_000_000)
    with pytest.raises(ValidationError, match="đã có hỗ trợ này"):
        give(home, Policy.objects.get(), cast["staff"])


@pytest.mark.parametrize("who", ["hoa", "lan", "binh", "district", "cuc", "leader", "admin", "client", "nobody"])
def test_only_an_agencys_staff_gives(home, cast, who):
    with pytest.raises(PermissionDenied):
        give(home, a_policy(), cast[who])


def test_outside_the_policy_a_reason_is_needed_and_kept(home, cast):
    policy = a_policy(for_poor=True)
    with pytest.raises(ValidationError) as raised:
        give(home, policy, cast["staff"], outside_reason=" ")
    assert "Không thuộc diện" in raised.value.message_dict["outside_reason"][0]
    assert not Support.objects.exists()
    assert give(home, policy, cast["staff"], outside_reason="Cháy nhà").outside_reason == "Cháy nhà"
    assert unseal(Event.objects.get(action="support.given").after)["outside_reason"] == "Cháy nhà"


def test_inside_the_policy_no_reason_is_kept(poor, cast):
    policy = a_policy(for_poor=True, for_issuer="city", needs_labour=True)
    assert give(poor, policy, cast["staff"], outside_reason="Thừa").outside_reason == ""


def test_the_ward_needs_a_reason_too(home, cast):
    values = {"household": home, "policy": a_policy(for_poor=True), "given_on": DAY, "persons": 1}
    with pytest.raises(ValidationError, match="Không thuộc diện"):
        supports.record_support(by=cast["hoa"], today=TODAY, **values)


@pytest.mark.parametrize(
    ("columns", "day", "holds"),
    [
        ({}, DAY, True),
        ({"for_poor": True}, DAY, True),
        ({"for_poor": True}, date(2022, 12, 13), False),  # the day before the spell
        ({"for_near_poor": True}, DAY, False),
        ({"for_issuer": "central"}, DAY, False),
        ({"for_issuer": "city", "needs_merit": True}, DAY, False),
        ({"for_poor": True}, date(2023, 5, 1), False),  # the day the spell ends is outside it
        ({"for_poor": True, "escaped_months": 1}, date(2023, 5, 31), True),
        ({"for_poor": True, "escaped_months": 1}, date(2023, 6, 1), False),
        ({"for_near_poor": True, "escaped_months": 12}, date(2023, 5, 31), False),  # escaped from poor, not near-poor
    ],
)
def test_eligibility_by_the_statuses_of_the_day(home, standards, columns, day, holds):
    make.a_spell(home, standards[1], valid_to=date(2023, 5, 1))
    assert support_queries.verdict_on(a_policy(**columns), home, day).holds is holds


def test_sums_count_households_persons_and_turns_apart(home, areas, cast, django_assert_num_queries):
    other = make.a_household(areas["next_ward"])
    make.a_support(home, "job", DAY, persons=2, amount=1_000_000)
    make.a_support(home, "job", date(2023, 5, 1), amount=None)
    make.a_support(other, "job", DAY, persons=1, amount=500_000)
    make.a_support(home, "house_new", DAY, amount=50_000_000)
    told = [("house_new", 1, 1, 1, 50_000_000), ("job", 2, 3, 4, 1_500_000)]
    with django_assert_num_queries(1):
        sums = support_queries.sums_by_kind(support_queries.ledger(cast["district"]))
    assert [tuple(row[name] for name in SUMMED) for row in sums] == told
    assert support_queries.sums_by_kind(support_queries.ledger(cast["hoa"], kind="job"))[0]["households"] == 1
    assert not support_queries.sums_by_kind(support_queries.ledger(cast["hoa"], first=date(2023, 5, 2)))


SUMMED = ("policy__kind", "households", "turns", "heads", "money")


def test_rows_are_seen_by_area_or_by_agency(home, areas, cast):
    make.a_support(home, "job", DAY)
    make.a_support(make.a_household(areas["next_ward"]), "job", DAY, agency=cast["staff"].agency)
    other = make.a_user("department_staff", agency=make.an_agency("khac"))
    counts = {name: support_queries.supports_of(cast[name]).count() for name in cast}
    assert counts == {
        **dict.fromkeys(cast, 0),
        **{"hoa": 1, "lan": 1, "binh": 1, "district": 2, "cuc": 2, "staff": 1},
    }
    assert not support_queries.supports_of(other).exists()


@pytest.mark.parametrize(
    ("full", "masked"), [("Trần Văn Mẫu", "T. V. Mẫu"), ("Mẫu", "Mẫu"), ("", ""), (None, ""), ("Lê  Mai", "L. Mai")]
)
def test_masked_names(full, masked):
    assert support_queries.masked_name(full) == masked


def test_the_ledger_names_nobody_before_it_is_asked(as_user, home):
    make.a_support(home, "job", DAY, amount=1_000_000)
    browser, page = as_user("hoa"), reverse("support_list")
    told = browser.get(page).content.decode()
    assert "1.000.000" in told
    assert "Trần Văn Mẫu" not in told
    assert not PersonalDataView.objects.exists()
    asked = browser.get(page, YEAR).content.decode()
    assert "Trần Văn Mẫu" in asked
    assert reverse("household_detail", args=[home.code]) in asked
    assert PersonalDataView.objects.get().reason == "Sổ hỗ trợ từ 01/01/2023 đến 31/12/2023: 1 dòng"
    assert "Trần Văn Mẫu" not in browser.get(page, YEAR | {"kind": "loan"}).content.decode()
    assert "Trần Văn Mẫu" not in as_user("binh").get(page, YEAR).content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [({"first": "32/01/2023"}, "Không có ngày này"), ({"last": "01/01/2022"}, "từ ngày đầu"), ({"kind": "x"}, "loại")],
)
def test_a_bad_filter_is_told(as_user, home, change, says):
    answer = as_user("hoa").get(reverse("support_list"), YEAR | change)
    assert says in answer.content.decode()
    assert answer.context["page"] is None


def test_the_ledger_asks_no_query_a_row(as_user, areas, django_assert_max_num_queries):
    for _ in range(27):
        make.a_support(make.a_household(areas["ward"]), "job", DAY)
    browser = as_user("hoa")
    with django_assert_max_num_queries(14):
        page = browser.get(reverse("support_list"), YEAR).context["page"]
    assert (len(page), page.paginator.count) == (25, 27)


@pytest.mark.parametrize(
    ("who", "listed", "giving"),
    [("hoa", 200, 403), ("cuc", 200, 403), ("staff", 200, 200), ("leader", 403, 403), ("admin", 403, 403)],
)
def test_pages_by_role(as_user, who, listed, giving):
    assert as_user(who).get(reverse("support_list")).status_code == listed
    assert as_user(who).get(reverse("support_give")).status_code == giving


def test_staff_without_an_agency_gives_nothing(client, areas):
    client.force_login(make.a_user("department_staff"))
    assert client.get(reverse("support_give")).status_code == 403


def test_staff_finds_gives_and_reads_it_masked(as_user, poor):
    browser, page = as_user("staff"), reverse("support_give")
    policy = a_policy(for_poor=True)
    assert "Trần Văn Mẫu" not in browser.get(page).content.decode()
    for wrong in ({"code": "00000", "head": "Trần Văn Mẫu"}, {"code": poor.code, "head": "Trần Văn Khác"}):
        missing = browser.post(page, {"do": "find"} | wrong).content.decode()
        assert "Không có hộ với mã và chủ hộ này." in missing
        assert "1 đường Thử" not in missing
    assert not PersonalDataView.objects.exists()
    found = browser.post(page, {"do": "find", "code": f" {poor.code} ", "head": "tran van mau"}).content.decode()
    for words in ("Trần Văn Mẫu", "1 đường Thử", "Phường Một", "Thuộc diện: hộ nghèo chuẩn thành phố"):
        assert words in found
    assert "Trần Thị Con 1" not in found
    look = PersonalDataView.objects.get()
    assert (look.household_code, look.reason) == (poor.code, "Ghi hỗ trợ của đơn vị")
    typed = {"do": "give", "code": poor.code, "head": "Trần Văn Mẫu"} | {
        "policy": policy.pk,
        "given_on": "01/04/2023",
        "persons": "9",
    }
    assert "từ 1 đến 3" in browser.post(page, typed).content.decode()
    assert browser.post(page, typed | {"persons": "1"})["Location"] == reverse("support_list")
    told = browser.get(reverse("support_list"), YEAR).content.decode()
    assert "T. V. Mẫu" in told
    assert "Trần Văn Mẫu" not in told
    assert reverse("household_detail", args=[poor.code]) not in told


def test_staff_is_asked_why_outside_the_policy(as_user, home):
    policy = a_policy(for_poor=True)
    typed = {"do": "give", "code": home.code, "head": home.members.get(relation="head").full_name} | {
        "policy": policy.pk,
        "given_on": "01/04/2023",
        "persons": "1",
    }
    browser, page = as_user("staff"), reverse("support_give")
    answer = browser.post(page, typed)
    assert "Không thuộc diện" in answer.context["form"].errors["outside_reason"][0]
    assert browser.post(page, typed | {"outside_reason": "Cháy nhà"}).status_code == 302
