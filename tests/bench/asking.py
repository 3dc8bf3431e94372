"""The API under gunicorn, against a bare REST framework view that reads one row for the same token."""

import shutil
import subprocess
import threading
import time
import urllib.request
from http.client import HTTPConnection
from statistics import median

from django.db import connection

from accounts.models import User
from accounts.tokens import issue_token
from tests.bench import processor
from tests.bench.counting import Line
from tests.bench.pages import CONNECTIONS, served

BARE = "/bench/one-row/"
ACTUALS = "/api/v1/actuals/?as_of=2023-11-30&level=district"
DISTRICT = "/api/v1/districts/492/indicators/?as_of=2023-11-30"


def measure(rounds: int, seconds: int) -> list[Line]:
    client = User.objects.get(username="api")
    _, text = issue_token(user=client, by=client, name="bench", days=1)
    connection.close()
    token = {"Authorization": f"Token {text}"}
    with served() as server:
        port = server.port
        asked = [("actuals", ACTUALS, token, 0.5), ("one district", DISTRICT, token, 0.5)]
        asked.append(("actuals, not changed (304)", ACTUALS, token | {"If-None-Match": _etag(port, token)}, 1.0))
        for path in (BARE, ACTUALS, DISTRICT):
            for _ in range(6):
                _etag(port, token, path)
        ratios = {name: [] for name, *_ in asked}
        rates = {name: [] for name, *_ in asked}
        cheaper = {name: [] for name, *_ in asked}
        for _ in range(rounds):
            before, cost_before = measured(server, BARE, token, seconds)
            for name, path, headers, _ in asked:
                found, cost = measured(server, path, headers, seconds)
                after, cost_after = measured(server, BARE, token, seconds)
                ratios[name].append(found / ((before + after) / 2))
                rates[name].append(found)
                cheaper[name].append((cost_before + cost_after) / 2 / cost if cost else 0)
                before, cost_before = after, cost_after
    print(f"The bare view answers {before:.0f} requests a second.")
    return [
        Line(
            f"API {name}",
            median(ratios[name]),
            wanted,
            note=f"{median(rates[name]):.0f}/s; in processor time {median(cheaper[name]):.2f}×",
        )
        for name, _, _, wanted in asked
    ]


def _etag(port: int, token: dict[str, str], path: str = ACTUALS) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=token)
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
        return answer.headers.get("ETag", "")


def measured(server, path: str, headers: dict[str, str], seconds: int) -> tuple[float, float]:
    """As pages.measured."""
    before, started = processor.spent(server.pid), time.perf_counter()
    found = rate(server.port, path, headers, seconds)
    return found, processor.since(before, server.pid) / (found * (time.perf_counter() - started))


def rate(port: int, path: str, headers: dict[str, str], seconds: int) -> float:
    """Requests a second, every one answered 200 or 304."""
    if shutil.which("wrk"):
        told = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *told, f"http://127.0.0.1:{port}{path}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        if "Non-2xx" in done:
            raise SystemExit(f"{path} did not always answer 200:\n{done}")
        return float(done.split("Requests/sec:")[1].split()[0])
    end, answers, wrong = time.perf_counter() + seconds, [], []

    def ask():
        while time.perf_counter() < end and not wrong:
            client = HTTPConnection("127.0.0.1", port, timeout=60)
            client.request("GET", path, headers=headers)
            answer = client.getresponse()
            answer.read()
            client.close()
            (answers if answer.status in (200, 304) else wrong).append(answer.status)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{path} answered {wrong[0]}")
    return len(answers) / (time.perf_counter() - started)
