"""What an uploaded file is, told by its content before any reader opens it (issue 3, bad input)."""

import io
import struct
import zipfile
import zlib

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200  # a real sheet packs 5 to 50 times; small files may pack better
PIECE = 1024 * 1024
SMALL = 20 * 1024 * 1024
TOO_BIG = "Tệp lớn hơn 50 MB. Hãy chia thành nhiều tệp nhỏ hơn."
LOCKED = "Tệp có mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi tải lên."
BROKEN = "Tệp bị hỏng. Hãy mở bằng Excel, lưu lại rồi tải lên."
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
            raise Unreadable(LOCKED)
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
        raise Unreadable(BROKEN) from broken
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * len(data)):
        raise Unreadable("Tệp nén quá lớn khi mở ra. Hãy chép riêng bảng cần nhập sang tệp mới.")
    names = {part.filename for part in parts}
    if "encrypted-package" in names:
        raise Unreadable(LOCKED)
    if any(_lies(part, data) for part in parts):
        raise Unreadable(BROKEN)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Unreadable("Tệp không phải bảng tính. Hãy lưu thành .xlsx rồi tải lên.")


def _lies(part: zipfile.ZipInfo, data: bytes) -> bool:
    """Whether a part unpacks to more than it says, so that its size was no measure of it."""
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return True  # encrypted by itself, or packed as no office program does
    at = part.header_offset
    if len(data) < at + 30:
        return True
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name + extra
    raw = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(raw) != part.file_size
    unpacker, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while size <= part.file_size and not unpacker.eof:
            piece = unpacker.decompress(unpacker.unconsumed_tail or raw, PIECE)
            raw = b""
            size += len(piece)
            if not piece and not unpacker.unconsumed_tail:
                break
    except zlib.error:
        return True
    return size != part.file_size
