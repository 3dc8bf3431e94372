"""Ugly sheets through the whole chain: opened, laid out, matched, read, grouped, and sent back with their errors."""

import io

import pytest
import python_calamine

from households.intake import errors, fields, layout, rows, template, workbook
from tests.data.make_sheets import ugly


def chain(data, encoding="", remembered=None):
    book = workbook.open_workbook(data, "Danh sách.xlsx")
    sheet = book.sheets[0].name
    table = layout.find_table(list(book.rows(sheet)))
    below = [row for row in book.rows(sheet) if row[0] >= table.first_data_row]
    matching = fields.match_columns(table.columns, below, remembered or {})
    found = list(rows.group(rows.read(book.rows(sheet), table, matching, encoding)))
    return book, table, matching, found


def test_the_list_after_a_review():
    book, table, matching, (first, second) = chain(ugly("review"))
    assert (table.header_rows, table.first_data_row, table.encoding) == ([4, 5], 7, "")
    assert set(matching.how.values()) == {"name"}
    assert matching.of["birth_year_female"] == 5
    assert first.household == {
        "head_name": "Đặng Văn Hoà",
        "group": "Tổ 14",
        "address": "12 Lê Duẩn",
        "phone": "0905123456",
    }
    assert [line.number for line in first.members] == [7, 8, 9]
    head, wife, child = (line.values for line in first.members)
    assert (head["relation"], head["sex"], head["birth_day"]) == ("head", "male", 20)
    assert "citizen_id" not in head
    assert first.members[0].suggestions == {"citizen_id": "048071004127"}
    assert wife["citizen_id"] == "048174000012"
    assert (child["sex"], child["birth_year"], child["birth_month"]) == ("female", 2010, 3)
    assert [line.number for line in second.members] == [13, 14, 15]
    assert second.members[0].values["full_name"] == "Tống Thị Tổng"
    assert second.members[0].suggestions == {"phone": "0381234567"}
    assert not second.members[0].errors
    assert second.members[1].warnings == {"birth_year_male": "Năm sinh ghi 2 chữ số: đọc là 1985."}
    assert list(second.members[2].errors) == ["relation"]
    assert second.members[2].values["birth_year"] == 1980  # from a serial number
    assert second.members[2].values["full_name"] == "Tống Văn Sáu"  # a formula's value


@pytest.mark.parametrize(("which", "encoding"), [("legacy_tcvn3", "tcvn3"), ("legacy_vni", "vni")])
def test_old_fonts_are_said_and_converted_only_when_agreed(which, encoding):
    book, table, matching, found = chain(ugly(which), encoding)
    assert (table.encoding, bool(book.fonts)) == (encoding, True)
    assert found[0].household == {"head_name": "Nguyễn Văn Hải", "group": "Tổ 3", "address": "Đà Nẵng"}
    assert found[0].members[0].values["relation"] == "head"
    as_typed = chain(ugly(which))[3][0].lines[0]
    assert as_typed.values["head_name"] not in ("", "Nguyễn Văn Hải")


def test_hidden_things_are_read_and_said():
    book, _, _, found = chain(ugly("hidden"))
    assert [line.values["full_name"] for line in found[0].members] == ["Lê An", "Lê Ẩn"]
    assert len(book.notices) == 3
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Thấy", False), ("Giấu", True)]


@pytest.mark.parametrize("which", ["csv_utf8", "csv_bom", "csv_utf16"])
def test_text_files(which):
    _, _, _, (household,) = chain(ugly(which))
    assert household.household["living_area"] == 1259.5
    assert [line.values["birth_year"] for line in household.members] == [1980, 1982]


def test_windows_1258_is_said():
    data = "Họ và tên\tQuan hệ\nLê Văn An\tChủ hộ\n"
    loose = "".join(c if c in "ăâđêôơưĂÂĐÊÔƠƯ" else _loose(c) for c in data)
    book, _, _, (household,) = chain(loose.encode("cp1258"))
    assert household.members[0].values["relation"] == "head"
    assert "Windows-1258" in book.notices[0]


def _loose(letter):
    """The vowel and its tone apart, as that code page has them: 'ệ' is 'ê' and a dot."""
    import unicodedata

    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize(
        "NFC", parts[0] + "".join(p for p in parts[1:] if p in "\u0302\u0306\u031b")
    ) + "".join(p for p in parts[1:] if p not in "\u0302\u0306\u031b")


def test_columns_are_known_by_sight_and_remembered():
    book, table, matching, found = chain(ugly("template_less"))
    assert {key: how for key, how in matching.how.items() if how == "sight"} == {"sex": "sight", "citizen_id": "sight"}
    assert [column.title for column in matching.unmatched] == ["Cột 3"]
    assert found[0].members[3].suggestions["citizen_id"] == "048305004127"
    kept = fields.remember(table.columns, {**matching.of, "note": 4})
    again = chain(ugly("template_less"), remembered=kept)[2]
    assert (again.of["note"], again.how["note"], again.unmatched) == (4, "remembered", [])


def test_bordered_blank_rows_are_nobody():
    book, _, _, (household,) = chain(ugly("blank_rows"))
    assert (len(household.members), book.sheets[0].height) == (1, 2)


def test_a_very_long_sheet_is_read_row_by_row_to_the_same_lines(monkeypatch):
    whole = chain(ugly("review"))[3]
    monkeypatch.setattr(workbook, "MANY", 0)
    by_row = chain(ugly("review"))[3]
    assert [(line.number, line.values) for one in by_row for line in one.lines] == [
        (line.number, line.values) for one in whole for line in one.lines
    ]


def test_cells_far_apart_are_refused_before_the_reader_opens_them():
    with pytest.raises(workbook.Unreadable, match="quá rộng"):
        workbook.open_workbook(ugly("far_apart"), "x.xlsx")


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", b"xin ch\xc3\xa0o\n"])
def test_another_sheet_is_refused(data):
    with pytest.raises(workbook.Unreadable, match="tiêu đề"):
        chain(data)


def test_a_file_without_rows_is_refused():
    with pytest.raises(workbook.Unreadable):
        workbook.open_workbook(b"\n\n;;\n", "x.csv")


def test_a_cell_of_a_megabyte_is_an_error_of_its_row():
    data = "Họ và tên;Quan hệ;Giới tính;Năm sinh\nLê An;Chủ hộ;Nam;1970\n" + "x" * 100_000 + ";Con;Nam;1999\n"
    (household,) = chain(data.encode())[3]
    assert household.members[1].errors["full_name"] == "Ô quá dài."
    with pytest.raises(workbook.Unreadable, match="quá dài"):
        chain(data.replace("x", "x" * 11).encode())


def test_errors_come_back_in_the_sheet():
    book, table, _, found = chain(ugly("review"))
    problems = {(7, 7): "Số CCCD phải đủ 12 chữ số.", (15, 3): "Quan hệ?"}
    data = errors.error_sheet(book.rows("DS hộ"), table, problems)
    back = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    lines = back.to_python(skip_empty_area=False)
    assert lines[3][-1] == "Lỗi"
    assert lines[6][-1] == "Số CCCD: Số CCCD phải đủ 12 chữ số."
    assert lines[14][-1] == "Quan hệ với chủ hộ: Quan hệ?"
    assert [line[:12] for line in lines][6][7] == 48071004127
    again = chain(data)  # put right, it is brought again as it is
    assert [len(one.members) for one in again[3]] == [len(one.members) for one in found]
    assert again[2].of == chain(ugly("review"))[2].of


def test_marks_and_rows_without_a_column():
    book, table, _, _ = chain(ugly("csv_utf8"))
    data = errors.error_sheet(
        [(1, ["Họ và tên", "Quan hệ"]), (2, ["=1+1"])], table, [(2, None, "Sai cả dòng."), (2, 1, "Ghi quan hệ.")]
    )
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["B2"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet.cell(2, 6).value == "Sai cả dòng. Quan hệ: Ghi quan hệ."


def test_the_template_is_understood_by_name():
    book = workbook.open_workbook(template.template(), "mau.xlsx")
    table = layout.find_table(list(book.rows("Danh sách hộ")))
    matching = fields.match_columns(table.columns, [], {})
    assert list(matching.of) == [key for key, *_ in template.COLUMNS]
    assert not matching.unmatched
    assert not list(rows.read(book.rows("Danh sách hộ"), table, matching))


def test_every_example_of_the_template_reads_without_a_word():
    examples = [example for *_, example in template.COLUMNS]
    titles = [fields.FIELDS[key].label for key, *_ in template.COLUMNS]
    table = layout.find_table([(1, titles), (2, examples)])
    matching = fields.match_columns(table.columns, [], {})
    (line,) = rows.read([(1, titles), (2, examples)], table, matching)
    assert (line.errors, line.warnings, line.suggestions) == ({}, {}, {})
