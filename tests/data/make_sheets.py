"""Household sheets as ugly as offices' own, made anew for each test. All people are invented.

`ugly(which)` gives one as bytes; README.md has a word on each.
"""

import io
from datetime import date

import xlsxwriter

TITLES = ["STT", "Họ và tên chủ hộ", "Họ và tên thành viên", "Quan hệ với chủ hộ", "Năm sinh", None, "Dân tộc"]
TITLES += ["Số CCCD", "Điện thoại", "Tổ", "Địa chỉ", "Ghi chú"]
LEGACY = {  # what people typed in the old fonts, as a reader that takes them for Latin gets it
    "tcvn3": [
        ["Hä vµ tªn chñ hé", "Quan hÖ víi chñ hé", "Giíi tÝnh", "N¨m sinh", "Tæ", "§Þa chØ"],
        ["NguyÔn V¨n H¶i", "Chñ hé", "Nam", 1968, "Tæ 3", "§µ N½ng"],
    ],
    "vni": [
        ["Hoï vaø teân chuû hoä", "Quan heä vôùi chuû hoä", "Giôùi tính", "Naêm sinh", "Toå", "Ñòa chæ"],
        ["Nguyeãn Vaên Haûi", "Chuû hoä", "Nam", 1968, "Toå 3", "Ñaø Naüng"],
    ],
}
CSV = (
    "Họ và tên;Quan hệ;Giới tính;Ngày sinh;Diện tích ở\n"
    "Lê Văn An;Chủ hộ;Nam;02/01/1980;1.259,5\n"
    "Trần Thị Bé;Vợ;Nữ;1982;\n"
)


def ugly(which: str) -> bytes:
    """A name of `_SHEETS`, or `csv_utf8`, `csv_bom`, `csv_utf16`."""
    if which.startswith("csv_"):
        return CSV.encode({"csv_bom": "utf-8-sig", "csv_utf16": "utf-16", "csv_utf8": "utf-8"}[which])
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _SHEETS[which](book)
    book.close()
    return out.getvalue()


def _review(book) -> None:
    """The list after a review: letterhead, titles over two rows, numbering, households over several rows, totals."""
    sheet = book.add_worksheet("DS hộ")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("A1:D1", "ỦY BAN NHÂN DÂN PHƯỜNG THỬ")
    sheet.merge_range("A2:L2", "DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO SAU KHI RÀ SOÁT NĂM 2023")
    for at, title in enumerate(TITLES):
        if title == "Năm sinh":
            sheet.merge_range(3, at, 3, at + 1, title)
        elif title:
            sheet.merge_range(3, at, 4, at, title)
    sheet.write_row(4, 4, ["Nam", "Nữ"])
    sheet.write_row(5, 0, range(1, 13))
    head = "Ða\u0323\u0306ng  Văn\u00a0Hoà"  # a look-alike Đ, loose marks, two kinds of space
    sheet.write_row(6, 0, [1, head, head, "Chủ hộ", "20/05/1971", "", "Kinh", 48071004127, "0905 123 456", "Tổ 14"])
    sheet.write(6, 10, "12 Lê Duẩn")
    sheet.write_row(7, 2, ["Lê Thị Thu", "Vợ", "", 1974, "Kinh", "048174000012"])
    sheet.write_row(8, 2, ["Đặng Thị Mai", "con gái", ""])
    sheet.write_datetime(8, 5, date(2010, 3, 1), day)
    sheet.write_row(10, 0, TITLES)  # row 10 is blank, 11 the titles again on a new page
    sheet.write_row(11, 4, ["Nam", "Nữ"])
    sheet.write_row(12, 0, [2, "Tống Thị Tổng", "Tống Thị Tổng", "Chủ hộ", "", "07/1950", "", "", "0168 1234567", 15])
    sheet.write_row(13, 2, ["Tống Văn Năm", "con", 85, "", "", "", "", "", "", "=1+1"])
    sheet.write_formula(14, 2, '="Tống "&"Văn Sáu"', None, "Tống Văn Sáu")
    sheet.write_row(14, 3, ["bạn", 29222])
    sheet.write_row(15, 0, ["", "Tổng cộng: 2 hộ", 6])
    sheet.write(17, 8, "Đà Nẵng, ngày 17 tháng 3 năm 2023")
    sheet.write_row(18, 1, ["NGƯỜI LẬP BIỂU", "", "", "", "", "", "", "TM. ỦY BAN NHÂN DÂN"])


def _template_less(book) -> None:
    """Columns without useful titles: known by what stands in them."""
    sheet = book.add_worksheet("Sheet1")
    sheet.write_row(0, 0, ["Họ tên", "Quan hệ", "Cột 1", "Cột 2", "Cột 3"])
    people = [("Lê An", "Chủ hộ", "Nam", "048071004127"), ("Lê Bình", "Con", "Nam", "048201004128")]
    people += [("Trần Cúc", "Vợ", "Nữ", "048171004129"), ("Lê Dung", "Con", "Nữ", 48305004127)]
    for row, person in enumerate(people, 1):
        sheet.write_row(row, 0, [*person, f"chữ {row}"])


def _legacy(book, encoding: str, font: str) -> None:
    sheet = book.add_worksheet("Sheet1")
    look = book.add_format({"font_name": font})
    for row, cells in enumerate(LEGACY[encoding]):
        sheet.write_row(row, 0, cells, look)


def _hidden(book) -> None:
    sheet = book.add_worksheet("Thấy")
    sheet.write_row(0, 0, ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh"])
    sheet.write_row(1, 0, ["Lê An", "Chủ hộ", "Nam", 1960])
    sheet.write_row(2, 0, ["Lê Ẩn", "Con", "Nam", 1990])
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    book.add_worksheet("Giấu").write(0, 0, "x")
    book.worksheets()[1].hide()


def _far_apart(book) -> None:
    """Two cells at the ends of a sheet: a reader that keeps the rectangle between them dies of it."""
    sheet = book.add_worksheet("Xa")
    sheet.write(0, 0, "Họ và tên")
    sheet.write(1_048_575, 16_383, "x")


def _blank_rows(book) -> None:
    """Rows with borders and nothing in them, thousands after the last person."""
    sheet = book.add_worksheet("Trống")
    look = book.add_format({"border": 1})
    sheet.write_row(0, 0, ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh"])
    sheet.write_row(1, 0, ["Lê An", "Chủ hộ", "Nam", 1960])
    for row in range(2, 20_000):
        for column in range(4):
            sheet.write_blank(row, column, None, look)


def _three_rows(book) -> None:
    """Titles over three rows, two of them merged across columns and down."""
    sheet = book.add_worksheet("Ba tầng")
    for at, title in ((0, "STT"), (1, "Họ và tên chủ hộ"), (8, "Tổ"), (9, "Địa chỉ")):
        sheet.merge_range(1, at, 3, at, title)
    sheet.merge_range(1, 2, 1, 7, "Thông tin thành viên")
    for at, title in ((2, "Họ và tên"), (3, "Quan hệ với chủ hộ"), (6, "Dân tộc"), (7, "Số CCCD")):
        sheet.merge_range(2, at, 3, at, title)
    sheet.merge_range(2, 4, 2, 5, "Năm sinh")
    sheet.write_row(3, 4, ["Nam", "Nữ"])
    sheet.write_row(4, 0, [1, "Lê An", "Lê An", "Chủ hộ", 1960, "", "Kinh", "048060004127", 14, "12 Lê Duẩn"])
    sheet.write_row(5, 2, ["Trần Thị Bé", "Vợ", "", 1962, "Cơ Tu", "048162004128"])


def _two_sheets(book) -> None:
    """A cover, then two lists: the first list is read, the other can be chosen."""
    book.add_worksheet("Bìa").write(0, 0, "BÁO CÁO KẾT QUẢ RÀ SOÁT")
    for name, person in (("Tổ 1", "Lê An"), ("Tổ 2", "Lê Bình")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh", "Tổ", "Địa chỉ"])
        sheet.write_row(1, 0, [person, "Chủ hộ", "Nam", 1960, name, "12 Lê Duẩn"])


def _wrong_form(book) -> None:
    """Another office's table: income and spending."""
    sheet = book.add_worksheet("Thu chi")
    sheet.write_row(0, 0, ["Ngày", "Nội dung", "Thu", "Chi", "Tồn quỹ"])
    sheet.write_row(1, 0, ["01/02/2023", "Mua vở cho học sinh", "", 1259000, 3000000])


def _no_rows(book) -> None:
    book.add_worksheet("Trống").write_row(0, 0, ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh"])


def _formulas(book) -> None:
    """Formulas with the values that were last computed, and text that would be one where it is written back."""
    sheet = book.add_worksheet("Công thức")
    sheet.write_row(0, 0, ["Họ và tên", "Quan hệ", "Giới tính", "Năm sinh", "Tổ", "Địa chỉ"])
    sheet.write_formula(1, 0, '="Lê "&"An"', None, "Lê An")
    sheet.write_row(1, 1, ["Chủ hộ", "Nam"])
    sheet.write_formula(1, 3, "=2023-63", None, 1960)
    sheet.write_string(1, 4, "+Tổ 14")
    sheet.write_string(1, 5, '=HYPERLINK("http://x.invalid","12 Lê Duẩn")')


_SHEETS = {
    "three_rows": _three_rows,
    "two_sheets": _two_sheets,
    "wrong_form": _wrong_form,
    "no_rows": _no_rows,
    "formulas": _formulas,
    "review": _review,
    "template_less": _template_less,
    "legacy_tcvn3": lambda book: _legacy(book, "tcvn3", ".VnTime"),
    "legacy_vni": lambda book: _legacy(book, "vni", "VNI-Times"),
    "hidden": _hidden,
    "far_apart": _far_apart,
    "blank_rows": _blank_rows,
}
