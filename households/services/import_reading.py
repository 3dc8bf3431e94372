"""From the kept file to staged households: what intake reads of it, as the checks want it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError

from households.intake import errors, fonts, layout, rows
from households.intake.contents import Unreadable
from households.intake.fields import Matching, match_columns
from households.intake.workbook import Workbook, open_workbook
from households.members import Person
from households.models import ImportBatch, ImportRow
from households.services.import_apply import claimed
from households.services.imports import Staged, State, fail, file_of, found_in, remembered, stage

Tell = Callable[[int, int], None]
WHOLE_ROW = -1
STEP = 500  # rows between two words on how far the reading is
SAMPLE = 200  # rows by which columns are known by sight
HOW = {"remembered": "theo lựa chọn đã nhớ", "name": "theo tên cột", "sight": "theo nội dung"}
NOT_WRITTEN = {
    "category": "Phân loại hộ trong tệp không được ghi: phân loại chỉ có sau rà soát và quyết định.",
    "note": "Cột ghi chú không được ghi.",
}


def run(*, batch_id: int, at: datetime, tell: Tell = lambda done, total: None) -> int:
    """Read and stage an uploaded sheet, alone. The number of households, 0 when it failed and says why.

    `tell` is called with the rows read so far and how many the sheet has; what it raises stops the reading.
    """
    with claimed(batch_id, State.UPLOADED, at) as batch:
        try:
            found, households = read(batch, tell)
            return stage(batch=batch, households=households, by=batch.by, reading=found).rows.count()
        except Unreadable as unreadable:
            message = unreadable.message
        except ValidationError:  # cancelled while it was read
            return 0
        except PermissionDenied:
            message = "Người tải lên không còn quyền nhập danh sách của phường, xã này."
        fail(batch=batch, message=message, state=State.UPLOADED)
        return 0


def read(batch: ImportBatch, tell: Tell = lambda done, total: None) -> tuple[dict, Iterator[Staged]]:
    """What was found in the file, and its households one by one. Unreadable when there is nothing to read.

    The counts and notices of the rows are in the first answer once the second is drawn to its end.
    """
    said = found_in(batch)
    book = open_workbook(file_of(batch), batch.name)
    sheet = _sheet(book, said.get("sheet", ""))
    table, matching, encoding = _known(batch, book, sheet, said.get("encoding", ""))
    fields = {index: name for name, index in matching.of.items()}
    sample = [cell for _, cells in islice(book.rows(sheet), SAMPLE) for cell in cells]
    looks = fonts.detect(sample, book.fonts)
    notices = [*book.notices, *(words for name, words in NOT_WRITTEN.items() if name in matching.of)]
    if looks and not encoding:
        notices.append(
            f"Chữ trong tệp giống bảng mã {looks.upper()}: xem bản chuyển sang Unicode rồi chọn ở mục Phông chữ."
        )
    found = {
        "sheet": sheet,
        "sheets": [one.name for one in book.sheets if one.height],
        "header_rows": table.header_rows,
        "fonts": looks,
        "encoding": encoding,
        "preview": fonts.preview(sample, looks) if looks else [],
        "notices": notices,
        "columns": [
            {
                "title": column.title or f"(cột {column.index + 1})",
                "field": fields.get(column.index, ""),
                "how": HOW.get(matching.how.get(fields.get(column.index, ""), ""), ""),
            }
            for column in table.columns
        ],
    }
    if "convert" in said:
        found["convert"] = said["convert"]
    height = next(one.height for one in book.sheets if one.name == sheet)
    tell(0, height)
    counted = _counted(book.rows(sheet), height, tell)
    return found, _some(_staged(rows.group(rows.read(counted, table, matching, encoding))))


def _some(households: Iterator[Staged]) -> Iterator[Staged]:
    first = next(households, None)
    if first is None:
        raise Unreadable("Tệp có dòng tiêu đề nhưng không có hộ nào bên dưới.")
    yield first
    yield from households


def _counted(lines: Iterable[tuple[int, list]], height: int, tell: Tell) -> Iterator[tuple[int, list]]:
    for line in lines:
        if line[0] % STEP == 0:
            tell(line[0], height)
        yield line


def error_sheet(batch: ImportBatch) -> bytes:
    """The table with its bad cells marked and a column that says what is wrong."""
    said = found_in(batch)
    book = open_workbook(file_of(batch), batch.name)
    sheet = _sheet(book, said.get("sheet", ""))
    table, matching, _ = _known(batch, book, sheet, said.get("encoding", ""))
    return errors.error_sheet(book.rows(sheet), table, _problems(batch, matching))


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


def _known(batch: ImportBatch, book: Workbook, sheet: str, agreed: str) -> tuple[layout.Table, Matching, str]:
    """Where the table is, what its columns mean, and the old font that the officer agreed to convert from."""
    top = list(islice(book.rows(sheet), SAMPLE))
    table = layout.find_table(top)
    below = [cells for number, cells in top if number >= table.first_data_row and not layout.is_noise(cells, table)]
    return table, match_columns(table.columns, below, remembered(batch.ward)), agreed


def _staged(households: Iterable[rows.Sheethold]) -> Iterator[Staged]:
    for one in households:
        place = one.household
        yield Staged(
            number=one.lines[0].number,
            group=_group(place.get("group")),
            address=str(place.get("address", "")),
            phone=place.get("phone", ""),
            members=[_person(line.values) for line in one.members],
            errors=[remark for line in one.lines for remark in _remarks(line, line.errors)],
            warnings=[remark for line in one.lines for remark in _remarks(line, line.warnings)],
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


def _problems(batch: ImportBatch, matching: Matching) -> dict[tuple[int, int], str]:
    """Each remark of the check, by sheet row and column (-1: the whole row)."""
    columns = matching.of | {"insurance": matching.of.get("insurance_number", WHOLE_ROW)}
    for name in ("birth_year_male", "birth_year_female"):
        if name in columns:
            columns.setdefault("birth", columns[name])
    told: dict[tuple[int, int], str] = {}
    for row in ImportRow.objects.filter(batch=batch).exclude(errors=[], warnings=[]).order_by("number").iterator():
        for remark in [*row.errors, *row.warnings]:
            cell = remark["row"], columns.get(remark["field"], WHOLE_ROW)
            told[cell] = f"{told[cell]} {remark['message']}" if cell in told else remark["message"]
    return told
