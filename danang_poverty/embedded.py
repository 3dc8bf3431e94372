"""`make run`, and `make seed` for its first half: the whole portal on one machine, with nothing else running.

Prepares the database (safe to run again), starts the web server and the background worker, prints where to go,
and stops both together. The demonstration's password is made once per installation and kept in the data folder.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import django

HOST = "127.0.0.1"
LOGINS = [
    ("canbo", "cán bộ giảm nghèo phường: nhập phiếu rà soát"),
    ("lanhdao-phuong", "lãnh đạo phường: quyết định"),
    ("quan", "Phòng LĐTBXH quận"),
    ("so", "cán bộ sở"),
    ("nganhang", "cán bộ Ngân hàng Chính sách xã hội: ghi vốn vay, dư nợ"),
    ("chuongtrinh", "văn phòng chương trình: báo cáo, số liệu, xác nhận chuẩn"),
    ("thanhpho", "lãnh đạo thành phố"),
    ("quantri", "quản trị hệ thống"),
    ("api", "máy khách REST: chỉ lấy khóa và gọi API"),
]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_poverty.settings")
    only_prepare = sys.argv[1:] == ["prepare"]
    port = int(os.environ.get("PORT", "8000"))
    if not only_prepare and in_use(port):
        print(
            f"Cổng {port} đang có chương trình khác dùng. Chạy lại với cổng khác: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    django.setup()
    from django.conf import settings

    password = prepare(settings)
    if only_prepare:
        return 0
    processes = {"web": start(web(port)), "worker": start(worker(settings.VAR))}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_until_up(port, processes["web"])
        catch_up()
        announce(port, password)
        return watch(processes, settings.VAR)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


def prepare(settings) -> str | None:
    """Migrate and load; every step is safe to repeat. Returns the demonstration's password, if there is one."""
    from django.core.management import call_command

    from accounts.models import Installation
    from households.models import Household

    call_command("migrate", verbosity=0, interactive=False)
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, keep=True)  # what was mended in the admin is not undone by the next start
    call_command("load_standards")  # only ever adds
    kept = settings.VAR / "demo-password"
    if os.environ.get("PORTAL_DEMO") != "false" and not Household.objects.exists():
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9))
        print("Đang tạo dữ liệu minh họa, khoảng nửa phút…", flush=True)
        call_command("load_demo", password=kept.read_text())
    call_command("load_demo_reports", verbosity=0)
    return kept.read_text() if kept.exists() and Installation.objects.filter(demo=True).exists() else None


def web(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "danang_poverty.wsgi", "--bind", f"{HOST}:{port}"]
    return [*command, "--worker-class", "gthread", "--threads", "8", "--log-level", "warning", "--no-control-socket"]


def worker(var) -> list[str]:
    """A worker of two threads with the timetable in it: enough for one machine, and no Redis."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "danang_poverty",
        "worker",
        "--beat",
        "--pool",
        "threads",
    ]
    return [*command, "--concurrency", "2", "--loglevel", "WARNING", "--schedule", str(var / "beat-schedule")]


def start(command: list[str]) -> subprocess.Popen:
    # A session of its own, so that Ctrl-C reaches this process only and both are stopped in order.
    return subprocess.Popen(command, start_new_session=True)


def catch_up() -> None:
    """What fell due while the machine was off is done now, not tomorrow morning."""
    from accounts.tasks import look_after_jobs
    from danang_poverty.celery import DAILY

    look_after_jobs.delay(DAILY)


def wait_until_up(port: int, process: subprocess.Popen, seconds: int = 60) -> None:
    for _ in range(seconds * 5):
        if process.poll() is not None:
            raise SystemExit("Máy chủ web không khởi động được; xem lỗi ở trên.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Máy chủ web không trả lời sau 60 giây.")


def announce(port: int, password: str | None) -> None:
    from django.conf import settings

    print(f"\nCổng giảm nghèo đang chạy: http://{HOST}:{port}/\n")
    if password:
        print(f"Dữ liệu minh họa. Mật khẩu chung: {password}")
        for name, what in LOGINS:
            print(f"  {name:<15} {what}")
        if settings.DEMO_WITHOUT_SECOND_FACTOR:
            print("Chỉ vì là dữ liệu minh họa, chuongtrinh và quantri đăng nhập không cần xác thực hai bước.")
            print("Để thử: PORTAL_DEMO_WITHOUT_SECOND_FACTOR=false make run")
    print("\nDừng: Ctrl-C", flush=True)


def watch(processes: dict, var) -> int:
    """Until the web server ends. A worker that was killed is started again: the tasks are safe to repeat."""
    while True:
        time.sleep(1)
        if processes["web"].poll() is not None:
            print("Máy chủ web đã dừng.", file=sys.stderr)
            return 1
        if processes["worker"].poll() is not None:
            print("Tiến trình nền đã dừng, đang khởi động lại.", file=sys.stderr)
            time.sleep(2)
            processes["worker"] = start(worker(var))


def stop(processes: dict) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    for process in processes.values():
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    sys.exit(main())
