import io
import zipfile

import pytest

from households.intake import contents


def packed(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [(packed("xl/workbook.xml", b"<a/>"), "xlsx"), (packed("content.xml", b"<a/>"), "ods"), (b"a;b\n1;2", "text")],
)
def test_kinds(data, kind):
    assert contents.kind(data) == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "không phải bảng tính"),
        (b"PK\x03\x04broken", "hỏng"),
        (packed("word/document.xml", b"<a/>"), "không phải bảng tính"),
        (packed("xl/workbook.xml", bytes(30_000_000)), "quá lớn"),
        (contents._OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    ],
)
def test_refusals(data, said):
    with pytest.raises(contents.Unreadable, match=said):
        contents.kind(data)
