"""Tokens of the API: made, found, revoked. The text of one is shown once and kept nowhere."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.log import MARK, facts, log
from accounts.models import ApiToken, User
from accounts.roles import May
from accounts.scopes import READING, missing

MOST = 10  # tokens of an account
DAYS, MOST_DAYS = 30, 365
USED = timedelta(minutes=1)  # last use is noted once a minute: a write for each read would cost more than the read
TOLD = ("name", "start", "scopes", "networks", "expires_at")


def digest_of(text: str) -> str:
    """256 random bits need no slow hash: nobody guesses them."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *,
    user: User,
    by: User,
    name: str = "API",
    scopes: Sequence[str] = READING,
    networks: Sequence[str] = (),
    days: int = DAYS,
    make_room: bool = True,
) -> tuple[ApiToken, str]:
    """A new token and its text. PermissionDenied for an account without the API; ValidationError at the field.

    `make_room`: the oldest tokens go, so that a program that asks daily never stops; else an eleventh is refused.
    """
    if not user.may(May.USE_API):
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two at once must not both be the tenth
    user.api_tokens.filter(expires_at__lte=timezone.now()).delete()
    wrong = _faults(user, name, scopes, days)
    kept, unread = read_networks(networks)
    if unread:
        wrong["networks"] = f"Không đọc được địa chỉ: {', '.join(unread)}. Ghi dạng 203.0.113.7 hoặc 203.0.113.0/24."
    if not make_room and user.api_tokens.count() >= MOST:
        wrong["name"] = f"Mỗi tài khoản có nhiều nhất {MOST} khóa. Hãy thu hồi khóa không còn dùng."
    if wrong:
        raise ValidationError(wrong)
    surplus = user.api_tokens.order_by("-id")[MOST - 1 :]
    ApiToken.objects.filter(pk__in=[token.pk for token in surplus]).delete()
    text = secrets.token_hex(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=digest_of(text),
        start=text[:8],
        scopes=list(dict.fromkeys(scopes)),
        networks=kept,
        expires_at=timezone.now() + timedelta(days=days),
    )
    log(by, "token.issued", token, after=facts(token, TOLD))
    return token, text


def _faults(user: User, name: str, scopes: Sequence[str], days: int) -> dict[str, str]:
    wrong = {}
    if not name.strip() or len(name) > 100:
        wrong["name"] = "Ghi tên để nhận ra khóa, nhiều nhất 100 chữ."
    if not scopes:
        wrong["scopes"] = "Chọn ít nhất một phạm vi."
    elif refused := missing(scopes, user.may):
        wrong["scopes"] = f"Tài khoản không được dùng phạm vi: {', '.join(refused)}."
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = f"Thời hạn từ 1 đến {MOST_DAYS} ngày."
    return wrong


def read_networks(written: Sequence[str]) -> tuple[list[str], list[str]]:
    """Networks as they are kept, and what could not be read. A single address is a network of one."""
    kept, unread = [], []
    for text in written:
        try:
            kept.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            unread.append(text.strip())
    return list(dict.fromkeys(kept)), unread


def tokens_of(user: User):
    return user.api_tokens.all()


def find(text: str, *, now: datetime, marked: bool = False) -> ApiToken | None:
    """The token with this text and its owner, in one query; None when there is none or its time is over. `marked`: with
    the log's mark as `mark`, for answers that begin by asking whether something changed."""
    rows = ApiToken.objects.select_related("user__area", "user__agency")
    rows = rows.annotate(mark=MARK) if marked else rows
    return rows.filter(digest=digest_of(text), expires_at__gt=now, user__is_active=True).first()


def note_use(*, token: ApiToken, address: str, at: datetime) -> None:
    """Once a minute; no line in the log, since nothing of the portal changes."""
    if token.last_used_at is None or at - token.last_used_at >= USED:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=at - USED)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at, last_used_from=_readable(address))


def _readable(address: str) -> str | None:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """One's own, or anybody's for an administrator; PermissionDenied otherwise."""
    if token.user_id != by.pk and not by.may(May.MANAGE_ACCOUNTS):
        raise PermissionDenied
    log(by, "token.revoked", token, before=facts(token, TOLD))
    token.delete()


@transaction.atomic
def revoke_tokens(*, user: User, by: User) -> int:
    """All tokens of an account, for the administrator. Returns how many there were."""
    count = user.api_tokens.count()
    user.api_tokens.all().delete()
    log(by, "token.revoked", user, before={"tokens": count})
    return count
