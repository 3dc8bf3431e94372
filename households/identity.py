"""Citizen ID numbers: checked, encrypted at rest, found by a keyed hash, shown masked. Pure but for the keys it is given."""

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet


def clean(number: str) -> str:
    """Twelve digits, or ValueError. There is no check digit (regulation: CCCD, 12 digits)."""
    digits = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise ValueError("Số định danh phải có đúng 12 chữ số.")
    return digits


def mask(last_four: str) -> str:
    return f"••••••••{last_four}" if last_four else ""


class Vault:
    """Encrypts and hashes with the installation's keys; the first key writes, all of them read."""

    def __init__(self, keys: list[str]):
        derived = [hashlib.sha256(f"portal-field:{key}".encode()).digest() for key in keys]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
        # Equality search needs one stable key: the oldest one, which is listed last.
        self._hash_key = hashlib.sha256(f"portal-hash:{keys[-1]}".encode()).digest()

    def seal(self, number: str) -> str:
        return self._fernet.encrypt(number.encode()).decode()

    def open(self, sealed: str) -> str:
        return self._fernet.decrypt(sealed.encode()).decode()

    def fingerprint(self, number: str) -> str:
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def vault_for(keys: tuple[str, ...]) -> Vault:
    return Vault(list(keys))
