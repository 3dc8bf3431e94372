"""Webhooks: what is told, how it is signed, when it is tried again, and which addresses are never called. Pure."""

import hashlib
import hmac
import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

REPORT_ACCEPTED = "report.accepted"
CITY_REPORT_PUBLISHED = "city_report.published"
TEST = "test"
LABELS = {
    REPORT_ACCEPTED: "Báo cáo của đơn vị được chấp nhận",
    CITY_REPORT_PUBLISHED: "Báo cáo của thành phố được ban hành",
    TEST: "Gửi thử",
}
EVENTS = (REPORT_ACCEPTED, CITY_REPORT_PUBLISHED)  # that an address can ask for

MOST_TRIES = 10  # the last about a day after the first
SIGNATURE = "X-Portal-Signature"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """'t=<seconds>,v1=<hex>': HMAC-SHA256 over '<seconds>.<body>', so that an old message cannot be played again."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def wait_after(tries: int) -> timedelta:
    """How long until the next try: a minute, doubled each time, six hours at most."""
    return min(timedelta(minutes=1) * 2 ** max(tries - 1, 0), timedelta(hours=6))


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public network. False for anything private, local, reserved or unreadable.

    Addresses that carry an IPv4 one inside (mapped, 6to4, Teredo, NAT64) are judged by that one too.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = [found]
    if isinstance(found, ipaddress.IPv6Address):
        inner += [one for one in (found.ipv4_mapped, found.sixtofour, *(found.teredo or ())) if one]
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if found in ipaddress.ip_network("64:ff9b:1::/48"):
            return False
    return all(one.is_global and not one.is_multicast for one in inner if one.version == 4 or len(inner) == 1)


def fault_of(url: str) -> str:
    """What is wrong with an address as it is written, in Vietnamese; '' when it can be looked up."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "Địa chỉ không đọc được."
    if parts.scheme != "https" or not parts.hostname:
        return "Địa chỉ phải bắt đầu bằng https://."
    if parts.username or parts.password:
        return "Không ghi tên và mật khẩu trong địa chỉ."
    if port not in (None, 443, 8443):
        return "Chỉ gửi tới cổng 443 hoặc 8443."
    return ""
