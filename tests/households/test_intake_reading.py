"""One step of reading at a time, at its edges."""

from datetime import date

import pytest

from households.intake import fields, fonts, layout, reading, rows, values


@pytest.mark.parametrize(
    ("cell", "key"),
    [("Chủ hộ", "head"), ("VỢ", "spouse"), ("chồng", "spouse"), ("Con gái", "child"), ("con dâu", "other")]
    + [("Bố", "parent"), ("mẹ đẻ", "parent"), ("Cháu ngoại", "grandchild"), ("em trai", "sibling"), ("khác", "other")]
    + [("", None), ("bạn", None), ("Vợ chủ hộ", "spouse"), ("Con của chủ hộ", "child")],
)
def test_relations(cell, key):
    assert values.relation(cell).value == key


def test_a_relation_that_the_register_does_not_tell_apart_is_said():
    assert "con dâu" in values.relation("con dâu").warning


@pytest.mark.parametrize(
    ("cell", "value"),
    [("05/1971", (1971, 5)), ("13/1971", None), ("1/2/85", date(1985, 2, 1)), ("01/02/12", date(2012, 2, 1))]
    + [("85", 1985), (85, 1985), ("1.1.1970", date(1970, 1, 1)), ("2101", date(1905, 10, 1)), ("xx", None)],
)
def test_births_known_in_part(cell, value):
    assert values.birth(cell).value == value


def test_two_digits_of_a_year_are_said():
    assert "1931" in values.birth("1/2/31").warning
    assert "2030" in values.birth("1/2/30").warning


@pytest.mark.parametrize(
    ("cell", "value", "suggestion"),
    [("0905 123 456", "0905123456", None), ("+84905123456", "0905123456", None), (905123456.0, None, "0905123456")]
    + [("0168.123.4567", None, "0381234567"), ("02363123456", "02363123456", None), ("12", None, None)],
)
def test_phones(cell, value, suggestion):
    got = values.phone(cell)
    assert (got.value, got.suggestion) == (value, suggestion)


@pytest.mark.parametrize(
    ("read", "cell", "value", "suggestion"),
    [
        (values.old_id, "201 000 001", "201000001", None),
        (values.old_id, 1000001.0, None, None),
        (values.old_id, 20100001, None, "020100001"),
        (values.insurance, "HN2 48 4800000001", "4800000001", None),
        (values.insurance, 480000001, None, "0480000001"),
        (values.insurance, "HN9480000000001", None, None),
        (values.citizen_id, "048 071 004 127", "048071004127", None),
    ],
)
def test_other_numbers(read, cell, value, suggestion):
    got = read(cell)
    assert (got.value, got.suggestion) == (value, suggestion)
    assert bool(got.error) is (value is None)


@pytest.mark.parametrize(("cell", "value"), [("Có", True), ("x", True), (1.0, True), ("không", False), ("", None)])
def test_yes_and_no(cell, value):
    assert values.yes_no(cell).value is value


def test_equal_cells_of_different_kinds_are_not_mixed_up():
    assert [values.text(cell).value for cell in (1, 1.0, True)] == ["1", "1", "True"]


@pytest.mark.parametrize(
    ("typed", "encoding", "read"),
    [("§µ N½ng", "tcvn3", "Đà Nẵng"), ("NguyÔn V¨n", "tcvn3", "Nguyễn Văn"), ("Ñaø Naüng", "vni", "Đà Nẵng")]
    + [("Nguyeãn Vaên", "vni", "Nguyễn Văn"), ("Höõu Löôïng", "vni", "Hữu Lượng"), ("Đà Nẵng", "vni", "Đà Nẵng")]
    + [("Tröông Thò Myõ Quyù", "vni", "Trương Thị Mỹ Quý"), ("Tr­¬ng ThÞ Mü Quý", "tcvn3", "Trương Thị Mỹ Quý")],
)
def test_old_fonts(typed, encoding, read):
    assert fonts.convert(typed, encoding) == read


@pytest.mark.parametrize(
    ("texts", "names", "encoding"),
    [
        (["Đà Nẵng", "Nguyễn Văn Hoà"], [], ""),
        (["Nguyen Van A", 5, None], [], ""),
        (["Hoà", "Toà án", "Hoá"], [], ""),
        (["§µ N½ng", "NguyÔn V¨n"], [], "tcvn3"),
        (["Ñaø Naüng", "Nguyeãn Vaên"], [], "vni"),
        (["V¨n"], [".VnTime"], "tcvn3"),
        (["V¨n"], [], ""),
        (["Văn"], [".VnTime"], ""),
    ],
)
def test_old_fonts_are_found_out(texts, names, encoding):
    assert fonts.detect(texts, names) == encoding


@pytest.mark.parametrize(
    ("title", "key"),
    [("STT", "order_no"), ("HỌ VÀ TÊN CHỦ HỘ", "head_name"), ("Họ và tên", "full_name"), ("Số CCCD/CMND", "citizen_id")]
    + [("Quan hệ với chủ hộ", "relation"), ("Ngày, tháng, năm sinh (dd/mm/yyyy)", "birth"), ("Số CMND", "old_id")]
    + [("Năm sinh Nữ", "birth_year_female"), ("Tổ dân phố/thôn", "group"), ("Mã số BHXH", "insurance_number")]
    + [("BHYT", "has_insurance"), ("Số thẻ BHYT", "insurance_number"), ("Diện tích nhà ở (m2)", "living_area")]
    + [("Thu nhập", ""), ("Tổng điểm B1", ""), ("", "")],
)
def test_titles(title, key):
    assert fields.by_name(title)[0] == key


def test_the_labels_of_fields_are_names_of_theirs():
    assert {fields.by_name(one.label) for one in fields.FIELDS.values()} == {(key, True) for key in fields.FIELDS}


TABLE = layout.find_table([(1, ["Họ và tên", "Quan hệ", "Giới tính"]), (2, ["Lê An", "Chủ hộ", "Nam"])])


@pytest.mark.parametrize(
    ("cells", "noise"),
    [(["", None, "  "], True), (["Tổng cộng:", "", 12], True), (["", "Cộng", 3], True), (["TỔNG SỐ HỘ: 15"], True)]
    + [(["Họ và tên", "Quan hệ", "Giới tính"], True), (["(1)", "(2)", "(3)"], True), ([1, 2, 3], True)]
    + [(["Người lập biểu", "", "TM. UBND PHƯỜNG"], True), (["", "", "Đà Nẵng, ngày 1 tháng 9 năm 2023"], True)]
    + [(["Tống Cộng", "Con", "Nam"], False), (["Lê An", "", ""], False), (["Họ và tên", "", "Nam"], False)],
)
def test_noise(cells, noise):
    assert layout.is_noise(cells, TABLE) is noise


def test_a_first_row_of_people_is_no_second_row_of_titles():
    assert (TABLE.header_rows, TABLE.first_data_row) == ([1], 2)


def households(*people):
    """Each: head_name, full_name, relation, code."""
    keys = ("head_name", "full_name", "relation", "code")
    cells = [[part or "" for part in person] + ["Nam", 1990] for person in people]
    matching = fields.Matching(of={**{key: at for at, key in enumerate(keys)}, "sex": 4, "birth": 5})
    lines = rows.read(enumerate(cells, 2), layout.Table([1], 2, []), matching)
    return [[line.values["full_name"] for line in one.members] for one in rows.group(lines)]


@pytest.mark.parametrize(
    ("people", "grouped"),
    [
        ([("A", "A", "Chủ hộ", ""), ("", "B", "Con", ""), ("C", "C", "Chủ hộ", "")], [["A", "B"], ["C"]]),
        ([("A", "B", "Vợ", ""), ("A", "A", "Chủ hộ", ""), ("C", "C", "Chủ hộ", "")], [["B", "A"], ["C"]]),
        ([("A", "A", "Chủ hộ", ""), ("A", "A", "Chủ hộ", "")], [["A"], ["A"]]),
        ([("A", "", "", ""), ("B", "", "", ""), ("B", "", "", "")], [["A"], ["B"], ["B"]]),
        ([("", "A", "Chủ hộ", ""), ("", "B", "Con", ""), ("", "C", "Chủ hộ", "")], [["A", "B"], ["C"]]),
        ([("", "A", "Con", "H1"), ("", "B", "Chủ hộ", "H1"), ("", "C", "Con", "H2")], [["A", "B"], ["C"]]),
        ([("A", "A", "Chủ hộ", ""), ("", "B", "gì đó", "")], [["A", "B"]]),
    ],
)
def test_grouping(people, grouped):
    assert households(*people) == grouped


def test_a_missing_sex_is_suggested_by_the_number_only():
    matching = fields.Matching(of={"full_name": 0, "relation": 1, "citizen_id": 2})
    (line,) = rows.read([(2, ["Lê An", "Con", "048305004127"])], layout.Table([1], 2, []), matching)
    assert line.suggestions == {"sex": "female", "birth": 2005}
    assert "sex" not in line.values
    assert set(line.errors) == {"sex", "birth"}


def test_a_name_without_a_letter_is_refused():
    matching = fields.Matching(of={"full_name": 0, "relation": 1, "sex": 2, "birth": 3})
    (line,) = rows.read([(2, [0.0, "Con", "Nam", 1990])], layout.Table([1], 2, []), matching)
    assert list(line.errors) == ["full_name"]


@pytest.mark.parametrize(
    ("cells", "noise"),
    [
        (["Tổng", "Con", "Nam", 1990], False),  # somebody of that name
        (["Tổng", "", "", ""], True),
        (["Tổng", "", "", 35], True),  # a sum that stands under the births
        (["Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh"], True),
        (["1", "2", "3", "4"], True),
    ],
)
def test_who_is_somebodys_child_and_was_born_is_no_total(cells, noise):
    titles = ["Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh"]
    table = layout.find_table([(1, titles)])
    matching = fields.match_columns(table.columns, [], {})
    assert (list(rows.read([(2, cells)], table, matching)) == []) is noise


def test_short_rows_and_equal_cells_of_other_types_are_read_each_by_itself():
    matching = fields.Matching(of={"full_name": 0, "has_insurance": 1, "living_area": 2})
    sheet = [["Lê An", True, 1], ["Lê An", 1.0, True], ["Lê An"], ["Lê An", "1", "1"], [None, None, "9" * 1001]]
    lines = list(rows.read(enumerate(sheet, 2), layout.Table([1], 2, []), matching))
    assert [line.values.get("has_insurance") for line in lines] == [True, True, None, True, None]
    areas = [line.values.get("living_area") for line in lines]
    assert areas == [1, None, None, 1, None]
    assert [set(line.warnings) for line in lines] == [set(), {"living_area"}, set(), set(), set()]
    assert [line.errors.get("living_area") for line in lines] == [None] * 4 + ["Ô quá dài."]


def test_a_sheet_of_blank_rows_tells_how_far_it_is_and_stops_when_it_is_given_up():
    """Rows count, not households: among a hundred thousand blank ones an officer's wish to stop is heard too."""
    lines = ["Họ và tên,Quan hệ với chủ hộ", "Lê An,Chủ hộ", *[","] * 1500, "Lê Bình,Chủ hộ"]
    told = []
    _, households = reading.read("\n".join(lines).encode(), reading.Asked("x.csv"), lambda *far: told.append(far))
    assert len(list(households)) == 2
    assert told == [(row, 1503) for row in (0, 500, 1000, 1500)]

    def stop(row, height):
        if row == 1000:
            raise InterruptedError

    _, households = reading.read("\n".join(lines).encode(), reading.Asked("x.csv"), stop)
    with pytest.raises(InterruptedError):
        list(households)
