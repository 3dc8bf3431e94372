"""What the frame of every page asks, in one query: whether something was written, what waits to be read, whose data."""

from dataclasses import dataclass

from django.db import connection

PULSE = """
SELECT COALESCE((SELECT MAX(id) FROM accounts_event), 0),
       (SELECT COUNT(*) FROM accounts_notice WHERE user_id = %s AND read_at IS NULL),
       EXISTS (SELECT 1 FROM accounts_installation WHERE demo)
"""


@dataclass(frozen=True)
class Pulse:
    """`stamp`: number of the newest line of the log (log.stamp). `unread`: notices. `demo`: data for demonstration."""

    stamp: int
    unread: int
    demo: bool


def pulse_of(request) -> Pulse:
    """Read once a request, by whoever needs it first."""
    if not hasattr(request, "pulse"):
        user = getattr(request, "user", None)
        with connection.cursor() as cursor:
            cursor.execute(PULSE, [user.pk if user else None])
            newest, unread, demo = cursor.fetchone()
        request.pulse = Pulse(newest, unread, bool(demo))
    return request.pulse
