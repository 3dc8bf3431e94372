"""Citizen ID numbers: checked, encrypted at rest, found by a keyed hash, shown masked. Pure but for the keys it is given."""

import base64
import binascii
import hashlib
import re
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Provinces and cities in which a birth is registered; the codes of before 2025, which nobody's number lost.
PROVINCES = frozenset(
    {  # fmt: skip
        1,
        2,
        4,
        6,
        8,
        10,
        11,
        12,
        14,
        15,
        17,
        19,
        20,
        22,
        24,
        25,
        26,
        27,
        30,
        31,
        33,
        34,
        35,
        36,
        37,
        38,
        40,
        42,
        44,
        45,
        46,
        48,
        49,
        51,
        52,
        54,
        56,
        58,
        60,
        62,
        64,
        66,
        67,
        68,
        70,
        72,
        74,
        75,
        77,
        79,
        80,
        82,
        83,
        84,
        86,
        87,
        89,
        91,
        92,
        93,
        94,
        95,
        96,
    }
)


def clean(number: str) -> str:
    """Twelve digits, or ValueError. There is no check digit (regulation: CCCD, 12 digits)."""
    digits = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise ValueError("Số định danh phải có đúng 12 chữ số.")
    return digits


def clean_old_id(number: str) -> str:
    """An old identity card (CMND): nine digits, or ValueError (regulation 7.1)."""
    digits = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(r"[0-9]{9}", digits):
        raise ValueError("Số CMND cũ phải có đúng 9 chữ số.")
    return digits


def clean_insurance(number: str) -> str:
    """The ten-digit social insurance number, also of a card's fifteen characters, or ValueError (regulation 7.2)."""
    typed = re.sub(r"[\s.\-]", "", number).upper()
    if not re.fullmatch(r"(?:[A-Z]{2}[1-5][0-9]{2})?[0-9]{10}", typed):
        raise ValueError("Mã bảo hiểm có 10 chữ số, hoặc 15 ký tự như trên thẻ (HN2 48 và 10 chữ số).")
    return typed[-10:]


def warnings(number: str, sex: str, birth_year: int) -> list[str]:
    """What looks odd in a cleaned citizen ID number ('' for none); never a reason to refuse it (regulation 7.1)."""
    if not number:
        return []
    found = []
    if not _known_place(int(number[:3])):
        found.append(f"Mã nơi đăng ký khai sinh {number[:3]} không có trong danh mục.")
    if sex in ("male", "female") and (int(number[3]) % 2 == 1) != (sex == "female"):
        found.append("Giới tính trong số định danh khác giới tính đã ghi.")
    year = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])
    if year != birth_year:
        found.append(f"Năm sinh trong số định danh ({year}) khác năm sinh đã ghi.")
    return found


def _known_place(code: int) -> bool:
    """Provinces 001 to 096 with holes, countries from 100 on: people born abroad have a country's code."""
    return code in PROVINCES or code >= 100


_MARK = "2."  # of what AES-GCM sealed; a Fernet token has no dot
_FILE_MARK = b"\x02"
_NONCE = 12  # bytes


def mask(last_four: str) -> str:
    return f"••••••••{last_four}" if last_four else ""


class Vault:
    """Encrypts and hashes with the installation's keys; the first key writes, all of them read.

    AES-256-GCM under a random nonce, a tenth of the time of the Fernet tokens of earlier rows, which are still read.
    A key is good for 2^32 sealings; a city with its history makes some ten million a year.
    """

    def __init__(self, keys: list[str]):
        derived = [hashlib.sha256(f"portal-field:{key}".encode()).digest() for key in keys]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
        self._ciphers = [AESGCM(hashlib.sha256(f"portal-gcm:{key}".encode()).digest()) for key in keys]
        # Equality search needs one stable key: the oldest one, which is listed last.
        key = hashlib.sha256(f"portal-hash:{keys[-1]}".encode()).digest().ljust(64, b"\0")
        # HMAC-SHA256 as in RFC 2104, both sides begun once: copying them takes half the time of hmac.digest.
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def seal(self, number: str) -> str:
        return self.seal_bytes(number.encode())

    def open(self, sealed: str) -> str:
        """InvalidToken or ValueError for what none of the keys sealed."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, data: bytes) -> str:
        return _MARK + binascii.b2a_base64(self._encrypted(data), newline=False).decode()

    def open_bytes(self, sealed: str) -> bytes:
        if sealed.startswith(_MARK):
            return self._decrypted(binascii.a2b_base64(sealed[len(_MARK) :]))
        return self._fernet.decrypt(sealed.encode())

    def seal_file(self, data: bytes) -> bytes:
        return _FILE_MARK + self._encrypted(data)

    def open_file(self, sealed: bytes) -> bytes:
        if sealed.startswith(_FILE_MARK):
            return self._decrypted(sealed[len(_FILE_MARK) :])
        return base64.b64decode(self._fernet.decrypt(sealed))

    def fingerprint(self, number: str) -> str:
        """Equal for equal numbers: HMAC-SHA256 under the key of marks, 64 hexadecimal digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(number.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def _encrypted(self, data: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, data, None)

    def _decrypted(self, data: bytes) -> bytes:
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(data[:_NONCE], data[_NONCE:], None)
            except InvalidTag:
                continue
        raise InvalidToken


@lru_cache(maxsize=4)
def vault_for(keys: tuple[str, ...]) -> Vault:
    return Vault(list(keys))
