"""The second step of signing in: codes once, recovery codes once, locked after five, and no page without it."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts import second_factor as rules
from accounts import second_factor_services as services
from accounts.models import Event, Installation, PortalSession, RecoveryCode, SecondFactor
from accounts.roles import Role
from accounts.second_factor_services import Verdict

AT = datetime(2023, 10, 3, 8, 0, tzinfo=UTC)
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "mat-khau-thu-66"


def code_at(at, key=KEY):
    return pyotp.TOTP(key).at(at)


@pytest.fixture
def needed(monkeypatch):
    monkeypatch.setattr("accounts.roles.NEEDS_SECOND_FACTOR", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR})


@pytest.fixture
def cuc(cast):
    cast["cuc"].codes = services.turn_on(user=cast["cuc"], key=KEY, code=code_at(AT), at=AT)
    return cast["cuc"]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(steps, taken):
    now = 1_700_000_000
    code = pyotp.TOTP(KEY).at(now + steps * rules.STEP)
    assert (rules.step_of(KEY, code, now, 0) is not None) == taken


def test_codes_are_typed_as_people_do():
    assert rules.tidy(" 123 456 ") == "123456"
    assert rules.tidy("ABCDE–fghjk") == "abcdefghjk"
    codes = rules.new_codes()
    assert len(set(codes)) == 10
    assert not set("".join(codes)) & set("01oil")
    assert len(rules.new_key()) == 32
    assert "secret=" + KEY in rules.address(KEY, "cuc")


def test_a_code_is_good_once(cuc):
    later = AT + timedelta(minutes=1)
    assert services.check(user=cuc, code=code_at(AT), at=AT) is Verdict.WRONG, "it was used to turn it on"
    assert services.check(user=cuc, code=code_at(later), at=later) is Verdict.GOOD
    assert services.check(user=cuc, code=code_at(later), at=later) is Verdict.WRONG
    assert services.check(user=cuc, code=code_at(AT), at=later) is Verdict.WRONG, "nor one before it"


def test_a_recovery_code_is_good_once_and_kept_as_a_mark(cuc):
    assert services.check(user=cuc, code=cuc.codes[0].upper(), at=AT) is Verdict.GOOD
    assert services.check(user=cuc, code=cuc.codes[0], at=AT) is Verdict.WRONG
    kept = str(list(RecoveryCode.objects.values())) + str(list(Event.objects.values()))
    assert not any(rules.tidy(code) in kept or code in kept for code in cuc.codes)
    fresh = services.renew_codes(user=cuc)
    assert services.check(user=cuc, code=cuc.codes[1], at=AT) is Verdict.WRONG, "old codes are void"
    assert services.check(user=cuc, code=fresh[0], at=AT) is Verdict.GOOD


def test_the_key_is_sealed_in_the_database(cuc):
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_secondfactor")
        assert KEY not in cursor.fetchone()[0]
    assert SecondFactor.objects.get().key == KEY


def test_five_wrong_codes_lock_the_step(cuc):
    said = [services.check(user=cuc, code="000000", at=AT) for _ in range(5)]
    assert said == [Verdict.WRONG] * 4 + [Verdict.LOCKED]
    soon = AT + timedelta(minutes=14)
    assert services.check(user=cuc, code=code_at(soon), at=soon) is Verdict.LOCKED
    late = AT + timedelta(minutes=16)
    assert services.check(user=cuc, code=code_at(late), at=late) is Verdict.GOOD
    assert Event.objects.filter(action="second_factor.locked").count() == 1


def test_only_another_administrator_resets_it(cuc, cast, client):
    client.force_login(cuc, backend="django.contrib.auth.backends.ModelBackend")
    for by in (cast["hoa"], cuc):
        with pytest.raises(PermissionDenied):
            services.reset(user=cuc, by=by)
    assert services.reset(user=cuc, by=cast["admin"])
    assert not PortalSession.objects.filter(user=cuc).exists()
    assert client.get("/toi/").status_code == 302
    line = Event.objects.get(action="second_factor.reset")
    assert (line.by, line.before) == (cast["admin"], {"second_factor_on": True})
    services.turn_on(user=cast["admin"], key=KEY, code=code_at(AT), at=AT)
    with pytest.raises(PermissionDenied):
        services.reset(user=cast["admin"], by=cast["admin"])


def sign_in(client, name="cuc", goal="/tong-quan/"):
    return client.post("/dang-nhap/", {"username": name, "password": PASSWORD, "next": goal})


def test_who_must_and_has_not_meets_only_the_page_that_turns_it_on(client, cast, needed):
    sign_in(client)
    answer = client.get("/tong-quan/")
    assert answer["Location"] == "/toi/hai-buoc/bat/?next=%2Ftong-quan%2F"
    for path in ("/", "/toi/", "/ho/", "/quan-tri/", "/doi-mat-khau/", "/toi/phien/"):
        assert client.get(path)["Location"].startswith("/toi/hai-buoc/bat/")
    told = client.get("/api/v1/districts/492/indicators/")
    assert (told.status_code, told.json()["type"]) == (403, "urn:problem:second_factor")
    page = client.get(answer["Location"])
    assert "<svg" in page.content.decode()
    key = "".join(page.context["key"])
    wrong = client.post("/toi/hai-buoc/bat/", {"code": "000000"})
    assert "Mã chưa đúng" in wrong.content.decode()
    assert "".join(wrong.context["key"]) == key, "the app has this key"
    done = client.post("/toi/hai-buoc/bat/", {"code": pyotp.TOTP(key).now(), "next": "/tong-quan/"})
    assert len(done.context["codes"]) == 10
    assert client.get("/tong-quan/").status_code == 200
    assert client.get("/toi/hai-buoc/bat/")["Location"] == "/toi/hai-buoc/"


def test_the_password_alone_opens_nothing(client, cuc):
    sign_in(client)
    assert client.get("/tong-quan/")["Location"] == "/dang-nhap/ma/?next=%2Ftong-quan%2F"
    assert client.post("/doi-mat-khau/")["Location"] == "/dang-nhap/ma/"
    assert client.get("/toi/hai-buoc/bat/")["Location"] == "/toi/hai-buoc/", "no second key beside the first"
    assert client.get("/toi/hai-buoc/")["Location"].startswith("/dang-nhap/ma/")
    before = client.session.session_key
    answer = client.post("/dang-nhap/ma/", {"code": cuc.codes[0], "next": "https://xau.example/"})
    assert answer["Location"] == "/"
    assert client.session.session_key != before
    assert client.get("/tong-quan/").status_code == 200
    client.post("/dang-xuat/")
    assert SESSION_KEY not in client.session


def test_turning_it_off_asks_for_a_code_and_is_refused_to_who_needs_it(client, cuc, monkeypatch):
    sign_in(client)
    client.post("/dang-nhap/ma/", {"code": cuc.codes[0]})
    assert "Mã chưa đúng" in client.post("/toi/hai-buoc/", {"code": "000000", "do": "off"}).content.decode()
    monkeypatch.setattr("accounts.roles.NEEDS_SECOND_FACTOR", {Role.PROGRAMME_OFFICE})
    client.post("/toi/hai-buoc/", {"code": cuc.codes[1], "do": "off"})
    assert SecondFactor.objects.exists()
    monkeypatch.setattr("accounts.roles.NEEDS_SECOND_FACTOR", set())
    assert client.post("/toi/hai-buoc/", {"code": cuc.codes[2], "do": "off"})["Location"] == "/toi/"
    assert not SecondFactor.objects.exists()
    assert client.get("/toi/").status_code == 200


def test_only_the_demonstration_does_without(client, cast, needed, settings):
    sign_in(client)
    assert settings.DEMO_WITHOUT_SECOND_FACTOR
    assert client.get("/toi/").status_code == 302, "real data, so it is needed on one machine too"
    Installation.objects.create(demo=True)
    cache.clear()
    assert client.get("/toi/").status_code == 200
    settings.DEMO_WITHOUT_SECOND_FACTOR = False
    assert client.get("/toi/").status_code == 302
