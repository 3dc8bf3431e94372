"""Signing in and out, locking, one's own account, one's own password: in Vietnamese, and the only pages without a right."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts.log import log
from accounts.models import Event, User
from accounts.tokens import issue_token

PASSWORD = "mat-khau-thu-66"
LOGIN = "/dang-nhap/"


def sign_in(client, username="hoa", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_a_stranger_is_sent_to_the_door_and_back(client, cast):
    answer = client.get(reverse("account"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{LOGIN}?next=/toi/"
    assert sign_in(client, next="/toi/")["Location"] == "/toi/"
    assert client.get("/toi/").status_code == 200


@pytest.mark.parametrize("target", ["https://xau.example/", "//xau.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_portal(client, cast, target):
    assert sign_in(client, next=target)["Location"] == reverse("home")


def test_who_is_in_already_is_sent_home(as_user):
    assert as_user("hoa").get(LOGIN)["Location"] == reverse("home")


def test_the_door_keeps_the_name_and_forgets_the_password(client, cast):
    page = sign_in(client, password="sai-mat-khau").content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page
    assert 'value="hoa"' in page
    assert "sai-mat-khau" not in page


def test_somebody_switched_off_stays_out(client, cast):
    User.objects.filter(username="hoa").update(is_active=False)
    assert sign_in(client).status_code == 200
    assert SESSION_KEY not in client.session


def test_five_wrong_passwords_lock_the_door(client, cast):
    answers = [sign_in(client, password="sai") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Thử lại sau 15 phút" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "900"
    assert sign_in(client).status_code == 429, "the right password comes too late"
    assert sign_in(client, "binh").status_code == 302, "another name is not locked"


def test_the_lock_is_one_for_pages_and_api(client, cast):
    for _ in range(5):
        sign_in(client, "client", "sai")
    answer = client.post(
        "/api/v1/token/", {"username": "client", "password": PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 429


def test_four_wrong_passwords_and_the_right_one_start_anew(client, cast):
    for _ in range(2):
        for _ in range(4):
            sign_in(client, password="sai")
        assert sign_in(client).status_code == 302
        client.post(reverse("logout"))


def test_leaving_needs_a_post(as_user):
    client = as_user("hoa")
    assert client.get(reverse("logout")).status_code == 405
    assert SESSION_KEY in client.session
    assert client.post(reverse("logout"))["Location"] == LOGIN
    assert SESSION_KEY not in client.session


def test_ones_own_account(as_user, cast):
    for number in range(12):
        log(cast["hoa"], "user.changed", cast["hoa"], after={"n": number})
    log(cast["binh"], "user.changed", cast["binh"])
    page = as_user("hoa").get(reverse("account"))
    assert "Nhập phiếu rà soát" in page.context["rights"]
    assert "Lập báo cáo định kỳ" not in page.context["rights"]
    assert [event.after["n"] for event in page.context["events"]] == list(range(11, 1, -1))
    assert "Sửa tài khoản" in page.content.decode()


def test_somebody_without_a_role_gets_no_further_than_the_account(as_user):
    client = as_user("nobody")
    for name in ("account", "password_change"):
        assert client.get(reverse(name)).status_code == 200
    assert "chưa có quyền nào" in client.get(reverse("account")).content.decode()
    assert client.get(reverse("home")).status_code == 403
    assert client.post(reverse("logout")).status_code == 302


CHANGE = {"old_password": PASSWORD, "new_password1": "dong-song-han-2023", "new_password2": "dong-song-han-2023"}


def both(password):
    return CHANGE | {"new_password1": password, "new_password2": password}


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        (CHANGE | {"old_password": "sai"}, "old_password", "Mật khẩu cũ chưa đúng"),
        (CHANGE | {"new_password2": "khac-hoan-toan-1"}, "new_password2", "Hai lần nhập"),
        (both("ngan-qua"), "new_password2", "Mật khẩu quá ngắn, phải có ít nhất 10 ký tự."),
        (both("2023052919"), "new_password2", "số"),
        (both("password123"), "new_password2", "phổ biến"),
        (both("nguyenvanbinh"), "new_password2", "Tên đăng nhập"),
    ],
)
def test_a_weak_password_is_refused_in_vietnamese(client, cast, form, field, said):
    User.objects.filter(username="binh").update(username="nguyenvanbinh")
    client.force_login(cast["binh"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("password_change"), form)
    cast["binh"].refresh_from_db()
    assert answer.status_code == 200
    told = " ".join(answer.context["form"].errors[field])
    assert re.search(said, told), told
    assert cast["binh"].check_password(PASSWORD)
    assert not Event.objects.exists()


def test_a_new_password_ends_other_sessions_and_tokens(client, cast):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(cast["cuc"], backend="django.contrib.auth.backends.ModelBackend")
    issue_token(user=cast["cuc"], by=cast["cuc"])
    answer = client.post(reverse("password_change"), CHANGE, follow=True)
    assert "Đã đổi mật khẩu." in answer.content.decode()
    assert client.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert not cast["cuc"].api_tokens.exists()
    line = Event.objects.get(action="password.changed")
    assert (line.before, line.after) == ({"tokens": 1, "sessions": 1}, {})
