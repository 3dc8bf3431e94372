"""The admin follows roles.py: who opens which page, what is logged, what nobody may do."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, Event, PersonalDataView, User
from accounts.roles import Role
from accounts.tokens import issue_token
from areas.models import Area, ResidentHouseholds
from tests import make

MASTER = ["areas_area", "areas_residenthouseholds", "accounts_agency"]
ACCOUNTS = ["accounts_user", "accounts_event", "accounts_personaldataview"]
ALL = ["hoa", "lan", "district", "staff", "cuc", "leader", "admin", "client", "nobody"]


def page(name, kind="changelist", *args):
    return reverse(f"admin:{name}_{kind}", args=args)


@pytest.mark.parametrize("who", ALL)
def test_who_opens_which_list(as_user, who):
    client = as_user(who)
    for name in MASTER:
        opens = who in ("cuc", "admin")
        for kind in ("changelist", "add", "import", "export"):
            assert (client.get(page(name, kind)).status_code == 200) == opens, (name, kind)
    for name in ACCOUNTS:
        assert (client.get(page(name)).status_code == 200) == (who == "admin"), name


@pytest.mark.parametrize("who", ["hoa", "lan"])
def test_a_ward_is_told_403_not_asked_to_sign_in(as_user, who):
    for name in MASTER + ACCOUNTS:
        assert as_user(who).get(page(name)).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, db):
    answer = client.get(page("areas_area"))
    assert answer.status_code == 302
    assert reverse("login") in answer["Location"] or reverse("admin:login") in answer["Location"]


def test_django_permissions_open_nothing(client, cast):
    boss = cast["nobody"]
    boss.is_superuser = boss.is_staff = True
    boss.save()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page("areas_area")).status_code in (302, 403)
    assert client.get(page("accounts_user")).status_code in (302, 403)


def test_the_index_lists_what_one_may_open(as_user):
    def listed(who):
        apps = as_user(who).get(reverse("admin:index")).context["app_list"]
        return {model["object_name"] for app in apps for model in app["models"]}

    assert {"Area", "ResidentHouseholds", "Agency", "User", "Event", "PersonalDataView"} <= listed("admin")
    assert {"Area", "ResidentHouseholds", "Agency"} <= listed("cuc")
    assert not {"User", "Event", "Group", "ApiToken", "AccessAttempt"} & listed("cuc")
    assert not {"Group", "ApiToken", "AccessAttempt", "AccessLog", "AccessFailureLog"} & listed("admin")
    assert not {"Area", "ResidentHouseholds", "Agency", "User", "Event"} & listed("hoa")


def test_nothing_is_deleted_here(as_user, areas):
    client = as_user("admin")
    residents = ResidentHouseholds.objects.first()
    assert client.get(page("areas_residenthouseholds", "delete", residents.pk)).status_code == 403
    client.post(
        page("areas_residenthouseholds"), {"action": "delete_selected", "_selected_action": residents.pk, "post": "yes"}
    )
    assert ResidentHouseholds.objects.filter(pk=residents.pk).exists()


def test_the_log_is_not_written_by_hand(as_user, cast):
    issue_token(user=cast["client"], by=cast["client"])
    PersonalDataView.objects.create(by=cast["hoa"], kind="view", household_code="20236-00001")
    client = as_user("admin")
    for model, name in ((Event, "accounts_event"), (PersonalDataView, "accounts_personaldataview")):
        row = model.objects.first()
        assert client.get(page(name, "add")).status_code == 403
        assert client.get(page(name, "change", row.pk)).status_code == 200
        assert client.post(page(name, "change", row.pk), {"label": "khác"}).status_code == 403


def test_a_change_is_logged_with_before_and_after(as_user, areas):
    row = ResidentHouseholds.objects.get(area=areas["urban"])
    form = {"area": areas["urban"].pk, "year": 2023, "households": 1200, "source": "Công an quận"}
    assert as_user("cuc").post(page("areas_residenthouseholds", "change", row.pk), form).status_code == 302
    line = Event.objects.get(action="row.changed")
    assert line.before == {"households": 1000, "source": "thử"}
    assert line.after == {"households": 1200, "source": "Công an quận"}
    assert (line.by.username, line.area) == ("cuc", areas["urban"])


def test_saving_without_a_change_leaves_no_line(as_user, areas):
    row = ResidentHouseholds.objects.get(area=areas["urban"])
    form = {"area": areas["urban"].pk, "year": 2023, "households": 1000, "source": "thử"}
    as_user("cuc").post(page("areas_residenthouseholds", "change", row.pk), form)
    assert not Event.objects.exists()


def test_a_new_ward_gets_its_path_and_bad_ones_are_refused(as_user, areas):
    client = as_user("cuc")
    form = {
        "level": "ward",
        "code": "20999",
        "name": "Mới",
        "full_name": "Phường Mới",
        "kind": "Phường",
        "zone": "urban",
        "parent": areas["urban"].pk,
        "order": 3,
        "has_residents": "on",
        "valid_from": "01/01/2023",
    }
    for wrong, said in [
        ({"parent": areas["city"].pk}, "parent"),
        ({"zone": ""}, "__all__"),
        ({"code": "20236", "valid_from": "01/01/2020"}, "__all__"),
        ({"valid_to": "31/12/2022"}, "__all__"),
        ({"valid_from": "30/02/2023"}, "valid_from"),
    ]:
        answer = client.post(page("areas_area", "add"), form | wrong)
        assert answer.status_code == 200, wrong
        assert said in answer.context["adminform"].form.errors, wrong
    assert client.post(page("areas_area", "add"), form).status_code == 302
    ward = Area.objects.get(code="20999")
    assert ward.path == f"{areas['urban'].path}{ward.pk}/"
    assert Event.objects.get(action="row.added").area == ward


def test_members_of_a_group_are_logged(as_user, cast):
    agency = make.an_agency("so-a", name="Sở A")
    group = make.an_agency("nhom", name="Nhóm", kind="group")
    group.members.add(agency)
    form = {"code": "nhom", "name": "Nhóm", "short_name": "N", "kind": "group", "order": 0, "valid_from": "01/01/2020"}
    client = as_user("admin")
    refused = client.post(page("accounts_agency", "change", group.pk), form | {"members": []})
    assert "members" in refused.context["adminform"].form.errors
    other = Agency.objects.get(code="so-thu")
    assert client.post(page("accounts_agency", "change", group.pk), form | {"members": [other.pk]}).status_code == 302
    line = Event.objects.get(action="row.changed")
    assert (line.before["members"], line.after["members"]) == (["Sở A"], ["Sở Lao động"])


NEW = {
    "username": "moi",
    "full_name": "Người Mới",
    "usable_password": "true",
    "password1": "mot-mat-khau-dai",
    "password2": "mot-mat-khau-dai",
}


def test_the_administrator_makes_accounts(as_user, areas):
    client = as_user("admin")
    refused = client.post(page("accounts_user", "add"), NEW | {"role": Role.WARD_OFFICER, "area": areas["urban"].pk})
    assert refused.context["adminform"].form.errors["area"] == [
        "Vai trò này cần địa bàn cấp phường, xã, không phải Quận Hải Châu."
    ]
    short = client.post(page("accounts_user", "add"), NEW | {"password1": "ngan", "password2": "ngan"})
    assert "Mật khẩu quá ngắn, phải có ít nhất 10 ký tự." in short.content.decode()
    assert not User.objects.filter(username="moi").exists()

    made = client.post(page("accounts_user", "add"), NEW | {"role": Role.WARD_OFFICER, "area": areas["ward"].pk})
    assert made.status_code == 302
    user = User.objects.get(username="moi")
    assert user.check_password("mot-mat-khau-dai")
    line = Event.objects.get(action="row.added")
    assert user.password not in str(line.after)
    assert client.get(page("accounts_user", "change", user.pk)).status_code == 200


def test_the_administrator_sets_a_password(as_user, cast):
    issue_token(user=cast["client"], by=cast["client"])
    url = reverse("admin:auth_user_password_change", args=[cast["client"].pk])
    form = {
        "usable_password": "true",
        "password1": "mot-mat-khau-dai",
        "password2": "mot-mat-khau-dai",
        "set-password": "1",
    }
    assert as_user("cuc").post(url, form).status_code == 403
    assert as_user("admin").post(url, form).status_code == 302
    assert User.objects.get(username="client").check_password("mot-mat-khau-dai")
    assert not cast["client"].api_tokens.exists()
    assert Event.objects.filter(action="password.changed", by=cast["admin"]).count() == 1


@pytest.mark.parametrize("key", ["²", "9" * 30, "9" * 5000, "abc"])
def test_a_strange_key_of_an_account_is_not_a_fault(as_user, key):
    answer = as_user("admin").post(f"/quan-tri/accounts/user/{key}/password/", {"password1": "x"})
    assert answer.status_code == 404


def test_the_administrator_unlocks_and_revokes(as_user, cast):
    client = as_user("admin")
    for _ in range(5):
        client.post(reverse("api_token"), {"username": "client", "password": "sai"}, content_type="application/json")
    shown = client.get(page("accounts_user", "change", cast["client"].pk)).content.decode()
    assert re.search(r"Đăng nhập sai:</label>\s*<div class=\"readonly\">5</div>", shown)
    client.post(page("accounts_user"), {"action": "unlock", "_selected_action": cast["client"].pk})
    answer = client.post(
        reverse("api_token"), {"username": "client", "password": "mat-khau-thu-66"}, content_type="application/json"
    )
    assert answer.status_code == 201
    client.post(page("accounts_user"), {"action": "revoke_tokens", "_selected_action": cast["client"].pk})
    assert not cast["client"].api_tokens.exists()
    assert set(Event.objects.filter(by=cast["admin"]).values_list("action", flat=True)) == {
        "sign_in.unlocked",
        "token.revoked",
    }


@pytest.mark.parametrize(
    "name", ["areas_area", "areas_residenthouseholds", "accounts_agency", "accounts_user", "accounts_event"]
)
def test_lists_ask_the_same_for_one_row_and_thirty(as_user, areas, cast, name):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_user("admin").get(page(name)).status_code == 200
        return len(queries)

    issue_token(user=cast["client"], by=cast["client"])
    asked()
    few = asked()
    for number in range(30):
        area = make.an_area("ward", f"3{number:04}", f"Phường {number}", areas["urban"], "urban")
        ResidentHouseholds.objects.create(area=area, year=2023, households=10, source="thử")
        agency = make.an_agency(f"so-{number}", area=None)
        user = make.a_user(Role.DEPARTMENT_STAFF, agency=agency)
        Event.objects.create(by=user, action="row.added", label="x", area=area)
    assert asked() == few


def test_the_log_is_told_in_words(as_user, areas, cast):
    client = as_user("admin")
    client.post(
        page("accounts_user", "change", cast["binh"].pk),
        {"username": "binh", "full_name": "Bình", "role": "ward_leader", "area": areas["ward"].pk, "is_active": "on"},
    )
    told = client.get(page("accounts_event", "change", Event.objects.get().pk)).content.decode()
    assert "<b>vai trò</b>: Cán bộ giảm nghèo phường, xã → Lãnh đạo UBND phường, xã" in told
    assert "<b>địa bàn</b>: Phường Hai → Phường Một" in told
    Event.objects.create(
        action="x.y", subject_type="gone.model", label="cũ", before={"a": [1, 2]}, after={"a": {"b": True}}
    )
    listed = client.get(page("accounts_event")).content.decode()
    assert "Hệ thống" in listed
    assert "gone.model" in listed
    assert client.get(page("accounts_event"), {"viec": "row.changed"}).context["cl"].result_count == 1
