"""Each service of accounts that writes, broken at its last write: tests/power_cut.py."""

import json
from datetime import timedelta
from functools import partial as then
from pathlib import Path
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from accounts import agencies, jobs, notices, second_factor_services, services, session_services, tokens, webhooks
from accounts.loading import parse_agencies
from accounts.models import PortalSession, Webhook, WebhookDelivery
from tests import make
from tests.accounts.test_agencies import GOOD, GROUP
from tests.accounts.test_second_factor import AT, KEY, code_at
from tests.accounts.test_services import PASSWORD, create
from tests.power_cut import inventory, play

NAMES = ("agencies", "jobs", "notices", "second_factor_services", "services", "session_services", "tokens", "webhooks")
FILES = [Path(settings.BASE_DIR, f"accounts/{name}.py") for name in NAMES]
# Jobs: one conditional update, or rows that nobody asked for, deleted.
PARTS = {"jobs.claim", "jobs.clean", "jobs.schedule"}
# A claim, given back by hand, so that an e-mail or a message that went is never sent again.
PARTS |= {"notices.send", "webhooks.deliver"}
PARTS |= {"session_services.clear_expired"}  # one statement: rows that open nothing
PARTS |= {"tokens.note_use"}  # one statement, and no part of what the portal knows


def two_tokens(cast):
    _, (token, _) = (tokens.issue_token(user=cast["client"], by=cast["admin"]) for _ in "ab")
    return token


def revoked_all(cast):
    two_tokens(cast)
    return then(tokens.revoke_tokens, user=cast["client"], by=cast["admin"])


def with_token(cast):
    tokens.issue_token(user=cast["cuc"], by=cast["cuc"])
    return {"user": cast["cuc"], "by": cast["cuc"]}


def locked_out(cast):
    AccessAttempt.objects.create(username="hoa", ip_address="127.0.0.1", failures_since_start=5)
    return then(services.unlock, user=cast["hoa"], by=cast["admin"])


def told(cast):
    notices.tell(users=[cast["staff"]], text="Một")
    return then(notices.mark_read, by=cast["staff"], at=timezone.now())


def mailed(cast):
    cast["staff"].email = "don-vi@example.vn"
    return then(notices.post, users=[cast["staff"]], subject="Nhắc việc", body="Nội dung")


def loaded(cast):
    text = json.dumps({"valid_from": "2016-01-01", "agencies": [GOOD, GROUP]})
    return then(agencies.load_agencies, rows=parse_agencies(text, "a.json"), by=cast["admin"])


def a_webhook(cast, **more):
    values = {"name": "Kho", "url": "https://receiver.example/", "events": ["report.accepted"], "salt": "x"}
    return Webhook.objects.create(**values | more)


def saved(cast):
    address = patch.object(webhooks, "check_address", lambda url: None)  # no name is looked up in a test
    return address(then(webhooks.save_webhook, webhook=a_webhook(cast), by=cast["admin"], name="Kho mới"))


def announced(cast):
    a_webhook(cast)
    return then(webhooks.announce, event="report.accepted", payload={})


def given_up(cast):
    lost = WebhookDelivery.objects.create(webhook=a_webhook(cast), event="test", payload={}, tries=10)
    return then(webhooks.send_again, delivery=lost, by=cast["admin"], at=timezone.now())


def with_factor(cast):
    """Cuc has the second step on; her recovery codes."""
    code = code_at(AT)
    return second_factor_services.turn_on(user=cast["cuc"], key=KEY, code=code, at=AT)


def after_factor(call, **more):
    def scene(cast):
        with_factor(cast)
        PortalSession.objects.create(session_key="a", expire_date=timezone.now(), user=cast["cuc"])
        return then(call, user=cast["cuc"], **{name: cast[who] for name, who in more.items()})

    return scene


def recovered(cast):
    codes = with_factor(cast)
    return then(second_factor_services.check, user=cast["cuc"], code=codes[0], at=AT)


def asked(cast, **more):
    return jobs.start(kind="tests.sheet", title="Danh sách", by=cast["hoa"], **more)


def claimed(cast):
    return jobs.claim(job_id=asked(cast).pk, at=timezone.now() + timedelta(hours=1))


def finished(cast):
    job = claimed(cast)
    jobs.finish(job=job, at=timezone.now(), file=jobs.File("a.csv", "text/csv", b"1"))
    return job


def cancelled(cast):
    return jobs.cancel(job=asked(cast), by=cast["hoa"], at=timezone.now())


def lost(cast):
    claimed(cast)
    asked(cast)
    return timezone.now() + timedelta(days=1)


def at_job(cast, service, **more):
    return then(service, job=claimed(cast), at=timezone.now() + timedelta(hours=2), **more)


SCENES = {
    "agencies.load_agencies": loaded,
    "jobs.cancel": lambda cast: then(jobs.cancel, job=asked(cast), by=cast["hoa"], at=timezone.now()),
    "jobs.fail": lambda cast: at_job(cast, jobs.fail, failure="Hỏng."),
    "jobs.finish": lambda cast: at_job(cast, jobs.finish, file=jobs.File("a.csv", "text/csv", b"1")),
    "jobs.overdue": lambda cast: then(jobs.overdue, at=lost(cast)),
    "jobs.put_back": lambda cast: at_job(cast, jobs.put_back, failure="Bận.", detail=""),
    "jobs.retry": lambda cast: then(jobs.retry, job=cancelled(cast), by=cast["hoa"], at=timezone.now()),
    "jobs.start": lambda cast: then(asked, cast),
    "jobs.take": lambda cast: then(jobs.take, job=finished(cast), by=cast["hoa"]),
    "notices.mark_read": told,
    "notices.post": mailed,
    "notices.tell_many": lambda cast: then(notices.tell_many, told=[notices.Told(cast["staff"], "Một")]),
    "second_factor_services.check": recovered,
    "second_factor_services.renew_codes": after_factor(second_factor_services.renew_codes),
    "second_factor_services.reset": after_factor(second_factor_services.reset, by="admin"),
    "second_factor_services.turn_off": after_factor(second_factor_services.turn_off),
    "second_factor_services.turn_on": lambda cast: then(
        second_factor_services.turn_on, user=cast["cuc"], key=KEY, code=code_at(AT), at=AT
    ),
    "session_services.end_sessions": after_factor(session_services.end_sessions, by="admin"),
    "services.after_new_password": lambda cast: then(services.after_new_password, **with_token(cast)),
    "services.change_password": lambda cast: then(services.change_password, **with_token(cast), password=PASSWORD),
    "services.change_user": lambda cast: then(
        services.change_user, user=cast["hoa"], by=cast["admin"], full_name="Hoa Mới"
    ),
    "services.create_user": lambda cast: then(create, cast["admin"]),
    "tokens.issue_token": lambda cast: then(tokens.issue_token, user=cast["client"], by=cast["admin"]),
    "tokens.revoke_token": lambda cast: then(tokens.revoke_token, token=two_tokens(cast), by=cast["admin"]),
    "tokens.revoke_tokens": revoked_all,
    "webhooks.announce": announced,
    "webhooks.renew_secret": lambda cast: then(webhooks.renew_secret, webhook=a_webhook(cast), by=cast["admin"]),
    "webhooks.save_webhook": saved,
    "webhooks.send_again": given_up,
    "webhooks.send_test": lambda cast: then(webhooks.send_test, webhook=a_webhook(cast), by=cast["admin"]),
    "services.unlock": locked_out,
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, PARTS)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](make.a_cast(make.a_city())))
