"""The examples of the page 'API in five minutes'. tests/test_api_start.py runs every one against a live server.

They read PORTAL (the address), TOKEN, and where a password is needed NAME and PASSWORD from the environment.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    key: str
    title: str
    text: str
    language: str  # bash or python
    code: str


EXAMPLES = [
    Example(
        "token",
        "Lấy khóa bằng tên đăng nhập",
        "Khóa cũng tạo được ở trang Khóa API của tôi. Trả lời có khóa, ngày hết hạn và phạm vi.",
        "bash",
        """curl -sS --fail-with-body "$PORTAL/api/v1/token/" \\
  -H 'Content-Type: application/json' \\
  -d "{\\"username\\": \\"$NAME\\", \\"password\\": \\"$PASSWORD\\", \\"name\\": \\"Thử\\"}\"""",
    ),
    Example(
        "district",
        "Chỉ tiêu của một quận đến một ngày",
        "Bên mỗi chỉ tiêu là số kế hoạch giao, số đã làm, tỷ lệ và tiến độ.",
        "bash",
        """curl -sS --fail-with-body -H "Authorization: Token $TOKEN" \\
  "$PORTAL/api/v1/districts/492/indicators/?as_of=2023-05-31\"""",
    ),
    Example(
        "csv",
        "Cả bảng ra CSV, mở bằng phần mềm bảng tính",
        "Thêm format=csv vào địa chỉ, hoặc gửi Accept: text/csv.",
        "bash",
        """curl -sS --fail-with-body -H "Authorization: Token $TOKEN" -o actuals.csv \\
  "$PORTAL/api/v1/actuals/?level=district&as_of=2023-05-31&limit=500&format=csv"
head -n 3 actuals.csv""",
    ),
    Example(
        "unchanged",
        "Hỏi lại mà không tải lại",
        "Gửi lại ETag của lần trước: khi chưa ai ghi gì mới, trả lời là 304 và rỗng.",
        "bash",
        """etag=$(curl -sS -D - -o /dev/null -H "Authorization: Token $TOKEN" "$PORTAL/api/v1/actuals/" \\
  | tr -d '\\r' | sed -n 's/^etag: //Ip')
curl -sS -o /dev/null -w '%{http_code}\\n' -H "Authorization: Token $TOKEN" \\
  -H "If-None-Match: $etag" "$PORTAL/api/v1/actuals/\"""",
    ),
    Example(
        "pages",
        "Đọc hết một danh sách nhiều trang",
        "next là dấu của trang sau; ở trang cuối next là null. Số nhỏ không hiện: numerator là null, suppressed là true.",
        "python",
        """import json, os
from urllib.parse import urlencode
from urllib.request import Request, urlopen


def ask(path, **parameters):
    address = f"{os.environ['PORTAL']}/api/v1/{path}?{urlencode(parameters)}"
    request = Request(address, headers={"Authorization": f"Token {os.environ['TOKEN']}"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def rows(path, **parameters):
    while True:
        page = ask(path, **parameters)
        yield from page["results"]
        if page["next"] is None:
            return
        parameters["cursor"] = page["next"]


for row in rows("actuals/", level="district", indicator="poor_labour_end", limit=3):
    print(row["name"], row["numerator"], row["rate"], "(suppressed)" if row["suppressed"] else "")""",
    ),
    Example(
        "write",
        "Ghi tiến độ một nhiệm vụ của đơn vị",
        "Cần khóa có phạm vi write:tasks. version là bản đã đọc: nếu người khác vừa sửa, trả lời là 409 và không ghi gì.",
        "python",
        """import json, os
from urllib.request import Request, urlopen

headers = {"Authorization": f"Token {os.environ['TOKEN']}", "Content-Type": "application/json"}


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{os.environ['PORTAL']}/api/v1/{path}", data, headers), timeout=30) as answer:
        return json.load(answer)


tasks = call(f"tasks/?agency={os.environ['AGENCY']}")["results"]
task = next(task for task in tasks if task["state"] in ("not_started", "in_progress"))
update = {"move": "update", "version": task["version"], "percent": 40, "text": "Đã họp triển khai."}
print(call(f"tasks/{task['id']}/updates/", update)["percent"])""",
    ),
    Example(
        "webhook",
        "Kiểm tra chữ ký của webhook",
        "Quản trị hệ thống đặt địa chỉ nhận và đưa khóa ký. Bỏ nội dung sai chữ ký hoặc cũ quá năm phút.",
        "python",
        """import hashlib, hmac, time


def is_genuine(secret: str, header: str, body: bytes) -> bool:
    \"\"\"header: X-Portal-Signature, 't=<seconds>,v1=<hex>'; body: the bytes as they came.\"\"\"
    at, _, given = header.removeprefix("t=").partition(",v1=")
    if not at.isdecimal() or abs(time.time() - int(at)) > 300:
        return False
    expected = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, given)""",
    ),
]
