"""Two people edit one household: what each changed is merged field by field, and only a clash is asked."""

from datetime import date

import pytest

from accounts.models import Event
from households.members import Person
from households.merging import Merged, compare
from households.models import Household, Member
from households.services import changes
from households.services.register import edit_household, register_household
from tests.households.test_register_pages import EMPTY, HEAD, WIFE, typed

DAY = date(2023, 5, 4)
BASE = {"address": "12", "1.here": "yes", "1.birth": "1971", "2.here": "yes", "2.birth": "1974"}
GONE = {name: value for name, value in BASE.items() if not name.startswith("2.")}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        (BASE, BASE, BASE, Merged()),
        (BASE, BASE, BASE | {"address": "15"}, Merged(theirs=["address"])),
        (BASE, BASE | {"address": "15"}, BASE, Merged(mine=["address"])),
        (BASE, BASE | {"address": "15"}, BASE | {"address": "15"}, Merged()),
        (BASE, BASE | {"address": "15"}, BASE | {"address": "16"}, Merged(both=["address"])),
        (BASE, BASE | {"address": ""}, BASE | {"address": "16"}, Merged(both=["address"])),
        (BASE, BASE | {"1.birth": "1972"}, BASE | {"2.birth": "1975"}, Merged(["2.birth"], ["1.birth"])),
        (BASE, BASE, GONE, Merged(theirs=["2.here"])),
        (BASE, BASE | {"2.birth": "1975"}, GONE, Merged(both=["2.here"])),
        (BASE, BASE | {"2.here": ""}, BASE, Merged(mine=["2.here"])),
        (BASE, BASE | {"2.here": ""}, BASE | {"2.birth": "1975"}, Merged(both=["2.here"])),
        (BASE, BASE | {"2.here": ""}, GONE, Merged()),
        (GONE, GONE, BASE, Merged(theirs=["2.here"])),
        (None, BASE, BASE | {"address": "15"}, Merged(both=["address"])),
        (None, BASE, GONE, Merged(both=["2.here"])),
    ],
)
def test_what_each_side_did(base, mine, theirs, expected):
    assert compare(base, mine, theirs) == expected


@pytest.fixture
def household(cast):
    people = [
        Person("Đặng Văn Hoà", "head", "male", 1971, 5, 20, citizen_id="048071004127"),
        Person("Lê Thị Thu", "spouse", "female", 1974, citizen_id=""),
    ]
    return register_household(
        ward=cast["hoa"].area,
        group="Tổ 14",
        address="12 Lê Duẩn",
        phone="0905123456",
        members=people,
        day=DAY,
        by=cast["hoa"],
    )


class Second:
    """A browser that opened the household before somebody else saved it."""

    def __init__(self, client, household):
        self.client, self.url = client, f"/ho/{household.code}/sua/"
        self.carried = self.read(client.get(self.url))
        head, wife = household.members.all()
        self.rows = [HEAD | {"key": head.pk, "citizen_id": ""}, WIFE | {"key": wife.pk, "citizen_id": ""}, EMPTY]

    def read(self, page):
        form = page.context["form"]
        return {"version": form["version"].value(), "base": form["base"].value()}

    def save(self, *more, head=None, wife=None, **place):
        rows = [self.rows[0] | (head or {}), self.rows[1] | (wife or {}), *(more or [EMPTY])]
        answer = self.client.post(self.url, typed(*rows, initial=2, **self.carried | place))
        if answer.status_code == 200:
            self.carried = self.read(answer)
        return answer


def first_saves(household, by, *, head=None, wife=None, new=(), gone=(), **place):
    household.refresh_from_db()
    one, two = household.members.filter(relation__in=["head", "spouse"])
    facts = [
        {"full_name": "Đặng Văn Hoà", "birth_year": 1971, "birth_month": 5, "birth_day": 20} | (head or {}),
        {"full_name": "Lê Thị Thu", "birth_year": 1974} | (wife or {}),
    ]
    people = [
        Person(**{"relation": row.relation, "sex": row.sex, "key": row.pk} | told)
        for row, told in zip((one, two), facts, strict=True)
        if row.pk not in gone
    ]
    given = {"group": "Tổ 14", "address": "12 Lê Duẩn", "phone": "0905123456"} | place
    return edit_household(
        household=household,
        version=household.version,
        members=[*people, *new],
        gone=set(gone),
        left_as=dict.fromkeys(gone, "moved"),
        day=DAY,
        by=by,
        **given,
    )


def test_what_does_not_clash_is_merged(as_user, cast, household):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], address="15 Lê Duẩn", wife={"birth_year": 1975, "old_id": "200123456"})
    answer = second.save(phone="0905 999 999", head={"work": "self_employed"})
    stale = answer.context["stale"]
    assert stale["theirs"] == [
        "Địa chỉ: 12 Lê Duẩn → 15 Lê Duẩn",
        "Lê Thị Thu, ngày sinh: 1974 → 1975",
        "Lê Thị Thu, CMND cũ: (trống) → ••••••••3456",
    ]
    assert stale["mine"] == [
        "Điện thoại: 0905123456 → 0905999999",
        "Đặng Văn Hoà, việc làm: (trống) → Tự làm",
    ]
    assert not stale["asked"]
    for words in ("người khác vừa sửa", "Người hoa", "Không có chỗ nào", 'value="15 Lê Duẩn"', 'value="1975"'):
        assert words in answer.text
    assert "200123456" not in answer.text
    assert Household.objects.get().version == 2, "shown first, saved when the writer says so"
    saved = second.save(
        phone="0905 999 999", address="15 Lê Duẩn", head={"work": "self_employed"}, wife={"birth": "1975"}
    )
    assert saved.status_code == 302
    household.refresh_from_db()
    wife = household.members.get(relation="spouse")
    assert (household.address, household.phone, wife.birth_year) == ("15 Lê Duẩn", "0905999999", 1975)
    assert wife.old_id_last4 == "3456"


@pytest.mark.parametrize(
    ("address", "birth", "expected"),
    [
        ("mine", "theirs", ("99 Lê Duẩn", 1975)),
        ("theirs", "mine", ("15 Lê Duẩn", 1976)),
    ],
)
def test_a_clash_is_asked_field_by_field(as_user, cast, household, address, birth, expected):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], address="15 Lê Duẩn", wife={"birth_year": 1975})
    mine = {"address": "99 Lê Duẩn", "wife": {"birth": "1976"}}
    answer = second.save(**mine)
    assert [one["label"] for one in answer.context["stale"]["asked"]] == ["Địa chỉ", "Lê Thị Thu, ngày sinh"]
    for words in ("Giữ của tôi: 99 Lê Duẩn", "Lấy của người kia: 15 Lê Duẩn", "Trước đó: 12 Lê Duẩn."):
        assert words in answer.text
    for choice in ({}, {"choice-0": "mine"}, {"choice-0": "mine", "choice-1": "nonsense"}):
        again = second.save(**mine, **choice)
        assert again.status_code == 200, "nothing is saved before each clash is decided"
        assert again.context["choices"].errors
        assert "người khác vừa sửa" in again.text
    assert Household.objects.get().version == 2
    saved = second.save(**mine, **{"choice-0": address, "choice-1": birth})
    assert saved.status_code == 302
    household.refresh_from_db()
    assert (household.address, household.members.get(relation="spouse").birth_year) == expected


def test_a_third_who_saves_in_between_is_not_overwritten_either(as_user, cast, household):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], address="15 Lê Duẩn")
    second.save(address="99 Lê Duẩn")
    first_saves(household, cast["hoa"], address="15 Lê Duẩn", phone="0905000000")
    answer = second.save(address="99 Lê Duẩn", **{"choice-0": "mine"})
    assert answer.context["stale"]["theirs"] == ["Điện thoại: 0905123456 → 0905000000"]
    assert not answer.context["stale"]["asked"], "what was decided is not asked again"
    assert second.save(address="99 Lê Duẩn", phone="0905000000").status_code == 302
    household.refresh_from_db()
    assert (household.address, household.phone, household.version) == ("99 Lê Duẩn", "0905000000", 4)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_numbers_for_one_person(as_user, cast, household, choice):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], head={"old_id": "200123456"})
    mine = {"head": {"old_id": "300 123 456"}}
    answer = second.save(**mine)
    assert [one["name"].rpartition(".")[2] for one in answer.context["stale"]["asked"]] == ["old_id"]
    assert "200123456" not in answer.text
    assert second.save(**mine, **{"choice-0": choice}).status_code == 302
    household.refresh_from_db()
    assert household.version == (3 if choice == "mine" else 2)


def test_who_joined_stays_and_empty_rows_stay_empty(as_user, cast, household):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], new=[Person("Đặng Bé", "child", "male", 2020)])
    answer = second.save(EMPTY, EMPTY, phone="")
    assert answer.context["stale"]["theirs"] == ["Đặng Bé: vào hộ"]
    assert not answer.context["members"].total_error_count()
    assert second.save(EMPTY, EMPTY, phone="").status_code == 302
    assert household.members.filter(left_on=None).count() == 3


@pytest.mark.parametrize(("choice", "persons"), [("theirs", 3), ("mine", 4)])
def test_both_add_the_same_child(as_user, cast, household, choice, persons):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], new=[Person("Đặng Bé", "child", "male", 2020)])
    child = EMPTY | {"full_name": "Đặng Bé", "relation": "child", "sex": "male", "birth": "05/2020"}
    answer = second.save(child)
    assert "Cùng một người" in answer.text
    assert second.save(child).status_code == 200
    assert second.save(child, **{"choice-0": choice}).status_code == 302
    assert household.members.filter(left_on=None).count() == persons


def test_who_left_is_taken_out_unless_the_writer_corrected_them(as_user, cast, household):
    wife = household.members.get(relation="spouse")
    second, third = Second(as_user("hoa"), household), Second(as_user("hoa"), household)
    changes.member_leaves(household=household, member=wife.pk, left_as="moved", day=DAY, by=cast["hoa"])
    answer = second.save(phone="")
    assert answer.context["stale"]["theirs"] == ["Lê Thị Thu: rời hộ"]
    assert second.save(phone="", wife={"DELETE": "on"}).status_code == 302
    answer = third.save(wife={"birth": "1975"})
    assert "bỏ phần tôi gõ về người này" in answer.text
    assert third.save(wife={"birth": "1975"}, phone="").status_code == 200
    assert third.save(wife={"birth": "1975"}, phone="", **{"choice-0": "theirs"}).status_code == 302
    assert [one.full_name for one in household.members.filter(left_on=None)] == ["Đặng Văn Hoà"]


@pytest.mark.parametrize(("choice", "left"), [("mine", DAY), ("theirs", None)])
def test_the_writer_takes_out_whom_the_other_corrected(as_user, cast, household, choice, left):
    second = Second(as_user("hoa"), household)
    first_saves(household, cast["hoa"], wife={"birth_year": 1975})
    gone = {"DELETE": "on", "birth": "", "left_as": "moved"}
    assert len(second.save(wife=gone).context["stale"]["asked"]) == 1
    assert second.save(wife=gone, **{"choice-0": choice}).status_code == 302
    wife = Member.objects.get(relation="spouse")
    assert (wife.left_on, wife.birth_year) == (left, 1975)


@pytest.mark.parametrize("base", ["", "nonsense"])
def test_without_what_the_page_carried_every_difference_is_asked(as_user, cast, household, base):
    second = Second(as_user("hoa"), household)
    second.carried["base"] = base
    first_saves(household, cast["hoa"], address="15 Lê Duẩn", phone="")
    answer = second.save()
    assert [one["name"] for one in answer.context["stale"]["asked"]] == ["address", "phone"]
    assert second.save().status_code == 200
    assert second.save(**{"choice-0": "theirs", "choice-1": "theirs"}).status_code == 302
    assert Event.objects.filter(action="household.edited").count() == 1, "all taken from the other: nothing to save"


def test_what_another_households_page_carried_is_not_read(as_user, cast, household):
    other = register_household(
        ward=cast["hoa"].area,
        group="Tổ 1",
        address="1 Lê Duẩn",
        phone="",
        members=[Person("Ngô A", "head", "male", 1980, citizen_id=""), Person("Ngô B", "spouse", "female", 1980)],
        day=DAY,
        by=cast["hoa"],
    )
    second, stranger = Second(as_user("hoa"), household), Second(as_user("hoa"), other)
    first_saves(household, cast["hoa"], address="15 Lê Duẩn")
    second.carried["base"] = stranger.carried["base"]
    assert [one["name"] for one in second.save().context["stale"]["asked"]] == ["address"]


def test_what_the_page_carries_is_sealed(as_user, household):
    second = Second(as_user("hoa"), household)
    head = household.members.get(relation="head")
    assert head.citizen_id_hash not in second.client.get(second.url).text
    assert "Hoà" not in second.carried["base"]
