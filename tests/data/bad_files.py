"""Files that break readers: bombs, locks, lies about size. Made by hand, since no office program writes them.

`bad(which)` gives one as bytes; README.md has a word on each.
"""

import io
import struct
import zipfile

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TITLES = ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh", "Tổ", "Địa chỉ"]
PERSON = ["Lê An", "Chủ hộ", "Nam", "1960", "14", "12 Lê Duẩn"]


def bad(which: str) -> bytes:
    """`password`, `password_ods`, `zip_bomb`, `lies`, `macros`, `million_blank`, `huge_cell`, `ods` or `ods_far`."""
    return _FILES[which]()


def xlsx(rows: str, *, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet with these rows of XML, and nothing that a reader can do without."""
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Danh sách" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return _zip(parts | (more or {}))


def row(number: int, cells: list[str]) -> str:
    typed = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{typed}</row>'


def ods(rows: str, *, manifest: str = "") -> bytes:
    content = (
        f'{_HEAD}<office:document-content xmlns:office="{_ODF}office:1.0" xmlns:table="{_ODF}table:1.0" '
        f'xmlns:text="{_ODF}text:1.0"><office:body><office:spreadsheet><table:table table:name="Danh sách">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kept = f'{_HEAD}<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0">{manifest}</manifest:manifest>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zip({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": kept})


def ods_row(cells: list[str], more: str = "") -> str:
    typed = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row{more}>{typed}</table:table-row>"


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def _list(*more: str) -> str:
    return row(1, TITLES) + row(2, PERSON) + "".join(more)


def _password() -> bytes:
    """As Excel locks a workbook: not a package any more but a container with an encrypted one in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def _lies() -> bytes:
    """A sheet whose header says that it is small: one that trusted it would unpack thirty times as much."""
    true = xlsx(_list() + " " * 3_000_000)
    with zipfile.ZipFile(io.BytesIO(true)) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    return true.replace(struct.pack("<I", size), struct.pack("<I", 100_000))


def _million_blank() -> bytes:
    blank = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 1_000_003))
    return xlsx(_list() + blank)


def _ods() -> bytes:
    """Households over two rows, a hidden row, blank rows repeated to the end of the sheet."""
    second = ods_row(["Lê Ẩn", "Con", "Nam", "1990"], ' table:visibility="collapse"')
    born = '<table:table-cell office:value-type="date" office:date-value="1991-02-03"><text:p>x</text:p></table:table-cell>'
    third = ods_row(["Lê Út", "Con", "Nam"]).replace("</table:table-row>", f"{born}</table:table-row>")
    empty = '<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/>'
    return ods(ods_row(TITLES) + ods_row(PERSON) + second + third + f"{empty}</table:table-row>")


def _ods_far() -> bytes:
    """A few bytes that mean a thousand million filled cells."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p>'
    far = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-cell></table:table-row>'
    return ods(ods_row(TITLES) + far)


_FILES = {
    "password": _password,
    "password_ods": lambda: ods("", manifest='<manifest:encryption-data manifest:checksum-type="x"/>'),
    "zip_bomb": lambda: xlsx(_list() + " " * 64_000_000),
    "lies": _lies,
    "macros": lambda: xlsx(_list(), more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Auto_Open"}),
    "million_blank": _million_blank,
    "huge_cell": lambda: xlsx(_list(row(3, ["Lê Dài", "Con", "Nam", "1990", "14", "x" * 1_000_000]))),
    "ods": _ods,
    "ods_far": _ods_far,
}
