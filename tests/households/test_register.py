"""The services of the register: whole or nothing, one head, one household to an ID number, nothing overwritten."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from accounts.models import Event
from areas.models import Area
from households.members import Person
from households.models import Household, Member
from households.queries import tell
from households.sealed import unseal
from households.services import register
from tests import make

DAY = date(2023, 5, 4)
HEAD = Person("Đặng Văn Hoà", "head", "male", 1971, 5, 20, citizen_id="048071004127")
WIFE = Person("Lê Thị Thu", "spouse", "female", 1974, citizen_id="")


def registered(by, members=(HEAD, WIFE), **more):
    values = {"ward": by.area, "group": "Tổ 14", "address": "12 Lê Duẩn", "phone": "0905123456", "day": DAY} | more
    return register.register_household(members=list(members), by=by, **values)


def edited(household, by, members=(), gone=(), **more):
    household.refresh_from_db()
    values = {
        "version": household.version,
        "group": household.group,
        "address": household.address,
        "phone": household.phone,
        "day": DAY,
    } | more
    reasons = dict.fromkeys(gone, "moved")
    return register.edit_household(
        household=household, members=list(members), gone=set(gone), left_as=reasons, by=by, **values
    )


def counts():
    return Household.objects.count(), Member.objects.count(), Event.objects.count()


def test_a_household_is_entered_with_its_members(cast, areas):
    first, second = registered(cast["hoa"]), registered(cast["hoa"], [WIFE, *[Person("Ngô Bé", "head", "male", 1990)]])
    assert (first.code, second.code) == ("20236-00001", "20236-00002")
    head = first.members.get(relation="head")
    assert (head.search_name, head.sort_key, head.joined_on) == ("dang van hoa", "hoa dang van", DAY)
    assert (head.citizen_id_last4, head.ethnicity) == ("4127", "Kinh")
    assert "048071004127" not in f"{head.citizen_id_sealed}{head.citizen_id_hash}"
    assert " dang van hoa 4127" in first.search
    event = Event.objects.get(subject_id=str(first.pk))
    assert (event.action, event.by, event.area) == ("household.registered", cast["hoa"], areas["ward"])
    assert "Hoà" not in str(event.after), "the log is also read by those who may not see households"
    assert unseal(event.after)["members"][str(head.pk)]["full_name"] == "Đặng Văn Hoà"


def test_the_next_number_follows_the_greatest(cast, areas):
    make.a_household(areas["ward"], code="20236-99999")
    assert registered(cast["hoa"]).code == "20236-100000"
    assert registered(cast["hoa"], [WIFE, Person("Ngô Bé", "head", "male", 1990)]).code == "20236-100001"


@pytest.mark.parametrize("who", ["lan", "binh", "cuc", "nobody"])
def test_only_the_writers_own_ward(cast, areas, who):
    """Whoever can not see the household afterwards, or is not of a ward, has written nothing."""
    before = counts()
    ward = areas["next_ward"] if who == "lan" else areas["ward"] if who == "binh" else areas["city"]
    with pytest.raises(PermissionDenied):
        registered(cast[who], ward=ward)
    assert counts() == before


def test_an_id_number_belongs_to_one_household(cast):
    household = registered(cast["hoa"])
    other = [Person("Ngô Bé", "head", "male", 1990), Person("Ai Đó", "child", "male", 2000, citizen_id="048071004127")]
    with pytest.raises(register.Refused) as own:
        registered(cast["hoa"], other)
    problem = own.value.problems[0]
    assert (problem.row, problem.field, problem.household) == (1, "citizen_id", household.code)
    with pytest.raises(register.Refused) as strange:
        registered(cast["binh"], other)
    problem = strange.value.problems[0]
    assert (problem.row, problem.field, problem.household) == (1, "citizen_id", "")
    assert "Phường Một" in problem.message
    assert household.code not in problem.message


def test_who_has_left_may_join_another_household(cast):
    household = registered(cast["hoa"], [HEAD, Person("Con Một", "child", "male", 2000, citizen_id="048200000001")])
    child = household.members.get(relation="child")
    edited(household, cast["hoa"], gone=[child.pk])
    child.refresh_from_db()
    assert child.left_on == DAY
    moved = registered(cast["binh"], [Person("Con Một", "head", "male", 2000, citizen_id="048200000001")])
    assert moved.members.count() == 1
    household.refresh_from_db()
    assert "con mot" not in household.search


def test_an_edit_corrects_adds_and_keeps_whom_it_does_not_mention(cast):
    household = registered(cast["hoa"])
    head, wife = household.members.all()
    person = Person("Lê Thị Thu Hà", "spouse", "female", 1974, 2, key=wife.pk)
    edited(household, cast["hoa"], [person, Person("Đặng Bé", "child", "male", 2004)], address="15 Lê Duẩn")
    household.refresh_from_db()
    assert (household.version, household.address) == (2, "15 Lê Duẩn")
    assert [member.full_name for member in household.members.all()] == ["Đặng Văn Hoà", "Lê Thị Thu Hà", "Đặng Bé"]
    assert all(word in household.search for word in (" 15 le duan", " 4127", " le thi thu ha", " dang be"))
    head.refresh_from_db()
    assert head.citizen_id_last4 == "4127"
    lines = tell(Event.objects.filter(action="household.edited"))[0].lines
    assert lines == [
        "địa chỉ: 12 Lê Duẩn → 15 Lê Duẩn",
        "Lê Thị Thu, họ và tên: Lê Thị Thu → Lê Thị Thu Hà; ngày sinh: 1974 → 02/1974",
        "Đặng Bé vào hộ, con",
    ]


def test_two_members_change_places_and_numbers(cast):
    """Neither the one-head rule nor the one-number rule of the database stands in the way of a swap."""
    household = registered(
        cast["hoa"], [HEAD, Person("Lê Thị Thu", "spouse", "female", 1974, citizen_id="048174000836")]
    )
    head, wife = household.members.all()
    swapped = [
        Person("Đặng Văn Hoà", "spouse", "male", 1971, key=head.pk, citizen_id="048174000836"),
        Person("Lê Thị Thu", "head", "female", 1974, key=wife.pk, citizen_id="048071004127"),
    ]
    edited(household, cast["hoa"], swapped)
    assert [(m.relation, m.citizen_id_last4) for m in household.members.all()] == [("spouse", "0836"), ("head", "4127")]


def test_a_new_number_with_the_same_end_is_a_change(cast):
    household = registered(cast["hoa"])
    head = household.members.get(relation="head")
    edited(
        household,
        cast["hoa"],
        [Person("Đặng Văn Hoà", "head", "male", 1971, 5, 20, key=head.pk, citizen_id="048999994127")],
    )
    household.refresh_from_db()
    assert household.version == 2
    assert tell(Event.objects.filter(action="household.edited"))[0].lines == [
        "Đặng Văn Hoà, số định danh: ••••••••4127"
    ]


def test_an_edit_that_changes_nothing_writes_nothing(cast):
    household = registered(cast["hoa"])
    before = counts()
    edited(household, cast["hoa"])
    household.refresh_from_db()
    assert (counts(), household.version) == (before, 1)


def test_nobody_is_overwritten(cast):
    household = registered(cast["hoa"])
    seen = household.version
    edited(household, cast["hoa"], address="15 Lê Duẩn")
    with pytest.raises(register.Stale) as stale:
        edited(household, cast["hoa"], address="99 Lê Duẩn", version=seen)
    assert stale.value.version == 2
    assert [event.action for event in stale.value.events] == ["household.edited"]
    household.refresh_from_db()
    assert household.address == "15 Lê Duẩn"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"gone": "all"}, (None, "")),
        ({"gone": "head"}, (None, "")),
        ({"day": date(2023, 5, 3), "gone": "wife"}, (None, "day")),
        ({"members": [Person("Ai Đó", "child", "male", 2000, key=999_999)]}, (0, "full_name")),
        ({"members": [Person("Hai Chủ", "head", "male", 2000)]}, (None, "relation")),
        ({"members": [Person("Trùng", "child", "male", 2000, citizen_id="048071004127")]}, (None, "citizen_id")),
    ],
)
def test_an_edit_that_breaks_a_rule_is_refused(cast, change, where):
    household = registered(cast["hoa"])
    head, wife = household.members.all()
    gone = {"all": [head.pk, wife.pk], "head": [head.pk], "wife": [wife.pk]}
    before = counts()
    with pytest.raises(register.Refused) as refused:
        edited(household, cast["hoa"], **change | {"gone": gone.get(change.get("gone"), [])})
    assert (refused.value.problems[0].row, refused.value.problems[0].field) == where
    assert counts() == before
    assert not household.members.filter(left_on__isnull=False).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_take_two_numbers():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    areas = make.a_city()
    by = make.a_user("ward_officer", areas["ward"])
    together, codes = Barrier(2), []

    def write():
        together.wait()
        ward = Area.objects.get(pk=areas["ward"].pk)
        codes.append(registered(by, [Person("Ngô Bé", "head", "male", 1990)], ward=ward).code)
        connections.close_all()

    writers = [Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(codes) == ["20236-00001", "20236-00002"]
