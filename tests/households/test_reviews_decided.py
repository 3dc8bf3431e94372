"""A decision: who may, on which day, what it writes into the household's spells, and that any history balances."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Event
from accounts.roles import Role
from households.models import Review, StatusSpell
from households.sealed import unseal
from households.services import reviews
from tests import make
from tests.households.test_reviews import (
    NEAR,
    NOT,
    POOR,
    TODAY,
    break_at,
    decide,
    errors,
    everything,
    record,
)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], members=3)


def test_a_decision_opens_a_spell_for_each_standard(home, cast):
    review = decide(record(home, cast, replace(POOR, special_hardship=True)), cast)
    assert (review.state, review.decided_by, review.decision_number) == ("decided", cast["lan"], "398/QĐ-UBND")
    spells = StatusSpell.objects.order_by("standard__issuer")
    assert [(s.standard.code, s.category, s.opened_as) for s in spells] == [
        ("central-2022", "poor", "new"),
        ("city-2022", "poor", "new"),
    ]
    for spell in spells:
        assert (spell.valid_from, spell.valid_to, spell.opened_by, spell.ward) == (
            date(2023, 12, 10),
            None,
            review,
            home.ward,
        )
        assert (spell.persons, spell.has_labour, spell.special_hardship) == (3, True, True)
    event = Event.objects.get(action="review.decided")
    assert unseal(event.before)["spells"] == {"central-2022": None, "city-2022": None}
    assert unseal(event.after)["spells"] == {"central-2022": "poor", "city-2022": "poor"}
    assert event.area == home.ward


def test_the_two_standards_may_part_ways(home, cast, standards):
    make.a_spell(home, standards[0], "poor", persons=3)
    make.a_spell(home, standards[1], "near_poor", persons=3)
    decide(record(home, cast, replace(POOR, b1_score=176)), cast)
    central = StatusSpell.objects.get(standard=standards[0])
    assert (central.valid_to, central.closed_as) == (date(2023, 12, 10), "escaped")
    was, now = StatusSpell.objects.filter(standard=standards[1])
    assert (was.closed_as, was.valid_to, now.opened_as, now.category) == (
        "to_poor",
        now.valid_from,
        "from_near_poor",
        "poor",
    )
    assert was.closed_by == now.opened_by


def test_a_household_that_was_poor_before_relapses(home, cast, standards):
    make.a_spell(home, standards[0], "poor", valid_from=date(2022, 12, 14), valid_to=date(2023, 3, 1))
    decide(record(home, cast), cast)
    opened = {s.standard.code: s.opened_as for s in StatusSpell.objects.open()}
    assert opened == {"central-2022": "relapsed", "city-2022": "new"}


def test_the_same_findings_change_nothing(home, cast, standards):
    for standard in standards:
        make.a_spell(home, standard, "poor", persons=3)
    decide(record(home, cast), cast)
    assert StatusSpell.objects.count() == 2
    assert StatusSpell.objects.open().count() == 2


def test_who_entered_a_review_never_decides_it_even_after_promotion(home, cast, areas):
    review = record(home, cast)
    cast["mai"] = make.a_user(Role.WARD_OFFICER, areas["ward"])
    review = record(home, cast, NEAR, by="mai", version=review.version)
    for name in ("hoa", "mai"):
        cast[name].role = Role.WARD_LEADER
        cast[name].save()
        with pytest.raises(ValidationError, match="không được tự quyết định"):
            decide(review, cast, by=name)
    assert decide(review, cast).state == "decided"


@pytest.mark.parametrize("who", ["hoa", "binh", "district", "cuc", "nobody"])
def test_only_the_wards_leader_decides(home, cast, who):
    with pytest.raises(PermissionDenied):
        decide(record(home, cast), cast, by=who)


def test_another_wards_leader_does_not_decide(home, cast, areas):
    cast["next"] = make.a_user(Role.WARD_LEADER, areas["next_ward"])
    with pytest.raises(PermissionDenied):
        decide(record(home, cast), cast, by="next")


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2023, 10, 2), "trước ngày khảo sát (03/10/2023)"),
        (date(2023, 12, 21), "không được sau hôm nay (20/12/2023)"),
        (date(2023, 11, 1), "đã có hiệu lực từ ngày 05/11/2023"),
        (date(2023, 11, 5), "đã có hiệu lực từ ngày 05/11/2023"),  # a spell lasts at least a day
    ],
)
def test_a_decision_on_an_impossible_day_is_refused(home, cast, standards, day, says):
    make.a_spell(home, standards[0], "near_poor", valid_from=date(2023, 11, 5))
    review = record(home, cast)
    before = everything()
    with pytest.raises(ValidationError) as raised:
        decide(review, cast, day=day)
    assert says in errors(raised)["day"][0]
    assert everything() == before


@pytest.mark.parametrize("day", [date(2023, 10, 3), TODAY])
def test_the_day_of_the_survey_and_today_are_possible(home, cast, day):
    assert decide(record(home, cast), cast, day=day).decided_on == day


def test_a_decision_does_not_slip_under_a_later_one(home, cast):
    """Not even when the later decision opened nothing."""
    monthly = make.a_round(kind="regular", starts_on=date(2023, 10, 15), ends_on=date(2023, 11, 14))
    later = record(home, cast, replace(NOT, surveyed_on=date(2023, 10, 20)), round=monthly)
    decide(later, cast, day=date(2023, 10, 30))
    assert not StatusSpell.objects.exists()
    with pytest.raises(ValidationError) as raised:
        decide(record(home, cast), cast, day=date(2023, 10, 29))
    assert "30/10/2023" in errors(raised)["day"][0]


@pytest.mark.parametrize("number", ["", "   ", "x" * 61])
def test_a_decision_has_a_number(home, cast, number):
    with pytest.raises(ValidationError) as raised:
        decide(record(home, cast), cast, number=number)
    assert "number" in errors(raised)


def test_two_deciders_do_not_decide_twice(home, cast, areas):
    review = record(home, cast)
    stale = Review.objects.get(pk=review.pk)
    cast["second"] = make.a_user(Role.WARD_LEADER, areas["ward"])
    decide(review, cast)
    with pytest.raises(ValidationError, match=r"đã được Người lan quyết định lúc \d\d:\d\d .* \(số 398/QĐ-UBND\)"):
        decide(stale, cast, by="second", number="399/QĐ-UBND")
    assert StatusSpell.objects.count() == 2


def test_what_changed_on_the_way_is_looked_at_again(home, cast):
    review = record(home, cast)
    record(home, cast, NOT, version=review.version)
    with pytest.raises(ValidationError, match="vừa được sửa"):
        decide(review, cast, version=review.version)
    with pytest.raises(ValidationError, match="vừa được sửa"):
        reviews.return_review(review=review, note="Sai", by=cast["lan"], version=review.version)


def test_deciding_asks_as_much_for_one_member_as_for_ten(areas, cast, standards):
    asked = []
    for members in (1, 10):
        review = record(make.a_household(areas["ward"], members=members), cast)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            decide(review, cast)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16


# ---- nothing is left half done


@pytest.mark.parametrize("broken", ["households.services.reviews.log", "households.services.statuses.update_from"])
def test_deciding_broken_in_the_middle_leaves_nothing(home, cast, standards, monkeypatch, broken):
    make.a_spell(home, standards[0], "near_poor")
    review = record(home, cast)
    before = everything()
    break_at(monkeypatch, broken)
    with pytest.raises(RuntimeError):
        decide(review, cast)
    assert everything() == before


def test_returning_broken_in_the_middle_leaves_nothing(home, cast, monkeypatch):
    review = record(home, cast)
    before = everything()
    break_at(monkeypatch, "households.services.reviews.log")
    with pytest.raises(RuntimeError):
        reviews.return_review(review=review, note="Sai", by=cast["lan"])
    assert everything() == before


# ---- any history balances


steps = st.lists(
    st.tuples(st.integers(1, 25), st.sampled_from([POOR, NEAR, NOT]), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_history_of_decisions_balances(areas, cast, standards, steps):
    """Through the services and the database: opening − out + in = closing for every standard, category and window."""
    home, today = make.a_household(areas["ward"]), date(2022, 1, 1)
    for gap, answers, labour in steps:
        today += timedelta(days=gap)
        round = make.a_round(today.year, "regular", starts_on=today, ends_on=today)
        answers = replace(answers, surveyed_on=today, has_labour=labour)
        decide(record(home, cast, answers, round=round, today=today), cast, day=today, today=today)
    spells = StatusSpell.objects.filter(household=home)
    begin, end = date(2022, 1, 10), today - timedelta(days=3)
    for standard in standards:
        under = spells.filter(standard=standard)
        assert under.open().count() <= 1
        for day in (begin, end, today):
            assert under.on(day).count() <= 1
        for category in ("poor", "near_poor"):
            of = under.filter(category=category)
            out = of.filter(valid_to__gt=begin, valid_to__lte=end).count() if begin < end else 0
            into = of.filter(valid_from__gt=begin, valid_from__lte=end).count() if begin < end else 0
            assert of.on(begin).count() - out + into == of.on(max(begin, end)).count()
