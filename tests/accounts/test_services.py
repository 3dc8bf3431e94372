"""Accounts are made and changed by one rule, with a log line, or not at all."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts import services, tokens
from accounts.models import Event, User
from accounts.roles import Role
from tests import make

PASSWORD = "mot-mat-khau-dai"


def create(by, **values):
    return services.create_user(
        **({"username": "moi", "full_name": "Người Mới", "password": PASSWORD, "by": by} | values)
    )


@pytest.mark.parametrize(
    ("role", "area", "agency", "field"),
    [
        (Role.WARD_OFFICER, "ward", None, None),
        (Role.WARD_OFFICER, None, None, "area"),
        (Role.WARD_OFFICER, "urban", None, "area"),
        (Role.WARD_LEADER, "commune", None, None),
        (Role.WARD_LEADER, "city", None, "area"),
        (Role.DISTRICT_OFFICER, "urban", None, None),
        (Role.DISTRICT_OFFICER, "ward", None, "area"),
        (Role.DEPARTMENT_STAFF, None, "department", None),
        (Role.DEPARTMENT_STAFF, None, None, "agency"),
        (Role.DEPARTMENT_STAFF, "ward", "department", "area"),
        (Role.DEPARTMENT_STAFF, None, "group", "agency"),
        (Role.PROGRAMME_OFFICE, "city", "department", None),
        (Role.PROGRAMME_OFFICE, "city", None, "agency"),
        (Role.PROGRAMME_OFFICE, "urban", "department", "area"),
        (Role.CITY_LEADER, None, None, None),
        (Role.CITY_LEADER, "city", None, "area"),
        (Role.ADMINISTRATOR, None, None, None),
        (Role.API_CLIENT, None, None, None),
        ("", None, None, None),
    ],
)
def test_a_role_needs_its_place(areas, role, area, agency, field):
    admin = make.a_user(Role.ADMINISTRATOR)
    agency = make.an_agency(kind=agency) if agency else None
    if field is None:
        user = create(admin, role=role, area=areas.get(area), agency=agency)
        assert user.check_password(PASSWORD)
        return
    with pytest.raises(ValidationError) as refused:
        create(admin, role=role, area=areas.get(area), agency=agency)
    assert list(refused.value.message_dict) == [field]
    assert not User.objects.filter(username="moi").exists()


def test_a_new_account_leaves_a_line_without_the_password(cast):
    user = create(cast["admin"], role=Role.CITY_LEADER)
    line = Event.objects.get(action="user.created")
    assert (line.by, line.subject_id, line.after["role"]) == (cast["admin"], str(user.pk), "city_leader")
    assert user.password not in str(line.after)
    assert "password" not in line.after


@pytest.mark.parametrize(
    ("values", "field"),
    [({"username": "hoa"}, "username"), ({"role": "king"}, "role"), ({"full_name": ""}, "full_name")],
)
def test_the_models_own_rules_hold(cast, values, field):
    with pytest.raises(ValidationError) as refused:
        create(cast["admin"], **values)
    assert field in refused.value.message_dict


def test_a_change_is_whole_or_not_at_all(cast, areas):
    hoa = cast["hoa"]
    services.change_user(user=hoa, by=cast["admin"], area=areas["next_ward"], full_name="Hoa Mới")
    line = Event.objects.get(action="user.changed")
    assert (line.before["area"], line.after["area"]) == (areas["ward"].pk, areas["next_ward"].pk)

    with pytest.raises(ValidationError):
        services.change_user(user=hoa, by=cast["admin"], role=Role.DISTRICT_OFFICER, full_name="Khác")
    hoa.refresh_from_db()
    assert (hoa.role, hoa.full_name) == (Role.WARD_OFFICER, "Hoa Mới")


def test_only_the_named_fields_can_be_changed(cast):
    with pytest.raises(TypeError, match="is_superuser"):
        services.change_user(user=cast["hoa"], by=cast["admin"], is_superuser=True)


def test_ten_tokens_and_no_more(cast):
    client = cast["client"]
    first, _ = tokens.issue_token(user=client, by=client)
    for _ in range(10):
        tokens.issue_token(user=client, by=client)
    assert client.api_tokens.count() == 10
    assert not client.api_tokens.filter(pk=first.pk).exists()
    assert tokens.revoke_tokens(user=client, by=cast["admin"]) == 10
    assert not client.api_tokens.exists()


@pytest.mark.parametrize(
    ("password", "extra", "said"),
    [
        (PASSWORD, {}, None),
        ("ngan", {}, "Mật khẩu quá ngắn, phải có ít nhất 10 ký tự"),
        ("12345678901", {}, "hoàn toàn là số|toàn"),
        (PASSWORD, {"role": "ward_officer"}, "phải có địa bàn cấp phường, xã"),
        (PASSWORD, {"role": "ward_officer", "area": "99999"}, "Không có địa bàn mã 99999"),
    ],
)
def test_the_first_administrator_is_made_on_the_command_line(areas, monkeypatch, password, extra, said):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    values = {"name": "Quản Trị", "role": "administrator"} | extra
    if said is None:
        call_command("add_user", "quantri", **values)
        assert User.objects.get(username="quantri").check_password(password)
    else:
        with pytest.raises(CommandError, match=said):
            call_command("add_user", "quantri", **values)
        assert not User.objects.exists()
