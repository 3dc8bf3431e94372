"""Telling other systems: signed, retried, logged, and never into one's own network."""

import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import socket
import ssl
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import tasks, webhook_post, webhooks
from accounts.models import Event, Webhook, WebhookDelivery
from accounts.webhook_post import Refused, public_addresses
from accounts.webhook_rules import MOST_TRIES, REPORT_ACCEPTED, fault_of, is_public, signature, wait_after

URL = "https://receiver.example/hook?a=1"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("64:ff9b::a00:1", False),  # NAT64 of 10.0.0.1
        ("64:ff9b:1::1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        (URL, True),
        ("https://receiver.example:8443/", True),
        ("http://receiver.example/", False),
        ("ftp://receiver.example/", False),
        ("https:///x", False),
        ("https://user:word@receiver.example/", False),
        ("https://receiver.example:22/", False),
        ("https://receiver.example:99999/", False),
        ("https://[::1", False),
    ],
)
def test_how_an_address_is_written(url, fine):
    assert (fault_of(url) == "") == fine


def test_the_waits_double_up_to_six_hours():
    assert [wait_after(tries) // timedelta(minutes=1) for tries in (1, 2, 3, 9, 20)] == [1, 2, 4, 256, 360]


def answering(monkeypatch, *addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(webhook_post.socket, "getaddrinfo", lambda *args, **more: found)


def test_one_internal_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    answering(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Refused, match="nội bộ"):
        public_addresses(URL)
    answering(monkeypatch, "8.8.8.8")
    assert public_addresses(URL) == ["8.8.8.8"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
def test_however_loopback_is_written_it_is_refused(host):
    with pytest.raises(Refused):
        public_addresses(f"https://{host}/")


@pytest.fixture
def hook(cast, monkeypatch):
    answering(monkeypatch, "8.8.8.8")
    return webhooks.save_webhook(
        webhook=Webhook(), by=cast["admin"], name="Trung tâm dữ liệu", url=URL, events=[REPORT_ACCEPTED], active=True
    )


def told(monkeypatch, status=200):
    calls = []

    def post(url, body, headers):
        calls.append((url, body, headers))
        if isinstance(status, Exception):
            raise status
        return status

    monkeypatch.setattr(webhooks, "post", post)
    return calls


def test_it_is_sent_once_what_announced_it_stands(hook, monkeypatch, django_capture_on_commit_callbacks):
    calls = told(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        assert webhooks.announce(event=REPORT_ACCEPTED, payload={"agency": "so-thu"}) == 1
        assert not calls
    url, body, headers = calls[0]
    assert url == URL
    assert json.loads(body)["data"] == {"agency": "so-thu"}
    at = headers["X-Portal-Signature"].partition(",")[0].removeprefix("t=")
    expected = hmac.new(hook.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Portal-Signature"] == f"t={at},v1={expected}" == signature(hook.secret, int(at), body)
    row = WebhookDelivery.objects.get()
    assert (row.status, row.tries, row.failure) == (200, 1, "")
    assert webhooks.deliver(delivery_id=row.pk, at=timezone.now()) is False
    assert len(calls) == 1


def test_what_is_undone_is_not_told(hook, monkeypatch):
    calls = told(monkeypatch)
    with transaction.atomic():
        webhooks.announce(event=REPORT_ACCEPTED, payload={})
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    assert not calls


def test_only_whoever_asked_is_told(hook, cast):
    webhooks.save_webhook(webhook=hook, by=cast["admin"], active=False)
    assert webhooks.announce(event=REPORT_ACCEPTED, payload={}) == 0
    with pytest.raises(ValueError, match="no such event"):
        webhooks.announce(event="x", payload={})


@pytest.mark.parametrize("status", [302, 404, 500, OSError("away"), Refused("Địa chỉ nội bộ")])
def test_a_failure_is_written_and_tried_again_until_it_is_given_up(hook, cast, monkeypatch, status):
    told(monkeypatch, status)
    webhooks.announce(event=REPORT_ACCEPTED, payload={})
    row, at = WebhookDelivery.objects.get(), timezone.now() + timedelta(seconds=1)
    for number in range(1, MOST_TRIES + 1):
        assert webhooks.deliver(delivery_id=row.pk, at=at) is False
        row.refresh_from_db()
        assert (row.tries, row.next_at - at, bool(row.failure)) == (number, wait_after(number), True)
        assert webhooks.deliver(delivery_id=row.pk, at=at) is False, "not before its time"
        assert WebhookDelivery.objects.get().tries == number
        at = row.next_at
    assert not webhooks.waiting(at).exists(), "given up"
    webhooks.send_again(delivery=row, by=cast["admin"], at=at)
    assert webhooks.waiting(at).exists()


def test_what_a_killed_worker_left_is_sent_by_the_next_run(hook, monkeypatch):
    calls = told(monkeypatch)
    webhooks.announce(event=REPORT_ACCEPTED, payload={})
    WebhookDelivery.objects.update(claimed_at=timezone.now(), tries=1)
    assert tasks.send_waiting_webhooks() == 0
    WebhookDelivery.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    assert tasks.send_waiting_webhooks() == 1
    assert len(calls) == 1


def test_only_an_administrator_sets_one_and_each_change_is_logged(hook, cast):
    for call in (
        lambda by: webhooks.save_webhook(webhook=hook, by=by, name="x"),
        lambda by: webhooks.renew_secret(webhook=hook, by=by),
        lambda by: webhooks.send_test(webhook=hook, by=by),
    ):
        with pytest.raises(PermissionDenied):
            call(cast["cuc"])
    old = hook.secret
    webhooks.renew_secret(webhook=hook, by=cast["admin"])
    assert hook.secret != old
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "webhook.saved",
        "webhook.key_renewed",
    ]
    assert old not in str(list(Event.objects.values())) + str(list(Webhook.objects.values()))


def test_an_internal_address_is_refused_at_its_field(cast):
    with pytest.raises(ValidationError) as refused:
        webhooks.save_webhook(
            webhook=Webhook(), by=cast["admin"], name="x", url="https://127.0.0.1/", events=[REPORT_ACCEPTED]
        )
    assert list(refused.value.message_dict) == ["url"]
    assert not Webhook.objects.exists()


def test_the_administrators_page(as_user, hook, monkeypatch, django_capture_on_commit_callbacks):
    calls, client = told(monkeypatch, 204), as_user("admin")
    page = reverse("admin:accounts_webhook_change", args=[hook.pk])
    assert hook.secret in client.get(page).content.decode()
    form = {"name": "Kho", "url": URL, "events": [REPORT_ACCEPTED], "active": "on", "_test": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, form).status_code == 302
    assert calls[0][2]["X-Portal-Event"] == "test"
    assert Webhook.objects.get().name == "Kho"
    log = client.get(reverse("admin:accounts_webhookdelivery_changelist")).content.decode()
    assert "Gửi thử" in log
    assert "204" in log
    refused = client.post(page, form | {"url": "https://10.0.0.1.example:22/"}).content.decode()
    assert "443" in refused
    assert as_user("cuc").get(page).status_code in (302, 403)


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """A receiver over TLS on loopback that only this test takes for public. It keeps what it was sent."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("receiver.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + certificate.public_bytes(pem))
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(302 if "away" in self.path else 200)
            self.send_header("Location", "https://127.0.0.1/inside")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    trusting = ssl.create_default_context(cafile=file)
    monkeypatch.setattr(webhook_post, "tls", lambda: trusting)
    monkeypatch.setattr(webhook_post, "public_addresses", lambda url: ["127.0.0.1"])
    yield server.server_address[1], got
    server.shutdown()
    server.server_close()


def test_the_call_itself_goes_to_the_checked_address_and_follows_nothing(receiver):
    port, got = receiver
    assert webhook_post.post(f"https://receiver.example:{port}/hook?a=1", b"{}", {"X-Portal-Event": "test"}) == 200
    path, headers, body = got[0]
    assert (path, headers["Host"], headers["X-Portal-Event"], body) == (
        "/hook?a=1",
        f"receiver.example:{port}",
        "test",
        b"{}",
    )
    assert webhook_post.post(f"https://receiver.example:{port}/away", b"{}", {}) == 302
    assert len(got) == 2
    with pytest.raises(ssl.SSLCertVerificationError):
        webhook_post.post(f"https://other.example:{port}/", b"{}", {})


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    """A name that answers a public address first and an internal one then: only the first is ever used."""
    called, answers = [], iter(["8.8.8.8", "127.0.0.1"])
    found = lambda *args, **more: [(socket.AF_INET, 1, 6, "", (next(answers), 443))]  # noqa: E731
    monkeypatch.setattr(webhook_post.socket, "getaddrinfo", found)

    def connect(address, timeout):
        called.append(address)
        raise OSError("no network in a test")

    monkeypatch.setattr(webhook_post.socket, "create_connection", connect)
    with pytest.raises(OSError, match="no network"):
        webhook_post.post(URL, b"", {})
    assert called == [("8.8.8.8", 443)]
    assert ipaddress.ip_address(called[0][0]).is_global
