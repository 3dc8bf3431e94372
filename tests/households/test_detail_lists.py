"""Forms 11, 14 and 15: children by what they lack, households by name with how they came and what they received."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import PersonalDataView
from households import aggregate_queries, detail_lists
from households.aggregates import FORMS
from households.models import Member, Review, ReviewTrigger
from tests import make

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
OLD = date(2022, 12, 14)


def decided(household, cast, number, **more):
    review = make.a_review(household, cast["hoa"], surveyed_on=date(2023, 10, 1), **more)
    review.state, review.decided_by, review.decided_on = "decided", cast["lan"], date(2023, 11, 1)
    review.decision_number = number
    review.save()
    return review


# Form 11


@pytest.fixture
def families(areas, cast, standards):
    """Two poor households of two wards, each with a child of 2010 and one born so that it is 16 on the last day."""
    found = []
    for place, ward in enumerate(("ward", "next_ward")):
        home = make.a_household(areas[ward], members=3)
        child, grown = home.members.filter(relation="child").order_by("pk")
        Member.objects.filter(pk=child.pk).update(birth_year=2010)
        Member.objects.filter(pk=grown.pk).update(birth_year=2007, birth_month=12, birth_day=31)
        make.a_spell(home, standards[1], valid_from=OLD)
        deprived = ("nutrition", "child_schooling", "health_insurance")
        review = decided(home, cast, f"{place}/QĐ", deprived=deprived)
        if place == 0:
            chosen = [("nutrition", child), ("child_schooling", child), ("health_insurance", child)]
            chosen += [("health_insurance", grown), ("health_insurance", home.members.get(relation="head"))]
            ReviewTrigger.objects.bulk_create(ReviewTrigger(review=review, indicator=i, member=m) for i, m in chosen)
        found.append((home, child, grown, review))
    return found


def form_11(cast, standards, who="cuc", last=LAST):
    lines = aggregate_queries.lines(cast[who], standards[1], FIRST, last)
    return {line.area.code: FORMS[11].rows(line.facts)[0][1] for line in lines}


def test_children_by_what_they_lack(families, cast, standards):
    rows = form_11(cast, standards)
    assert rows["20236"][:5] == [1, 1, 1, 1, 0]
    assert rows["20239"][:5] == [1, None, None, None, 1], "lacking without a name is said, not counted as nobody"
    assert rows["48"][:5] == [2, 1, 1, 1, 1]
    assert form_11(cast, standards, last=date(2023, 12, 30))["20236"][:5] == [2, 1, 2, 1, 0], "a day before sixteen"


def test_only_the_newest_decided_review_and_who_is_still_there_count(families, cast, standards):
    home, child, _, review = families[0]
    Member.objects.filter(pk=child.pk).update(left_on=date(2023, 12, 1), left_as="moved")
    assert form_11(cast, standards)["20236"][:4] == [0] * 4
    Member.objects.filter(pk=child.pk).update(left_on=None, left_as="")
    newer = make.a_round(kind="regular", starts_on=date(2023, 11, 15), ends_on=date(2023, 12, 31))
    again = make.a_review(home, cast["hoa"], round=newer, surveyed_on=date(2023, 11, 20), deprived=())
    Review.objects.filter(pk=again.pk).update(
        state="decided", decided_by=cast["lan"], decided_on=date(2023, 12, 20), decision_number="9/QĐ"
    )
    assert form_11(cast, standards)["20236"][:4] == [1, 0, 0, 0]


# Forms 14 and 15


@pytest.fixture
def listed(areas, cast, standards):
    city = standards[1]
    homes = {}

    def home(key, ward="ward", **spell):
        homes[key] = make.a_household(areas[ward], head=f"Trần Văn {key}", members=2)
        return make.a_spell(homes[key], city, **spell)

    home("cũ", valid_from=OLD, has_merit=True, has_labour=False)
    home("mới", valid_from=date(2023, 3, 1), opened_as="new", valid_to=date(2023, 6, 1), closed_as="facts_changed")
    make.a_spell(homes["mới"], city, valid_from=date(2023, 6, 1), opened_as="facts_changed")
    home("tái", ward="next_ward", valid_from=date(2023, 1, 1), opened_as="relapsed")
    home("cận", category="near_poor", valid_from=date(2023, 5, 1), opened_as="from_poor")
    home("thoát", valid_from=OLD, valid_to=LAST)
    make.a_support(homes["cũ"], "insurance", given_on=date(2022, 6, 1), ends_on=date(2023, 1, 1))
    make.a_support(homes["cũ"], "loan", given_on=date(2022, 6, 1))
    make.a_support(homes["cũ"], "house_repair", given_on=LAST)
    make.a_support(homes["mới"], "gift", given_on=FIRST)
    return homes


def rows_of(user, standards, place=1):
    return list(detail_lists.both(user, standards[1], FIRST, LAST).sheets[place].rows)


def test_how_each_household_came_and_what_it_received(listed, cast, standards):
    rows = rows_of(cast["cuc"], standards)
    heads = {row[2]: row for row in rows if row[0]}
    assert set(heads) == {"Trần Văn cũ", "Trần Văn mới", "Trần Văn tái"}
    assert [row[:2] for row in rows] == [[1, 1], [None, 2], [2, 1], [None, 2], [3, 1], [None, 2]]
    old, new, again = heads["Trần Văn cũ"], heads["Trần Văn mới"], heads["Trần Văn tái"]
    assert old[3] == "Phường Một; Tổ 1"
    assert (old[4:6], rows[1][4:6]) == ([1975, None], [None, 2000])
    assert old[8:] == [None, None, "x", "x", "x", "x", None, None, None, "x", None, None]
    assert new[8:] == ["x", None, None, None, None, None, None, None, None, None, "x", None]
    assert again[8:11] == [None, "x", None]
    assert rows[1][8:] == [None] * 12
    (near, _) = rows_of(cast["cuc"], standards, place=0)
    assert near[8:11] == [None] * 3
    assert near[-1] == "Từ hộ nghèo, 01/05/2023"


def test_a_ward_gets_its_own_and_queries_do_not_grow(listed, areas, cast, standards, django_assert_num_queries):
    assert {row[2] for row in rows_of(cast["binh"], standards) if row[0]} == {"Trần Văn tái"}
    for place in range(4):
        make.a_spell(make.a_household(areas["ward"], head=f"Lê Văn {place}"), standards[1])
    with django_assert_num_queries(4):
        assert len(rows_of(cast["cuc"], standards)) == 14


def test_the_workbook_holds_the_lists_prints_them_and_is_written_down(as_user, listed, standards, made_file):
    asked = {"standard": "city-2022", "first": "01/01/2023", "last": "31/12/2023"}
    answer = made_file(as_user("hoa"), reverse("aggregate_book"), asked)
    sheet = load_workbook(BytesIO(answer.content))["Biểu 15"]
    assert [cell.value for cell in sheet["C"][7:11]] == [
        "Trần Văn cũ",
        "Trần Thị Con 1",
        "Trần Văn mới",
        "Trần Thị Con 1",
    ]
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.paperSize) == (
        "$6:$7",
        "landscape",
        9,
    )
    look = PersonalDataView.objects.get(by__username="hoa", kind="export")
    assert look.reason.endswith("đến 31/12/2023: 3 hộ")
    for who in ("leader", "staff", "nobody"):
        assert as_user(who).get(reverse("aggregate_book"), asked).status_code == 403
    assert PersonalDataView.objects.count() == 1
