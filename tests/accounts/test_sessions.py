"""Where one is signed in, signing out elsewhere, and guessing from many machines."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import job_work, jobs, services, session_services, tokens
from accounts.devices import words
from accounts.log import log_view
from accounts.models import Event, PortalSession
from accounts.tasks import clear_sessions

PASSWORD = "mat-khau-thu-66"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (FIREFOX, "Firefox trên Windows"),
        (EDGE, "Edge trên Windows"),
        (IPHONE, "Safari trên iPhone"),
        ("curl/8.0", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_a_device_in_words(told, said):
    assert words(told) == said


def browser(name="hoa", **headers):
    client = Client(**headers)
    assert client.post("/dang-nhap/", {"username": name, "password": PASSWORD}).status_code == 302
    client.get("/toi/")
    return client


def rows(client):
    return client.get("/toi/phien/").context["rows"]


def test_one_sees_ones_own_sessions_and_ends_the_others(cast):
    here, there = browser(HTTP_USER_AGENT=FIREFOX), browser(HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="10.0.0.7")
    other = browser("binh")
    shown = rows(here)
    assert [(device, own) for _, _, device, own in shown] == [
        ("Safari trên iPhone", False),
        ("Firefox trên Windows", True),
    ]
    page = here.get("/toi/phien/").content.decode()
    assert "10.0.0.7" in page
    assert there.session.session_key not in page, "whoever has a key is in"
    foreign = rows(other)[0][0]
    assert "đã kết thúc từ trước" in here.post("/toi/phien/ket-thuc/", {"phien": foreign}, follow=True).content.decode()
    assert other.get("/toi/").status_code == 200
    here.post("/toi/phien/ket-thuc/", {"phien": shown[0][0]})
    assert there.get("/toi/").status_code == 302
    assert here.get("/toi/").status_code == 200
    third = browser()
    here.post("/toi/phien/ket-thuc/", {"phien": "tat-ca"})
    assert third.get("/toi/").status_code == 302
    assert Event.objects.filter(action="session.ended").count() == 2


def test_somebody_switched_off_is_out_everywhere(cast):
    client = browser("cuc")
    tokens.issue_token(user=cast["cuc"], by=cast["cuc"])
    services.change_user(user=cast["cuc"], by=cast["admin"], is_active=False)
    assert not PortalSession.objects.filter(user=cast["cuc"]).exists()
    assert not cast["cuc"].api_tokens.exists()
    assert client.get("/toi/").status_code == 302
    assert SESSION_KEY not in client.session


def test_only_administrators_end_sessions_of_others(cast):
    browser()
    with pytest.raises(PermissionDenied):
        session_services.end_sessions(user=cast["hoa"], by=cast["lan"])
    assert session_services.end_sessions(user=cast["hoa"], by=cast["admin"]) == 1


def test_the_administrator_switches_off_in_the_admin(cast, as_user):
    inside = browser()
    hoa = cast["hoa"]
    form = {"username": "hoa", "full_name": "Hoa", "role": hoa.role, "area": hoa.area_id}
    assert as_user("admin").post(f"/quan-tri/accounts/user/{hoa.pk}/change/", form).status_code == 302
    assert inside.get("/toi/").status_code == 302
    assert not PortalSession.objects.filter(user=hoa).exists()


def test_a_page_is_not_a_write_each_time(cast, django_assert_max_num_queries):
    client = browser()
    seen = PortalSession.objects.get(user=cast["hoa"]).seen_at
    client.get("/toi/")
    assert PortalSession.objects.get(user=cast["hoa"]).seen_at == seen
    PortalSession.objects.update(address="")
    with django_assert_max_num_queries(2):  # the session and its owner
        client.post("/dang-nhap/ma/")


def guess_from_everywhere(name, failures):
    for place in range(failures // 4 + 1):
        AccessAttempt.objects.create(
            username=name, ip_address=f"10.1.{place}.1", failures_since_start=4, attempt_time=timezone.now()
        )


def test_thirty_guesses_from_many_machines_shut_the_door_but_not_for_a_known_browser(cast):
    known, stranger = browser(), Client(REMOTE_ADDR="10.9.9.9")
    known.post("/dang-xuat/")
    guess_from_everywhere("hoa", 30)
    right = {"username": "hoa", "password": PASSWORD}
    assert stranger.post("/dang-nhap/", right).status_code == 429
    assert known.post("/dang-nhap/", right).status_code == 302, "its owner is not locked out by others"
    assert stranger.post("/dang-nhap/", right | {"username": "binh"}).status_code == 302
    cookie = Client(REMOTE_ADDR="10.9.9.8")
    cookie.cookies["portal_known"] = "hoa:gia:mao"
    assert cookie.post("/dang-nhap/", right).status_code == 429


def test_a_known_browser_of_one_is_not_known_for_another(cast):
    binhs = browser("binh")
    binhs.post("/dang-xuat/")
    guess_from_everywhere("hoa", 30)
    assert binhs.post("/dang-nhap/", {"username": "hoa", "password": PASSWORD}).status_code == 429


def test_the_night_deletes_sessions_that_are_over_and_no_other(cast):
    kept, over = browser("hoa"), browser("lan")
    PortalSession.objects.filter(user=cast["lan"]).update(expire_date=timezone.now())
    job = jobs.schedule(kind=clear_sessions.name, day=timezone.localdate(), at=timezone.now())
    assert job_work.do(job_id=job.pk, clock=timezone.now)
    assert list(PortalSession.objects.values_list("user__username", flat=True)) == ["hoa"]
    assert clear_sessions() == 0
    assert kept.get("/toi/").status_code == 200
    assert over.get("/toi/").status_code == 302


def test_one_sees_ones_own_looks_and_nobody_elses(cast, as_user):
    for number in range(60):
        log_view(cast["hoa"], "view", f"20236-{number:05}")
    log_view(cast["lan"], "reveal", "20236-99999", "Lý do của Lan")
    client = as_user("hoa")
    page = client.get("/toi/luot-xem/")
    assert [row.household_code for row in page.context["rows"]] == [f"20236-{59 - at:05}" for at in range(50)]
    older = client.get("/toi/luot-xem/", {"truoc": page.context["older"]})
    assert (len(older.context["rows"]), older.context["older"]) == (10, None)
    account = client.get("/toi/").content.decode()
    assert "20236-00059" in account
    assert not any("20236-99999" in said for said in (account, page.text, older.text))
    assert "Lý do của Lan" in as_user("lan").get("/toi/luot-xem/").text
