"""Which member triggers indicators 3 to 6: who can at the edges of the ages, what the form refuses, what the page says."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from households import queries
from households.computed import Somebody, compute
from households.models import Member, Review
from households.sealed import unseal
from households.triggers import able, problems, suggested
from tests import make
from tests.households.test_review_pages import form_b
from tests.households.test_reviews import POOR, TODAY, decide, errors, record

DAY = date(2023, 10, 3)


def aged(years, key=1, short=0, **more):
    """Somebody who turns `years` on the survey's day, or `short` days later."""
    return Somebody(key, f"Người {key}", DAY.year - years, DAY.month, DAY.day + short, **more)


@pytest.mark.parametrize(
    ("indicator", "years", "short", "can"),
    [
        ("nutrition", 0, 0, True),
        ("nutrition", 16, 1, True),
        ("nutrition", 16, 0, False),
        ("health_insurance", 6, 1, False),
        ("health_insurance", 6, 0, True),
        ("health_insurance", 99, 0, True),
        ("adult_education", 16, 1, False),
        ("adult_education", 16, 0, True),
        ("adult_education", 31, 1, True),
        ("adult_education", 31, 0, False),
        ("child_schooling", 3, 1, False),
        ("child_schooling", 3, 0, True),
        ("child_schooling", 16, 1, True),
        ("child_schooling", 16, 0, False),
    ],
)
def test_who_can_trigger(indicator, years, short, can):
    assert bool(able(indicator, [aged(years, short=short)], DAY)) is can


def test_half_a_birth_date_can_be_either_age():
    assert able("nutrition", [Somebody(1, "Ai", DAY.year - 16)], DAY)


def test_the_members_data_point_at_somebody():
    people = [aged(10, 1, is_malnourished=True, has_insurance=False), aged(10, 2, is_malnourished=False), aged(20, 3)]
    told = compute(people, living_area=None, day=DAY)
    assert suggested("nutrition", people, told, DAY) == {1}
    assert suggested("health_insurance", people, told, DAY) == {1}
    assert suggested("child_schooling", people, told, DAY) == set()
    assert suggested("nutrition", [aged(16, 1, is_malnourished=True)], {}, DAY) == set()


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"nutrition": {1}}, {}),
        ({"nutrition": set(), "child_schooling": set()}, {}),
        (
            {"child_schooling": {1}},
            {"child_schooling": "Đã chọn người thiếu hụt: chọn mức Thiếu hụt, hoặc bỏ chọn người."},
        ),
        ({"nutrition": {2}}, {"nutrition": "Người 2 không ở độ tuổi của chỉ số này vào ngày khảo sát."}),
        ({"nutrition": {9}}, {"nutrition": "Người được chọn không còn trong hộ. Chọn lại."}),
        ({"toilet": {1}}, {"toilet": "Chỉ số này không ghi người thiếu hụt."}),
    ],
)
def test_what_contradicts_the_box(chosen, says):
    assert problems(chosen, {"nutrition", "toilet"}, [aged(10, 1), aged(40, 2)], DAY) == says


# The form. POOR lacks employment, dependents and nutrition; the household has a head of 1975 and children of 2000.


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def child(areas, cast, standards):
    home = make.a_household(areas["ward"], members=2)
    child = home.members.get(relation="child")
    Member.objects.filter(pk=child.pk).update(birth_year=2015, is_malnourished=True)
    child.refresh_from_db()
    return child


def test_triggers_are_kept_replaced_and_sealed_in_the_log(child, cast):
    home = child.household
    review = record(home, cast, replace(POOR, triggers=frozenset({("nutrition", child.pk)})))
    assert [(one.indicator, one.member) for one in review.triggers.all()] == [("nutrition", child)]
    again = record(home, cast, POOR, version=1)
    assert not again.triggers.exists()
    line = Event.objects.get(action="review.edited")
    assert child.full_name not in f"{line.before}{line.after}"
    assert unseal(line.before)["triggers"] == f"Dinh dưỡng: {child.full_name}"
    assert line.after["changed"] == ["triggers"]
    assert queries.tell([line])[0].lines == [f"người thiếu hụt: Dinh dưỡng: {child.full_name} → (trống)"]


def test_somebody_of_another_household_triggers_nothing(child, cast, areas):
    other = make.a_household(areas["next_ward"]).members.first()
    with pytest.raises(ValidationError) as raised:
        record(child.household, cast, replace(POOR, triggers=frozenset({("nutrition", other.pk)})))
    assert errors(raised) == {"nutrition": ["Người được chọn không còn trong hộ. Chọn lại."]}
    assert not Review.objects.exists()


def test_the_page_offers_suggests_and_shows(as_user, child, cast):
    client, new = as_user("hoa"), reverse("review_new", args=[child.household.code])
    make.a_round()
    rows = {row["field"].name: row["who"] for service in client.get(new).context["services"] for row in service["rows"]}
    assert {key: len(who) for key, who in rows.items() if who} == {
        "nutrition": 1, "health_insurance": 2, "child_schooling": 1,
    }  # fmt: skip
    assert [one["meant"] for one in rows["nutrition"]] == [True]
    box = f"trigger__nutrition__{child.pk}"
    typed = form_b(child.household)
    wrong = client.post(new, typed | {box: "on", "nutrition": "no", "b2_total": "20"})
    assert set(wrong.context["form"].errors) == {"nutrition"}
    old = client.post(new, typed | {f"trigger__nutrition__{child.household.members.first().pk}": "on"})
    assert "không ở độ tuổi" in old.content.decode()
    assert client.post(new, typed | {box: "on"}).status_code == 302
    review = Review.objects.get()
    page = client.get(reverse("review_detail", args=[review.pk])).content.decode()
    assert f"Người thiếu hụt: {child.full_name}" in page
    assert client.get(reverse("review_edit", args=[review.pk])).context["form"][box].value() is True
    decide(review, cast)
    regular = make.a_round(kind="regular", starts_on=date(2023, 12, 15), ends_on=date(2023, 12, 31))
    prefilled = client.get(new, {"round": regular.pk, "last": 1}).context["form"]
    assert prefilled[box].value() is True


def test_a_household_that_lacks_without_a_name_says_so(as_user, child, cast):
    review = record(child.household, cast, POOR)
    assert "Chưa ghi ai thiếu hụt" in as_user("lan").get(reverse("review_detail", args=[review.pk])).content.decode()
