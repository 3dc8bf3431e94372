"""The second step of signing in: six digits that change every half minute (RFC 6238), and recovery codes. Pure."""

import base64
import hmac
import re
import secrets

import pyotp

STEP = 30  # seconds
ISSUER = "Giảm nghèo Đà Nẵng"
CODES = 10
# no letter or digit that is taken for another: 0 o, 1 i l
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """160 bits, as RFC 4226 wants, in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(key: str, username: str) -> str:
    """What the QR code says to an app."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(key: str, code: str, seconds: int, last: int) -> int | None:
    """The half minute that the code is of: this one or its neighbours, as clocks differ, and after `last`. Or None."""
    now = seconds // STEP
    totp = pyotp.TOTP(key)
    for step in (now - 1, now, now + 1):
        if step > last and hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def new_codes() -> list[str]:
    """Ten recovery codes of some 49 bits each: abcde-fghjk."""
    letters = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2 * CODES))
    return [f"{first}-{second}" for first, second in zip(letters, letters, strict=True)]


def tidy(typed: str) -> str:
    """As a code is compared: without what people set between its parts."""
    return re.sub(r"[\s\-–.]", "", typed).lower()


def is_digits(code: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{6}", code))
