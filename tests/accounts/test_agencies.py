"""The agencies of section IV, loaded as often as one likes; what the office edits stays."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.loading import BrokenAgencies, parse_agencies
from accounts.management.commands.load_agencies import DATA
from accounts.models import Agency, Event

SECTION_IV = [
    "Sở Lao động - Thương binh và Xã hội",
    "Sở Y tế",
    "Sở Giáo dục và Đào tạo",
    "Sở Xây dựng",
    "Sở Nông nghiệp và Phát triển nông thôn",
    "Sở Thông tin và Truyền thông",
    "Sở Kế hoạch và Đầu tư",
    "Sở Tài chính",
    "Sở Ngoại vụ",
    "Sở Tư pháp",
    "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố, các hội, đoàn thể",
    "Chi nhánh Ngân hàng Chính sách xã hội thành phố",
    "Bảo hiểm xã hội thành phố",
    "UBND các quận, huyện",
    "Các Sở, ngành liên quan",
    "Các cơ quan báo chí thành phố",
]


@pytest.fixture
def shipped(db):
    call_command("load_areas")
    call_command("load_agencies")


def test_the_sixteen_of_the_plan_in_its_order(shipped):
    assert [a.name for a in Agency.objects.order_by("order") if a.order % 10 == 0] == SECTION_IV
    assert Agency.objects.count() == 16 + 7 + 5 + 2
    assert all(agency.code.isascii() for agency in Agency.objects.all())


def test_groups_name_their_members(shipped):
    def members(code):
        return [agency.name for agency in Agency.objects.get(code=code).members.order_by("order")]

    assert members("so-nganh-lien-quan") == SECTION_IV[:10]
    assert members("co-quan-bao-chi") == ["Báo Đà Nẵng", "Đài Phát thanh - Truyền hình Đà Nẵng"]
    assert len(members("mat-tran-doan-the")) == 5
    districts = Agency.objects.get(code="ubnd-quan-huyen").members.order_by("order").select_related("area")
    assert [f"UBND {d.area.full_name[0].lower()}{d.area.full_name[1:]}" for d in districts] == [
        d.name for d in districts
    ]
    assert [d.area.order for d in districts] == [1, 2, 3, 4, 5, 6, 7]
    on = Agency.objects.existing_on
    assert (
        on(date(2023, 5, 31)).filter(kind="district").count(),
        on(date(2025, 7, 1)).filter(kind="district").count(),
    ) == (7, 0)


def test_twice_is_once_and_what_the_office_edited_stays(shipped):
    lines = Event.objects.count()
    group = Agency.objects.get(code="co-quan-bao-chi")
    group.members.remove(Agency.objects.get(code="dai-ptth"))
    Agency.objects.filter(code="so-ngoai-vu").update(valid_to=date(2025, 2, 28))
    call_command("load_agencies")
    assert group.members.count() == 1
    assert Agency.objects.get(code="so-ngoai-vu").valid_to == date(2025, 2, 28)
    assert Event.objects.count() == lines

    Agency.objects.filter(code="so-y-te").update(name="Sở Y Tế")
    call_command("load_agencies", keep=True)
    assert Agency.objects.get(code="so-y-te").name == "Sở Y Tế"
    call_command("load_agencies")
    assert Agency.objects.get(code="so-y-te").name == "Sở Y tế"
    assert Event.objects.filter(action="agency.loaded").latest("id").before["name"] == "Sở Y Tế"


def test_every_entry_says_where_it_comes_from():
    entries = json.loads((DATA / "agencies.json").read_text())["agencies"]
    assert all(entry["source"] for entry in entries)
    assert all(entry["members_source"] for entry in entries if entry["kind"] == "group")


GOOD = {"code": "so-a", "name": "Sở A", "short_name": "A", "kind": "department", "order": 1}
GROUP = {"code": "nhom", "name": "Nhóm", "short_name": "N", "kind": "group", "order": 2, "members": ["so-a"]}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([GOOD | {"name": " "}], "mục 1, name"),
        ([GOOD | {"code": "Sở A"}], "mục 1, code"),
        ([GOOD, GOOD], "mục 2, code"),
        ([GOOD | {"kind": "office"}], "mục 1, kind"),
        ([GOOD | {"order": "1"}], "mục 1, order"),
        ([GOOD | {"area": "492"}], "mục 1, area"),
        ([GOOD | {"kind": "district"}], "mục 1, area"),
        ([GOOD | {"members": ["so-b"]}], "mục 1, members"),
        ([GOOD | {"valid_to": "2023-02-30"}], "mục 1, valid_to"),
        ([GOOD, GROUP | {"members": []}], "mục 2, members"),
        ([GOOD, GROUP | {"members": "so-a"}], "mục 2, members"),
        ([GOOD, GROUP | {"members": ["so-b"]}], "nhom, members"),
        ([GOOD, GROUP, GROUP | {"code": "nhom-2", "members": ["nhom"]}], "nhom-2, members"),
        (["so-a"], "mục 1"),
        (None, "agencies"),
    ],
)
def test_broken_agencies_are_refused_with_the_entry(entries, said):
    text = json.dumps({"valid_from": "2016-01-01", "agencies": entries})
    with pytest.raises(BrokenAgencies, match=said):
        parse_agencies(text, "a.json")


def test_a_broken_file_writes_nothing(db, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"valid_from": "2016-01-01",\n "agencies": [}')
    with pytest.raises(CommandError, match="a.json, dòng 2.*Chưa ghi gì"):
        call_command("load_agencies", file=path)
    with pytest.raises(CommandError, match="nạp địa bàn trước"):
        call_command("load_agencies")  # no areas yet: the agencies before the first district are taken back
    assert not Agency.objects.exists()
    assert not Event.objects.exists()


def test_only_a_districts_committee_has_an_area(areas):
    with pytest.raises(ValidationError) as refused:
        Agency(
            code="x", name="X", short_name="X", kind="press", area=areas["urban"], valid_from=date(2020, 1, 1)
        ).full_clean()
    assert list(refused.value.message_dict) == ["area"]
