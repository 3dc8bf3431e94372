"""gunicorn in production. Requests are logged by the portal itself (danang_poverty/request_log.py): the query of an
address may name a person, so no access log is kept here."""

import os
import shutil

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS") or 3)
worker_class = "gthread"  # a long download does not count as a process that hangs
threads = 4
timeout = 75  # longer than the database lets a query take
graceful_timeout = 30
max_requests, max_requests_jitter = 5000, 500
worker_tmp_dir = "/dev/shm"
accesslog = None
control_socket_disable = True  # nobody steers it from inside; its folder cannot be written

# Every process counts for itself; /metrics adds them up from files here.
COUNTERS = "/tmp/metrics"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = COUNTERS


def on_starting(server):
    shutil.rmtree(COUNTERS, ignore_errors=True)
    os.makedirs(COUNTERS)


def child_exit(server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
