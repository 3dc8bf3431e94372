"""What a file of evidence may be, told by its content and never by its name. Pure."""

import io
import re
import zipfile

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 5  # with one update
MAX_UNPACKED = 200 * 1024 * 1024
ALLOWED = "PDF, DOCX, XLSX, JPG hoặc PNG, mỗi tệp tối đa 10 MB"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Forbidden(ValueError):
    """Says in Vietnamese why the file is not taken and what to do."""


def kind_of(data: bytes) -> str:
    """pdf, docx, xlsx, jpg or png; Forbidden for anything else, for a file with macros, too large or empty."""
    if not data:
        raise Forbidden("tệp rỗng.")
    if len(data) > MAX_BYTES:
        raise Forbidden("tệp lớn hơn 10 MB. Hãy nén ảnh hoặc chia tệp.")
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(_OLE):
        raise Forbidden("tệp Office kiểu cũ hoặc có mật khẩu. Hãy lưu thành .docx, .xlsx hoặc PDF.")
    raise Forbidden(f"loại tệp không được nhận. Chỉ nhận {ALLOWED}.")


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise Forbidden("tệp bị hỏng. Hãy mở, lưu lại rồi tải lên.") from broken
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Forbidden("tệp có macro. Hãy lưu thành .docx, .xlsx hoặc PDF.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Forbidden("tệp quá lớn khi mở ra.")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise Forbidden(f"loại tệp không được nhận. Chỉ nhận {ALLOWED}.")


def safe_name(name: str, kind: str) -> str:
    """The file's own name without paths and control characters, with the ending of what it really is."""
    stem = re.sub(r"[\x00-\x1f\x7f\"<>|:*?\\/]", " ", re.split(r"[\\/]", name)[-1])
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", " ".join(stem.split())).strip(" .")[:100]
    return f"{stem or 'minh-chung'}.{kind}"
