"""Aggregate forms: what each column counts, which overlaps are honest, and that pages and workbook say the same."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from households import aggregate_queries
from households.aggregates import FORMS, movement_facts
from households.ledger import Count, Group, Ledger
from households.models import Review, StatusSpell
from households.spells import Closed, Opened
from tests.make import a_household, a_review, a_round, the_standards

YEAR = (date(2023, 1, 1), date(2023, 12, 31))


def cells(number, facts):
    return dict(FORMS[number].rows(facts))


def test_rates_come_from_counts_and_what_is_unknown_stays_empty():
    row = cells(1, {"residents.hh": 3, "hh.poor": 1, "persons.poor": 4})[""]
    assert row[3] == Decimal("33.33")
    assert row[:3] == [3, None, 1]
    assert row[6] is None  # farm households: not zero
    assert row[9] is None  # no residents counted in persons


def test_other_means_none_of_the_three_and_not_the_rest():
    facts = {
        "hh.poor": 3,
        "hh.poor.minority": 2,
        "hh.poor.no_labour": 2,
        "hh.poor.merit": 0,
        "hh.poor.none_of_three": 1,
    }
    assert cells(8, facts)["Hộ"][:5] == [3, 2, 2, 0, 1]


def test_movements_add_up_as_the_form_prints():
    ledger = Ledger(
        Count(10, 40),
        {
            Opened.NEW: Count(2, 7),
            Opened.RELAPSED: Count(1, 2),
            Opened.FROM_NEAR_POOR: Count(1, 5),
            Opened.SPLIT: Count(1, 1),
        },
        {Closed.ESCAPED: Count(3, 9), Closed.TO_NEAR_POOR: Count(2, 6), Closed.DIED_OUT: Count(1, 1)},
        Count(9, 39),
    )
    rows = cells(2, movement_facts(ledger, Group.POOR))
    assert rows["Hộ"] == [10, 2, 3, 1, 1, 1, 2, 1, 9]
    assert rows["Nhân khẩu"] == [40, 6, 9, 1, 5, 2, 7, 1, 39]
    for one, two, three, four, five, six, seven, eight, nine in rows.values():
        assert nine == one - two - three - four + five + six + seven + eight


@pytest.fixture
def surveyed(areas, cast):
    """Two poor households in two wards, the second of a minority and without labour; one review each."""
    central, city = the_standards()
    for name, more in (("ward", {}), ("next_ward", {"ethnic_minority": True, "has_labour": False})):
        household = a_household(areas[name], members=2)
        values = {"has_labour": True, "special_hardship": False, "has_merit": False, "ethnic_minority": False} | more
        StatusSpell.objects.create(
            household=household, standard=city, ward=areas[name], category="poor", persons=2,
            valid_from=date(2023, 3, 1), opened_as=Opened.NEW, **values,
        )  # fmt: skip
        review = a_review(
            household, cast["hoa"], surveyed_on=date(2023, 10, 1), deprived=("toilet",), cause_no_capital=True
        )
        Review.objects.filter(pk=review.pk).update(
            state="decided", decided_by=cast["lan"], decided_on=date(2023, 11, 1), decision_number="1/QĐ"
        )
    return city


def test_wards_add_up_and_queries_do_not_grow(areas, cast, surveyed, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        lines = aggregate_queries.lines(cast["cuc"], surveyed, *YEAR)
    by_code = {line.area.code: line for line in lines}
    assert [line.no for line in lines] == ["", "1", "1.1", "1.2", "2", "2.1"]
    city = by_code["48"].facts
    assert (city["hh.poor"], city["persons.poor"], city["hh.poor.minority"], city["hh.poor.no_labour"]) == (2, 4, 1, 1)
    assert (city["residents.hh"], by_code["492"].facts["residents.hh"]) == (2000, 1000)
    assert city["poor.reviewed"] == 2
    assert city["poor.lack.toilet"] == 2
    assert (city["poor.cause_no_capital"], city["poor.cause_no_labour"]) == (2, 0)
    assert by_code["20236"].facts["hh.poor"] == 1
    assert city["poor.ethnic.kinh"] == 2
    assert city["hh.poor.moved.new"] == 2
    assert city["hh.poor.moved.closing"] == city["hh.poor"]


def test_two_decisions_of_one_day_count_a_household_once_by_the_later(areas, cast, surveyed):
    """A second form that changes no category may be decided on the day of the first."""
    first = Review.objects.filter(ward=areas["ward"]).get()
    regular = a_round(2023, kind="regular")
    again = a_review(first.household, cast["hoa"], regular, surveyed_on=date(2023, 10, 2), deprived=("telecom",))
    Review.objects.filter(pk=again.pk).update(
        state="decided", decided_by=cast["lan"], decided_on=date(2023, 11, 1), decision_number="2/QĐ"
    )
    facts = aggregate_queries.lines(cast["lan"], surveyed, *YEAR)[0].facts
    assert (facts["poor.reviewed"], facts["poor.lack.toilet"], facts["poor.lack.telecom"]) == (1, 0, 1)


def test_a_ward_counts_itself_only(cast, surveyed):
    lines = aggregate_queries.lines(cast["hoa"], surveyed, *YEAR)
    assert [(line.area.code, line.facts["hh.poor"]) for line in lines] == [("20236", 1)]


# Pages

ASKED = {"standard": "city-2022", "first": "01/01/2023", "last": "31/12/2023"}


@pytest.mark.parametrize("number", FORMS)
def test_every_form_is_a_page(client, cast, surveyed, number):
    client.force_login(cast["cuc"])
    page = client.get(reverse("aggregate_form", args=[number]), ASKED)
    assert page.status_code == 200
    assert FORMS[number].title in page.content.decode()


def test_the_ledger_page_shows_the_way_from_opening_to_closing(client, cast, surveyed):
    client.force_login(cast["hoa"])
    page = client.get(reverse("movement_ledger"), ASKED)
    text = page.content.decode()
    assert "+ Phát sinh mới" in text
    assert "Không cân" not in text
    assert page.context["sections"][0]["rows"][0]["closing"] == Count(1, 2)


def test_a_wrong_question_is_answered_at_its_field(client, cast, surveyed):
    client.force_login(cast["hoa"])
    page = client.get(reverse("movement_ledger"), ASKED | {"last": "01/01/2022"})
    assert "Ngày cuối phải từ ngày đầu trở đi." in page.content.decode()
    assert client.get(reverse("aggregate_book"), ASKED | {"last": "x"}).status_code == 400
    assert client.get(reverse("aggregate_form", args=[99])).status_code == 404


def test_the_workbook_says_what_the_pages_say(client, cast, surveyed, made_file):
    client.force_login(cast["cuc"])
    book = openpyxl.load_workbook(io.BytesIO(made_file(client, reverse("aggregate_book"), ASKED).content))
    assert book.sheetnames == [f"Biểu {number}" for number in range(1, 16)]
    rows = [[cell.value for cell in row] for row in book["Biểu 1"].iter_rows(min_row=9, max_row=14)]
    lines = aggregate_queries.lines(cast["cuc"], surveyed, *YEAR)
    for row, line in zip(rows, lines, strict=True):
        told = [None if cell is None else float(cell) for _, found in FORMS[1].rows(line.facts) for cell in found]
        assert [None if cell is None else float(cell) for cell in row[2:]] == told
    movements = book["Biểu 2"]
    assert [cell.value for cell in movements[8]][-1] == "9=1-2-3-4+5+6+7+8"


@pytest.mark.parametrize(("who", "page", "book"), [("staff", 403, 403), ("leader", 403, 403), ("district", 200, 302)])
def test_who_may_see(client, cast, surveyed, who, page, book):
    client.force_login(cast[who])
    assert client.get(reverse("movement_ledger"), ASKED).status_code == page
    assert client.get(reverse("aggregate_book"), ASKED).status_code == book
