"""Counts as of a day: at the edges of spells and supports, by ward, district and city; and what they cost."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from areas.models import Area, ResidentHouseholds
from households.models import Standard, StatusSpell
from households.spells import Closed, Opened
from targets.counting import count_areas, count_by_ward, places
from targets.indicators import Counts
from targets.models import Figure, Indicator
from tests import make

DAY = date(2023, 9, 30)
EVE = date(2022, 12, 31)  # the opening day of 2023


@pytest.fixture
def city_standard(standards):
    return standards[1]


def count(day=DAY):
    return count_areas(year=day.year, as_of=day)


def ward_counts(ward, day=DAY):
    return count_by_ward(year=day.year, as_of=day).get(ward.pk, Counts())


@pytest.mark.parametrize(
    ("begins", "ends", "opening", "now", "came", "left"),
    [
        (date(2022, 12, 31), None, 1, 1, 0, 0),  # begins on the opening day: held on it
        (date(2023, 1, 1), None, 0, 1, 1, 0),  # begins the day after: came in the year
        (date(2023, 9, 30), None, 0, 1, 1, 0),  # begins on the day itself
        (date(2023, 10, 1), None, 0, 0, 0, 0),  # begins the day after it
        (date(2022, 1, 1), date(2022, 12, 31), 0, 0, 0, 0),  # ended on the opening day: did not hold on it
        (date(2022, 1, 1), date(2023, 1, 1), 1, 0, 0, 1),  # ended the day after
        (date(2022, 1, 1), date(2023, 9, 30), 1, 0, 0, 1),  # ended on the day itself: holds no more
        (date(2022, 1, 1), date(2023, 10, 1), 1, 1, 0, 0),  # ends tomorrow: still holds
        (date(2023, 3, 1), date(2023, 6, 1), 0, 0, 1, 1),  # came and went within the year
    ],
)
def test_a_spell_counts_from_its_first_day_until_the_day_before_its_last(
    areas, city_standard, begins, ends, opening, now, came, left
):
    make.a_spell(make.a_household(areas["ward"]), city_standard, valid_from=begins, valid_to=ends, opened_as="new")
    counted = ward_counts(areas["ward"])
    assert (counted.opening_poor_labour, counted.poor_labour) == (opening, now)
    assert (counted.into.get("new", 0), counted.out_of.get("escaped", 0)) == (came, left)


def test_what_each_count_looks_at(areas, standards):
    central, city = standards
    ward = areas["ward"]

    def spell(standard, *category, **more):
        make.a_spell(make.a_household(ward), standard, *category, **more)

    spell(city)  # poor, with labour
    spell(city, special_hardship=True)
    spell(city, has_labour=False, special_hardship=True)  # nobody who can work: in none of these counts
    spell(city, "near_poor", persons=3)
    spell(city, "near_poor", persons=4, has_labour=False)
    spell(central)
    spell(central, has_labour=False)
    spell(central, "near_poor", persons=9)
    counted = ward_counts(ward)
    assert counted.poor_labour == counted.opening_poor_labour == 2
    assert counted.special_hardship == counted.opening_special_hardship == 1
    assert counted.central_poor == counted.opening_central_poor == 1
    assert (counted.near_poor, counted.near_poor_persons, counted.opening_near_poor_persons) == (2, 7, 7)
    assert counted.spells == 8


def test_labour_lost_or_found_moves_a_household_in_and_out(areas, city_standard):
    """A change of facts closes one spell and opens the next: with labour capacity only one of the two counts."""
    lost, found, same = (make.a_household(areas["ward"]) for _ in range(3))
    for household, before, after in ((lost, True, False), (found, False, True), (same, True, True)):
        make.a_spell(household, city_standard, has_labour=before, valid_to=date(2023, 5, 2), closed_as="facts_changed")
        make.a_spell(household, city_standard, has_labour=after, valid_from=date(2023, 5, 2), opened_as="facts_changed")
    counted = ward_counts(areas["ward"])
    assert (counted.opening_poor_labour, counted.poor_labour) == (2, 2)
    assert (counted.out_of, counted.into) == ({"facts_changed": 2}, {"facts_changed": 2})
    assert ward_counts(areas["ward"], date(2023, 5, 1)).out_of == {}


def random_histories(rng, household, standard, wards):
    """A household's life under a standard: spells that follow each other, some with a gap between them."""
    day = date(2022, 1, 1) + timedelta(days=rng.randrange(300))
    for _ in range(rng.randrange(6)):
        ends = day + timedelta(days=rng.randrange(1, 200))
        stays = rng.random() < 0.25
        yield StatusSpell(
            household=household,
            standard=standard,
            ward=rng.choice(wards),
            category=rng.choice(["poor", "near_poor"]),
            persons=rng.randrange(1, 7),
            has_labour=rng.random() < 0.7,
            special_hardship=rng.random() < 0.3,
            has_merit=False,
            ethnic_minority=False,
            valid_from=day,
            valid_to=None if stays else ends,
            opened_as=rng.choice(list(Opened)),
            closed_as="" if stays else rng.choice(list(Closed)),
        )
        if stays:
            return
        day = ends + timedelta(days=rng.choice([0, 0, 30]))


@pytest.mark.parametrize("seed", range(5))
def test_opening_less_out_plus_in_is_now_and_wards_sum_to_the_city(areas, standards, seed):
    """Against a plain walk over the spells in Python, on random histories and days."""
    rng = random.Random(seed)
    wards = [areas["ward"], areas["next_ward"], areas["commune"]]
    households = [make.a_household(wards[0], members=1) for _ in range(25)]
    StatusSpell.objects.bulk_create(
        [
            spell
            for standard in standards
            for home in households
            for spell in random_histories(rng, home, standard, wards)
        ]
    )
    spells = list(StatusSpell.objects.all())
    for day in (
        date(2023, 1, 1),
        date(2023, 12, 31),
        *(date(2023, 1, 1) + timedelta(rng.randrange(364)) for _ in range(3)),
    ):
        counted = count(day)
        for ward in wards:
            assert facts(counted.of(ward)) == by_hand(spells, ward, day, *standards)
        for area in (*wards, areas["urban"], areas["rural"], areas["city"]):
            got = counted.of(area)
            assert got.opening_poor_labour - sum(got.out_of.values()) + sum(got.into.values()) == got.poor_labour
        assert sums(counted, wards[:2]) == sums(counted, [areas["urban"]])
        assert sums(counted, wards) == sums(counted, [areas["urban"], areas["rural"]]) == sums(counted, [areas["city"]])


def facts(counted):
    return {
        "opening": counted.opening_poor_labour,
        "now": counted.poor_labour,
        "hardship": (counted.opening_special_hardship, counted.special_hardship),
        "central": (counted.opening_central_poor, counted.central_poor),
        "near": (counted.opening_near_poor, counted.near_poor),
        "persons": (counted.opening_near_poor_persons, counted.near_poor_persons),
        "into": counted.into,
        "out": counted.out_of,
    }


def by_hand(spells, ward, day, central, city):
    def held(spell, on):
        return spell.valid_from <= on and (spell.valid_to is None or spell.valid_to > on)

    own = [spell for spell in spells if spell.ward_id == ward.pk]
    poor = [s for s in own if s.standard_id == city.pk and s.category == "poor" and s.has_labour]
    near = [s for s in own if s.standard_id == city.pk and s.category == "near_poor"]
    beyond = [s for s in own if s.standard_id == central.pk and s.category == "poor" and s.has_labour]
    both = (EVE, day)
    return {
        "opening": sum(held(s, EVE) for s in poor),
        "now": sum(held(s, day) for s in poor),
        "hardship": tuple(sum(held(s, on) for s in poor if s.special_hardship) for on in both),
        "central": tuple(sum(held(s, on) for s in beyond) for on in both),
        "near": tuple(sum(held(s, on) for s in near) for on in both),
        "persons": tuple(sum(s.persons for s in near if held(s, on)) for on in both),
        "into": dict(Counter(str(s.opened_as) for s in poor if EVE < s.valid_from <= day)),
        "out": dict(Counter(str(s.closed_as) for s in poor if s.valid_to and EVE < s.valid_to <= day)),
    }


def sums(counted, areas):
    total = sum((counted.of(area) for area in areas), Counts())
    return facts(total)


@pytest.mark.parametrize(
    ("given_on", "counts"),
    [(date(2022, 12, 31), 0), (date(2023, 1, 1), 1), (date(2023, 9, 30), 1), (date(2023, 10, 1), 0)],
)
@pytest.mark.parametrize(
    ("kind", "name"), [("house_new", "house_new"), ("house_repair", "house_repair"), ("job", "jobs")]
)
def test_supports_of_the_year_count_on_their_day(areas, standards, given_on, counts, kind, name):
    make.a_support(make.a_household(areas["ward"]), kind, given_on, persons=3)
    make.a_support(make.a_household(areas["ward"]), "other", given_on)
    assert getattr(ward_counts(areas["ward"]), name) == counts


@pytest.mark.parametrize(
    ("cards", "insured"),
    [
        ([(2, date(2023, 1, 1), date(2023, 12, 31))], 2),
        ([(2, date(2023, 1, 1), date(2023, 9, 30))], 2),  # the last day of a card still counts
        ([(2, date(2023, 1, 1), date(2023, 9, 29))], 0),
        ([(2, date(2023, 9, 30), None)], 2),
        ([(2, date(2023, 10, 1), None)], 0),
        ([(2, date(2023, 1, 1), None), (1, date(2023, 2, 1), None)], 3),
        ([(3, date(2023, 1, 1), None), (3, date(2023, 2, 1), None)], 4),  # never more than the household has persons
    ],
)
def test_insured_are_persons_with_a_card_on_the_day_in_near_poor_households(areas, city_standard, cards, insured):
    household = make.a_household(areas["ward"])
    make.a_spell(household, city_standard, "near_poor", persons=4)
    for persons, given_on, ends_on in cards:
        make.a_support(household, "insurance", given_on, ends_on=ends_on, persons=persons)
    assert ward_counts(areas["ward"]).near_poor_insured == insured


@pytest.mark.parametrize(
    ("given_on", "ends_on", "insured"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), 0),  # not renewed
        (date(2022, 1, 1), date(2023, 1, 1), 2),
        (date(2023, 1, 1), date(2023, 12, 31), 2),  # renewed on New Year's Day, as cards are
        (date(2023, 1, 2), None, 0),
    ],
)
def test_the_insured_of_the_start_have_a_card_on_new_years_day(areas, city_standard, given_on, ends_on, insured):
    household = make.a_household(areas["ward"])
    make.a_spell(household, city_standard, "near_poor", persons=4)
    make.a_support(household, "insurance", given_on, ends_on=ends_on, persons=2)
    assert ward_counts(areas["ward"]).opening_near_poor_insured == insured


def test_cards_of_others_do_not_count_and_follow_the_status_to_its_ward(areas, standards):
    central, city = standards
    poor, by_central, gone, moved = (make.a_household(areas["ward"]) for _ in range(4))
    make.a_spell(poor, city)
    make.a_spell(by_central, central, "near_poor")
    make.a_spell(gone, city, "near_poor", valid_to=date(2023, 9, 30))
    spell = make.a_spell(moved, city, "near_poor", persons=5)
    StatusSpell.objects.filter(pk=spell.pk).update(ward=areas["next_ward"])
    for household in (poor, by_central, gone, moved):
        make.a_support(household, "insurance", date(2022, 12, 1), persons=2)
    counted = count()
    assert counted.of(areas["ward"]).near_poor_insured == 0
    assert counted.of(areas["ward"]).opening_near_poor_insured == 2  # the one that has gone since
    assert counted.of(areas["next_ward"]).near_poor_insured == 2
    assert counted.of(areas["urban"]).near_poor_insured == 2


def test_where_two_standards_of_one_issuer_overlap_the_newest_counts(areas, city_standard):
    newer = Standard.objects.create(
        code="city-2023", name="Chuẩn mới", issuer="city", basis="income", line_rural=1, line_urban=1,
        valid_from=date(2023, 7, 1), legal_basis="thử",
    )  # fmt: skip
    household = make.a_household(areas["ward"])
    make.a_spell(household, city_standard)
    make.a_spell(household, newer)
    make.a_spell(make.a_household(areas["ward"]), newer)
    assert ward_counts(areas["ward"], date(2023, 6, 30)).poor_labour == 1
    assert ward_counts(areas["ward"], date(2023, 7, 1)).poor_labour == 2


def test_without_any_standard_nothing_is_listed(areas):
    counted = count()
    assert not counted.listed
    assert counted.of(areas["city"]).poor_labour == 0


def test_a_list_of_one_household_is_a_list_for_the_whole_city(areas, city_standard):
    make.a_spell(make.a_household(areas["ward"]), city_standard, has_labour=False)
    assert count().listed


def test_a_day_of_another_year_is_refused(areas, standards):
    with pytest.raises(ValueError, match="2024-01-01 is not a day of 2023"):
        count_areas(year=2023, as_of=date(2024, 1, 1))


# Places


def test_residents_rise_when_every_part_is_known(areas):
    found = places(year=2023, as_of=DAY)
    assert found.residents[areas["city"].pk] == 2000
    assert areas["ward"].pk not in found.residents
    assert areas["city"].pk not in found.derived
    ResidentHouseholds.objects.filter(area=areas["rural"]).update(derived=True)
    assert areas["city"].pk in places(year=2023, as_of=DAY).derived
    ResidentHouseholds.objects.filter(area=areas["rural"]).delete()
    assert areas["city"].pk not in places(year=2023, as_of=DAY).residents
    assert places(year=2022, as_of=date(2022, 9, 30)).residents == {}


def test_an_uninhabited_district_does_not_hide_the_others(areas):
    island = make.an_area("district", "498", "Huyện Hoàng Sa", areas["city"])
    assert areas["city"].pk not in places(year=2023, as_of=DAY).residents
    Area.objects.filter(pk=island.pk).update(has_residents=False)
    assert places(year=2023, as_of=DAY).residents[areas["city"].pk] == 2000


def test_a_dissolved_ward_is_no_row_but_its_households_are_counted(areas, city_standard):
    make.a_spell(make.a_household(areas["ward"]), city_standard)
    Area.objects.filter(pk=areas["ward"].pk).update(valid_to=date(2023, 8, 31))
    counted = count()
    assert [ward.pk for ward in counted.places.children(areas["urban"])] == [areas["next_ward"].pk]
    assert counted.of(areas["urban"]).poor_labour == 1
    assert areas["ward"] in count(date(2023, 8, 31)).places.children(areas["urban"])


def officers_trained(area, day, trained, whole=100):
    indicator, _ = Indicator.objects.get_or_create(
        code="officers_trained", defaults={"name": "x", "definition": "x", "unit": "percent", "source": "typed"}
    )
    return Figure.objects.create(indicator=indicator, area=area, day=day, count=trained, whole=whole, evidence="thử")


def test_the_newest_typed_figure_by_the_day_counts(areas):
    city = areas["city"]
    officers_trained(city, date(2022, 12, 31), 90)
    assert count().of(city).officers == 0
    officers_trained(city, date(2023, 9, 30), 60)
    officers_trained(city, date(2023, 3, 1), 20)
    officers_trained(city, date(2023, 10, 1), 70)
    assert count().of(city).officers_trained == 60
    assert count(date(2023, 9, 29)).of(city).officers_trained == 20
    officers_trained(city, date(2023, 9, 30), 61)  # a correction of the same day
    assert count().of(city).officers_trained == 61


def test_typed_figures_of_districts_make_the_citys_only_when_all_have_one(areas):
    officers_trained(areas["urban"], date(2023, 3, 1), 10, 40)
    assert count().of(areas["city"]).officers == 0
    officers_trained(areas["rural"], date(2023, 4, 1), 0, 20)
    assert (count().of(areas["city"]).officers_trained, count().of(areas["city"]).officers) == (10, 60)
    officers_trained(areas["city"], date(2023, 2, 1), 5, 70)  # the city's own word goes before the sum
    assert (count().of(areas["city"]).officers_trained, count().of(areas["city"]).officers) == (5, 70)


# What it costs


def queries_of_a_count():
    with CaptureQueriesContext(connection) as queries:
        count()
    return len(queries)


def test_as_many_queries_for_one_household_as_for_thirty(areas, standards):
    def a_home(ward):
        household = make.a_household(ward)
        for standard in standards:
            make.a_spell(household, standard, "near_poor")
        for kind in ("house_new", "job", "insurance"):
            make.a_support(household, kind)

    a_home(areas["ward"])
    assert queries_of_a_count() == 7
    for ward in (areas["ward"], areas["next_ward"], areas["commune"]) * 10:
        a_home(ward)
    assert queries_of_a_count() == 7
