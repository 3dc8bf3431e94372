"""Telling people: once by key, e-mails as rows that are sent until they have gone, and one's own list of notices."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import notices, tasks
from accounts.models import Notice, OutgoingMail
from accounts.notices import MOST_TRIES, mark_read, post, send, tell, unread_count, waiting


def test_with_a_key_nobody_is_told_twice(cast):
    people = [cast["staff"], cast["cuc"]]
    assert tell(users=people[:1], text="Một", key="a") == 1
    assert tell(users=people, text="Một", key="a") == 1
    assert tell(users=people, text="Hai") == 2
    assert tell(users=people, text="Hai") == 2, "without a key every time is a new time"
    assert Notice.objects.count() == 6


def test_the_number_in_the_header_moves_with_what_is_told_and_read(cast):
    assert unread_count(cast["staff"]) == 0
    tell(users=[cast["staff"]], text="Một")
    assert unread_count(cast["staff"]) == 1
    assert mark_read(by=cast["cuc"], at=timezone.now()) == 0
    assert mark_read(by=cast["staff"], at=timezone.now()) == 1
    assert unread_count(cast["staff"]) == 0


def posted(cast, capture):
    cast["staff"].email = "don-vi@example.vn"
    with capture(execute=True):
        return post(users=[cast["staff"], cast["cuc"]], subject="Nhắc việc", body="Nội dung")


def test_a_mail_goes_to_whoever_has_an_address(cast, django_capture_on_commit_callbacks):
    assert posted(cast, django_capture_on_commit_callbacks) == 1
    assert [(one.to, one.subject) for one in mail.outbox] == [(["don-vi@example.vn"], "Nhắc việc")]
    row = OutgoingMail.objects.get()
    assert (row.tries, bool(row.sent_at)) == (1, True)
    assert send(mail_id=row.pk, at=timezone.now()) is False
    assert len(mail.outbox) == 1, "sent once, however often it is asked"


def test_a_queue_that_is_away_breaks_nothing_and_the_hourly_run_sends(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks.send_mail, "delay", lambda key: (_ for _ in ()).throw(OSError("no broker")))
    assert posted(cast, django_capture_on_commit_callbacks) == 1
    assert not mail.outbox
    assert tasks.send_waiting() == 1
    assert len(mail.outbox) == 1
    assert tasks.send_waiting() == 0


def test_a_server_that_refuses_is_tried_again_and_says_why(cast, monkeypatch):
    row = OutgoingMail.objects.create(to="don-vi@example.vn", subject="x", body="x")

    def refuse(self):
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(notices.EmailMessage, "send", refuse)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(mail_id=row.pk, at=timezone.now())
        assert tasks.send_waiting() == 0, "one mail that does not go does not break the run"
    row.refresh_from_db()
    assert (row.tries, row.sent_at, row.failure) == (2, None, "SMTPServerDisconnected: gone")
    assert tasks.send_waiting() == 1


def test_a_mail_that_no_header_takes_does_not_hold_up_the_rest(db):
    OutgoingMail.objects.create(to="a@example.vn", subject="hai\ndòng", body="x")
    after = OutgoingMail.objects.create(to="b@example.vn", subject="x", body="x")
    assert tasks.send_waiting() == 1
    after.refresh_from_db()
    assert after.sent_at


def test_a_mail_is_claimed_and_given_up_at_last(cast):
    now = timezone.now()
    row = OutgoingMail.objects.create(to="a@example.vn", subject="x", body="x", claimed_at=now)
    assert not waiting(now).exists()
    assert waiting(now + timedelta(minutes=11)).get() == row
    OutgoingMail.objects.update(claimed_at=None, tries=MOST_TRIES)
    assert not waiting(now).exists()


def test_one_reads_ones_own_notices_only(as_user, cast):
    tell(users=[cast["staff"]], text="Chỉ của tôi", url="/ke-hoach/")
    page = as_user("staff").get("/toi/thong-bao/").content.decode()
    assert "Chỉ của tôi" in page
    assert "1<span" in page, "the header tells how many"
    other = as_user("cuc").get("/toi/thong-bao/").content.decode()
    assert "Chỉ của tôi" not in other
    assert as_user("staff").post("/toi/thong-bao/").status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()
