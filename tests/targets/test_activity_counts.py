"""What activities and the roster count for: at the edges of days, by place, agency and month; and what it costs."""

from datetime import date

import pytest
from django.utils import timezone

from targets import activity_counts
from targets.counting import count_areas
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator, ModelHousehold, Officer
from tests import make
from tests.targets.activities import DAY, a_committee, a_plan, an_activity, an_officer, was_there

NINE = date(2023, 9, 30)


@pytest.fixture
def plan(areas):
    return a_plan()


@pytest.fixture
def agency(db):
    return make.an_agency("so-to-chuc")


def counted(area, day=NINE):
    return activity_counts.counted(year=day.year, as_of=day).get(area.pk, {})


def test_every_key_is_an_indicator_and_every_indicator_of_activities_is_a_key():
    keys = {key for told in activity_counts.COUNTED.values() for key in told} | set(activity_counts.QUOTAS)
    keys |= {activity_counts.OWN_INSPECTIONS, activity_counts.STUDY_VISITS, activity_counts.HOUSEHOLDS}
    assert keys == {code for code, measure in INDICATORS.items() if measure.source == "activities"}


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2022, 12, 31), False),  # the year before
        (date(2023, 1, 1), True),
        (date(2023, 9, 30), True),  # the day itself
        (date(2023, 10, 1), False),  # tomorrow
    ],
)
def test_it_counts_from_its_first_day(plan, agency, areas, day, counts):
    an_activity(plan, agency, areas["ward"], "dialogue", day, households=12)
    assert counted(areas["ward"]) == ({"dialogues": 1, "dialogue_households": 12} if counts else {})


def test_a_cancelled_one_counts_nowhere(plan, agency, areas, cast):
    more = {"cancelled_at": timezone.now(), "cancelled_by": cast["cuc"], "cancel_reason": "Ghi nhầm"}
    held = an_activity(plan, agency, areas["ward"], **more)
    officer = an_officer(areas["ward"])
    was_there(held, officer)
    model = an_activity(plan, agency, areas["ward"], "model", **more)
    ModelHousehold.objects.create(activity=model, household=make.a_household(areas["ward"]), joined_on=DAY)
    assert counted(areas["ward"]) == {}
    assert activity_counts.rosters(year=2023, as_of=NINE) == {areas["ward"].pk: (0, 1)}
    assert activity_counts.by_clause(plan, NINE) == {}


def test_each_kind_adds_its_numbers(plan, agency, areas):
    ward = areas["ward"]
    an_activity(plan, agency, ward, "communication", form="press", times=3, people=100)
    an_activity(plan, agency, ward, "communication", form="event", times=2)
    an_activity(plan, agency, ward, "legal_aid", people=7)
    an_activity(plan, agency, ward, "clinic", people=40, amount=5_000_000)
    an_activity(plan, agency, ward, "fund", form="fund", amount=30_000_000_000)
    an_activity(plan, agency, ward, "fund", form="month", amount=20_000_000_000)
    an_activity(plan, agency, ward, "training")
    an_activity(plan, agency, ward, "training", form="visit")
    model = an_activity(plan, agency, ward, "model", form="farming")
    for joined in (DAY, NINE, date(2023, 10, 1)):
        ModelHousehold.objects.create(activity=model, household=make.a_household(ward), joined_on=joined)
    assert counted(ward) == {
        "communications": 5, "communication_reach": 100, "legal_aid_sessions": 1, "legal_aid_people": 7,
        "free_clinics": 1, "free_clinic_people": 40, "fund_drives": 2, "fund_raised": 50_000_000_000,
        "trainings": 1, "study_visits": 1, "livelihood_models": 1, "model_households": 2,
    }  # fmt: skip


def test_a_unit_fills_the_quota_once_and_a_committees_own_inspection_never(plan, agency, areas):
    for form in ("check", "watch"):
        an_activity(plan, agency, areas["ward"], "inspection", form=form)
    other = make.an_agency("so-khac")
    an_activity(plan, other, areas["ward"], "inspection", form="check")
    an_activity(plan, agency, areas["urban"], "inspection", form="check")
    an_activity(plan, agency, areas["rural"], "inspection", form="check")
    an_activity(plan, a_committee(areas["urban"]), areas["next_ward"], "inspection", form="check")
    held = count_areas(year=2023, as_of=NINE).of(areas["city"]).held
    assert [held[key] for key in activity_counts.QUOTAS] == [1, 1, 1]
    assert held["district_inspections"] == 1
    assert activity_counts.by_agency(year=2023, as_of=NINE)[other.pk] == {"inspected_wards": 1}


def test_months_add_up_to_the_count_of_any_day(plan, agency, areas):
    ward = areas["ward"]
    an_activity(plan, agency, ward, "inspection", date(2023, 3, 5), form="check")
    an_activity(plan, agency, ward, "inspection", date(2023, 6, 5), form="watch")
    an_activity(plan, agency, ward, "dialogue", date(2023, 6, 30), households=4)
    an_activity(plan, agency, ward, "dialogue", date(2023, 9, 30), households=6)
    model = an_activity(plan, agency, ward, "model", date(2023, 2, 1))
    ModelHousehold.objects.create(activity=model, household=make.a_household(ward), joined_on=date(2023, 4, 1))
    months = activity_counts.by_month(year=2023, as_of=NINE)[ward.pk]
    for end in (date(2023, 2, 28), date(2023, 4, 30), date(2023, 6, 30), NINE):
        total = {}
        for month, told in months.items():
            for key, n in told.items() if month <= end.month else ():
                total[key] = total.get(key, 0) + n
        assert total == counted(ward, end), end


# The roster


def test_who_is_on_the_roster_and_trained_as_of_a_day(plan, agency, areas):
    ward = areas["ward"]
    one, two = an_officer(ward, "Một"), an_officer(ward, "Hai", left_on=NINE)
    an_officer(ward, "Ba", valid_from=date(2023, 10, 1))
    was_there(an_activity(plan, agency, areas["city"], day=DAY), one, two)
    was_there(an_activity(plan, agency, areas["city"], day=date(2023, 7, 1)), one)  # twice is one person
    was_there(an_activity(plan, agency, areas["city"], form="visit"), one)

    def at(day):
        return activity_counts.rosters(year=2023, as_of=day).get(ward.pk)

    assert at(date(2022 + 1, 6, 14)) == (0, 2)
    assert at(DAY) == (2, 2)
    assert at(date(2023, 9, 29)) == (2, 2)
    assert at(NINE) == (1, 1)  # the day somebody leaves is the first without them
    assert at(date(2023, 10, 1)) == (1, 2)
    assert activity_counts.rosters(year=2024, as_of=date(2024, 1, 1))[ward.pk] == (0, 2)  # a new year begins at nothing
    months = activity_counts.rosters_by_month(year=2023, as_of=date(2023, 10, 1))[ward.pk]
    for month, day in ((5, date(2023, 5, 31)), (6, date(2023, 6, 30)), (9, NINE), (10, date(2023, 10, 1))):
        assert months[month] == at(day)


def test_a_study_visit_trains_nobody(plan, agency, areas):
    was_there(an_activity(plan, agency, areas["ward"], form="visit"), an_officer(areas["ward"]))
    assert activity_counts.rosters(year=2023, as_of=NINE)[areas["ward"].pk] == (0, 1)


def test_the_roster_goes_before_the_typed_figure_only_where_it_is_whole(plan, agency, areas):
    indicator = Indicator.objects.create(
        code="officers_trained", name="x", definition="x", unit="percent", source="typed"
    )
    for name, whole in (("urban", 50), ("rural", 40)):
        Figure.objects.create(indicator=indicator, area=areas[name], day=DAY, count=10, whole=whole, evidence="x")

    def officers(name):
        counts = count_areas(year=2023, as_of=NINE).of(areas[name])
        return counts.officers_trained, counts.officers

    an_officer(areas["ward"])
    assert (officers("ward"), officers("urban"), officers("city")) == ((0, 1), (10, 50), (20, 90))
    an_officer(areas["next_ward"])
    an_officer(areas["urban"])
    assert (officers("urban"), officers("city")) == ((0, 3), (10, 43))
    an_officer(areas["commune"])
    an_officer(areas["city"])
    assert officers("city") == (0, 5)
    Officer.objects.filter(area=areas["commune"]).update(left_on=DAY)
    assert officers("city") == (10, 43)


def test_the_cost_does_not_grow(plan, agency, areas, django_assert_num_queries):
    for area in (areas["ward"], areas["commune"]) * 10:
        an_activity(plan, agency, area)
        an_officer(area, f"Người {Officer.objects.count()}")
    asked = (activity_counts.counted, activity_counts.by_agency, activity_counts.by_month)
    for ask in (*asked, activity_counts.rosters, activity_counts.rosters_by_month):
        with django_assert_num_queries(1):
            ask(year=2023, as_of=NINE)


def test_a_day_of_another_year_is_refused(db):
    with pytest.raises(ValueError, match="2024"):
        activity_counts.counted(year=2023, as_of=date(2024, 1, 1))
