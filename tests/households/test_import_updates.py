"""Households of a sheet that the register has already: what changes, written whole, and put back."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Event
from households.history import member_facts
from households.members import Person
from households.models import Household, Member, StatusSpell
from households.sealed import unseal, vault
from households.services import import_apply, import_updates, imports, register
from tests import make

DAY = date(2023, 5, 4)
FIRST, SECOND = "048071004127", "048174000012"


@pytest.fixture
def home(cast, standards):
    return a_couple(cast, standards)


def a_couple(cast, standards):
    """Registered by hand, poor, of two people: the head has a number and a day of birth."""
    people = [
        Person("Trần Văn Mẫu", "head", "male", 1971, 5, 20, "Cơ Tu", FIRST),
        Person("Lê Thị Thử", "spouse", "female", 1974, citizen_id=SECOND),
    ]
    home = register.register_household(
        ward=cast["hoa"].area,
        group="Tổ 1",
        address="1 đường Thử",
        phone="",
        members=people,
        day=date(2020, 1, 1),
        by=cast["hoa"],
    )
    make.a_spell(home, standards[0])
    return home


def said(number=2, people=(), **more):
    blank = imports.Staged(number, "", "", "", list(people))
    return replace(blank, **more)


def head(**more):
    usual = {"full_name": "Trần Văn Mẫu", "relation": "head", "sex": "male", "birth_year": 1971}
    return Person(**(usual | {"ethnicity": "", "citizen_id": FIRST} | more))


def a_sheet(by, *households, data=b"sheet"):
    batch = imports.keep_file(name="ho.csv", data=data, day=DAY, by=by)
    return imports.stage(batch=batch, households=households, by=by)


def apply(batch, by, leaving_out=0):
    imports.approve(batch=batch, leaving_out=leaving_out, by=by)
    done = import_apply.run(batch_id=batch.pk, at=timezone.now())
    batch.refresh_from_db()
    return done


def everything():
    rows = [list(model.objects.order_by("pk").values()) for model in (Member, StatusSpell)]
    return [list(Household.objects.order_by("pk").values()), *rows]


def without_version(state):
    return [[{k: v for k, v in row.items() if k != "version"} for row in state[0]], *state[1:]]


def test_a_known_household_is_updated_and_put_back(cast, home):
    hoa, before = cast["hoa"], everything()
    child = Person("Trần Thị Con", "child", "female", 2010, ethnicity="", citizen_id="")
    new = imports.Staged(9, "Tổ 2", "3 đường Mới", "", [Person("Ngô Văn Mới", "head", "male", 1980, ethnicity="")])
    batch = a_sheet(hoa, said(2, [head(has_insurance=True), child], phone="0905123456"), new)
    assert imports.kinds(batch) == {"new": 1, "update": 1, "same": 0, "maybe": 0, "wrong": 0}
    assert apply(batch, hoa) == 2
    home.refresh_from_db()
    assert (home.phone, home.address, home.version) == ("0905123456", "1 đường Thử", 2)
    assert "0905123456" in home.search
    assert " con" in home.search
    first = home.members.get(relation="head")
    assert (first.has_insurance, first.birth, first.ethnicity) == (True, "20/05/1971", "Cơ Tu")
    assert list(home.members.order_by("pk").values_list("relation", "joined_on", "ethnicity"))[2] == (
        "child",
        DAY,
        "Kinh",
    )
    line = Event.objects.get(action="household.edited")
    assert line.after["version"] == 2
    assert set(line.after["changed"]) == {"phone", "members"}
    assert unseal(line.after)["phone"] == "0905123456"
    assert StatusSpell.objects.count() == 1
    assert import_apply.undo(batch=batch, by=hoa) == 2
    assert without_version(everything()) == without_version(before)
    home.refresh_from_db()
    assert home.version == 3


def test_the_same_facts_change_nothing(cast, home):
    batch = a_sheet(cast["hoa"], said(2, [head()], code=home.code, address="1  đường Thử"))
    assert imports.kinds(batch)["same"] == 1
    with pytest.raises(ValidationError, match="Không có hộ nào để ghi"):
        imports.approve(batch=batch, leaving_out=0, by=cast["hoa"])


def test_a_history_line_is_the_one_that_the_page_leaves(cast, home):
    """An update by sheet and the same correction by hand tell the log the same."""
    apply(a_sheet(cast["hoa"], said(2, [head(birth_year=1972)], group="Tổ 7")), cast["hoa"])
    by_sheet = Event.objects.filter(action="household.edited").latest("pk")
    home.refresh_from_db()
    people = [replace(register.as_person(one)) for one in home.members.all()]
    people = [replace(one, birth_year=1971) if one.relation == "head" else one for one in people]
    register.edit_household(
        household=home,
        version=2,
        group="Tổ 1",
        address=home.address,
        phone="",
        members=people,
        gone=set(),
        day=DAY,
        by=cast["hoa"],
    )
    by_hand = Event.objects.filter(action="household.edited").latest("pk")
    assert by_sheet.after["changed"] == by_hand.after["changed"]
    assert unseal(by_sheet.after)["members"].keys() == unseal(by_hand.after)["members"].keys()
    assert unseal(by_sheet.before) | {"members": 0} == {"group": "Tổ 1", "members": 0}
    assert unseal(by_sheet.after)["group"] == unseal(by_hand.before)["group"]


def test_two_people_may_swap_what_was_mixed_up(cast, home):
    wife = Person("Lê Thị Thử", "spouse", "female", 1974, ethnicity="", citizen_id="048174000099")
    batch = a_sheet(cast["hoa"], said(2, [wife, head(relation="other", citizen_id="")], code=home.code))
    row = batch.rows.get()
    assert [error["field"] for error in row.errors] == [""]  # nobody would be the head
    home.members.filter(relation="spouse").update(citizen_id_hash="")
    swapped = said(2, [replace(wife, relation="head"), head(relation="spouse", citizen_id="")], code=home.code)
    assert apply(a_sheet(cast["hoa"], swapped, data=b"2"), cast["hoa"]) == 1
    assert home.members.get(relation="head").full_name == "Lê Thị Thử"
    assert home.members.get(relation="head").citizen_id_last4 == "0099"


def test_another_head_is_not_written_over(cast, home):
    row = a_sheet(cast["hoa"], said(2, [head(full_name="Ngô Văn Khác", citizen_id="")], code=home.code)).rows.get()
    assert row.wrong
    assert "Đổi chủ hộ" in row.errors[0]["message"]


def test_one_household_stands_in_a_sheet_once(cast, home):
    first, second = (
        said(2, [head()], code=home.code),
        said(3, [head(citizen_id="")], code=home.code, phone="0905123456"),
    )
    rows = list(a_sheet(cast["hoa"], first, second).rows.order_by("number"))
    assert [row.wrong for row in rows] == [False, True]


def test_a_likely_household_waits_for_an_answer(cast, home):
    sheet = said(2, [head(citizen_id="", birth_month=6, birth_day=1)], group="Tổ 5", address="9 đường Khác")
    batch = a_sheet(cast["hoa"], sheet)
    assert imports.kinds(batch)["maybe"] == 1
    with pytest.raises(ValidationError, match="cần xác nhận"):
        imports.approve(batch=batch, leaving_out=0, by=cast["hoa"])
    with pytest.raises(PermissionDenied):
        imports.answer(batch=batch, is_new=False, by=cast["binh"])
    imports.answer(batch=batch, is_new=True, by=cast["hoa"])
    assert (imports.kinds(batch)["new"], batch.rows.get().household) == (1, None)
    imports.answer(batch=batch, is_new=False, by=cast["hoa"], numbers={2})  # one's mind may change
    assert imports.kinds(batch)["update"] == 1
    imports.stage(batch=batch, households=[sheet], by=cast["hoa"])  # checked again, the answer stays
    assert imports.kinds(batch)["update"] == 1
    assert apply(batch, cast["hoa"]) == 1
    home.refresh_from_db()
    assert (home.group, Household.objects.count()) == ("Tổ 5", 1)


def test_two_rows_are_not_said_to_be_one_household(cast, home):
    rows = [said(number, [head(citizen_id="")], group="Tổ 5", address="9 đường Khác") for number in (2, 3)]
    batch = a_sheet(cast["hoa"], *rows)
    with pytest.raises(ValidationError, match="cùng là một hộ"):
        imports.answer(batch=batch, is_new=False, by=cast["hoa"])
    assert imports.kinds(batch)["maybe"] == 2


def test_what_was_seen_is_what_is_approved(cast, home):
    batch = a_sheet(cast["hoa"], said(2, [head()], phone="0905123456"))
    with pytest.raises(ValidationError, match="kiểm tra lại"):
        imports.approve(batch=batch, leaving_out=0, by=cast["hoa"], seen=imports.kinds(batch) | {"update": 2})


@pytest.mark.parametrize("change", ["edited", "moved", "closed"])
def test_a_household_edited_since_the_check_is_refused_with_nothing_written(cast, areas, home, change):
    new = head(full_name="Ngô Mới", citizen_id="")
    entered = said(5, [new], group="Tổ 1", address="2 đường Thử")
    batch = a_sheet(cast["hoa"], said(2, [head()], phone="0905123456"), entered)
    columns = {"edited": {"version": 2}, "moved": {"ward": areas["next_ward"]}, "closed": {"closed_on": DAY}}
    Household.objects.filter(pk=home.pk).update(**columns[change])
    before = everything()
    assert apply(batch, cast["hoa"]) == 0
    assert (batch.state, batch.failure) == ("failed", import_updates.NEWER)
    assert everything() == before


@pytest.mark.parametrize("newer", ["edit", "review", "number"])
def test_what_stands_on_an_update_keeps_it(cast, home, newer):
    batch = a_sheet(cast["hoa"], said(2, [head(citizen_id="048071009999")], code=home.code))
    assert apply(batch, cast["hoa"]) == 1
    if newer == "edit":
        Household.objects.filter(pk=home.pk).update(version=7)
    elif newer == "review":
        make.a_review(home, cast["hoa"])
    else:
        make.a_household(cast["binh"].area).members.filter(relation="head").update(
            citizen_id_hash=vault().fingerprint(FIRST)
        )
    before = everything()
    with pytest.raises(ValidationError):
        import_apply.undo(batch=batch, by=cast["hoa"])
    assert everything() == before


def test_queries_do_not_grow_with_the_households(cast, areas):
    counts = []
    for many in (3, 12):
        homes = [make.a_household(areas["ward"], head=f"Trần Văn Số {many} {place}") for place in range(many)]
        sheet = [
            imports.Staged(
                place,
                "",
                "",
                "0905123456",
                [
                    Person(
                        home.members.get(relation="head").full_name, "head", "male", 1975, ethnicity="", citizen_id=""
                    )
                ],
                code=home.code,
            )
            for place, home in enumerate(homes, 2)
        ]
        batch = imports.keep_file(name="x", data=b"%d" % many, day=DAY, by=cast["hoa"])
        with CaptureQueriesContext(connection) as seen:
            imports.stage(batch=batch, households=sheet, by=cast["hoa"])
            apply(batch, cast["hoa"])
            import_apply.undo(batch=batch, by=cast["hoa"])
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_numbers_of_the_register_do_not_lie_in_clear(cast, home):
    batch = a_sheet(cast["hoa"], said(2, [head()], phone="0905123456"))
    apply(batch, cast["hoa"])
    row = batch.rows.get()
    assert FIRST not in row.changes + str(row.errors) + str(row.warnings)
    assert member_facts(home.members.get(relation="head"))["citizen_id"].endswith("4127")
