"""An empty sheet whose columns are known without a question, with a word on each."""

import io

import xlsxwriter

from households.intake.fields import FIELDS

# Field, how to write it, an example.
COLUMNS = (
    ("order_no", "Số thứ tự của hộ, ghi ở dòng chủ hộ.", "1"),
    ("head_name", "Ghi ở dòng chủ hộ; các dòng sau để trống.", "Lê Văn Mẫu"),
    ("full_name", "Mỗi người một dòng, chủ hộ trước.", "Lê Văn Mẫu"),
    ("relation", "Chủ hộ, Vợ, Chồng, Con, Bố, Mẹ, Cháu, Anh, Chị, Em, Khác.", "Chủ hộ"),
    ("sex", "Nam hoặc Nữ.", "Nam"),
    ("birth", "dd/mm/yyyy, mm/yyyy hoặc chỉ năm.", "20/05/1971"),
    ("ethnicity", "Để trống là Kinh.", "Kinh"),
    ("citizen_id", "12 chữ số; cột để dạng Văn bản, không mất số 0.", "048071000001"),
    ("old_id", "9 chữ số, nếu còn dùng để đối chiếu.", "201000001"),
    ("insurance_number", "10 chữ số, hoặc 15 ký tự như trên thẻ.", "4800000001"),
    ("has_insurance", "Có hoặc Không; để trống là chưa hỏi.", "Có"),
    ("group", "Ghi ở dòng chủ hộ.", "Tổ 14"),
    ("address", "Ghi ở dòng chủ hộ.", "12 Lê Duẩn"),
    ("phone", "10 chữ số, bắt đầu bằng 0.", "0905000001"),
    ("tenure", "Nhà của hộ, Thuê nhà tư nhân, Thuê nhà của Nhà nước, Ở nhờ.", "Nhà của hộ"),
    ("living_area", "Số m², dấu phẩy trước phần lẻ.", "45,5"),
    ("note", "Không được ghi vào sổ.", ""),
)
CHOICES = {
    "relation": ["Chủ hộ", "Vợ", "Chồng", "Con", "Bố", "Mẹ", "Cháu", "Anh", "Chị", "Em", "Khác"],
    "sex": ["Nam", "Nữ"],
    "has_insurance": ["Có", "Không"],
    "tenure": ["Nhà của hộ", "Thuê nhà tư nhân", "Thuê nhà của Nhà nước", "Ở nhờ"],
}
LAST = 5000  # rows prepared with lists and as text


def template() -> bytes:
    """XLSX: the list to fill in and a sheet that says how."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDEBF7"})
    as_text, wrapped = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Danh sách hộ")
    for at, (key, how, _) in enumerate(COLUMNS):
        sheet.set_column(at, at, 26 if key in ("head_name", "full_name", "address") else 16, as_text)
        sheet.write_string(0, at, FIELDS[key].label, bold)
        sheet.write_comment(0, at, how)
        if key in CHOICES:
            sheet.data_validation(1, at, LAST, at, {"validate": "list", "source": CHOICES[key]})
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 26)
    guide.set_column(1, 1, 60)
    guide.set_column(2, 2, 20)
    for at, words in enumerate(("Cột", "Cách ghi", "Ví dụ")):
        guide.write_string(0, at, words, bold)
    for row, (key, how, example) in enumerate(COLUMNS, 1):
        for at, words in enumerate((FIELDS[key].label, how, example)):
            guide.write_string(row, at, words, wrapped)
    book.close()
    return out.getvalue()
