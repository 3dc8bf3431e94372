"""What a column of a household sheet can mean, and which column means what: remembered, by name, then by sight."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from areas.vietnamese import fold
from households.intake import values


@dataclass(frozen=True)
class Field:
    """``names`` are folded titles that offices use (regulation 2.7 and the forms of Circular 07/2021)."""

    key: str
    label: str
    names: tuple[str, ...]
    of_household: bool = False


@dataclass(frozen=True)
class Column:
    """``index`` counts from 0, column A."""

    index: int
    title: str


@dataclass
class Matching:
    """``of``: field to column index; ``how``: field to ``remembered``, ``name`` or ``sight``."""

    of: dict[str, int] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    unmatched: list[Column] = field(default_factory=list)


_ALL = [
    Field("order_no", "STT", ("stt", "tt", "so tt", "so thu tu", "thu tu"), True),
    Field("code", "Mã hộ", ("ma ho", "ma so ho", "so ma ho", "ma ho gia dinh", "ho so"), True),
    Field(
        "head_name",
        "Họ và tên chủ hộ",
        ("chu ho", "ho ten chu ho", "ten chu ho", "ho va ten chu ho", "ho va ten cua chu ho"),
        True,
    ),
    Field(
        "full_name",
        "Họ và tên thành viên",
        ("ho va ten", "ho ten", "ho va ten thanh vien", "ten thanh vien", "ho ten thanh vien", "thanh vien")
        + ("ho va ten cac thanh vien", "ho va ten nhan khau", "thanh vien trong ho"),
    ),
    Field(
        "relation",
        "Quan hệ với chủ hộ",
        ("quan he", "quan he voi chu ho", "qh voi chu ho", "moi quan he", "moi quan he voi chu ho", "qhch")
        + ("quan he chu ho", "qh chu ho"),
    ),
    Field(
        "birth",
        "Ngày sinh hoặc năm sinh",
        (
            "ngay sinh",
            "nam sinh",
            "ngay sinh hoac nam sinh",
            "ngay thang nam sinh",
            "ngay thang sinh",
            "sinh ngay",
            "sinh nam",
            "ngay nam sinh",
        ),
    ),
    Field("birth_year_male", "Năm sinh nam", ("nam sinh nam", "ngay sinh nam", "ngay thang nam sinh nam")),
    Field("birth_year_female", "Năm sinh nữ", ("nam sinh nu", "ngay sinh nu", "ngay thang nam sinh nu")),
    Field("sex", "Giới tính", ("gioi tinh", "nam nu", "phai", "gt")),
    Field("ethnicity", "Dân tộc", ("dan toc",)),
    Field(
        "citizen_id",
        "Số định danh (CCCD)",
        ("cccd", "so cccd", "so dinh danh", "so dinh danh ca nhan", "ma dinh danh", "can cuoc cong dan", "can cuoc")
        + ("so can cuoc", "so can cuoc cong dan", "cccd cmnd", "so cccd cmnd", "cmnd cccd", "so cmnd cccd", "ddcn"),
    ),
    Field("old_id", "Số CMND cũ", ("cmnd", "so cmnd", "cmnd cu", "so cmnd cu", "chung minh nhan dan")),
    Field(
        "insurance_number",
        "Mã bảo hiểm",
        ("ma so bhxh", "so bhxh", "ma bhxh", "ma the bhyt", "so the bhyt", "ma so the bhyt", "ma so bhyt", "so bhyt")
        + ("ma bao hiem", "so the bao hiem y te", "ma bhyt", "ma so bao hiem xa hoi"),
    ),
    Field("phone", "Điện thoại", ("dien thoai", "so dien thoai", "sdt", "dt", "di dong", "so dt"), True),
    Field(
        "group",
        "Tổ dân phố, thôn",
        ("to", "to dan pho", "thon", "to dan pho thon", "thon to", "thon to dan pho", "khu dan cu", "to so", "tdp")
        + ("to thon", "ten thon", "thon ban", "khoi pho", "to dp"),
        True,
    ),
    Field("address", "Địa chỉ", ("dia chi", "noi o", "cho o hien nay", "noi o hien nay", "so nha", "dia chi ho"), True),
    Field(
        "category",
        "Phân loại hộ",
        (
            "phan loai",
            "phan loai ho",
            "loai ho",
            "dien ho",
            "doi tuong",
            "ket qua phan loai",
            "dien",
            "ho ngheo can ngheo",
        ),
        True,
    ),
    Field("tenure", "Chỗ ở", ("hinh thuc so huu nha", "nha o", "so huu nha o", "cho o", "tinh trang nha o"), True),
    Field(
        "living_area",
        "Diện tích ở (m²)",
        ("dien tich", "dien tich o", "dien tich nha", "dien tich nha o", "dien tich o m2", "dien tich nha o m2"),
        True,
    ),
    Field("has_insurance", "Có bảo hiểm y tế", ("bhyt", "co bhyt", "bao hiem y te", "co bao hiem y te", "co the bhyt")),
    Field("note", "Ghi chú", ("ghi chu", "gchu", "chu thich"), True),
]
FIELDS: dict[str, Field] = {one.key: one for one in _ALL}
_EXACT = {name: one.key for one in _ALL for name in one.names}
# Short names are words of many other titles: they count only as the whole title.
_WITHIN = sorted((name for name in _EXACT if len(name) > 4 and " " in name), key=len, reverse=True)
_PHRASE = re.compile(f" ({'|'.join(_WITHIN)}) ")


@lru_cache(maxsize=4000)
def title_key(title: str) -> str:
    """A title without marks, signs and capitals: what a matching is remembered by."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(title)))


@lru_cache(maxsize=4000)
def by_name(title: str) -> tuple[str, bool]:
    """The field that a title names, and whether the whole title is a name of it; ('', False) for none."""
    for words in (title_key(title), title_key(re.sub(r"\(.*?\)", " ", title))):
        if words in _EXACT:
            return _EXACT[words], True
    found = list(_phrases(f" {title_key(title)} "))
    return (_EXACT[max(found, key=len)], False) if found else ("", False)


def _phrases(words: str) -> Iterable[str]:
    at = 0
    while match := _PHRASE.search(words, at):
        yield match[1]
        at = match.start() + 1


def match_columns(
    columns: list[Column], sample_rows: Iterable, remembered: Mapping[str, str] | None = None
) -> Matching:
    """Give every field its column. ``sample_rows``: cells, or (number, cells), of some rows below the titles.

    ``remembered``: title, in any spelling, to field; a title remembered as '' is left out on purpose.
    """
    known = {title_key(title): key for title, key in (remembered or {}).items()}
    rows = [row[1] if isinstance(row, tuple) else row for row in sample_rows]
    got = Matching()
    rest = []
    for column in columns:
        key = known.get(title_key(column.title)) if column.title else None
        if key in FIELDS and key not in got.of:
            got.of[key], got.how[key] = column.index, "remembered"
        elif key == "":
            got.unmatched.append(column)
        else:
            rest.append(column)
    for whole in (True, False):
        for column in list(rest):
            key, exact = by_name(column.title)
            if key and exact is whole and key not in got.of:
                got.of[key], got.how[key] = column.index, "name"
                rest.remove(column)
    for column in list(rest):
        key = _by_sight([row[column.index] for row in rows if column.index < len(row)])
        if (
            key
            and key not in got.of
            and not (key == "birth" and {"birth_year_male", "birth_year_female"} & set(got.of))
        ):
            got.of[key], got.how[key] = column.index, "sight"
            rest.remove(column)
    got.unmatched = sorted([*got.unmatched, *rest], key=lambda column: column.index)
    return got


def remember(columns: list[Column], of: Mapping[str, int]) -> dict[str, str]:
    """What to keep of a matching for the ward's next sheet: the key of each title, and its field or ''."""
    fields = {index: key for key, index in of.items()}
    return {title_key(one.title): fields.get(one.index, "") for one in columns if title_key(one.title)}


_SIGHTS = (
    ("citizen_id", lambda cell: (got := values.citizen_id(cell)).value or got.suggestion),
    ("insurance_number", lambda cell: len(values.text(cell).value) >= 15 and values.insurance(cell).value),
    ("phone", lambda cell: values.phone(cell).value),
    ("sex", lambda cell: values.sex(cell).value),
    ("relation", lambda cell: values.relation(cell).value),
    ("birth", lambda cell: values.birth(cell).value and not values.birth(cell).warning),
    ("ethnicity", lambda cell: fold(values.text(cell).value) in ETHNICITIES),
    ("full_name", lambda cell: _NAME.fullmatch(values.text(cell).value)),
)
ETHNICITIES = {"kinh", "co tu", "hoa", "tay", "thai", "muong", "kho me", "nung", "gie trieng", "xo dang", "cor", "e de"}
_NAME = re.compile(r"[^\W\d_]+( [^\W\d_]+){1,5}")


def _by_sight(cells: list) -> str:
    """The field whose values these cells are, nearly all of them; '' when unsure."""
    cells = [cell for cell in cells if not isinstance(cell, str) or len(cell) <= values.LONGEST]
    filled = [cell for cell in cells if values.text(cell).value]
    if len(filled) < 3:
        return ""
    for key, looks in _SIGHTS:
        if sum(bool(looks(cell)) for cell in filled) >= 0.8 * len(filled):
            # An address or a note may look like names: names are nearly all different and capital.
            if key == "full_name" and not all(str(cell).strip()[:1].isupper() for cell in filled):
                continue
            return key
    return ""
