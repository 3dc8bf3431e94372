"""visible_to: the area and what lies below it, for those with a right to households; else no rows."""

import pytest
from django.contrib.auth.models import AnonymousUser

from households.models import Household
from tests import make


@pytest.fixture
def houses(areas):
    return {name: make.a_household(areas[name]) for name in ("ward", "next_ward", "commune")}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("hoa", {"ward"}),
        ("lan", {"ward"}),
        ("binh", {"next_ward"}),
        ("district", {"ward", "next_ward"}),
        ("cuc", {"ward", "next_ward", "commune"}),
        ("staff", set()),
        ("leader", set()),
        ("admin", set()),
        ("client", set()),
        ("nobody", set()),
    ],
)
def test_each_role_sees_its_area(cast, houses, who, seen):
    found = set(Household.objects.visible_to(cast[who]))
    assert found == {houses[name] for name in seen}


@pytest.mark.parametrize("who", ["hoa", "district", "cuc"])
def test_no_area_means_no_rows(cast, houses, who):
    cast[who].area = None
    assert not Household.objects.visible_to(cast[who]).exists()


def test_strangers_and_those_switched_off_see_nothing(cast, houses):
    assert not Household.objects.visible_to(AnonymousUser()).exists()
    cast["cuc"].is_active = False
    assert not Household.objects.visible_to(cast["cuc"]).exists()


def test_a_path_that_only_begins_alike_is_another_area(areas, cast):
    """Area 1 must not reach area 11: paths end with a slash."""
    twin = make.an_area("ward", "20999", "Phường Bẫy", areas["urban"], "urban")
    twin.path = areas["ward"].path.rstrip("/") + "1/"
    twin.save()
    make.a_household(twin)
    assert not Household.objects.visible_to(cast["hoa"]).exists()


def test_the_scope_is_one_query(cast, houses, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(Household.objects.visible_to(cast["cuc"]))
