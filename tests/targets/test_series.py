"""A year month by month: each month is what a count of its last day gives, and costs no more queries."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from areas.models import Area
from households.models import Dossier, ExitPlan, Standard, StatusSpell
from targets.counting import count_areas, count_months, month_ends
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator
from targets.series import year_series
from tests import make
from tests.targets.test_counting import random_histories

DAY = date(2023, 9, 17)
KINDS = ("house_new", "house_repair", "job", "insurance", "loan", "training", "production", "gift", "tuition")


@pytest.fixture
def year(areas, standards):
    """Random histories, supports, plans, dossiers and typed figures; a standard and a ward that change within the year."""
    rng = random.Random(66)
    wards = [areas["ward"], areas["next_ward"], areas["commune"]]
    newer = Standard.objects.create(
        code="city-2023", name="Chuẩn mới", issuer="city", basis="income", line_rural=1, line_urban=1,
        valid_from=date(2023, 6, 15), legal_basis="thử",
    )  # fmt: skip
    homes = [make.a_household(rng.choice(wards), members=1) for _ in range(30)]
    for standard in (*standards, newer):
        StatusSpell.objects.bulk_create(
            spell for home in homes for spell in random_histories(rng, home, standard, wards)
        )
    for home in homes:
        for _ in range(3):
            given = date.fromordinal(date(2022, 12, 1).toordinal() + rng.randrange(330))
            ends = rng.choice([None, date(2023, 12, 31), date(2023, 8, 31)])
            ends = ends if ends is None or ends >= given else None
            make.a_support(home, rng.choice(KINDS), given, ends_on=ends, persons=rng.randrange(1, 4), amount=1_000_000)
        ExitPlan.objects.create(
            household=home,
            year=2023,
            opened_on=date(2023, rng.randrange(1, 12), 5),
            helper_person=rng.choice(["", "Ông An"]),
        )
    officer = make.a_user("ward_officer", areas["ward"])
    Dossier.objects.create(
        round=make.a_round(), ward=areas["ward"], opened_by=officer, decided_on=date(2023, 9, 10), decided_by=officer
    )
    for code, measure in INDICATORS.items():
        row = Indicator.objects.create(
            code=code, name=code, definition="x", unit=measure.unit, source=measure.source, over=measure.over
        )
        for area in (areas["urban"], areas["rural"]):
            whole = 60 if measure.is_share else None
            for _ in range(3):
                day = date.fromordinal(date(2023, 1, 1).toordinal() + rng.randrange(300))
                Figure.objects.create(
                    indicator=row, area=area, day=day, count=rng.randrange(60), whole=whole, evidence="x"
                )
    Area.objects.filter(pk=areas["next_ward"].pk).update(valid_to=date(2023, 5, 10))
    return areas


@pytest.mark.parametrize("as_of", [DAY, date(2023, 1, 31), date(2023, 12, 31)])
def test_each_point_is_the_count_of_its_day(year, as_of):
    months = count_months(year=2023, as_of=as_of)
    assert list(months) == month_ends(2023, as_of)
    for day, counted in months.items():
        alone = count_areas(year=2023, as_of=day)
        assert counted.counts == alone.counts, day
        assert counted.listed == alone.listed
        assert counted.places == alone.places


def test_a_series_has_every_indicator_of_every_area_and_null_is_not_zero(year):
    series = year_series(2023, DAY)
    assert set(series.areas) == {"48", "492", "497", "20236", "20293"}
    assert {code for _, code, _ in series.rows()} == set(INDICATORS)
    city = series.areas["48"]
    assert [point.day for point in series.of(city, "housing")] == month_ends(2023, DAY)
    for code in ("housing", "loan_amount", "gifts"):
        points, steps = series.of(city, code), series.monthly(city, code)
        assert sum(steps) == points[-1].actual > 0
    assert {point.actual for point in series.of(city, "guidance_documents")} == {None}  # not added up from districts
    assert any(point.actual for point in series.of(series.areas["492"], "guidance_documents"))


def queries(work):
    with CaptureQueriesContext(connection) as told:
        work()
    return len(told)


def test_twelve_months_cost_as_many_queries_as_a_day(year):
    assert queries(lambda: count_months(year=2023, as_of=date(2023, 12, 31))) == 7
    assert queries(lambda: count_areas(year=2023, as_of=DAY)) == 7


def test_a_household_counts_once_a_year_in_a_ward_and_each_turn_by_itself(areas, standards):
    home = make.a_household(areas["ward"])
    for day in (date(2023, 2, 1), date(2023, 4, 1)):
        make.a_support(home, "loan", day, amount=20_000_000)
        make.a_support(home, "production", day)
    given = count_areas(year=2023, as_of=DAY).of(areas["urban"]).given
    assert (given["loan_households"], given["loan_turns"], given["loan_amount"]) == (1, 2, 40_000_000)
    assert given["production_support"] == 1


def test_a_flow_is_the_sum_of_the_newest_figure_of_each_month(areas, standards):
    row = Indicator.objects.create(code="medical_cost_turns", name="x", definition="x", unit="turn", source="typed")
    for area, day, count in (
        ("urban", date(2023, 1, 20), 10),
        ("urban", date(2023, 1, 31), 12),  # January again: the newer word
        ("urban", date(2023, 2, 28), 5),
        ("rural", date(2023, 2, 28), 1),
    ):
        Figure.objects.create(indicator=row, area=areas[area], day=day, count=count, evidence="x")
    series = year_series(2023, date(2023, 3, 31))
    values = {
        code: [point.actual for point in series.of(series.areas[code], row.code)] for code in ("492", "497", "48")
    }
    assert values == {"492": [12, 17, 17], "497": [None, 1, 1], "48": [None, 18, 18]}
