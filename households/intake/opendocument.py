"""What must be known of an .ods file before a reader opens it: how large its tables really are, and what it hides.

A repeated cell is written once with a number, so a file of a few bytes may mean millions of cells.
"""

import zipfile
from xml.parsers import expat

from households.intake.contents import LOCKED, Unreadable

LONGEST = 200 * 1024 * 1024  # bytes of its XML
MANIFEST = 1024 * 1024  # of the list of its parts; a few lines in a real file
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}


class Sizes:
    """Of each table the last filled row and column (from 1) and the rows that are hidden."""

    def __init__(self):
        self.height: dict[str, int] = {}
        self.width: dict[str, int] = {}
        self.hidden: dict[str, int] = {}
        self._name = ""
        self._row = self._column = self._rows = self._columns = 0
        self._in_cell = self._was_hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._name, self._row = attributes.get(_TABLE + "name", ""), 0
            self.height[self._name] = self.width[self._name] = self.hidden[self._name] = 0
        elif name == _TABLE + "table-row":
            self._rows, self._column = _times(attributes, "number-rows-repeated"), 0
            self._was_hidden = attributes.get(_TABLE + "visibility", "visible") != "visible"
        elif name in _CELLS:
            self._columns, self._in_cell = _times(attributes, "number-columns-repeated"), True
            if _OFFICE + "value-type" in attributes:
                self._fill()
        elif self._in_cell and name == _TEXT + "p":
            self._fill()

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._column += self._columns
            self._in_cell = False
        elif name == _TABLE + "table-row":
            self._row += self._rows
            if self._was_hidden and self.height.get(self._name, 0) == self._row:
                self.hidden[self._name] += self._rows

    def _fill(self) -> None:
        self.height[self._name] = self._row + self._rows
        self.width[self._name] = max(self.width[self._name], self._column + self._columns)


def sizes(packed: zipfile.ZipFile) -> Sizes:
    """Read through once, in flat memory. Unreadable for a password; expat.ExpatError for what is no XML."""
    if "META-INF/manifest.xml" in packed.namelist():
        with packed.open("META-INF/manifest.xml") as stream:
            if b"encryption-data" in stream.read(MANIFEST):
                raise Unreadable(LOCKED)
    if packed.getinfo("content.xml").file_size > LONGEST:
        raise Unreadable("Bảng quá rộng hoặc quá dài. Hãy chép riêng phần danh sách sang tệp mới.")
    found = Sizes()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    with packed.open("content.xml") as stream:
        parser.ParseFile(stream)
    return found


def _times(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(_TABLE + name, "1")
    return max(1, int(written)) if written.isascii() and written.isdigit() else 1
