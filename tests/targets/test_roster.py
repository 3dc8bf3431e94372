"""The roster: who keeps it, what is refused, and a sheet that is taken whole or not at all."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Event
from targets import roster
from targets.models import Officer
from targets.roster_services import add_officer, drop_officer, edit_officer, import_officers
from tests.targets.activities import a_plan, an_activity, an_officer, was_there

TODAY = date(2023, 9, 30)
JAN = date(2023, 1, 1)
HEAD = list(roster.HEADINGS)


def added(by, area, **more):
    values = {
        "kind": "group",
        "full_name": "Cán bộ Một",
        "post": "Tổ trưởng",
        "group": "Tổ 1",
        "valid_from": JAN,
    } | more
    return add_officer(by=by, today=TODAY, area=area, **values)


def refused(call) -> dict:
    with pytest.raises(ValidationError) as error:
        call()
    return getattr(error.value, "error_dict", {"": error.value.messages})


def test_a_ward_keeps_its_own_roster_and_the_log_names_nobody(cast, areas):
    row = added(cast["hoa"], areas["ward"])
    line = Event.objects.get(action="officer.added")
    assert (line.label, line.after["full_name"], line.after["area"]) == (f"Cán bộ số {row.pk}", "•••", areas["ward"].pk)
    assert list(refused(lambda: added(cast["hoa"], areas["next_ward"]))) == ["area"]
    for name in ("lan", "staff", "leader", "admin", "nobody"):
        with pytest.raises(PermissionDenied):
            added(cast[name], areas["ward"], full_name=f"Người {name}")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"full_name": "can  bo MỘT"}, "full_name"),  # the same person, written otherwise
        ({"post": ""}, "post"),
        ({"group": ""}, "group"),
        ({"valid_from": date(2023, 10, 1)}, "valid_from"),
        ({"full_name": "Khác", "left_on": date(2022, 12, 31)}, "left_on"),
    ],
)
def test_what_is_refused_at_its_field(cast, areas, more, field):
    added(cast["hoa"], areas["ward"])
    assert list(refused(lambda: added(cast["hoa"], areas["ward"], **more))) == [field]
    assert Officer.objects.count() == 1


def test_a_cadre_belongs_to_a_ward(cast, areas):
    assert list(refused(lambda: added(cast["cuc"], areas["urban"]))) == ["area"]
    assert added(cast["cuc"], areas["urban"], kind="officer", group="").area == areas["urban"]


def test_leaving_coming_back_and_a_mistake(cast, areas):
    row = added(cast["hoa"], areas["ward"])
    values = {"area": row.area, "kind": row.kind, "full_name": row.full_name, "post": row.post, "group": row.group}
    values |= {"valid_from": JAN, "by": cast["hoa"], "today": TODAY}
    edit_officer(officer=row, version=1, left_on=date(2023, 6, 1), **values)
    again = added(cast["hoa"], areas["ward"], valid_from=date(2023, 8, 1))
    assert list(refused(lambda: edit_officer(officer=row, version=2, left_on=None, **values))) == ["full_name"]
    assert "người khác" in str(refused(lambda: edit_officer(officer=row, version=1, left_on=None, **values)))
    with pytest.raises(PermissionDenied):
        drop_officer(officer=again, by=cast["binh"])
    drop_officer(officer=again, by=cast["hoa"])
    was_there(an_activity(a_plan(), cast["staff"].agency, areas["ward"]), row)
    assert "điểm danh" in str(refused(lambda: drop_officer(officer=row, by=cast["hoa"])))


# Sheets


def read(*rows):
    return roster.read(enumerate([list(row) for row in rows], 1))


def test_headings_stand_anywhere_above_and_cells_are_read_as_offices_write_them():
    rows = read(
        ["DANH SÁCH CÁN BỘ"],
        [],
        ["STT", "họ và  tên", "Chức vụ", "Thôn, tổ dân phố", "Từ ngày", "Phường, xã"],
        [1.0, " Trần  Thị Thử ", "Tổ trưởng", "Tổ 3", "01/02/2023", 20236.0],
        [],
        [2.0, "Lê Văn Thử", "Cán bộ", "", date(2023, 3, 1), ""],
    )
    assert [(row.number, row.full_name, row.kind, row.area, row.valid_from) for row in rows] == [
        (4, "Trần Thị Thử", "group", "20236", date(2023, 2, 1)),
        (6, "Lê Văn Thử", "officer", "", date(2023, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["Tên", "Việc"], ["a", "b"]], "dòng tiêu đề"),
        ([HEAD], "không có dòng nào"),
        ([HEAD, ["", "", "Tổ trưởng", "Tổ 1", "", ""]], "Dòng 2, Họ và tên"),
        ([HEAD, ["A", "Trưởng ban", "Tổ trưởng", "Tổ 1", "", ""]], "Dòng 2, Đối tượng"),
        ([HEAD, ["A", roster.KINDS["group"], "Tổ trưởng", "", "", ""]], "Dòng 2, Thôn, tổ"),
        ([HEAD, ["A", "", "Tổ trưởng", "Tổ 1", "", "32/01/2023"]], "Dòng 2, Từ ngày"),
        ([HEAD, ["A" * 101, "", "Tổ trưởng", "Tổ 1", "", ""]], "dài hơn 100"),
    ],
)
def test_a_fault_names_its_row_and_column(rows, told):
    with pytest.raises(roster.Faults) as error:
        read(*rows)
    assert told in error.value.lines[0]


def test_a_sheet_is_whole_or_not_at_all(cast, areas):
    added(cast["hoa"], areas["ward"])

    def take(*rows, by="cuc"):
        area = cast[by].area
        return import_officers(rows=read(HEAD, *rows), area=area, start=JAN, by=cast[by], today=TODAY)

    good = ["Cán bộ Hai", "", "Tổ trưởng", "Tổ 2", "Phường Một", ""]
    for bad, told in (
        (["Cán bộ Ba", "", "Tổ trưởng", "Tổ 3", "Phường Chín", ""], "Phường Chín"),
        (["Cán bộ Ba", "", "Tổ trưởng", "Tổ 3", "", ""], "phải ghi phường, xã"),
        (["Cán bộ Ba", "", "Tổ trưởng", "Tổ 3", "20236", "01/10/2023"], "chưa đến"),
        (good, "trùng"),
    ):
        with pytest.raises(roster.Faults) as error:
            take(good, bad)
        assert told in error.value.lines[0]
    assert Officer.objects.count() == 1
    known = ["cán bộ một", "", "Tổ trưởng", "Tổ 1", "20236", ""]
    assert take(good, known) == {"added": 1, "known": 1}
    with pytest.raises(roster.Faults):
        take(["Cán bộ Ba", "", "Tổ trưởng", "Tổ 3", "Phường Hai", ""], by="hoa")
    assert take(["Cán bộ Ba", "", "Tổ trưởng", "Tổ 3", "", ""], by="hoa") == {"added": 1}


# Pages


def a_sheet(*rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for at, row in enumerate([HEAD, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return SimpleUploadedFile("danh-sach.xlsx", file.getvalue())


def test_the_sheets_page_and_the_list(as_user, areas, cast):
    client = as_user("hoa")
    given = {"area": areas["ward"].pk, "start": "01/01/2023"}
    bad = client.post(reverse("roster_import"), given | {"sheet": a_sheet(["", "", "Tổ trưởng", "Tổ 1", "", ""])})
    assert bad.status_code == 422
    assert "Dòng 2, Họ và tên: để trống." in bad.content.decode()
    text = client.post(reverse("roster_import"), given | {"sheet": SimpleUploadedFile("a.xlsx", b"\0\1\2")})
    assert "không phải bảng tính" in text.content.decode()
    good = a_sheet(["Cán bộ Một", "", "Tổ trưởng", "Tổ 1", "", ""])
    assert client.post(reverse("roster_import"), given | {"sheet": good}).status_code == 302
    assert "Cán bộ Một" in client.get(reverse("roster_list")).content.decode()
    assert "Cán bộ Một" not in as_user("binh").get(reverse("roster_list")).content.decode()
    file = b"".join(as_user("hoa").get(reverse("roster_export")).streaming_content).decode()
    assert "Cán bộ Một" in file
    assert Event.objects.filter(action="officer.exported").count() == 1


def test_who_opens_the_roster(as_user, areas):
    row = an_officer(areas["ward"])
    for name, status in {"hoa": 200, "district": 200, "cuc": 200, "lan": 403, "staff": 403, "leader": 403}.items():
        client = as_user(name)
        for page in ("roster_list", "officer_new", "roster_import"):
            assert client.get(reverse(page)).status_code == status, (name, page)
        assert client.get(reverse("officer_edit", args=[row.pk])).status_code == status
    assert as_user("binh").get(reverse("officer_edit", args=[row.pk])).status_code == 404
