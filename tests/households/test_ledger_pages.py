"""The ledger's page and sheet: every line of the form, in the chosen area, balanced cell by cell."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from households.ledger import GROUP_LABELS, Group
from tests import make

YEAR = {"standard": "city-2022", "first": "01/01/2023", "last": "31/12/2023"}


@pytest.fixture
def histories(areas, cast, standards):
    """In Hoa's ward one is newly poor, one escaped, one became poor from near-poor; in the commune one moved out."""
    city = standards[1]
    day = date(2023, 5, 4)
    one = [make.a_household(areas["ward"]) for _ in range(3)]
    make.a_spell(one[0], city, valid_from=day, opened_as="new", persons=4)
    make.a_spell(one[1], city, valid_to=day)
    make.a_spell(one[2], city, "near_poor", valid_to=day, closed_as="to_poor")
    make.a_spell(one[2], city, valid_from=day, opened_as="from_near_poor", special_hardship=True)
    make.a_spell(make.a_household(areas["commune"]), city, valid_to=day, closed_as="moved_out", has_labour=False)


def sheet_of(answer):
    assert answer.status_code == 200
    content = io.BytesIO(b"".join(answer.streaming_content))
    head, *rows = openpyxl.load_workbook(content).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_line_of_the_form_stands_there_though_nothing_happened(as_user, histories):
    page = as_user("hoa").get(reverse("movement_ledger"), YEAR)
    poor, labour, hardship, near = page.context["sections"]
    for section in (poor, labour, hardship):
        assert section["came"] == [
            "Phát sinh mới",
            "Tái nghèo, tái cận nghèo",
            "Từ hộ cận nghèo",
            "Chuyển đến",
            "Tách hộ",
        ]
        assert section["left"] == [
            "Thoát nghèo, thoát cận nghèo", "Thành hộ cận nghèo", "Chuyển đi", "Không còn thành viên", "Nhập hộ",
        ]  # fmt: skip
    assert near["came"][2:3] + near["left"][1:2] == ["Từ hộ nghèo", "Thành hộ nghèo"]
    row = poor["rows"][0]
    assert [count.households for count in (row["opening"], *dict(row["came"]).values(), *dict(row["left"]).values(), row["closing"])] == [
        1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 2,
    ]  # fmt: skip
    assert hardship["rows"][0]["closing"].households == 1


def test_the_sheet_balances_line_by_line_and_is_of_the_chosen_area(as_user, histories):
    office = as_user("cuc")
    rows = sheet_of(office.get(reverse("ledger_sheet"), YEAR))
    assert {row["Nhóm"] for row in rows} == {GROUP_LABELS[group] for group in Group}
    for row in rows:
        moved = sum(value for name, value in row.items() if name.startswith("Tăng"))
        moved -= sum(value for name, value in row.items() if name.startswith("Giảm"))
        assert row["Đầu kỳ"] + moved == row["Cuối kỳ"], row
        assert row["Chuẩn nghèo"].endswith("(chưa xác nhận)")
    assert {row["Địa bàn"] for row in rows} == {"Thành phố Đà Nẵng", "Quận Hải Châu", "Huyện Hòa Vang"}
    below = sheet_of(office.get(reverse("ledger_sheet"), YEAR | {"area": "497"}))
    assert {row["Địa bàn"] for row in below} == {"Huyện Hòa Vang", "Xã Ba"}
    persons = [row for row in rows if (row["Nhóm"], row["Đơn vị tính"]) == ("Hộ nghèo", "Nhân khẩu")]
    assert persons[0]["Tăng: Phát sinh mới"] == 4


@pytest.mark.parametrize(("who", "area", "status"), [("hoa", "497", 200), ("district", "497", 200), ("cuc", "x", 400)])
def test_an_area_outside_ones_own_is_not_to_be_asked(as_user, histories, who, area, status):
    """A ward's officer is not asked for an area at all; who has a choice gets only what is below the own area."""
    answer = as_user(who).get(reverse("ledger_sheet"), YEAR | {"area": area})
    assert answer.status_code == status
    if status == 200:
        assert "Huyện Hòa Vang" not in {row["Địa bàn"] for row in sheet_of(answer)}


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("leader", 403), ("lan", 200)])
def test_who_takes_the_sheet(as_user, histories, who, status):
    answer = as_user(who).get(reverse("ledger_sheet"), YEAR)
    assert answer.status_code == status
    if status == 200:
        assert sheet_of(answer)
