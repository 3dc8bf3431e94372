"""Work that a worker does: what each kind is called, and when one that failed is tried again. Pure.

Every floor names its own kinds by the task that does them; the words stand together here.
"""

from datetime import timedelta

LABELS = {
    "accounts.tasks.clean_jobs": "Dọn tệp và việc chạy nền đã cũ",
    "accounts.tasks.clear_sessions": "Xóa phiên đăng nhập đã hết hạn",
    "households.tasks.make_file": "Lập tệp danh sách, biểu",
    "households.tasks.refresh_search_words": "Làm mới từ tìm kiếm",
    "reports.tasks.audit": "Kiểm tra số liệu",
    "reports.tasks.daily": "Mở kỳ, chốt số liệu, lập báo cáo",
    "reports.tasks.render_documents": "Lập tệp báo cáo",
    "reports.tasks.remind": "Nhắc báo cáo đến hạn",
    "targets.tasks.keep_past": "Lưu số liệu các năm đã qua",
    "targets.tasks.remind": "Nhắc nhiệm vụ đến hạn",
}
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
STALE = timedelta(seconds=90)  # a running job whose worker gave no sign of life for so long has lost it
UNHEARD = timedelta(minutes=10)  # a waiting job that no worker took for so long: its message may be lost
FILE_KEPT = timedelta(days=7)
JOB_KEPT = timedelta(days=180)


def label_of(kind: str) -> str:
    return LABELS.get(kind, kind)


def wait_after(attempts: int) -> timedelta | None:
    """How long a job waits after its `attempts`-th try failed: twice as long each time. None: it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_WAIT * 2 ** max(0, attempts - 1), LONGEST_WAIT)
