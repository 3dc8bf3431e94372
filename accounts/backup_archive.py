"""The file of a backup: a gzip stream in encrypted, numbered pieces, so that a wrong key, a changed byte, a missing piece
and a cut end are all told before anything is restored.

    magic, salt, proof of the key, then pieces: length, AES-256-GCM over up to 1 MiB; the last one is marked as the last.
    Inside: lines of JSON; one that says "stream" is followed by blocks (length, bytes) up to an empty one, and by a line
    with their SHA-256.

The key is drawn from BACKUP_KEY by scrypt with the file's own salt, so a piece's number is a nonce that is used once.
"""

import gzip
import hashlib
import hmac
import io
import json
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"danang-poverty backup 1\n"
SALT, PROOF, PIECE = 16, 32, 1024 * 1024
SHORTEST_KEY = 20  # characters


class Unreadable(Exception):
    """The file is no backup, is damaged, or the key is another one. The message says which, to whoever restores."""


class WeakKey(Exception):
    pass


def _keys(passphrase: str, salt: bytes) -> tuple[AESGCM, bytes]:
    if len(passphrase) < SHORTEST_KEY:
        raise WeakKey(f"BACKUP_KEY chưa đặt hoặc ngắn hơn {SHORTEST_KEY} ký tự.")
    key = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return AESGCM(key), hmac.digest(key, MAGIC, "sha256")


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">IIHH", number >> 32, number & 0xFFFFFFFF, 0, last)


class _Sealing(io.RawIOBase):
    """Takes bytes, writes sealed pieces to `file`; `close` writes the last one."""

    def __init__(self, file, passphrase: str):
        salt = secrets.token_bytes(SALT)
        self.cipher, proof = _keys(passphrase, salt)
        self.file, self.waiting, self.number = file, bytearray(), 0
        file.write(MAGIC + salt + proof)

    def writable(self):
        return True

    def write(self, data):
        self.waiting += data
        while len(self.waiting) > PIECE:
            self._piece(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]
        return len(data)

    def end(self):
        self._piece(bytes(self.waiting), last=True)

    def _piece(self, data: bytes, last: bool):
        sealed = self.cipher.encrypt(_nonce(self.number, last), data, None)
        self.file.write(struct.pack(">I", len(sealed)) + sealed)
        self.number += 1


class _Opening(io.RawIOBase):
    """The bytes of the sealed pieces of `file`. Unreadable as soon as one is not as it was written."""

    def __init__(self, file, passphrase: str):
        head = file.read(len(MAGIC) + SALT + PROOF)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT + PROOF:
            raise Unreadable("Tệp này không phải bản sao lưu của cổng.")
        salt, proof = head[len(MAGIC) : -PROOF], head[-PROOF:]
        self.cipher, own = _keys(passphrase, salt)
        if not hmac.compare_digest(own, proof):
            raise Unreadable("Sai BACKUP_KEY: bản sao lưu được mã hóa bằng khóa khác.")
        self.file, self.open, self.number, self.last = file, b"", 0, False

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self.open and not self.last:
            self._piece()
        taken = self.open[: len(buffer)]
        buffer[: len(taken)] = taken
        self.open = self.open[len(taken) :]
        return len(taken)

    def _piece(self):
        head = self.file.read(4)
        size = struct.unpack(">I", head)[0] if len(head) == 4 else 0
        sealed = self.file.read(size) if size <= PIECE + 16 else b""
        following = self.file.peek(1)
        try:
            self.open = memoryview(self.cipher.decrypt(_nonce(self.number, not following), sealed, None))
        except (InvalidTag, ValueError):
            raise Unreadable("Bản sao lưu bị hỏng hoặc bị cắt ngắn.") from None
        self.number, self.last = self.number + 1, not following


class Writer:
    def __init__(self, stream):
        self.stream = stream

    def line(self, told: dict) -> None:
        self.stream.write(json.dumps(told).encode() + b"\n")

    @contextmanager
    def blocks(self, told: dict):
        """`told` and then whatever is written to the object that this gives."""
        self.line(told | {"stream": True})
        blocks = _Blocks(self.stream)
        yield blocks
        self.stream.write(struct.pack(">I", 0))
        self.line({"sha256": blocks.hash.hexdigest()})


class _Blocks:
    def __init__(self, stream):
        self.stream, self.hash = stream, hashlib.sha256()

    def write(self, data) -> int:
        data = bytes(data)
        if data:
            self.hash.update(data)
            self.stream.write(struct.pack(">I", len(data)) + data)
        return len(data)


class Stream:
    """The blocks behind a line, as a file to read from; at their end their sum is compared."""

    def __init__(self, stream):
        self.stream, self.hash, self.rest, self.over = stream, hashlib.sha256(), b"", False

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [], size
        while not self.over and (size < 0 or wanted > 0):
            if not self.rest:
                self._block()
                continue
            part = self.rest if size < 0 else self.rest[:wanted]
            self.rest = self.rest[len(part) :]
            wanted -= len(part)
            parts.append(part)
        return b"".join(parts)

    def _block(self):
        (length,) = struct.unpack(">I", self.stream.read(4))
        self.rest = self.stream.read(length)
        self.hash.update(self.rest)
        if not length:
            self.over = True
            if json.loads(self.stream.readline()) != {"sha256": self.hash.hexdigest()}:
                raise Unreadable("Bản sao lưu bị hỏng: tổng kiểm tra không khớp.")


@contextmanager
def writing(file, passphrase: str):
    """A Writer into an open file. Nothing is closed that was given."""
    sealing = _Sealing(file, passphrase)
    with gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=3, mtime=0) as packed:
        yield Writer(packed)
        Writer(packed).line({"end": True})
    sealing.end()


def reading(file, passphrase: str) -> Iterator[tuple[dict, Stream | None]]:
    """The lines of an open, buffered file, each with the stream behind it; what was not read of one is passed over.

    Unreadable when anything is not as it was written, at the latest at its end.
    """
    opening = io.BufferedReader(_Opening(file, passphrase), PIECE)
    with gzip.GzipFile(fileobj=opening, mode="rb") as packed:
        ended = False
        try:
            while line := packed.readline():
                told = json.loads(line)
                ended = "end" in told
                stream = Stream(packed) if told.pop("stream", False) else None
                if not ended:
                    yield told, stream
                while stream and stream.read(PIECE):
                    pass
        except (EOFError, gzip.BadGzipFile, struct.error, json.JSONDecodeError) as error:
            raise Unreadable("Bản sao lưu bị hỏng hoặc bị cắt ngắn.") from error
        if not ended:
            raise Unreadable("Bản sao lưu bị cắt ngắn.")
