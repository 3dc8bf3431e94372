"""Writes about the second step of signing in. The rules of codes: second_factor.py."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import roles, second_factor
from accounts.context import is_demo
from accounts.log import log
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.roles import May
from accounts.sealed import vault

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)  # as after wrong passwords


class Verdict(StrEnum):
    GOOD = "good"
    WRONG = "wrong"
    LOCKED = "locked"


def is_required(user: User) -> bool:
    """Of roles that see the whole city's people or give out accounts. The demonstration on one machine does without."""
    return user.role in roles.NEEDS_SECOND_FACTOR and not (settings.DEMO_WITHOUT_SECOND_FACTOR and is_demo())


def is_missing(user: User, session) -> bool:
    """Whether this session still lacks the second step."""
    return not session.get("second_step") and (user.second_factor_on or is_required(user))


@transaction.atomic
def turn_on(*, user: User, key: str, code: str, at: datetime) -> list[str] | None:
    """Keep the key once a code of it is right. Returns the recovery codes, which nobody sees again; None: wrong code."""
    fresh = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    step = second_factor.step_of(key, second_factor.tidy(code), int(at.timestamp()), 0)
    if step is None or fresh.second_factor_on:
        return None
    factor = SecondFactor.objects.create(user=fresh, key=key, on_since=at, last_step=step)
    codes = _write_codes(factor)
    _mark(user, on=True)
    log(
        user,
        "second_factor.on",
        user,
        area=user.area,
        before={"second_factor_on": False},
        after={"second_factor_on": True},
    )
    return codes


@transaction.atomic
def check(*, user: User, code: str, at: datetime) -> Verdict:
    """A code of the app or a recovery code; each is good once. Five wrong ones lock the step for fifteen minutes."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return Verdict.WRONG
    if factor.locked_until and factor.locked_until > at:
        return Verdict.LOCKED
    typed = second_factor.tidy(code)
    if second_factor.is_digits(typed):
        step = second_factor.step_of(factor.key, typed, int(at.timestamp()), factor.last_step)
        good = step is not None
        factor.last_step = step if good else factor.last_step
    else:
        good = _use_recovery_code(factor, typed, user, at)
    factor.failures = 0 if good else factor.failures + 1
    if factor.failures >= MOST_FAILURES:
        factor.failures, factor.locked_until = 0, at + LOCK
        log(user, "second_factor.locked", user, area=user.area, after={"locked_until": factor.locked_until.isoformat()})
    factor.save(update_fields=["last_step", "failures", "locked_until"])
    return (
        Verdict.GOOD if good else Verdict.LOCKED if factor.locked_until and factor.locked_until > at else Verdict.WRONG
    )


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the old ones are void. The caller has just checked a code."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    left = factor.recovery_codes.filter(used_at=None).count()
    codes = _write_codes(factor)
    log(user, "second_factor.codes", user, area=user.area, before={"codes": left}, after={"codes": len(codes)})
    return codes


@transaction.atomic
def turn_off(*, user: User) -> None:
    """By its owner, who has just given a code; PermissionDenied where the role needs it."""
    if is_required(user):
        raise PermissionDenied
    _remove(user, "second_factor.off", user)


@transaction.atomic
def reset(*, user: User, by: User) -> bool:
    """By an administrator, for whoever lost phone and codes: off, and signed out everywhere. False: it was not on."""
    if not by.may(May.MANAGE_ACCOUNTS) or user.pk == by.pk:
        raise PermissionDenied  # one's own would be the way around it
    if not user.second_factor_on:
        return False
    _remove(user, "second_factor.reset", by)
    user.sessions.all().delete()
    return True


def _remove(user: User, action: str, by: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    _mark(user, on=False)
    log(by, action, user, area=user.area, before={"second_factor_on": True}, after={"second_factor_on": False})


def _mark(user: User, *, on: bool) -> None:
    user.second_factor_on = on
    User.objects.filter(pk=user.pk).update(second_factor_on=on)


def _write_codes(factor: SecondFactor) -> list[str]:
    factor.recovery_codes.all().delete()
    codes = second_factor.new_codes()
    marks = (vault().fingerprint(second_factor.tidy(code)) for code in codes)
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, mark=mark) for mark in marks)
    return codes


def _use_recovery_code(factor: SecondFactor, typed: str, user: User, at: datetime) -> bool:
    mark = vault().fingerprint(typed)
    used = factor.recovery_codes.filter(mark=mark, used_at=None).update(used_at=at)
    if used:
        left = factor.recovery_codes.filter(used_at=None).count()
        log(user, "second_factor.recovered", user, area=user.area, before={"codes": left + 1}, after={"codes": left})
    return bool(used)
