"""From the bytes of a sheet to the households that it tells of. Pure: the register is not known here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from households.intake import fonts, layout, rows
from households.intake.contents import Unreadable
from households.intake.fields import Matching, match_columns
from households.intake.workbook import Workbook, open_workbook
from households.members import Person

Tell = Callable[[int, int], None]
STEP = 500  # rows between two words on how far the reading is
SAMPLE = 200  # rows by which columns are known by sight
HOW = {"remembered": "theo lựa chọn đã nhớ", "name": "theo tên cột", "sight": "theo nội dung"}
NOT_WRITTEN = {
    "category": "Phân loại hộ trong tệp không được ghi: phân loại chỉ có sau rà soát và quyết định.",
    "note": "Cột ghi chú không được ghi.",
}


@dataclass(frozen=True)
class Asked:
    """How a file is to be read. `encoding`: the old font that the officer agreed to convert from; `remembered`: what the
    ward said of headings; `sheet`: the one that was chosen."""

    name: str
    sheet: str = ""
    encoding: str = ""
    remembered: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Staged:
    """A household as read from the sheet; `number` is the sheet row where it begins."""

    number: int
    group: str
    address: str
    phone: str
    members: list[Person]
    errors: list[dict] = field(default_factory=list)  # {"row": of the sheet, "field", "message"}
    warnings: list[dict] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of each member the sheet row; without: one after another
    code: str = ""  # that the sheet gives the household; one of the register is an update of it
    tenure: str = ""
    living_area: str = ""  # m², as a decimal number

    def line(self, member: int | None) -> int:
        """The sheet row of a member of the list, or of the household."""
        if member is None:
            return self.number
        return self.lines[member] if member < len(self.lines) else self.number + member


@dataclass(frozen=True)
class Opened:
    """A file with the sheet that is read, where its table lies and what its columns mean."""

    book: Workbook
    sheet: str
    table: layout.Table
    matching: Matching
    top: list[tuple[int, list]]  # its first rows

    def rows(self) -> Iterator[tuple[int, list]]:
        return self.book.rows(self.sheet)


def opened(data: bytes, asked: Asked) -> Opened:
    """Unreadable when there is nothing to read."""
    book = open_workbook(data, asked.name)
    sheet = _sheet(book, asked.sheet)
    top = list(islice(book.rows(sheet), SAMPLE))
    table = layout.find_table(top)
    below = [cells for number, cells in top if number >= table.first_data_row and not layout.is_noise(cells, table)]
    return Opened(book, sheet, table, match_columns(table.columns, below, asked.remembered), top)


def read(data: bytes, asked: Asked, tell: Tell = lambda done, total: None) -> tuple[dict, Iterator[Staged]]:
    """What was found in the file, and its households one by one. Unreadable when there is nothing to read; that no
    household stands below the titles is known once the first one is drawn.

    `tell` is called with the rows read so far and how many the sheet has; what it raises stops the reading.
    """
    it = opened(data, asked)
    book, of = it.book, {index: name for name, index in it.matching.of.items()}
    sample = [cell for _, cells in it.top for cell in cells]
    looks = fonts.detect(sample, book.fonts)
    notices = [*book.notices, *(words for name, words in NOT_WRITTEN.items() if name in it.matching.of)]
    if looks and not asked.encoding:
        notices.append(
            f"Chữ trong tệp giống bảng mã {looks.upper()}: xem bản chuyển sang Unicode rồi chọn ở mục Phông chữ."
        )
    found = {
        "sheet": it.sheet,
        "sheets": [one.name for one in book.sheets if one.height],
        "header_rows": it.table.header_rows,
        "fonts": looks,
        "encoding": asked.encoding,
        "preview": fonts.preview(sample, looks) if looks else [],
        "notices": notices,
        "columns": [
            {
                "title": column.title or f"(cột {column.index + 1})",
                "field": of.get(column.index, ""),
                "how": HOW.get(it.matching.how.get(of.get(column.index, ""), ""), ""),
            }
            for column in it.table.columns
        ],
    }
    height = next(one.height for one in book.sheets if one.name == it.sheet)
    tell(0, height)
    lines = rows.read(_counted(it.rows(), height, tell), it.table, it.matching, asked.encoding)
    return found, _some(map(_staged, rows.group(lines)))


def _counted(lines: Iterable[tuple[int, list]], height: int, tell: Tell) -> Iterator[tuple[int, list]]:
    for line in lines:
        if line[0] % STEP == 0:
            tell(line[0], height)
        yield line


def _some(households: Iterator[Staged]) -> Iterator[Staged]:
    first = next(households, None)
    if first is None:
        raise Unreadable("Tệp có dòng tiêu đề nhưng không có hộ nào bên dưới.")
    yield first
    yield from households


def _sheet(book: Workbook, wanted: str) -> str:
    """The sheet that was chosen; else the first one in sight that holds a list; else the first that is filled."""
    filled = [one for one in book.sheets if one.height]
    names = [one.name for one in filled]
    if wanted in names:
        return wanted
    for one in sorted(filled, key=lambda one: one.hidden):
        try:
            layout.find_table(list(islice(book.rows(one.name), layout.LOOKED_AT)))
        except Unreadable:
            continue
        return one.name
    return names[0]


def _staged(one: rows.Sheethold) -> Staged:
    place = one.household
    return Staged(
        number=one.lines[0].number,
        group=_group(place.get("group")),
        address=str(place.get("address", "")),
        phone=place.get("phone", ""),
        members=[_person(line.values) for line in one.members],
        errors=[remark for line in one.lines if line.errors for remark in _remarks(line, line.errors)],
        warnings=[remark for line in one.lines if line.warnings for remark in _remarks(line, line.warnings)],
        lines=[line.number for line in one.members],
        code=str(place.get("code", "")),
        tenure=place.get("tenure", ""),
        living_area=_area(place.get("living_area")),
    )


def _remarks(line: rows.Line, said: dict[str, str]) -> Iterator[dict]:
    for name, message in said.items():
        if name == "citizen_id" and name in line.suggestions:
            message += " Có thể đã mất số 0 ở đầu."
        yield {"row": line.number, "field": name, "message": message}


def _group(text: object) -> str:
    """Offices write only the number in a column of that name."""
    words = str(text or "")
    return f"Tổ {words}" if words.isdecimal() else words


def _area(value: object) -> str:
    return "" if value is None else f"{value:.2f}"


# What a row says of its person: the reader's name of it, the person's, and what it is where the row does not say it.
_TOLD = [(name, name, "") for name in ("full_name", "relation", "sex", "ethnicity", "citizen_id", "old_id")]
_TOLD += [("insurance_number", "insurance", ""), ("birth_year", "birth_year", 0)]
_TOLD += [(name, name, None) for name in ("birth_month", "birth_day", "has_insurance")]


def _person(got: dict) -> Person:
    """A row's person; what it lacks stays empty, and stands among the row's errors."""
    return Person.of({fact: got.get(name, blank) for name, fact, blank in _TOLD})
