"""Pages under gunicorn with two workers, each against the reference page just before and just after it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module
from statistics import median

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from accounts.models import User
from tests.bench import processor
from tests.bench.counting import Line

REFERENCE = "/bench/reference/"
LIST, DASHBOARD = 0.8, 1.5
WORKERS, CONNECTIONS = 2, 4
WARMING = 6  # requests to each page before anything is measured, so that both workers have it
MOST = 20_000  # requests in one measurement, at most


@dataclass(frozen=True)
class Page:
    path: str
    user: str
    wanted: float
    kept: bool = False  # drawn once and kept until something is written: measured warm


PAGES = [
    Page("/ho/?q=nguyen", "chuongtrinh", LIST),
    Page("/ho/?q=nguyen+van+hai", "chuongtrinh", LIST),
    Page("/ho/?ward=20272", "chuongtrinh", LIST),
    Page("/ho/?status=city-2022:poor&day=30/11/2023", "chuongtrinh", LIST),
    Page("/ho/?q=hai", "canbo", LIST),
    Page("/ra-soat/", "chuongtrinh", LIST),
    Page("/ra-soat/", "canbo", LIST),
    Page("/bao-cao/", "chuongtrinh", LIST),
    Page("/ke-hoach/nhiem-vu/", "chuongtrinh", LIST, kept=True),
    Page("/ke-hoach/nhiem-vu/ma-tran/", "chuongtrinh", LIST, kept=True),
    Page("/ke-hoach/2023/giao-chi-tieu/48/", "chuongtrinh", LIST),
    Page("/ke-hoach/chi-tieu/", "chuongtrinh", LIST, kept=True),
    Page("/tong-quan/", "thanhpho", DASHBOARD),
    Page("/tong-quan/?ngay=30/11/2023&so=31/05/2023&chi_tieu=poor_escaped", "thanhpho", DASHBOARD),
    Page("/tong-quan/dien-bien/", "thanhpho", DASHBOARD),
    Page("/tong-quan/dieu-hanh/", "thanhpho", DASHBOARD),
    Page("/tong-quan/493/", "thanhpho", DASHBOARD),
    Page("/ke-hoach/", "thanhpho", DASHBOARD),
    Page("/ke-hoach/phu-luc/", "thanhpho", DASHBOARD),
]


def measure(rounds: int, seconds: int, like: str = "") -> list[Line]:
    """`like`: a part of the address; of the others nothing is asked."""
    pages = [page for page in PAGES if like in page.path]
    cookies = {name: sign_in(name) for name in {"chuongtrinh"} | {page.user for page in pages}}
    connection.close()
    with served() as server:
        port = server.port
        warm(port, pages, cookies)
        client = "wrk" if shutil.which("wrk") else "a Python client, which takes time from the server"
        print(f"Measuring {len(pages)} pages {rounds} times with {client} …", flush=True)
        ratios, rates, plain = {page: [] for page in pages}, {page: [] for page in pages}, []
        cheaper = {page: [] for page in pages}
        for _ in range(rounds):
            before, cost_before = measured(server, REFERENCE, cookies["chuongtrinh"], seconds)
            for page in pages:
                if (
                    page.kept or page.wanted == DASHBOARD
                ):  # kept pages are measured warm: nobody counts how fast the first one is
                    burst(port, page, cookies[page.user])
                rate, cost = measured(server, page.path, cookies[page.user], seconds)
                after, cost_after = measured(server, REFERENCE, cookies["chuongtrinh"], seconds)
                ratios[page].append(rate / ((before + after) / 2))
                cheaper[page].append((cost_before + cost_after) / 2 / cost if cost else 0)
                rates[page].append(rate)
                plain.append(after)
                before, cost_before = after, cost_after
    print(f"The reference page answers {median(plain):.0f} requests a second.")
    return [
        Line(
            f"{page.path}  ({page.user})",
            median(ratios[page]),
            page.wanted,
            note=f"{median(rates[page]):.0f}/s; in processor time {median(cheaper[page]):.2f}×",
        )
        for page in pages
    ]


def sign_in(name: str) -> str:
    """A session as the log-in page would have made it."""
    user = User.objects.get(username=name)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextmanager
def served():
    """The portal on a free port of loopback; ended with the block.

    Its database counts in one process: of a machine that others use too, a count in three takes three shares, and the
    reference page is little but a count.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "danang_poverty.wsgi", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--workers", str(WORKERS), "--log-level", "warning"],
        env=os.environ | {"PYTHONWARNINGS": "ignore", "BENCH_SERVED": "1"},
    )
    try:
        for _ in range(150):
            if process.poll() is not None:
                raise SystemExit("gunicorn ended; see above.")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def warm(port: int, pages: list[Page], cookies: dict[str, str]) -> None:
    """Every page must answer 200 before anything is measured."""
    for page in [Page(REFERENCE, "chuongtrinh", LIST), *pages]:
        for _ in range(WARMING):
            ask_once(port, page, cookies[page.user])


def ask_once(port: int, page: Page, cookie: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{page.path}", headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            if "dang-nhap" in answer.url:
                raise SystemExit(f"{page.path} sent {page.user} to the log-in page")
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{page.path} as {page.user} answered {error.code}") from None


def burst(port: int, page: Page, cookie: str) -> None:
    """Several requests at once, so that each worker draws the page and keeps it."""
    threads = [threading.Thread(target=ask_once, args=(port, page, cookie)) for _ in range(WARMING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measured(server: Server, path: str, cookie: str, seconds: int) -> tuple[float, float]:
    """Requests a second, and the processor seconds of one (0 where they cannot be read)."""
    before, started = processor.spent(server.pid), time.perf_counter()
    rate = requests_per_second(server.port, path, cookie, seconds)
    return rate, processor.since(before, server.pid) / (rate * (time.perf_counter() - started))


def requests_per_second(port: int, path: str, cookie: str, seconds: int) -> float:
    if shutil.which("wrk"):
        return with_wrk(port, path, cookie, seconds)
    return with_threads(port, path, cookie, seconds)


def with_wrk(port: int, path: str, cookie: str, seconds: int) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Cookie: {cookie}"]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True, timeout=60
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{path} did not always answer 200:\n{done.stdout}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
    if not rate:
        raise SystemExit(f"{path} answered nothing in {seconds} s. Is the machine busy with something else?")
    return rate


def with_threads(port: int, path: str, cookie: str, seconds: int) -> float:
    end, answers, wrong = time.perf_counter() + seconds, [], []

    def ask():
        while time.perf_counter() < end and len(answers) < MOST and not wrong:
            client = HTTPConnection("127.0.0.1", port, timeout=60)
            client.request("GET", path, headers={"Cookie": cookie})
            answer = client.getresponse()
            answer.read()
            client.close()
            (answers if answer.status == 200 else wrong).append(time.perf_counter())

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{path} did not always answer 200")
    return len(answers) / (time.perf_counter() - started)
