"""Writes about people: accounts and passwords."""

from axes.utils import reset
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.log import facts, log
from accounts.models import User
from accounts.roles import AREA_LEVEL, NEEDS_AGENCY, NEEDS_AREA

LOGGED = ("username", "full_name", "email", "role", "area", "agency", "is_active")


def check_role(role: str, area, agency) -> None:
    """ValidationError at the field when the role lacks its area or agency, or has them without using them."""
    errors = {}
    if role in NEEDS_AREA and area is None:
        errors["area"] = f"Vai trò này phải có địa bàn cấp {_level(AREA_LEVEL[role])}."
    elif role in AREA_LEVEL and area.level != AREA_LEVEL[role]:
        errors["area"] = f"Vai trò này cần địa bàn cấp {_level(AREA_LEVEL[role])}, không phải {area}."
    elif role not in NEEDS_AREA and area is not None:
        errors["area"] = "Vai trò này không gắn với địa bàn; để trống."
    if role in NEEDS_AGENCY and agency is None:
        errors["agency"] = "Vai trò này phải có cơ quan."
    elif agency is not None and agency.kind == agency.Kind.GROUP:
        errors["agency"] = f"“{agency}” là một nhóm; chọn một đơn vị thành viên."
    if errors:
        raise ValidationError(errors)


def _level(level: str) -> str:
    return {"ward": "phường, xã", "district": "quận, huyện", "city": "thành phố"}[level]


@transaction.atomic
def create_user(
    *, username: str, full_name: str, password: str | None, role: str = "", area=None, agency=None, email: str = "", by
) -> User:
    """A new account. Without a password nobody can sign in to it until an administrator sets one."""
    user = User(username=username, full_name=full_name, role=role, area=area, agency=agency, email=email)
    user.set_password(password)
    check_role(role, area, agency)
    user.full_clean()
    user.save()
    log(by, "user.created", user, area=area, after=facts(user, LOGGED))
    return user


@transaction.atomic
def change_user(*, user: User, by, **fields) -> User:
    """Change any of LOGGED. The user itself is not touched when a rule refuses."""
    fresh = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = facts(fresh, LOGGED)
    for name, value in fields.items():
        if name not in LOGGED:
            raise TypeError(f"change_user() does not change {name}")
        setattr(fresh, name, value)
    check_role(fresh.role, fresh.area, fresh.agency)
    fresh.full_clean()
    fresh.save()
    if not fresh.is_active:
        fresh.sessions.all().delete()
        fresh.api_tokens.all().delete()
    log(by, "user.changed", fresh, area=fresh.area, before=before, after=facts(fresh, LOGGED))
    return fresh


@transaction.atomic
def change_password(*, user: User, password: str, by, here: str | None = None) -> None:
    """The password itself is validated by the form and never logged. `here`: the session that goes on."""
    user.set_password(password)
    user.save(update_fields=["password"])
    after_new_password(user=user, by=by, here=here)


@transaction.atomic
def after_new_password(*, user: User, by, here: str | None = None) -> None:
    """API tokens and sessions die with the old password, but for the session `here` that it was changed in."""
    tokens, _ = user.api_tokens.all().delete()
    sessions, _ = user.sessions.exclude(session_key=here or "").delete()
    log(by, "password.changed", user, area=user.area, before={"tokens": tokens, "sessions": sessions})


@transaction.atomic
def unlock(*, user: User, by) -> int:
    """Forget the wrong passwords, so that somebody locked out can try again at once. Returns how many rows there were."""
    count = reset(username=user.username)
    log(by, "sign_in.unlocked", user, area=user.area, before={"attempts": count})
    return count
