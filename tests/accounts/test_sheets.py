"""Master tables out and in: XLSX and CSV through the admin, previewed, confirmed, all rows or none."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.admin_base import MasterAdmin
from accounts.models import Agency, Event
from accounts.sheets import Choice, Day, Number, Text, WholeNumber, YesNo
from areas.models import Area, ResidentHouseholds
from households.models import Holiday, Policy, Result, ScreeningItem, ScreeningRule, Standard, StepDeadline
from targets.indicators import INDICATORS
from targets.models import Indicator, Plan, Target
from tests import make

XLSX, CSV = "0", "1"
HEADINGS = ["mã địa bàn", "năm", "số hộ dân cư", "suy ra", "nguồn"]


def sheet(rows, headings=HEADINGS):
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("so-ho.xlsx", kept.getvalue())


def preview(client, name, file, kind=XLSX):
    return client.post(reverse(f"admin:{name}_import"), {"import_file": file, "format": kind, "resource": "0"})


def confirm(client, name, shown):
    form = shown.context["confirm_form"]
    return client.post(reverse(f"admin:{name}_process_import"), form.initial | {"confirm": "x"})


RESIDENTS = "areas_residenthouseholds"


def test_a_sheet_is_previewed_then_written(as_user, areas):
    client = as_user("cuc")
    shown = preview(
        client, RESIDENTS, sheet([["492", 2023, "1.200", "không", "Công an"], ["497", 2024, 990, "có", "Suy ra"]])
    )
    assert shown.status_code == 200
    assert "Chưa ghi gì" in shown.content.decode()
    assert "<del>1000</del> <ins>1200</ins>" in shown.content.decode()
    assert 'style="' not in shown.content.decode().split('id="content"')[1]
    assert ResidentHouseholds.objects.get(area=areas["urban"]).households == 1000, "a preview writes nothing"

    assert confirm(client, RESIDENTS, shown).status_code == 302
    assert ResidentHouseholds.objects.get(area=areas["urban"]).households == 1200
    new = ResidentHouseholds.objects.get(area=areas["rural"], year=2024)
    assert (new.households, new.derived, new.source) == (990, True, "Suy ra")
    lines = Event.objects.filter(action="row.imported").order_by("id")
    assert [(line.before.get("households"), line.after["households"]) for line in lines] == [(1000, 1200), (None, 990)]
    assert {line.by.username for line in lines} == {"cuc"}


def test_what_goes_out_comes_back_unchanged(as_user, areas):
    client = as_user("admin")
    out = client.post(reverse(f"admin:{RESIDENTS}_export"), {"format": XLSX, "resource": "0"})
    assert out.status_code == 200
    rows = list(load_workbook(io.BytesIO(out.content)).active.values)
    assert list(rows[0]) == ["mã địa bàn", "địa bàn", *HEADINGS[1:]]
    assert ("492", "Quận Hải Châu", "1000" if isinstance(rows[1][3], str) else 1000) == (
        rows[1][0],
        rows[1][1],
        rows[1][3],
    )
    shown = preview(client, RESIDENTS, SimpleUploadedFile("lai.xlsx", out.content))
    assert {row.import_type for row in shown.context["result"].rows} == {"skip"}
    confirm(client, RESIDENTS, shown)
    assert not Event.objects.filter(action="row.imported").exists()


@pytest.mark.parametrize("name", ["areas_area", "accounts_agency"])
def test_every_master_table_goes_round_as_csv(as_user, areas, name):
    committee = make.an_agency("ubnd-a", kind="district", area=areas["urban"], name="UBND quận A")
    make.an_agency("nhom", kind="group", name="Nhóm").members.add(committee)
    client = as_user("cuc")
    out = client.post(reverse(f"admin:{name}_export"), {"format": CSV, "resource": "0"})
    text = out.content.decode("utf-8-sig")
    assert (
        len(list(csv.reader(io.StringIO(text))))
        == 1 + {"areas_area": Area, "accounts_agency": Agency}[name].objects.count()
    )
    shown = preview(client, name, SimpleUploadedFile("lai.csv", out.content), CSV)
    result = shown.context["result"]
    assert not result.has_errors(), [error.error for _, errors in result.row_errors() for error in errors]
    assert not result.has_validation_errors(), [row.error_dict for row in result.invalid_rows]
    assert {row.import_type for row in result.rows} == {"skip"}


MASTER_TABLES = {
    admin.model._meta.label_lower: admin for admin in site._registry.values() if isinstance(admin, MasterAdmin)
}


@pytest.fixture
def every_table(areas, standards):
    """Each master table with a row that leaves empty whatever may be left empty, and one that fills it."""
    committee = make.an_agency("ubnd-a", kind="district", area=areas["urban"], name="UBND quận A")
    make.an_agency("nhom", kind="group", name="Nhóm", valid_to=date(2024, 12, 31)).members.add(committee)
    plan = Plan.objects.create(number="66/KH-UBND", year=2023, title="x", issued_on=date(2023, 3, 17))
    for code, rate in (("poor_labour_start", "2.09"), ("housing", None)):
        measure = INDICATORS[code]
        indicator = Indicator.objects.create(
            code=code, name=measure.name, definition=measure.definition, unit=measure.unit, source=measure.source
        )
        Target.objects.create(
            plan=plan, indicator=indicator, area=areas["city"], value=1259, published_rate=rate and Decimal(rate)
        )
    for number, valid_to in enumerate((None, date(2025, 12, 31))):
        Policy.objects.create(
            code=f"p-{number}", name="Vay vốn", kind="job", legal_basis="x", valid_from="2022-01-01", valid_to=valid_to
        )
    Holiday.objects.create(day="2023-09-01", name="Quốc khánh")
    StepDeadline.objects.create(kind="annual", step="posting", days=3, legal_basis="x")
    ScreeningItem.objects.create(code="A1", text="Mục thử", order=1)
    ScreeningRule.objects.create(threshold=3, legal_basis="x")


def test_the_master_tables_are_those_known_here():
    assert set(MASTER_TABLES) == {
        "areas.area",
        "areas.residenthouseholds",
        "accounts.agency",
        "targets.budgetsource",
        "targets.indicator",
        "targets.reminderstep",
        "targets.target",
        "households.standard",
        "households.policy",
        "households.holiday",
        "households.stepdeadline",
        "households.screeningitem",
        "households.screeningrule",
    }


@pytest.mark.parametrize("kind", [XLSX, CSV])
@pytest.mark.parametrize("label", sorted(MASTER_TABLES))
def test_every_master_table_takes_back_what_it_gave(as_user, every_table, label, kind):
    client, name = as_user("cuc"), label.replace(".", "_")
    out = client.post(reverse(f"admin:{name}_export"), {"format": kind, "resource": "0"})
    assert b"None" not in out.content
    result = preview(client, name, SimpleUploadedFile("lai", out.content), kind).context["result"]
    assert not result.has_errors(), [error.error for _, errors in result.row_errors() for error in errors]
    assert not result.has_validation_errors(), [row.error_dict for row in result.invalid_rows]
    assert {row.import_type for row in result.rows} == {"skip"}
    assert len(result.rows) == MASTER_TABLES[label].model.objects.count() > 0


def test_rates_go_out_as_numbers_and_none_as_an_empty_cell(as_user, every_table):
    out = as_user("cuc").post(reverse("admin:targets_target_export"), {"format": XLSX, "resource": "0"})
    head, *rows = load_workbook(io.BytesIO(out.content)).active.values
    assert {type(row[head.index("kế hoạch")]) for row in rows} == {int}
    assert {(row[head.index("kế hoạch")], row[head.index("tỷ lệ in trong kế hoạch")]) for row in rows} == {
        (1259, 2.09),
        (1259, None),
    }


@pytest.mark.parametrize("kind", [XLSX, CSV])
def test_a_formula_goes_out_as_text(as_user, areas, kind):
    ResidentHouseholds.objects.update(source="=1+1")
    out = as_user("cuc").post(reverse(f"admin:{RESIDENTS}_export"), {"format": kind, "resource": "0"})
    if kind == CSV:
        assert b"=" not in out.content
    else:
        assert {row[-1] for row in list(load_workbook(io.BytesIO(out.content)).active.values)[1:]} == {"1+1"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["777", 2023, 10, "có", "x"], "Không có địa bàn mã 777 vào ngày 01/01/2023."),
        (["492", "năm nay", 10, "có", "x"], "không phải số nguyên"),
        (["492", 23, 10, "có", "x"], "không phải một năm"),
        (["492", 2023, "mười", "có", "x"], "“mười” không phải số nguyên."),
        (["492", 2023, 10.5, "có", "x"], "“10.5” không phải số nguyên."),
        (["492", 2023, 0, "có", "x"], "Số hộ dân cư phải lớn hơn 0."),
        (["492", 2023, 10, "có", ""], "nguồn"),
    ],
)
def test_one_bad_row_refuses_the_sheet(as_user, areas, row, said):
    client = as_user("cuc")
    shown = preview(client, RESIDENTS, sheet([["497", 2023, 1500, "không", "Công an"], row]))
    assert "confirm_form" not in shown.context
    assert said in shown.content.decode()
    assert ResidentHouseholds.objects.get(area=areas["rural"]).households == 1000


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("x.xlsx", b"khong phai xlsx"), "Không đọc được tệp"),
        (SimpleUploadedFile("x.xlsx", b""), "rỗng|trống"),
    ],
)
def test_what_is_no_sheet_is_refused(as_user, areas, file, said):
    assert re.search(said, preview(as_user("cuc"), RESIDENTS, file).content.decode())


def test_a_missing_column_is_named(as_user, areas):
    shown = preview(as_user("cuc"), RESIDENTS, sheet([["497", 5]], ["mã địa bàn", "số hộ dân cư"]))
    assert "Tệp thiếu các cột bắt buộc: năm" in shown.content.decode()
    assert "confirm_form" not in shown.context
    assert not shown.context["result"].row_errors()


def test_the_table_changed_after_the_preview(as_user, areas):
    client = as_user("cuc")
    shown = preview(
        client, RESIDENTS, sheet([["497", 2023, 1500, "không", "Công an"], ["492", 2023, 1600, "không", "Công an"]])
    )
    ResidentHouseholds.objects.all().delete()
    Area.objects.filter(code="492").update(valid_to=date(2022, 1, 1))
    answer = confirm(client, RESIDENTS, shown)
    assert answer.status_code == 302
    assert not ResidentHouseholds.objects.exists()
    assert not Event.objects.exists()
    assert "Chưa ghi gì" in client.get(answer["Location"]).content.decode()


def test_a_new_ward_by_sheet_gets_its_path(as_user, areas):
    headings = [
        "mã",
        "cấp",
        "tên",
        "tên đầy đủ",
        "loại",
        "khu vực",
        "mã trực thuộc",
        "thứ tự",
        "có hộ dân cư",
        "có từ ngày",
        "đến hết ngày",
    ]
    row = ["20999", "Phường, xã", "Mới", "Phường Mới", "Phường", "thanh thi", "492", 9, "có", "01/01/2022", None]
    client = as_user("admin")
    confirm(client, "areas_area", preview(client, "areas_area", sheet([row], headings)))
    ward = Area.objects.get(code="20999")
    assert (ward.zone, ward.path, ward.valid_from) == ("urban", f"{areas['urban'].path}{ward.pk}/", date(2022, 1, 1))


def test_an_unknown_member_is_named(as_user, areas):
    headings = ["mã", "tên", "tên ngắn", "loại", "mã thành viên", "thứ tự", "có từ ngày"]
    row = ["nhom", "Nhóm", "N", "Nhóm đơn vị", "so-a,so-b", 1, "2020-01-01"]
    make.an_agency("so-a")
    shown = preview(as_user("admin"), "accounts_agency", sheet([row], headings))
    assert "Không có mã “so-b”." in shown.content.decode()


@pytest.mark.parametrize(
    ("widget", "given", "kept"),
    [
        (WholeNumber(), "54.274", 54274),
        (WholeNumber(), 54274.0, 54274),
        (WholeNumber(), "", None),
        (Number(), "2,09", Decimal("2.09")),
        (Number(), 2.09, Decimal("2.09")),
        (Number(), 1.259, Decimal("1.259")),
        (Number(), "1.259", Decimal("1259")),
        (Day(), "31/05/2023", date(2023, 5, 31)),
        (Day(), "", None),
        (YesNo(), "Có", True),
        (YesNo(), "không", False),
        (Text(), 20236.0, "20236"),
        (Text(), None, ""),
        (Choice(Area.Level.choices), "phuong, xa", "ward"),
        (Choice(Area.Level.choices), "ward", "ward"),
        (Choice(Area.Level.choices), "thôn", "thôn"),
    ],
)
def test_cells(widget, given, kept):
    assert widget.clean(given) == kept


STANDARD = ["mã", "tên", "cấp ban hành", "so với", "mức khu vực nông thôn", "mức khu vực thành thị"]
STANDARD += ["số chỉ số thiếu hụt để là hộ nghèo", "áp dụng từ ngày", "căn cứ", "đã xác nhận"]


def a_standard(code, rural=2_000_000):
    return [code, "Chuẩn thử", "Thành phố", "Thu nhập bình quân (đồng)", rural, 2_500_000, 3, "01/01/2022", "x", "có"]


def test_a_standard_by_sheet_is_never_a_confirmed_one(as_user, standards):
    client = as_user("cuc")
    confirm(client, "households_standard", preview(client, "households_standard", sheet([a_standard("moi")], STANDARD)))
    new = Standard.objects.get(code="moi")
    assert (new.line_rural, new.confirmed) == (2_000_000, False)


def test_what_a_form_would_refuse_of_a_standard_a_sheet_is_refused_too(as_user, areas, cast, standards):
    central, city = standards
    client = as_user("cuc")
    shown = preview(client, "households_standard", sheet([a_standard("central-2022")], STANDARD))
    assert "đã xác nhận, không sửa được" in shown.content.decode()
    review = make.a_review(make.a_household(areas["ward"]), cast["hoa"])
    Result.objects.create(review=review, standard=city, category="poor", receipt={})
    shown = preview(client, "households_standard", sheet([a_standard("city-2022", 1_900_000)], STANDARD))
    assert "Đã có phiếu phân loại" in shown.content.decode()
    assert "confirm_form" not in shown.context


@pytest.mark.parametrize(
    ("name", "headings", "row", "held"),
    [
        (
            "households_policy",
            ["mã", "tên", "loại", "căn cứ", "áp dụng từ ngày"],
            ["p-0", "Tên mới", "Khác", "y", "01/01/2022"],
            Policy,
        ),
        ("households_holiday", ["ngày", "tên"], ["01/09/2023", "Tên mới"], Holiday),
        (
            "households_stepdeadline",
            ["loại đợt", "bước", "số ngày", "căn cứ"],
            ["Định kỳ", "Niêm yết công khai", 5, "y"],
            StepDeadline,
        ),
        ("households_screeningitem", ["mã", "nội dung"], ["A1", "Tên mới"], ScreeningItem),
        ("households_screeningrule", ["số câu có", "căn cứ"], [4, "y"], ScreeningRule),
    ],
)
def test_a_row_is_found_again_without_the_installations_number(as_user, every_table, name, headings, row, held):
    """As a sheet typed by an office: no ID column, and nothing is doubled."""
    client, before = as_user("cuc"), held.objects.count()
    shown = preview(client, name, sheet([row], headings))
    assert "confirm_form" in shown.context, shown.content.decode()
    confirm(client, name, shown)
    assert held.objects.count() == before
    assert str(row[1]) in str(list(held.objects.values())) or str(row[2]) in str(list(held.objects.values()))
