"""Calling another system without letting it lead the portal into its own network.

A name is looked up once, every address it has must be public, and the call goes to the address that was checked, so a
name that answers otherwise a moment later gains nothing. No redirect is followed, no proxy is used, TLS is verified.
"""

import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPSConnection
from urllib.parse import urlsplit

from accounts.webhook_rules import fault_of, is_public

SECONDS = 10  # for connecting, and for each part of an answer
MOST_SECONDS = 30  # for all of it
MOST_ANSWERED = 4096  # bytes that are read of it


class Refused(Exception):
    """Not called, with the reason in Vietnamese for whoever set the address."""


def public_addresses(url: str) -> list[str]:
    """The IP addresses of the host. Refused when it cannot be found or any of them is not public."""
    if fault := fault_of(url):
        raise Refused(fault)
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("Không tìm thấy máy chủ của địa chỉ này.") from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses or not all(map(is_public, addresses)):
        raise Refused("Địa chỉ nằm trong mạng nội bộ hoặc mạng dành riêng: không gửi.")
    return addresses


class _Pinned(HTTPSConnection):
    """HTTPS to one IP address, with the certificate checked against the name."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext):
        super().__init__(host, port, timeout=SECONDS, context=context)
        self._address, self._tls = address, context

    def connect(self):
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def give_up(self):
        """From another thread: whatever waits for the other side ends with an error."""
        if self.sock:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer, whose content is thrown away. Refused, or OSError and HTTPException when nobody answers."""
    parts, address = urlsplit(url), public_addresses(url)[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    calling = _Pinned(parts.hostname, parts.port or 443, address, tls())
    end = threading.Timer(MOST_SECONDS, calling.give_up)  # a byte every nine seconds would hold a worker for hours
    end.start()
    try:
        calling.request("POST", path, body, headers)
        answer = calling.getresponse()
        answer.read(MOST_ANSWERED)
        return answer.status
    finally:
        end.cancel()
        calling.close()


def tls() -> ssl.SSLContext:
    return ssl.create_default_context()
