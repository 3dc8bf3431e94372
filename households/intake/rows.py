"""Rows of a sheet to people, and people to households. Nothing of the register is known here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest

from areas.vietnamese import fold
from households.intake import fonts, values
from households.intake.fields import Matching
from households.intake.layout import Table, is_noise
from households.intake.values import LONGEST, Value


@dataclass(slots=True)
class Line:
    """One row of the sheet. ``errors`` and ``warnings``: field to sentence; ``suggestions``: field to value.

    ``values`` has the keys of FIELDS, blank cells left out; births as birth_year, birth_month, birth_day.
    ``cells`` are as in the sheet, converted from an old font when that was agreed.
    """

    number: int
    values: dict
    errors: dict[str, str]
    warnings: dict[str, str]
    suggestions: dict[str, object]
    cells: list


@dataclass(slots=True)
class Sheethold:
    """A household of the sheet: its rows in order, ``members`` those of them that name a person."""

    lines: list[Line] = field(default_factory=list)
    household: dict = field(default_factory=dict)
    members: list[Line] = field(default_factory=list)


def _area(cell: object) -> Value:
    got = values.text(cell).value
    if got is None:
        return Value()
    read = values.number(cell if not isinstance(cell, str) else got.removesuffix("m2").removesuffix("m²").strip())
    if read.value is not None and read.value < 0:
        return Value(error="Diện tích không được âm.")
    return read


AT_ONCE = 200  # rows that are read together, column by column
TOO_LONG = Value(error="Ô quá dài.")
KNOWN = 500  # words of a column whose reading is kept: sex, relation, group are a few words again and again
_BIRTHS = ("birth", "birth_year_male", "birth_year_female")
_READERS: dict[str, Callable[[object], Value]] = {
    "relation": values.relation,
    "sex": values.sex,
    "citizen_id": values.citizen_id,
    "old_id": values.old_id,
    "insurance_number": values.insurance,
    "phone": values.phone,
    "category": values.category,
    "tenure": values.tenure,
    "living_area": _area,
    "has_insurance": values.yes_no,
    **dict.fromkeys(_BIRTHS, values.birth),
}
# What belongs to the household, carried from the row of its head.
OF_HOUSEHOLD = ("code", "head_name", "group", "address", "phone", "category", "tenure", "living_area", "note")
# What is asked of somebody new; of a member of the register a blank cell leaves what is known.
MISSING = {
    "full_name": "Ghi họ và tên.",
    "relation": "Ghi quan hệ với chủ hộ.",
    "sex": "Ghi giới tính.",
    "birth": "Ghi năm sinh.",
}
# A value that is wrong here does not keep the household out: it is left blank, and said.
_LENIENT = {"phone", "category", "tenure", "living_area", "old_id", "insurance_number", "has_insurance"}


def read(rows: Iterable[tuple[int, list]], table: Table, matching: Matching, encoding: str = "") -> Iterator[Line]:
    """Every person's row below the titles. ``encoding``: the old font to convert from, when the officer agreed."""
    columns = [_Column(key, index) for key, index in matching.of.items()]
    births = [key for key in _BIRTHS if key in matching.of]
    rest = ((number, cells) for number, cells in rows if number >= table.first_data_row)
    while block := list(islice(rest, AT_ONCE)):
        if encoding:
            block = [(number, _converted(cells, encoding)) for number, cells in block]
        for line in _lines(block, columns):
            # Who is somebody's wife and was born is no total and no title, whatever else the row says.
            if (
                "relation" in line.values
                and any(key in line.values for key in births)
                or not is_noise(line.cells, table)
            ):
                _born(line, births)
                _who(line)
                yield line


def _converted(cells: list, encoding: str) -> list:
    return [fonts.convert(cell, encoding) if isinstance(cell, str) and len(cell) <= LONGEST else cell for cell in cells]


class _Column(dict):
    """A column that is read: of words met the value. What else is to be said of a cell is its whole Value, and not kept."""

    def __init__(self, key: str, index: int):
        super().__init__({"": None})
        self.key, self.index, self.reader = key, index, _READERS.get(key, values.text)

    def __missing__(self, cell: str):
        if len(cell) > LONGEST:
            return TOO_LONG
        got = self.read(cell)
        if type(got) is not Value and len(self) < KNOWN:
            self[cell] = got
        return got

    def read(self, cell: object):
        got = self.reader(cell)
        return got if got.error or got.warning or got.suggestion is not None else got.value

    def read_all(self, cells: Sequence) -> list:
        """Of each cell its value, or a Value with what is to be said of it."""
        if set(map(type, cells)) == {str}:
            return [*map(self.__getitem__, cells)]
        # A number and a truth may be equal and be read differently: only words are looked up.
        return [self[cell] if type(cell) is str else self.read(cell) for cell in cells]


def _lines(block: list[tuple[int, list]], columns: list[_Column]) -> Iterator[Line]:
    """Rows to lines, a column at a time: most cells are blank or a word that was read before."""
    across = [*zip_longest(*(cells for _, cells in block), fillvalue="")]
    read = [(one.key, one.read_all(across[one.index])) for one in columns if one.index < len(across)]
    keys = [key for key, _ in read]
    told = zip(*(got for _, got in read), strict=True) if read else [()] * len(block)
    odd = any(Value in set(map(type, got)) for _, got in read)
    for (number, cells), row in zip(block, told, strict=True):
        line = Line(
            number, {key: got for key, got in zip(keys, row, strict=True) if got is not None}, {}, {}, {}, cells
        )
        if odd:
            for key, got in zip(keys, row, strict=True):
                if type(got) is Value:
                    _say(line, key, got)
        yield line


def _say(line: Line, key: str, got: Value) -> None:
    if got.value is None:
        del line.values[key]
    else:
        line.values[key] = got.value
    if got.error:
        lenient = key in _LENIENT and got is not TOO_LONG
        (line.warnings if lenient else line.errors)[key] = got.error + (" Để trống khi nhập." if lenient else "")
    if got.warning:
        line.warnings[key] = got.warning
    if got.suggestion is not None:
        line.suggestions[key] = got.suggestion


def _born(line: Line, births: list[str]) -> None:
    """Year, month and day of birth; a year in the men's or the women's column tells the sex too."""
    got = line.values
    for key in births:
        born = got.pop(key, None)
        if born is None:
            continue
        if key != "birth":
            told = "male" if key == "birth_year_male" else "female"
            if got.setdefault("sex", told) != told:
                line.errors["sex"] = "Giới tính khác với cột năm sinh."
        if "birth_year" in got:
            line.errors[key] = "Ngày sinh ghi ở hai cột."
            continue
        if isinstance(born, date):
            got["birth_year"], got["birth_month"], got["birth_day"] = born.year, born.month, born.day
        elif isinstance(born, tuple):
            got["birth_year"], got["birth_month"] = born
        else:
            got["birth_year"] = born


def _who(line: Line) -> None:
    """A row that names only the head, or names the head twice, is the head's; what a person must have is asked for."""
    got, errors = line.values, line.errors
    head, name = got.get("head_name"), got.get("full_name")
    if (
        head
        and "relation" not in got
        and "relation" not in errors
        and (not name or name == head or fold(name) == fold(head))
    ):
        got["relation"] = "head"
    if head and not name and got.get("relation") == "head":
        got["full_name"] = head
    if (name := got.get("full_name")) and not name[0].isalpha() and not any(map(str.isalpha, name)):
        errors["full_name"] = "Họ và tên phải có chữ."  # a formula's 0, a number slipped from its column
    if "full_name" not in got:
        errors.setdefault("full_name", MISSING["full_name"])
    if "relation" not in got:
        errors.setdefault("relation", MISSING["relation"])
    if "sex" not in got and "sex" not in errors:
        errors["sex"] = MISSING["sex"]
        if number := got.get("citizen_id"):
            line.suggestions["sex"] = "female" if int(number[3]) % 2 else "male"
    if "birth_year" not in got and not any(key in errors for key in _BIRTHS):
        errors["birth"] = MISSING["birth"]
        if number := got.get("citizen_id"):
            line.suggestions["birth"] = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])


def group(lines: Iterable[Line]) -> Iterator[Sheethold]:
    """Rows to households, in the order of the sheet.

    A household begins at its head, or where another code or another head's name is written. Rows that name nobody's
    household belong to the one above.
    """
    now = None
    for line in lines:
        if now is None or _begins(line, now):
            if now:
                yield _finished(now)
            now = Sheethold()
        now.lines.append(line)
    if now:
        yield _finished(now)


def _begins(line: Line, now: Sheethold) -> bool:
    mine, first = line.values, now.lines[0].values
    for key in ("code", "head_name"):
        here = mine.get(key)
        if here is None:
            continue
        if there := next((known for one in now.lines if (known := one.values.get(key))), None):
            if here != there and fold(str(here)) != fold(str(there)):
                return True
            if key == "code":
                return False
    if mine.get("relation") == "head":
        has_head = any(one.values.get("relation") == "head" for one in now.lines)
        same = mine.get("head_name") and mine.get("head_name") == first.get("head_name")
        return has_head or not same
    return False


def _finished(now: Sheethold) -> Sheethold:
    """Household columns from the head's row; blanks there from the first row that has them."""
    head = next((line for line in now.lines if line.values.get("relation") == "head"), now.lines[0])
    now.household = {key: head.values[key] for key in OF_HOUSEHOLD if key in head.values}
    for line in now.lines:
        if line is head:
            continue
        for key in OF_HOUSEHOLD:
            value = line.values.get(key)
            if value is None:
                continue
            kept = now.household.setdefault(key, value)
            if kept != value and key in ("group", "address", "category"):
                line.warnings.setdefault(key, "Khác với dòng của chủ hộ: lấy theo dòng của chủ hộ.")
    now.members = [line for line in now.lines if line.values.get("full_name") or line.errors.keys() - _LENIENT]
    return now
