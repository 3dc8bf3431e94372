"""Processor time of a served portal and its database: what a page costs, however many others use the machine.

Read from /proc, where there is one; elsewhere nothing is told.
"""

import os
from pathlib import Path

from django.db import connection

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")


def spent(server: int) -> dict[int, float]:
    """Process id → seconds so far, of gunicorn's workers and the backends of the database that they talk to."""
    if not PROC.exists():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        pids = {pid for (pid,) in cursor.fetchall()} | {server}
    found = {}
    for path in PROC.iterdir():
        if path.name.isdecimal() and (told := _read(path)):
            parent, seconds = told
            if int(path.name) in pids or parent == server:
                found[int(path.name)] = seconds
    return found


def since(before: dict[int, float], server: int) -> float:
    """Seconds since then; a process that ended meanwhile is left out."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in spent(server).items())


def _read(path: Path) -> tuple[int, float] | None:
    """Parent and seconds; None when the process ended meanwhile. The second field, its name, may hold blanks."""
    try:
        fields = (path / "stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK
