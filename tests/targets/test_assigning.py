"""Targets handed down: the rules at their edges, the sheet, its Excel form, an area's own stricter value."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import Event
from accounts.roles import Role
from areas.models import Area
from targets import appendix_form, target_services
from targets.assigning import line_faults, own_fault, sum_fault, value_fault
from targets.indicators import APPENDIX
from targets.models import Plan, Target
from tests import make

NEED = "near_poor_reduction"


@pytest.mark.parametrize(
    ("code", "given", "own", "fits"),
    [
        ("poor_labour_end", 820, 683, True),  # Liên Chiểu 2024
        ("poor_labour_end", 820, 820, True),
        ("poor_labour_end", 820, 821, False),
        ("housing", 50, 50, True),
        ("housing", 50, 49, False),
        ("housing", None, 49, False),
        ("poor_labour_start", 10, 9, False),  # a fact, nothing to be stricter about
        ("housing", 50, -1, False),
    ],
)
def test_an_area_may_only_set_itself_a_stricter_value(code, given, own, fits):
    given = None if given is None else Decimal(given)
    assert (own_fault(code, given, Decimal(own)) == "") is fits


@pytest.mark.parametrize(
    ("code", "value", "fits"),
    [("housing", 0, True), ("housing", -1, False), ("housing", "0.5", False), ("insurance_near_poor", 101, False)],
)
def test_a_target_is_a_whole_number_or_a_percentage(code, value, fits):
    assert (value_fault(code, Decimal(value)) == "") is fits


def test_a_line_of_the_appendix_fits_together():
    line = {"poor_labour_start": Decimal(10), "poor_labour_reduction": Decimal(4), "poor_labour_end": Decimal(6)}
    assert line_faults(line | {"central_poor_reduction": Decimal(4)}) == {}
    assert set(line_faults(line | {"poor_labour_end": Decimal(7)})) == {"poor_labour_end"}
    assert set(line_faults(line | {"poor_labour_reduction": Decimal(11)})) == {"poor_labour_reduction"}
    assert set(line_faults(line | {"central_poor_reduction": Decimal(5)})) == {"central_poor_reduction"}


@pytest.mark.parametrize(
    ("whole", "parts", "words"),
    [
        (5, [2, 3], ""),
        (5, [2, None], ""),  # not all set yet
        (None, [2, 3], ""),
        (5, [], ""),
        (1300, [2, 3], "Cộng lại 5, được giao 1.300: thiếu 1.295."),
        (4, [2, 3], "thừa 1."),
    ],
)
def test_parts_that_miss_the_whole_are_told(whole, parts, words):
    told = sum_fault(NEED, whole, parts)
    assert words in told
    assert bool(told) is bool(words)


@pytest.fixture
def plan(db):
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    return Plan.objects.get()


@pytest.fixture
def lien_chieu(plan):
    return Area.objects.get(code="490", level="district")


@pytest.fixture
def officer(lien_chieu):
    return make.a_user(Role.DISTRICT_OFFICER, lien_chieu)


def wards(area):
    return list(Area.objects.filter(parent=area).order_by("code"))


def handed(area, code, *values):
    return {
        ward.pk: {code: None if value is None else Decimal(value)}
        for ward, value in zip(wards(area), values, strict=True)
    }


def test_a_district_hands_its_target_down_to_its_wards(plan, lien_chieu, officer):
    values = handed(lien_chieu, NEED, 40, 40, 40, 30, 10)
    assert target_services.assign(plan=plan, parent=lien_chieu, values=values, reasons={}, by=officer) == 5
    assert target_services.assign(plan=plan, parent=lien_chieu, values=values, reasons={}, by=officer) == 0
    assert [t.value for t in Target.objects.filter(area__parent=lien_chieu).order_by("area__code")] == [
        40,
        40,
        40,
        30,
        10,
    ]
    assert Event.objects.filter(action="target.assigned").count() == 1
    emptied = handed(lien_chieu, NEED, *[None] * 5)
    target_services.assign(plan=plan, parent=lien_chieu, values=emptied, reasons={}, by=officer)
    assert not Target.objects.filter(area__parent=lien_chieu).exists()


def test_a_sum_that_misses_needs_a_reason(plan, lien_chieu, officer):
    values = handed(lien_chieu, NEED, 40, 40, 40, 30, 11)
    with pytest.raises(ValidationError) as refused:
        target_services.assign(plan=plan, parent=lien_chieu, values=values, reasons={}, by=officer)
    assert list(refused.value.params["faults"]) == [NEED]
    reasons = {NEED: "Phường tự nguyện thêm một hộ."}
    target_services.assign(plan=plan, parent=lien_chieu, values=values, reasons=reasons, by=officer)
    assert Target.objects.get(area=lien_chieu, indicator__code=NEED).sum_reason == reasons[NEED]


def test_wards_add_up_to_what_the_district_set_itself(plan, lien_chieu, officer):
    own = target_services.set_own(
        plan=plan, area=lien_chieu, code=NEED, value=Decimal(170), basis="5/KH-UBND", by=officer
    )
    assert (own.value, own.own_value, own.aim) == (160, 170, 170)
    target_services.assign(
        plan=plan, parent=lien_chieu, values=handed(lien_chieu, NEED, 50, 40, 40, 30, 10), reasons={}, by=officer
    )
    for value, basis, field in ((159, "5/KH", "value"), (171, " ", "basis")):
        with pytest.raises(ValidationError) as refused:
            target_services.set_own(
                plan=plan, area=lien_chieu, code=NEED, value=Decimal(value), basis=basis, by=officer
            )
        assert set(refused.value.error_dict) == {field}
    assert target_services.set_own(plan=plan, area=lien_chieu, code=NEED, value=None, basis="", by=officer).aim == 160


def test_nobody_hands_down_in_another_area(plan, lien_chieu, officer):
    other = Area.objects.get(code="491", level="district")
    city = Area.objects.get(level="city")
    for parent in (other, city):
        with pytest.raises(PermissionDenied):
            target_services.assign(plan=plan, parent=parent, values={}, reasons={}, by=officer)
    with pytest.raises(PermissionDenied):  # a ward of another district among the values
        target_services.assign(
            plan=plan, parent=lien_chieu, values=handed(other, NEED, *[1] * 10), reasons={}, by=officer
        )
    with pytest.raises(PermissionDenied):
        target_services.set_own(plan=plan, area=other, code=NEED, value=Decimal(999), basis="x", by=officer)
    leader = make.a_user(Role.WARD_LEADER, wards(lien_chieu)[0])
    assert not target_services.may_assign(leader, lien_chieu)


@pytest.mark.parametrize("write", ["assign", "set_own"])
def test_nothing_is_left_behind_when_it_breaks(plan, lien_chieu, officer, monkeypatch, write):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    before = sorted(map(str, Target.objects.values()))
    monkeypatch.setattr(target_services, "log", broken)
    given = {
        "assign": {"parent": lien_chieu, "values": handed(lien_chieu, NEED, 40, 40, 40, 30, 10), "reasons": {}},
        "set_own": {"area": lien_chieu, "code": NEED, "value": Decimal(170), "basis": "5/KH"},
    }[write]
    with pytest.raises(RuntimeError, match="broken"):
        getattr(target_services, write)(plan=plan, by=officer, **given)
    assert sorted(map(str, Target.objects.values())) == before


def test_the_excel_form_comes_back_as_it_went_out(plan):
    city = Area.objects.get(level="city")
    office = make.a_user(Role.PROGRAMME_OFFICE, city)
    from django.test import Client

    client = Client()
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    data = client.get("/ke-hoach/2023/giao-chi-tieu/48/?format=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert "C3:D3" in {str(merged) for merged in sheet.merged_cells.ranges}  # two rows of head
    assert [sheet.cell(5, at).value for at in range(2, 6)] == ["Toàn thành phố", 6271, 2.09, 2083]
    sheet.cell(6, 3).value, sheet.cell(7, 3).value = "1.259", "1259"  # both number styles
    sheet.cell(8, 3).value = "mười"
    out = io.BytesIO()
    sheet.parent.save(out)
    known = {"quan hai chau": "Quận Hải Châu", "quan thanh khe": "Quận Thanh Khê", "quan son tra": "Quận Sơn Trà"}
    read = appendix_form.read(out.getvalue(), known | {"toan thanh pho": "Toàn thành phố"})
    assert [read.values[name]["poor_labour_start"] for name in list(known)[:2]] == [1259, 1259]
    assert "Dòng 8, Quận Sơn Trà: “mười” không phải một số (Đầu năm)." in read.problems
    assert "Dòng 9: không có đơn vị “Quận Ngũ Hành Sơn” ở cấp này." in read.problems
    assert set(read.values["quan thanh khe"]) == set(APPENDIX)


def a_bomb():
    """A sheet of a hundred megabytes in a hundred kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 100_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không phải bảng tính"),
        (b"x" * (appendix_form.LARGEST + 1), "lớn hơn 5 MB"),
        (b"PK\x03\x04", "bị hỏng"),
        (a_bomb(), "quá lớn khi mở ra"),
    ],
)
def test_a_file_that_is_no_appendix_is_told(data, words):
    assert words in appendix_form.read(data, {}).problems[0]


def test_the_sheet_page(client, plan, lien_chieu, officer, django_assert_max_num_queries):
    path = "/ke-hoach/2023/giao-chi-tieu/490/"
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(12):
        page = client.get(path).content.decode()
    assert "Giao chỉ tiêu: Quận Liên Chiểu" in page
    form = client.get(path).context["form"]
    boxes = {name: form[name].value() or "" for name in form.fields}
    boxes |= {f"v-{ward.pk}-{NEED}": "40" for ward in wards(lien_chieu)}
    refused = client.post(path, boxes | {"do": "assign"})
    assert refused.status_code == 422
    assert "Cộng lại 200, được giao 160: thừa 40." in refused.content.decode()
    boxes[f"v-{wards(lien_chieu)[0].pk}-{NEED}"] = "1.000"
    reason = {f"r-{NEED}": "Thử số có dấu chấm."}
    client.post(path, boxes | reason | {"do": "assign"})
    assert Target.objects.get(area=wards(lien_chieu)[0], indicator__code=NEED).value == 1000
    data = client.get(path + "?format=xlsx").content
    upload = SimpleUploadedFile("chi-tieu.xlsx", data)
    page = client.post(path, {"do": "read", "file": upload}).content.decode()
    assert "Đã điền từ tệp" in page
    assert 'value="1.000"' in page
    seen = client.get(path).context["own_form"]["seen"].value()
    own = {"do": "own", "code": NEED, "value": "200", "basis": "5/KH-UBND", "seen": seen}
    client.post(path, own)
    assert "tự đặt 200" in client.get(path).content.decode()
    second = client.post(path, own | {"value": "210", "basis": "6/KH-UBND"})  # drawn before the 200 stood
    assert second.status_code == 422
    told = f"{officer} vừa đặt 200 theo 5/KH-UBND. Chưa ghi số của bạn"
    assert told in second.context["own_form"].errors["value"][0]
    assert 'value="210"' in second.content.decode(), "what was typed stays"
    assert Target.objects.get(area=lien_chieu, indicator__code=NEED).own_value == 200
    again = second.context["own_form"]["seen"].value()
    client.post(path, own | {"value": "210", "basis": "6/KH-UBND", "seen": again})
    assert Target.objects.get(area=lien_chieu, indicator__code=NEED).own_value == 210
    assert client.post(path, own | {"value": "220", "seen": ""}).status_code == 422, "a form of no page"
    client.force_login(make.a_user(Role.CITY_LEADER), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(path).content.decode()
    assert "<input" not in page.partition("<main")[2]
    assert client.get("/ke-hoach/2023/giao-chi-tieu/498/").status_code == 404  # Hoàng Sa: nobody lives there


def test_a_sheet_cut_short_or_overtaken_takes_nothing_away(client, plan, lien_chieu, officer):
    path = "/ke-hoach/2023/giao-chi-tieu/490/"
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    form = client.get(path).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"do": "assign"}
    target_services.assign(
        plan=plan, parent=lien_chieu, values=handed(lien_chieu, NEED, 40, 40, 40, 40, 0), reasons={}, by=officer
    )
    count = Target.objects.count()
    assert "vừa được người khác sửa" in client.post(path, sent).text
    last = list(sent)[-2]
    assert "thiếu ô" in client.post(path, {name: value for name, value in sent.items() if name != last}).text
    assert client.post(path, {"do": "khac"}).status_code == 400
    assert client.post(path, {}).status_code == 400
    assert Target.objects.count() == count
