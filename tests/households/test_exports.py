"""Files of rows: what a spreadsheet reads in them, and what it does not run."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from households import exports

HEADINGS = ["Họ và tên", "Năm sinh", "Ngày vào", "Diện tích", "Ghi chú"]
ROW = ["Đặng Văn Hoà", 1971, date(2022, 5, 4), Decimal("9.50"), None]


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("=1+1", "'=1+1"),
        ("+84905", "'+84905"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\t=1", "'\t=1"),
        ("K7/12 = 3", "K7/12 = 3"),
        ("", ""),
        (-2, -2),
        (None, None),
    ],
)
def test_text_is_never_a_formula(typed, given):
    assert exports.harmless(typed) == given


def test_csv_opens_in_vietnamese_excel():
    answer = exports.csv_response("ho.csv", HEADINGS, [ROW, ["=A1", 1, None, 2, 'có ; và "']])
    lines = b"".join(answer.streaming_content).decode().split("\r\n")
    assert lines == [
        "\ufeffHọ và tên;Năm sinh;Ngày vào;Diện tích;Ghi chú",
        "Đặng Văn Hoà;1971;04/05/2022;9,50;",
        '\'=A1;1;;2;"có ; và """',
        "",
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="ho.csv"'


def test_csv_reads_rows_only_as_they_are_sent():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number]

    sent = iter(exports.csv_response("ho.csv", ["Số"], rows()).streaming_content)
    next(sent)
    assert read == []
    next(sent)
    assert read == [0]


def test_xlsx_keeps_kinds_and_runs_nothing():
    answer = exports.xlsx_response("ho.xlsx", HEADINGS, iter([ROW, ["=1+1", 1, None, 2, "x"]]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    answer.file_to_stream.close()
    first, second, third = sheet.iter_rows()
    assert [cell.value for cell in first] == HEADINGS
    assert second[0].value == "Đặng Văn Hoà"
    assert second[1].value == 1971
    assert second[2].value.date() == date(2022, 5, 4)
    assert second[3].value == 9.5
    assert (third[0].value, third[0].data_type) == ("'=1+1", "s")


def test_xlsx_refuses_more_than_a_sheet_holds(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    exports.xlsx_response("ho.xlsx", ["Số"], [[1], [2]]).file_to_stream.close()
    with pytest.raises(ValueError, match="hãy lọc bớt"):
        exports.xlsx_response("ho.xlsx", ["Số"], [[1], [2], [3]])
    assert list(tmp_path.iterdir()) == []  # no file of people stays behind
