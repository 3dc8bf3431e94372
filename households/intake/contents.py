"""What an uploaded file is, told by its content before any reader opens it (issue 3, bad input)."""

import io
import zipfile

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200  # a real sheet packs 5 to 50 times; small files may pack better
SMALL = 20 * 1024 * 1024
TOO_BIG = "Tệp lớn hơn 50 MB. Hãy chia thành nhiều tệp nhỏ hơn."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unreadable(Exception):
    """Says in Vietnamese what is wrong with the file and what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def kind(data: bytes) -> str:
    """``xlsx``, ``ods``, ``xls`` or ``text``; raises Unreadable for a password, a zip bomb or no sheet at all."""
    if len(data) > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("Tệp có mật khẩu. Hãy bỏ mật khẩu trong Excel, lưu lại rồi tải lên.")
        return "xls"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (data.strip() and b"\0" not in data[:4096]):
        return "text"
    raise Unreadable("Tệp không phải bảng tính. Hãy lưu thành .xlsx rồi tải lên.")


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise Unreadable("Tệp bị hỏng. Hãy mở bằng Excel, lưu lại rồi tải lên.") from broken
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * len(data)):
        raise Unreadable("Tệp nén quá lớn khi mở ra. Hãy chép riêng bảng cần nhập sang tệp mới.")
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Unreadable("Tệp không phải bảng tính. Hãy lưu thành .xlsx rồi tải lên.")
