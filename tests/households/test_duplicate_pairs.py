"""Households entered twice: who gets into the queue, what an answer does, who may give it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Event, PersonalDataView
from households.duplicates import Seen, household_likeness
from households.models import DuplicatePair, Household, HouseholdChange, Member
from households.services import changes, duplicates
from tests import make

TODAY = date(2023, 5, 4)
HOA = Seen("Lê Thị Hoa", 1980, "0905 123 456", "1 đường Thử")
AN = Seen("Lê Văn An", 2005, "0905 123 456", "1 đường Thử")


@pytest.mark.parametrize(
    ("shared", "score", "reasons"),
    [
        ([], 0, 0),
        ([(HOA, AN)], 0, 0),
        ([(HOA, Seen("LE THI HOA", 1980))], 60, 1),
        ([(HOA, HOA)], 100, 3),
        ([(HOA, Seen("Lê Thị Hoa", 1980)), (AN, Seen("Lê Văn An", 2005))], 80, 2),
        ([(HOA, HOA), (AN, AN)], 100, 4),
    ],
)
def test_more_shared_people_raise_the_likeness(shared, score, reasons):
    found = household_likeness(shared)
    assert (found[0], len(found[1])) == (score, reasons)


@pytest.fixture
def twice(areas):
    """One family entered twice in Phường Một; the second time with a child that the first did not have."""
    return make.a_household(areas["ward"], members=2), make.a_household(areas["ward"], members=3)


def find(cast, areas, who="hoa", ward="ward"):
    return duplicates.find_duplicates(ward=areas[ward], by=cast[who], today=TODAY)


def same(pair, keep, by):
    return duplicates.answer_same(pair=pair, keep=keep.pk, by=by, today=TODAY, now=timezone.now())


def different(pair, by):
    duplicates.answer_different(pair=pair, by=by, now=timezone.now())


def current(home):
    return list(home.members.filter(left_on=None).order_by("pk").values_list("full_name", "relation"))


def test_a_pair_is_found_once(cast, areas, twice):
    make.a_household(areas["ward"], head="Ngô Văn Khác", members=1)
    make.a_household(areas["next_ward"])
    assert find(cast, areas) == 1
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.ward) == (*twice, areas["ward"])
    assert (pair.score, len(pair.reasons)) == (95, 3)
    assert find(cast, areas) == 0
    assert Event.objects.filter(action="duplicates.found").count() == 2


def test_people_of_closed_households_who_left_or_have_other_numbers_do_not_count(cast, areas, twice):
    Member.objects.filter(household=twice[0]).update(left_on=TODAY, left_as="moved")
    assert find(cast, areas) == 0
    Member.objects.filter(household=twice[0]).update(left_on=None, left_as="")
    for row in Member.objects.all():
        Member.objects.filter(pk=row.pk).update(citizen_id_hash=f"{row.pk}")
    assert find(cast, areas) == 0
    Member.objects.update(citizen_id_hash="")
    Household.objects.filter(pk=twice[0].pk).update(closed_on=TODAY, closed_as="moved_out")
    assert find(cast, areas) == 0


def test_a_common_name_is_compared_by_telephone_or_address_only(cast, areas, monkeypatch):
    monkeypatch.setattr(duplicates, "CROWD", 2)
    homes = [make.a_household(areas["ward"], members=1) for _ in range(4)]
    for place, home in enumerate(homes):
        Household.objects.filter(pk=home.pk).update(address=f"{place // 2} Thử")
    assert find(cast, areas) == 2


def test_the_number_of_queries_does_not_grow_with_the_pairs(cast, areas, twice, django_assert_max_num_queries):
    for _ in range(4):
        make.a_household(areas["ward"])
    with django_assert_max_num_queries(16):
        assert find(cast, areas) == 15


def test_different_is_never_asked_again(cast, areas, twice):
    find(cast, areas)
    different(DuplicatePair.objects.get(), cast["hoa"])
    assert find(cast, areas) == 0
    pair = DuplicatePair.objects.get()
    assert (pair.state, pair.decided_by) == ("different", cast["hoa"])
    with pytest.raises(ValidationError):
        different(pair, cast["hoa"])
    assert Event.objects.filter(action="duplicates.different").count() == 1


def test_what_is_no_longer_alike_leaves_the_queue(cast, areas, twice):
    find(cast, areas)
    Member.objects.filter(household=twice[1]).update(birth_year=1960)
    seen_before = DuplicatePair.objects.get()
    assert find(cast, areas) == 0
    assert not DuplicatePair.objects.exists()
    with pytest.raises(ValidationError):
        different(seen_before, cast["hoa"])


@pytest.mark.parametrize("kept", [0, 1])
def test_same_merges_and_nobody_stands_there_twice(cast, areas, twice, kept):
    Member.objects.filter(household=twice[1 - kept], relation="head").update(
        citizen_id_hash="h", citizen_id_last4="0042", schooling="none"
    )
    was = list(Member.objects.order_by("pk").values())
    find(cast, areas)
    change = same(DuplicatePair.objects.get(), twice[kept], cast["hoa"])
    for home in twice:
        home.refresh_from_db()
    assert (twice[1 - kept].merged_into, twice[1 - kept].closed_on) == (twice[kept], TODAY)
    assert current(twice[1 - kept]) == []
    names = sorted(name for name, _ in current(twice[kept]))
    assert names == ["Trần Thị Con 1", "Trần Thị Con 2", "Trần Văn Thử"]
    head = twice[kept].members.get(relation="head", left_on=None)
    assert (head.citizen_id_last4, head.schooling) == ("0042", "none")
    assert DuplicatePair.objects.get().state == "same"
    assert Event.objects.filter(action__in=["duplicates.same", "household.changed"]).count() == 2
    assert find(cast, areas) == 0

    changes.undo(change=change, by=cast["hoa"], now=timezone.now())
    assert list(Member.objects.order_by("pk").values()) == was
    find(cast, areas)
    assert DuplicatePair.objects.get().state == "open"


def test_only_the_own_wards_officer_searches_and_answers(cast, areas, twice):
    for who in ("lan", "binh", "cuc", "staff"):
        with pytest.raises(PermissionDenied):
            find(cast, areas, who)
    find(cast, areas)
    pair = DuplicatePair.objects.get()
    for who in ("lan", "binh", "cuc"):
        with pytest.raises(PermissionDenied):
            different(pair, cast[who])
        with pytest.raises(PermissionDenied):
            same(pair, twice[0], cast[who])
    with pytest.raises(ValidationError):
        same(pair, make.a_household(areas["ward"]), cast["hoa"])


def test_the_page_finds_shows_and_takes_the_answer(as_user, areas, cast, twice):
    client = as_user("hoa")
    assert "Không có cặp hộ nào" in client.get("/trung-ho/").text
    assert not PersonalDataView.objects.exists()
    Household.objects.filter(pk=twice[1].pk).update(address="9 Đường Khác", phone="0905111222")
    found = client.post("/trung-ho/tim/", follow=True)
    assert "Tìm thấy 1 cặp mới" in found.text
    lines = {line.label: line for line in found.context["pairs"][0]["lines"]}
    assert lines["Địa chỉ"].differs
    assert lines["Điện thoại"].differs
    assert not lines["Tổ, thôn"].differs
    assert not lines["Có ở cả hai"].differs
    assert lines["Chỉ ở một hộ"].second.startswith("Trần Thị Con 2")
    assert PersonalDataView.objects.get().reason.startswith("Cặp hộ có thể trùng: 1 dòng")
    door = f"/trung-ho/{DuplicatePair.objects.get().pk}/"
    assert client.post(door, {"answer": "maybe"}).status_code == 400
    done = client.post(door, {"answer": twice[0].pk})
    assert done.url == f"/ho/bien-dong/{HouseholdChange.objects.get().pk}/"
    assert "đã đóng" in client.post(door, {"answer": "different"}, follow=True).text
    assert "Hộ có thể trùng" in client.get("/ho/").text


def test_the_page_by_role(as_user, areas, cast, twice):
    find(cast, areas)
    door = f"/trung-ho/{DuplicatePair.objects.get().pk}/"
    for who, listed, answered in (("binh", 200, 404), ("lan", 403, 403), ("cuc", 403, 403), ("staff", 403, 403)):
        client = as_user(who)
        page = client.get("/trung-ho/")
        assert page.status_code == listed
        assert twice[0].code not in page.text
        assert client.post(door, {"answer": "different"}).status_code == answered
    assert DuplicatePair.objects.get().state == "open"


def test_the_page_does_not_ask_the_database_for_each_pair(as_user, areas, cast, twice, django_assert_max_num_queries):
    for _ in range(4):
        make.a_household(areas["ward"])
    find(cast, areas)
    client = as_user("hoa")
    client.get("/trung-ho/")
    with django_assert_max_num_queries(14):
        page = client.get("/trung-ho/?page=2")
    assert len(page.context["pairs"]) == 5
