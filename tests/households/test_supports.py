"""Supports: a house, a job, insurance cards; written by the ward, refused when impossible."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from households.models import Policy, Support
from households.sealed import unseal
from households.services import supports
from tests import make

TODAY = date(2023, 6, 1)


@pytest.fixture
def home(areas, cast):
    return make.a_household(areas["ward"], members=3)


@pytest.fixture
def insurance(db):
    return Policy.objects.create(
        code="insurance", name="Bảo hiểm y tế", kind="insurance", legal_basis="thử", valid_from=date(2022, 1, 1)
    )


def give(home, policy, cast, by="hoa", **more):
    values = {"given_on": date(2023, 4, 1), "persons": 1} | more
    return supports.record_support(household=home, policy=policy, by=cast[by], today=TODAY, **values)


def test_a_support_is_written_with_its_ward_and_a_line_in_the_log(home, insurance, cast):
    support = give(home, insurance, cast, persons=3, amount=50_000_000, ends_on=date(2023, 12, 31))
    assert (support.ward, support.persons, support.amount, support.entered_by) == (
        home.ward,
        3,
        50_000_000,
        cast["hoa"],
    )
    event = Event.objects.get(action="support.recorded")
    assert (event.area, event.label, unseal(event.after)["ends_on"]) == (home.ward, home.code, "2023-12-31")


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"given_on": date(2023, 6, 2)}, "given_on", "không được sau hôm nay (01/06/2023)"),
        ({"given_on": date(2021, 12, 31)}, "given_on", "áp dụng từ ngày 01/01/2022"),
        ({"ends_on": date(2023, 3, 31)}, "ends_on", "từ ngày hưởng trở đi"),
        ({"persons": 4}, "persons", "từ 1 đến 3"),
        ({"persons": 0}, "persons", "từ 1 đến 3"),
        ({"amount": -1}, "amount", "từ 0 đến 10 tỷ"),
        ({"amount": 10_000_000_001}, "amount", "từ 0 đến 10 tỷ"),
    ],
)
def test_impossible_supports_are_refused_at_the_field(home, insurance, cast, change, field, says):
    with pytest.raises(ValidationError) as raised:
        give(home, insurance, cast, **change)
    assert says in raised.value.message_dict[field][0]
    assert not Support.objects.exists()


def test_a_policy_that_has_ended_gives_nothing(home, insurance, cast):
    insurance.valid_to = date(2023, 3, 31)
    insurance.save()
    with pytest.raises(ValidationError) as raised:
        give(home, insurance, cast)
    assert "đến hết ngày 31/03/2023" in raised.value.message_dict["given_on"][0]


def test_the_same_support_is_not_written_twice(home, insurance, cast):
    give(home, insurance, cast)
    with pytest.raises(ValidationError, match="đã có hỗ trợ này"):
        give(home, insurance, cast)


@pytest.mark.parametrize(
    ("first_ends", "persons", "refused"),
    [
        (date(2023, 5, 1), 2, True),  # two cards meet on 1 May: 2 + 2 of 3 members
        (date(2023, 4, 30), 2, False),
        (None, 2, True),
        (None, 1, False),
    ],
)
def test_nobody_holds_two_insurance_cards_at_once(home, insurance, cast, first_ends, persons, refused):
    give(home, insurance, cast, persons=2, ends_on=first_ends)
    again = {"given_on": date(2023, 5, 1), "persons": persons}
    if refused:
        with pytest.raises(ValidationError, match="đã có 2 người có thẻ"):
            give(home, insurance, cast, **again)
    else:
        assert give(home, insurance, cast, **again).persons == persons


def test_two_jobs_at_a_time_are_two_jobs(home, cast):
    job = Policy.objects.create(code="job", name="Việc làm", kind="job", legal_basis="thử", valid_from=date(2022, 1, 1))
    give(home, job, cast, persons=3)
    assert give(home, job, cast, persons=3, given_on=date(2023, 4, 2))


@pytest.mark.parametrize("who", ["lan", "binh", "district", "cuc", "nobody"])
def test_only_the_wards_officer_writes_supports(home, insurance, cast, who):
    with pytest.raises(PermissionDenied):
        give(home, insurance, cast, by=who)
