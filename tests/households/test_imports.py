"""A sheet into the register: whole or nothing, once, and out again while nothing is built on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts import progress
from accounts.models import Event
from households import import_progress
from households.members import Person
from households.models import Household, ImportBatch, ImportRow, Member
from households.sealed import vault
from households.services import import_apply, import_reading, imports
from households.tasks import apply_import
from tests import make

DAY = date(2023, 5, 4)
NUMBER = "048071004127"


def staged(number, **more):
    head = Person("Đặng Văn Hoà", "head", "male", 1971, **more)
    return imports.Staged(number, "Tổ 14", "12 Lê Duẩn", "", [head, Person("Lê Thu", "spouse", "female", 1974)])


def a_sheet(by, households=None, data=b"sheet"):
    batch = imports.keep_file(name="ho.csv", data=data, day=DAY, by=by)
    return imports.stage(batch=batch, households=households or [staged(2, citizen_id=NUMBER), staged(4)], by=by)


def run(batch, at=None):
    return import_apply.run(batch_id=batch.pk, at=at or timezone.now())


def approved(by):
    return imports.approve(batch=a_sheet(by), leaving_out=0, by=by)


def test_an_approved_sheet_is_entered_once_and_taken_out_again(cast):
    batch = approved(cast["hoa"])
    assert run(batch) == 2
    with pytest.raises(import_apply.Busy):
        run(batch)
    assert (Household.objects.count(), Member.objects.count()) == (2, 4)
    assert Event.objects.filter(action="household.registered").count() == 2
    assert import_apply.undo(batch=batch, by=cast["hoa"]) == 2
    assert (Household.objects.count(), Member.objects.count()) == (0, 0)


def test_numbers_do_not_lie_in_clear(cast):
    batch = a_sheet(cast["hoa"], data=NUMBER.encode())
    assert NUMBER not in "".join(ImportRow.objects.values_list("sealed", flat=True))
    assert NUMBER.encode() not in bytes(ImportBatch.objects.get(pk=batch.pk).sealed)


def test_the_same_file_is_refused(cast):
    a_sheet(cast["hoa"])
    with pytest.raises(ValidationError):
        a_sheet(cast["hoa"])


def test_errors_are_left_out_only_by_their_number(cast):
    twice = [staged(2, citizen_id=NUMBER), staged(4, citizen_id=NUMBER), imports.Staged(6, "", "", "", [])]
    batch = a_sheet(cast["hoa"], twice)
    assert list(batch.rows.values_list("wrong", flat=True)) == [False, True, True]
    with pytest.raises(ValidationError):
        imports.approve(batch=batch, leaving_out=0, by=cast["hoa"])
    assert run(imports.approve(batch=batch, leaving_out=2, by=cast["hoa"])) == 1


@pytest.mark.parametrize("who", ["lan", "cuc", "admin", "nobody"])
def test_only_the_wards_officer_brings_sheets(cast, who):
    with pytest.raises(PermissionDenied):
        a_sheet(cast[who])


def test_another_wards_officer_does_not_approve(cast):
    with pytest.raises(PermissionDenied):
        imports.approve(batch=a_sheet(cast["hoa"]), leaving_out=0, by=cast["binh"])


def test_broken_in_the_middle_leaves_nothing_and_is_retried(cast, monkeypatch):
    batch = approved(cast["hoa"])
    with monkeypatch.context() as broken:
        broken.setattr(import_apply, "log", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(batch)
    assert not Household.objects.exists()
    assert run(batch) == 2


def test_a_dead_workers_claim_runs_out(cast):
    batch, now = approved(cast["hoa"]), timezone.now()
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_at=now)
    with pytest.raises(import_apply.Busy):
        run(batch, now + timedelta(minutes=1))
    later = now + import_apply.STALE + timedelta(seconds=1)
    progress.live(import_progress.name_of(batch.pk), (now + timedelta(minutes=1)).timestamp())
    with pytest.raises(import_apply.Busy):
        run(batch, later)  # old, but its worker lives
    assert run(batch, later + timedelta(minutes=1)) == 2


def test_a_lost_claim_takes_all_back(cast):
    batch = approved(cast["hoa"])
    with pytest.raises(import_apply.Busy):
        import_apply.apply(batch=batch, claimed_at=timezone.now())
    assert not Household.objects.exists()


def test_an_edited_household_keeps_the_sheet(cast):
    batch = approved(cast["hoa"])
    run(batch)
    Household.objects.filter(pk=Household.objects.first().pk).update(version=2)
    with pytest.raises(ValidationError):
        import_apply.undo(batch=batch, by=cast["hoa"])
    assert Household.objects.count() == 2


def test_a_household_that_others_refer_to_keeps_the_sheet(cast):
    batch = approved(cast["hoa"])
    assert (apply_import(batch.pk), apply_import(batch.pk)) == (2, 0)
    make.a_household(cast["hoa"].area, code="20236-77777")
    household = Household.objects.filter(imported__batch=batch).first()
    Household.objects.filter(code="20236-77777").update(merged_into=household)
    with pytest.raises(ValidationError):
        import_apply.undo(batch=batch, by=cast["hoa"])


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("group", "T" * 61),
        ("address", "T" * 201),
        ("phone", "0" * 16),
        ("living_area", "100000.00"),
        ("group", " "),
        ("address", ""),
    ],
)
def test_what_the_register_cannot_hold_of_a_household_is_an_error_of_its_cell(cast, field, given):
    row = a_sheet(cast["hoa"], [replace(staged(2), **{field: given})]).rows.get()
    assert [(error["row"], error["field"]) for error in row.errors] == [(2, field)]


@pytest.mark.parametrize(
    ("field", "given"), [("full_name", "T" * 121), ("ethnicity", "T" * 41), ("relation", "boss"), ("sex", "")]
)
def test_what_the_register_cannot_hold_of_a_person_is_an_error_of_its_cell(cast, field, given):
    one = staged(2)
    members = [one.members[0], replace(one.members[1], **{field: given})]
    row = a_sheet(cast["hoa"], [replace(one, members=members, lines=[2, 7])]).rows.get()
    assert [(error["row"], error["field"]) for error in row.errors] == [(7, field)]


@pytest.mark.parametrize("kind", ["citizen_id", "old_id", "insurance"])
def test_each_kind_of_number_is_looked_for(cast, kind):
    there = make.a_household(cast["binh"].area)
    there.members.filter(relation="head").update(**{f"{kind}_hash": vault().fingerprint("201000001")})
    row = a_sheet(cast["hoa"], [staged(2, **{kind: "201000001"})]).rows.get()
    assert [error["field"] for error in row.errors] == [kind]


def test_a_code_of_another_ward_is_an_error(cast):
    make.a_household(cast["binh"].area, code="20239-00007")
    assert a_sheet(cast["hoa"], [replace(staged(2), code="20239-00007")]).rows.get().errors[0]["field"] == "code"


def test_a_number_entered_since_the_check_fails_in_words(cast):
    batch = approved(cast["hoa"])
    Member.objects.filter(household=make.a_household(cast["binh"].area), relation="head").update(
        citizen_id_hash=vault().fingerprint(NUMBER)
    )
    assert run(batch) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.claimed_at) == ("failed", import_apply.TAKEN, None)
    assert Household.objects.count() == 1
    assert not imports.cancel(batch=batch, by=cast["hoa"]).claimed_at


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "city_leader"}, {"area": None}])
def test_who_lost_the_right_after_approval_writes_nothing(cast, change):
    batch = approved(cast["hoa"])
    type(cast["hoa"]).objects.filter(pk=cast["hoa"].pk).update(**change)
    assert run(batch) == 0
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert "không còn quyền" in batch.failure
    assert not Household.objects.exists()


def test_the_approver_stands_in_the_history(cast):
    second = make.a_user("ward_officer", cast["hoa"].area, username="mai")
    run(imports.approve(batch=a_sheet(cast["hoa"]), leaving_out=0, by=second))
    assert {event.by for event in Event.objects.filter(action="household.registered")} == {second}


def test_a_sheet_cancelled_while_it_is_read_stays_cancelled(cast, monkeypatch):
    batch = imports.keep_file(name="x.csv", data=b"x", day=DAY, by=cast["hoa"])

    def read(batch, tell):
        imports.cancel(batch=batch, by=cast["hoa"])
        return {}, iter([staged(2)])

    monkeypatch.setattr(import_reading, "read", read)
    assert import_reading.run(batch_id=batch.pk, at=timezone.now()) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("cancelled", 0)


def test_an_uploader_without_the_right_has_nothing_read(cast, monkeypatch):
    batch = imports.keep_file(name="x.csv", data=b"x", day=DAY, by=cast["hoa"])
    type(cast["hoa"]).objects.filter(pk=cast["hoa"].pk).update(is_active=False)
    monkeypatch.setattr(import_reading, "read", lambda batch, tell: ({}, iter([staged(2)])))
    import_reading.run(batch_id=batch.pk, at=timezone.now())
    batch.refresh_from_db()
    assert (batch.state, batch.claimed_at) == ("failed", None)
