"""An uploaded sheet opened: its rows with their numbers, and what the officer should be told about the file."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine as calamine

from households.intake import fonts, opendocument
from households.intake.contents import BROKEN, LOCKED, Unreadable, kind

__all__ = ["Sheet", "Unreadable", "Workbook", "open_workbook"]

MAX_CELLS = 16_000_000  # the reader keeps a rectangle of cells, 32 bytes each, whatever stands in it
MANY = 50_000  # rows; the fast reader holds a sheet whole, some 2 kB a row of 20 columns
TOO_BIG = "Bảng quá rộng hoặc quá dài. Hãy chép riêng phần danh sách sang tệp mới."
MACROS = "Tệp có macro: macro không được chạy, chỉ đọc giá trị trong ô."
HIDDEN = "Bảng “{}” có {} dòng đang ẩn: vẫn được đọc như các dòng khác."
PIECE = 4 * 1024 * 1024
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=[\"'](?:1|true)")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=[\"'](?:1|true)")
_FAR = re.compile(rb"r=[\"'](?:[B-Z][A-Z][0-9]|[A-Z]{3}[0-9]|[A-Z]{1,3}(?:[1-9][0-9]{6}|[3-9][0-9]{5})[\"'])")
_FILLED = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([0-9]{1,7})")
_FONT = re.compile(r"<(?:\w+:)?name\b[^>]*\bval=[\"']([^\"']+)")
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Sheet:
    """``height``: the number of the last row with anything in it."""

    name: str
    hidden: bool
    height: int


class Workbook:
    """``notices`` are sentences for the officer; ``fonts`` are the old Vietnamese fonts that the file uses."""

    def __init__(self, sheets: list[Sheet], notices: list[str], fonts: list[str], source, packed: bytes = b""):
        self.sheets, self.notices, self.fonts, self._source = sheets, notices, fonts, source
        self._packed = packed
        self._open = ("", None)

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list]]:
        """Each row with its number in the sheet (from 1), its first cell being column A. Blank cells are ''."""
        if isinstance(self._source, list):
            yield from enumerate(self._source, 1)
            return
        if self._packed and any(one.name == sheet_name and one.height > MANY for one in self.sheets):
            yield from _one_by_one(self._packed, sheet_name)
            return
        try:
            if self._open[0] != sheet_name:  # opening reads the whole sheet: kept for the next look at it
                self._open = sheet_name, self._source.get_sheet_by_name(sheet_name)
        except calamine.WorksheetNotFound as missing:
            raise Unreadable(f"Tệp không có bảng “{sheet_name}”.") from missing
        except calamine.CalamineError as broken:
            raise Unreadable(BROKEN) from broken
        sheet = self._open[1]
        if sheet.start is None:
            return
        before = [""] * sheet.start[1]
        if before:
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield number, before + cells
        else:
            yield from enumerate(sheet.iter_rows(), 1)


def open_workbook(data: bytes, name: str) -> Workbook:
    """Open by content; ``name`` only names the one sheet of a text file. Unreadable when there is nothing to read."""
    match kind(data):
        case "xlsx":
            book = _packed(data)
        case "xls":
            book = _old(data)
        case "text":
            book = _text(data, name)
        case _:
            book = _open_document(data)
    if not any(sheet.height for sheet in book.sheets):
        raise Unreadable("Tệp không có dòng nào.")
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden]
    if hidden:
        book.notices.append(f"Bảng đang ẩn: {', '.join(hidden)}.")
    return book


def _calamine(data: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as locked:
        raise Unreadable(LOCKED) from locked
    except calamine.CalamineError as broken:
        raise Unreadable(BROKEN) from broken


def _tables(source: calamine.CalamineWorkbook) -> list[tuple[str, bool]]:
    return [
        (sheet.name, sheet.visible != calamine.SheetVisibleEnum.Visible)
        for sheet in source.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _old(data: bytes) -> Workbook:
    source = _calamine(data)
    notices = ["Tệp .xls: không biết dòng, cột nào đang ẩn; mọi dòng đều được đọc."]
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        notices.append(MACROS)
    sheets = []
    for title, hidden in _tables(source):
        try:
            sheets.append(Sheet(title, hidden, source.get_sheet_by_name(title).total_height))
        except calamine.CalamineError as broken:
            raise Unreadable(BROKEN) from broken
    return Workbook(sheets, notices, [], source)


def _open_document(data: bytes) -> Workbook:
    notices = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if any(part.startswith("Basic/") for part in packed.namelist()):
                notices.append(MACROS)
            found = opendocument.sizes(packed)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, OSError) as broken:
        raise Unreadable(BROKEN) from broken
    for title, height in found.height.items():
        if height * found.width[title] > MAX_CELLS:
            raise Unreadable(TOO_BIG)
        if found.hidden[title]:
            notices.append(HIDDEN.format(title, found.hidden[title]))
    source = _calamine(data)
    return Workbook([Sheet(t, hidden, found.height.get(t, 0)) for t, hidden in _tables(source)], notices, [], source)


def _packed(data: bytes) -> Workbook:
    notices, heights, names = [], {}, []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if any(part.lower().endswith("vbaproject.bin") for part in packed.namelist()):
                notices.append(MACROS)
            if "xl/styles.xml" in packed.namelist():
                styles = packed.read("xl/styles.xml").decode("utf-8", "replace")
                names = sorted({font for font in _FONT.findall(styles) if fonts.by_font(font)})
            for title, part in _parts(packed).items():
                with packed.open(part) as stream:
                    heights[title] = _look_through(title, stream, notices)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError) as broken:
        raise Unreadable(BROKEN) from broken
    source = _calamine(data)
    return Workbook(
        [Sheet(t, hidden, heights.get(t, 0)) for t, hidden in _tables(source)], notices, names, source, data
    )


def _one_by_one(data: bytes, sheet_name: str) -> Iterator[tuple[int, list]]:
    """Slower, but a very long sheet is never in memory whole. Values of formulas, as they were last saved."""
    import openpyxl  # here: it takes long to load, and few sheets need it

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book[sheet_name]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, ["" if cell is None else cell for cell in cells]
    finally:
        book.close()


def _parts(packed: zipfile.ZipFile) -> dict[str, str]:
    """Each worksheet's part of the package."""
    links = {}
    for link in ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels")):
        target = link.get("Target", "")
        if link.get("Type", "").endswith("/worksheet"):
            links[link.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for sheet in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet") and sheet.get(_LINK) in links:
            found[sheet.get("name")] = links[sheet.get(_LINK)]
    return found


def _look_through(title: str, stream, notices: list[str]) -> int:
    """The last filled row. Notes hidden rows and columns; refuses two cells so far apart that the memory would go."""
    rows = columns = height = widest = tallest = 0
    rest, far = b"", False
    while piece := stream.read(PIECE):
        piece = rest + piece
        cut = piece.rfind(b"<") if len(piece) > 512 else 0
        end = piece.rfind(b"</row>") + 6 if b"</row>" in piece else cut
        piece, rest = piece[:end], piece[end:]
        if len(rest) > 4 * PIECE:  # one endless row
            raise Unreadable(TOO_BIG)
        height = _last_row(piece) or height
        rows, columns, far = _count(piece, rows, columns, far)
        if far:
            widest, tallest = _extent(piece, widest, tallest)
    height = _last_row(rest) or height
    rows, columns, far = _count(rest, rows, columns, far)
    if far and widest * max(tallest, height) > MAX_CELLS:
        raise Unreadable(TOO_BIG)
    if rows:
        notices.append(HIDDEN.format(title, rows))
    if columns:
        notices.append(f"Bảng “{title}” có cột đang ẩn: vẫn được đọc như các cột khác.")
    return height


def _count(piece: bytes, rows: int, columns: int, far: bool) -> tuple[int, int, bool]:
    if b"hidden=" in piece:
        rows += len(_HIDDEN_ROW.findall(piece))
        columns += len(_HIDDEN_COLUMN.findall(piece))
    return rows, columns, far or bool(_FAR.search(piece))


def _extent(piece: bytes, widest: int, tallest: int) -> tuple[int, int]:
    for letters, row in _FILLED.findall(piece):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        widest, tallest = max(widest, column), max(tallest, int(row))
    return widest, tallest


def _last_row(piece: bytes) -> int:
    filled = max(piece.rfind(b"</v>"), piece.rfind(b"</is>"))
    if filled < 0:
        return 0
    start = max(piece.rfind(b"<row", 0, filled), piece.rfind(b":row", 0, filled) - 1, 0)
    found = _ROW.search(piece, max(start - 20, 0)) or None
    last = 0
    while found and found.start() < filled:
        last = int(found[1])
        found = _ROW.search(piece, found.end())
    return last


def _text(data: bytes, name: str) -> Workbook:
    words, notice = _decoded(data)
    try:
        rows = list(csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words)))
    except csv.Error as wrong:
        raise Unreadable("Có ô quá dài, hoặc dấu ngoặc kép không khép. Hãy lưu lại thành .xlsx.") from wrong
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    title = name.rpartition("/")[2].rpartition(".")[0] or "CSV"
    return Workbook([Sheet(title, False, len(rows))], [notice] if notice else [], [], rows)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as broken:
            raise Unreadable(BROKEN) from broken
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    latin = data.decode("cp1252", "replace")  # how Excel writes text of the old fonts
    if fonts.detect([latin[:200_000]]):
        return latin, ""
    return data.decode("cp1258", "replace"), "Tệp không ghi bằng Unicode: đã đọc theo bảng mã Windows-1258."


def _delimiter(words: str) -> str:
    """The sign that cuts the first lines into the most cells, most evenly."""
    lines = [line for line in words[:50_000].splitlines()[:30] if line.strip()]

    def evenness(sign: str) -> int:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return usual * counts.count(usual)

    return max("\t;,|", key=evenness)
