"""Pages of a household's life, each posted: what is typed comes to pass, what is wrong is told at its field."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from areas.models import Area
from households.models import HouseholdChange, Member, StatusSpell
from households.queries import wards_on
from households.services import changes
from tests import make
from tests.households.test_changes import DAY, rows

TYPED = {"day": "04/05/2023"}
PLACE = {"group": "Tổ 2", "address": "2 Mới"}


@pytest.fixture
def home(areas, standards):
    household = make.a_household(areas["ward"], members=4)
    make.a_spell(household, standards[0], persons=4)
    return household


def page(home, kind):
    return f"/ho/{home.code}/bien-dong/{kind}/"


def others(home):
    return [one.pk for one in home.members.filter(left_on=None).exclude(relation="head").order_by("pk")]


def posted(client, home, kind, **more):
    answer = client.post(page(home, kind), TYPED | more)
    assert answer.status_code == 302, answer.context["form"].errors
    change = HouseholdChange.objects.get()
    assert answer.url == f"/ho/bien-dong/{change.pk}/"
    home.refresh_from_db()
    return change


def test_moving_within_the_city(as_user, areas, home):
    posted(as_user("hoa"), home, "chuyen-cho", ward=areas["next_ward"].pk, **PLACE)
    assert (home.ward, home.address) == (areas["next_ward"], "2 Mới")
    assert as_user("hoa").get(f"/ho/{home.code}/").status_code == 404
    assert as_user("binh").get(f"/ho/{home.code}/").status_code == 200


@pytest.mark.parametrize(("kind", "left_as"), [("chuyen-di", "moved"), ("dong-ho-so", "died")])
def test_closing_and_opening_again(as_user, home, kind, left_as):
    was = rows()
    change = posted(as_user("hoa"), home, kind)
    assert home.closed_on == DAY
    assert set(home.members.values_list("left_on", "left_as")) == {(DAY, left_as)}
    closed = as_user("hoa").get(f"/ho/{home.code}/").text
    assert "Trần Văn Thử" in closed
    assert as_user("hoa").get(page(home, "roi-ho")).status_code == 404
    as_user("hoa").post(f"/ho/bien-dong/{change.pk}/hoan-tac/")
    assert rows() == was


def test_splitting_with_relations_to_the_new_head(as_user, home):
    head, child, stays = others(home)
    form = {"members": [head, child], "head": head} | PLACE
    asked = as_user("hoa").post(page(home, "tach-ho"), TYPED | form)
    assert asked.context["form"].errors.keys() == {f"relation_{child}"}
    answer = as_user("hoa").post(page(home, "tach-ho"), TYPED | form | {f"relation_{child}": "head"})
    assert answer.context["form"].errors.keys() == {f"relation_{child}"}
    change = posted(
        as_user("hoa"), home, "tach-ho", **form | {f"relation_{child}": "sibling", f"relation_{stays}": "child"}
    )
    new = change.other.members.order_by("pk").values_list("full_name", "relation")
    assert sorted(new) == [("Trần Thị Con 1", "head"), ("Trần Thị Con 2", "sibling")]
    assert others(home) == [stays]
    assert set(StatusSpell.objects.open().values_list("household", "persons")) == {(home.pk, 2), (change.other_id, 2)}


@pytest.mark.parametrize("role", ["head", "stranger"])
def test_nobody_splits_off_with_a_relation_that_is_none(cast, home, role):
    head, child, _ = others(home)
    was = rows()
    with pytest.raises(ValidationError):
        changes.split(
            household=home, members={head, child}, head=head, relations={child: role}, day=DAY, by=cast["hoa"], **PLACE
        )
    assert rows() == was


def test_merging_into_another_household(as_user, areas, home, standards):
    other = make.a_household(areas["ward"], head="Lê Khác")
    make.a_spell(other, standards[0], persons=2)
    foreign = make.a_household(areas["next_ward"])
    for code in ("", "khong-co", foreign.code, home.code):
        answer = as_user("hoa").post(page(home, "nhap-ho"), TYPED | {"into": code})
        assert answer.context["form"].errors.keys() == {"into"}
    posted(as_user("hoa"), home, "nhap-ho", into=other.code)
    assert (home.merged_into, home.closed_as) == (other, "merged")
    assert other.members.filter(left_on=None).count() == 6
    assert StatusSpell.objects.open().get().persons == 6


def test_another_head(as_user, home):
    first, *_ = others(home)
    posted(as_user("hoa"), home, "doi-chu-ho", head=first, old_head_becomes="parent")
    assert home.members.get(pk=first).relation == "head"
    assert home.members.get(full_name="Trần Văn Thử").relation == "parent"


@pytest.mark.parametrize("left_as", ["moved", "died"])
def test_somebody_leaves(as_user, home, left_as):
    first, *_ = others(home)
    posted(as_user("hoa"), home, "roi-ho", member=first, left_as=left_as)
    assert Member.objects.filter(pk=first).values_list("left_on", "left_as").get() == (DAY, left_as)
    assert StatusSpell.objects.open().get().persons == 3


def test_somebody_joins_and_an_odd_number_is_told(as_user, home):
    person = {"full_name": "Ngô Bé", "relation": "child", "sex": "male", "birth": "2022", "ethnicity": "Kinh"}
    answer = as_user("hoa").post(page(home, "vao-ho"), TYPED | person | {"citizen_id": "123"})
    assert answer.context["form"].errors.keys() == {"citizen_id"}
    assert "Ngô Bé" in answer.text
    posted(as_user("hoa"), home, "vao-ho", **person, citizen_id="048371000001", has_merit="False")
    new = Member.objects.get(full_name="Ngô Bé")
    assert (new.joined_on, new.citizen_id_last4, new.has_merit, new.is_disabled) == (DAY, "0001", False, None)
    text = as_user("hoa").get(f"/ho/{home.code}/").text
    assert "khác giới tính đã ghi" in text


def test_a_number_of_another_household_is_refused_at_its_field(as_user, cast, home):
    from tests.households.test_register_numbers import NUMBERS, enter

    enter(cast["hoa"], **NUMBERS)
    person = {"full_name": "Ngô Bé", "relation": "child", "sex": "male", "birth": "2001", "ethnicity": "Kinh"}
    for field, number in NUMBERS.items():
        answer = as_user("hoa").post(page(home, "vao-ho"), TYPED | person | {field: number})
        assert answer.context["form"].errors.keys() == {field}
    assert not HouseholdChange.objects.exists()


def test_only_wards_of_the_day_are_chosen_from(as_user, areas, home):
    old = areas["next_ward"]
    Area.objects.filter(pk=old.pk).update(valid_to=date(2023, 5, 3))
    answer = as_user("hoa").post(page(home, "chuyen-cho"), TYPED | PLACE | {"ward": old.pk})
    assert answer.context["form"].errors.keys() == {"ward"}
    assert f'value="{old.pk}"' not in answer.text
    answer = as_user("hoa").get(page(home, "chuyen-cho"))
    assert f'value="{areas["commune"].pk}"' in answer.text
    assert f'value="{old.pk}"' not in answer.text
    posted(as_user("hoa"), home, "chuyen-cho", ward=old.pk, day="03/05/2023", **PLACE)


def test_wards_of_a_day(areas):
    ward, second, commune = (areas[name] for name in ("ward", "next_ward", "commune"))
    assert set(wards_on(date(2023, 1, 1))) == {ward, second, commune}
    assert not wards_on(date(2019, 12, 31))
    Area.objects.filter(pk=second.pk).update(valid_to=date(2024, 12, 31))
    Area.objects.filter(pk__in=[ward.pk, commune.pk]).update(valid_to=date(2025, 6, 30))
    assert set(wards_on(date(2024, 12, 31))) == {ward, second, commune}
    assert set(wards_on(date(2025, 1, 1))) == set(wards_on(timezone.localdate())) == {ward, commune}


def test_two_who_change_one_household_at_once_are_told(as_user, areas, cast, home):
    client = as_user("hoa")
    seen = client.get(page(home, "chuyen-cho")).context["form"]["version"].value()
    changes.move_within(household=home, ward=areas["ward"], group="Tổ 3", address="3 Khác", day=DAY, by=cast["hoa"])
    form = TYPED | PLACE | {"ward": areas["ward"].pk, "version": seen}
    told = client.post(page(home, "chuyen-cho"), form)
    assert "Ghi biến động của hộ" in told.text
    assert 'value="2 Mới"' in told.text
    home.refresh_from_db()
    assert home.address == "3 Khác"
    again = told.context["form"]["version"].value()
    assert client.post(page(home, "chuyen-cho"), form | {"version": again}).status_code == 302
    home.refresh_from_db()
    assert home.address == "2 Mới"
