"""The board of an area on a day: cells beside the plan's figures, the five objectives in words, what it costs."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.log import log
from areas.models import Area, ResidentHouseholds
from targets.cells import cell_of
from targets.indicators import APPENDIX, INDICATORS, Counts
from targets.models import Figure, Indicator, Plan, Target
from targets.objectives import objectives_of
from targets.pace import share_of_year
from targets.scoreboard import cached_scoreboard, scoreboard
from tests import make

DAY = date(2023, 9, 30)
D = Decimal


# Cells and sentences, without a database

CITY = {  # indicator → (target, printed rate)
    "poor_labour_start": (6271, "2.09"),
    "poor_labour_reduction": (2083, "0.69"),
    "central_poor_reduction": (483, None),
    "special_hardship_reduction": (228, None),
    "poor_labour_end": (4188, "1.39"),
    "near_poor_reduction": (1300, "0.44"),
    "housing": (280, None),
    "job_introductions": (1500, None),
    "insurance_near_poor": (100, None),
    "house_new": (80, None),
    "house_repair": (200, None),
    "officers_trained": (100, None),
}
DISTRICT = {code: CITY[code] for code in APPENDIX}
COUNTS = Counts(
    residents=300079, opening_poor_labour=6271, poor_labour=4806, opening_near_poor=5000, near_poor=4041,
    near_poor_persons=18260, near_poor_insured=17621, house_new=66, house_repair=171, jobs=1187,
    officers_trained=612, officers=1140,
)  # fmt: skip


def cells(counts=COUNTS, targets=CITY, day=DAY, listed=True):
    share = share_of_year(2023, day)
    return {
        code: cell_of(
            measure,
            counts,
            *(None if value is None else D(str(value)) for value in targets.get(code, (None, None))),
            share,
            listed=listed,
        )
        for code, measure in INDICATORS.items()
    }


def told(**more):
    states = objectives_of(cells(**more), dict.fromkeys(range(1, 6), "điều khoản"), more.get("day", DAY))
    return {state.no: state for state in states}


def test_a_cell_stands_beside_the_plans_figures():
    cell = cells()["poor_labour_end"]
    assert (cell.actual, cell.denominator, cell.computed_rate) == (4806, 300079, D("1.60"))
    assert (cell.target, cell.published_rate, cell.plan_rate) == (4188, D("1.39"), D("1.40"))
    assert cell.rate_note == "in kế hoạch 1,39; tính lại 1,40"
    assert cell.difference == 618
    assert cell.reached == D("70.33")
    assert (cell.pace.state, cell.pace.gap) == ("watch", -93)


def test_the_start_of_the_year_is_a_fact_with_nothing_to_reach():
    cell = cells()["poor_labour_start"]
    assert (cell.actual, cell.computed_rate, cell.rate_note) == (6271, D("2.09"), "")
    assert (cell.reached, cell.pace.state) == (None, "none")


def test_percentages_are_counted_in_persons():
    cell = cells()["officers_trained"]
    assert (cell.actual, cell.denominator, cell.computed_rate, cell.reached) == (612, 1140, D("53.68"), D("53.68"))
    assert (cell.difference, cell.pace.expected, cell.pace.gap) == (D("-46.32"), 853, -241)


def test_null_is_not_zero():
    nobody = cells(counts=Counts(), listed=False)
    for code in (
        "poor_labour_start",
        "poor_labour_reduction",
        "poor_labour_end",
        "officers_trained",
        "insurance_near_poor",
    ):
        cell = nobody[code]
        assert (cell.actual, cell.computed_rate, cell.reached, cell.difference, cell.pace.state) == (None,) * 4 + (
            "none",
        ), code
    zero = cells(counts=Counts(residents=1000, officers=50))
    assert (zero["poor_labour_end"].actual, zero["poor_labour_end"].computed_rate) == (0, D("0.00"))
    assert (zero["officers_trained"].actual, zero["officers_trained"].computed_rate) == (0, D("0.00"))
    assert zero["officers_trained"].pace.state == "late"
    assert nobody["housing"].actual == 0  # the register of supports is the portal's own: nothing in it is nothing given


def test_without_resident_households_there_are_counts_and_no_rates():
    cell = cells(counts=Counts(opening_poor_labour=9, poor_labour=5))["poor_labour_end"]
    assert (cell.actual, cell.denominator, cell.computed_rate, cell.plan_rate, cell.rate_note) == (
        5,
        None,
        None,
        None,
        "",
    )
    assert told(counts=Counts(opening_poor_labour=9, poor_labour=5))[1].headline == "5 hộ"


def test_the_five_objectives_in_words():
    states = told()
    assert {no: (state.headline, state.goal, state.state) for no, state in states.items()} == {
        1: ("1,60 %", "mục tiêu 1,39 %", "watch"),
        2: ("96,50 %", "mục tiêu 100 %", "ok"),
        3: ("66 xây mới, 171 sửa chữa", "mục tiêu 80 và 200", "ok"),
        4: ("1.187", "mục tiêu 1.500", "ok"),
        5: ("53,68 %", "mục tiêu 100 %", "late"),
    }
    assert {no: state.sentence for no, state in states.items()} == {
        1: "Đã giảm 1.465 / 2.083 hộ. Còn thiếu 93 hộ so với mốc 30/09/2023.",
        2: "17.621 / 18.260 người có thẻ. Vượt 3.964 người so với mốc 30/09/2023.",
        3: "Xây mới vượt 6 nhà, sửa chữa vượt 21 nhà (mốc 30/09/2023).",
        4: "Đạt 79,13 %. Vượt 65 lượt hộ so với mốc 30/09/2023.",
        5: "612 / 1.140 người. Còn thiếu 241 người so với mốc 30/09/2023.",
    }
    assert [cell.code for state in states.values() for cell in state.parts] == [
        "poor_labour_reduction", "insurance_near_poor", "house_new", "house_repair", "job_introductions", "officers_trained",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("no", "counts", "sentence"),
    [
        (1, Counts(opening_poor_labour=6271, poor_labour=4713), "Đã giảm 1.558 / 2.083 hộ. Vừa đạt mốc 30/09/2023."),
        (
            1,
            Counts(opening_poor_labour=6271, poor_labour=6276),
            "Tăng 5 hộ so với đầu năm. Còn thiếu 1.563 hộ so với mốc 30/09/2023.",
        ),
        (3, Counts(house_new=60, house_repair=149), "Xây mới vừa đạt mốc, sửa chữa thiếu 1 nhà (mốc 30/09/2023)."),
        (5, Counts(), "Chưa có số liệu."),
        (2, Counts(), "Chưa có số liệu."),
    ],
)
def test_sentences_at_the_edges(no, counts, sentence):
    assert told(counts=counts)[no].sentence == sentence


def test_without_a_list_the_first_objective_says_so():
    state = told(counts=Counts(), listed=False)[1]
    assert (state.headline, state.sentence, state.state) == ("–", "Chưa có số liệu.", "none")


def test_a_district_is_given_one_number_for_houses_and_none_for_persons():
    states = told(targets=DISTRICT | {"housing": (30, None)}, counts=Counts(house_new=7, house_repair=20, officers=3))
    assert (states[3].headline, states[3].goal) == ("27 nhà", "mục tiêu 30")
    assert states[3].sentence == "Đã bàn giao 27 / 30 nhà. Vượt 5 nhà so với mốc 30/09/2023."
    assert states[5].sentence == "0 / 3 người. Kế hoạch không giao chỉ tiêu riêng cho địa bàn này."
    assert (states[5].goal, states[5].state) == ("", "none")


# The board


@pytest.fixture
def plan(standards):
    call_command("load_areas", verbosity=0)
    call_command("load_agencies", verbosity=0)
    call_command("load_plan")
    return Plan.objects.get()


@pytest.fixture
def city(plan):
    return Area.objects.get(level="city")


@pytest.fixture
def ward(plan):
    return Area.objects.wards().filter(parent__full_name="Quận Hải Châu").first()


def test_the_city_then_its_seven_districts_in_the_plans_order(plan, city):
    board = scoreboard(plan, DAY, city)
    assert board.own.area == city
    assert [row.area.full_name for row in board.parts] == [
        "Quận Hải Châu", "Quận Thanh Khê", "Quận Sơn Trà", "Quận Ngũ Hành Sơn", "Quận Liên Chiểu", "Quận Cẩm Lệ", "Huyện Hòa Vang",
    ]  # fmt: skip
    assert board.residents_derived
    assert [state.no for state in board.objectives] == [1, 2, 3, 4, 5]
    assert board.objectives[3].clause_text.startswith("Hỗ trợ 1.500 lượt hộ nghèo")


def test_every_target_of_the_plan_is_in_its_cell(plan, city):
    rows = {row.area: row for row in scoreboard(plan, DAY, city).rows}
    for target in Target.objects.select_related("area", "indicator"):
        cell = rows[target.area].cells[target.indicator.code]
        assert (cell.target, cell.published_rate) == (target.value, target.published_rate)
    assert rows[city].cells["poor_labour_end"].rate_note == "" or rows[city].cells["poor_labour_end"].plan_rate == D(
        "1.40"
    )


def test_a_district_then_its_wards_which_have_no_targets(plan, ward, standards):
    make.a_spell(make.a_household(ward), standards[1])
    board = scoreboard(plan, DAY, ward.parent)
    assert [row.area for row in board.parts] == list(Area.objects.filter(parent=ward.parent).order_by("order", "code"))
    row = next(row for row in board.parts if row.area == ward)
    assert (row.cells["poor_labour_end"].actual, row.cells["poor_labour_end"].target) == (1, None)
    assert board.own.cells["poor_labour_end"].actual == 1
    assert scoreboard(plan, DAY, ward).parts == []


def test_a_day_outside_the_plans_year_is_refused(plan, city):
    with pytest.raises(ValueError, match="is not a day of 2023"):
        scoreboard(plan, date(2024, 1, 1), city)


def test_the_board_moves_with_the_day(plan, city, ward, standards):
    make.a_spell(make.a_household(ward), standards[1], valid_to=date(2023, 6, 1))
    assert scoreboard(plan, date(2023, 5, 31), city).own.cells["poor_labour_reduction"].actual == 0
    assert scoreboard(plan, date(2023, 6, 1), city).own.cells["poor_labour_reduction"].actual == 1


def test_counted_residents_are_not_called_derived(plan, city):
    ResidentHouseholds.objects.update(derived=False)
    assert not scoreboard(plan, DAY, city).residents_derived


def queries(call):
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


def test_ten_queries_whatever_is_counted(plan, city, ward, standards):
    make.a_spell(make.a_household(ward), standards[1])
    first = queries(lambda: scoreboard(plan, DAY, city))
    for _ in range(30):
        make.a_spell(make.a_household(ward), standards[1], "near_poor")
    assert first == 10  # the shapes of past years among them, which are remembered
    assert queries(lambda: scoreboard(plan, DAY, city)) == 9


def test_the_kept_board_is_one_query_and_fresh_after_a_write(plan, city, ward, standards):
    make.a_spell(make.a_household(ward), standards[1])
    before = cached_scoreboard(plan, DAY, city)
    assert queries(lambda: cached_scoreboard(plan, DAY, city)) == 1
    assert cached_scoreboard(plan, DAY, city).own.cells == before.own.cells
    make.a_spell(make.a_household(ward), standards[1])
    log(None, "row.added", ward)
    assert cached_scoreboard(plan, DAY, city).own.cells["poor_labour_end"].actual == 2
    assert cached_scoreboard(plan, DAY, ward.parent).area == ward.parent
    assert cached_scoreboard(plan, date(2023, 1, 1), city).as_of == date(2023, 1, 1)


def test_a_typed_figure_reaches_the_fifth_objective(plan, city):
    assert scoreboard(plan, DAY, city).objectives[4].sentence == "Chưa có số liệu."
    Figure.objects.create(
        indicator=Indicator.objects.get(code="officers_trained"),
        area=city,
        day=DAY,
        count=612,
        whole=1140,
        evidence="thử",
    )
    state = scoreboard(plan, DAY, city).objectives[4]
    assert (state.headline, state.state) == ("53,68 %", "late")
