"""The shipped city: 1 + 8 + 56, loaded as often as one likes; a broken file changes nothing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from areas.management.commands.load_areas import DATA
from areas.models import Area, ResidentHouseholds
from areas.services import place
from tests import make

pytestmark = pytest.mark.django_db
APPENDIX = ["Hải Châu", "Thanh Khê", "Sơn Trà", "Ngũ Hành Sơn", "Liên Chiểu", "Cẩm Lệ", "Hòa Vang"]


@pytest.fixture
def shipped(capsys):
    call_command("load_areas")
    return capsys.readouterr().out


def test_the_city_of_2023(shipped):
    on = Area.objects.existing_on(date(2023, 1, 1))
    assert (on.filter(level="city").count(), on.districts().count(), on.wards().count()) == (1, 8, 56)
    assert (on.wards().filter(zone="urban").count(), on.wards().filter(zone="rural").count()) == (45, 11)
    assert Area.objects.existing_on(date(2019, 1, 1)).count() == 65
    assert Area.objects.existing_on(date(2025, 1, 1)).wards().count() == 56 - 12  # the merged ones
    assert Area.objects.existing_on(date(2025, 7, 1)).count() == 1
    assert [area.name for area in on.districts().order_by("order")] == [*APPENDIX, "Hoàng Sa"]
    assert [area.name for area in on.filter(has_residents=False)] == ["Hoàng Sa"]


def test_paths_follow_the_parents(shipped):
    city = Area.objects.get(level="city")
    assert city.path == f"{city.pk}/"
    for area in Area.objects.exclude(parent=None).select_related("parent"):
        assert area.path == f"{area.parent.path}{area.pk}/"
    counts = {d.name: Area.objects.under(d).wards().count() for d in Area.objects.districts()}
    assert counts == dict(zip([*APPENDIX, "Hoàng Sa"], [13, 10, 7, 4, 5, 6, 11, 0], strict=True))


def test_resident_households_say_that_they_are_derived(shipped):
    rows = ResidentHouseholds.objects.filter(year=2023).order_by("area__order").select_related("area")
    assert [(row.area.name, row.households) for row in rows] == list(
        zip(APPENDIX, [54274, 48000, 37695, 22331, 56770, 42789, 38220], strict=True)
    )
    assert all(row.derived and "Suy ra" in row.source for row in rows)


def test_twice_is_once(shipped, capsys, django_assert_max_num_queries):
    before = list(Area.objects.values()), list(ResidentHouseholds.objects.values())
    with django_assert_max_num_queries(30):
        call_command("load_areas")
    assert (list(Area.objects.values()), list(ResidentHouseholds.objects.values())) == before
    assert "thêm 0, sửa 0, giữ nguyên 65" in capsys.readouterr().out


def test_what_was_edited_comes_back_to_the_file_unless_kept(shipped):
    Area.objects.filter(code="492").update(name="Hai Chau")
    call_command("load_areas", keep=True)
    assert Area.objects.get(code="492").name == "Hai Chau"
    call_command("load_areas")
    assert Area.objects.get(code="492").name == "Hải Châu"


def test_a_counted_number_is_not_replaced_by_a_derived_one(shipped):
    ResidentHouseholds.objects.filter(area__code="492").update(
        households=55000, derived=False, source="Công an thành phố"
    )
    call_command("load_areas")
    assert ResidentHouseholds.objects.get(area__code="492").households == 55000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ward,20332,497", "ward,20332,499", "cột parent_code: không có đơn vị 499"),
        ("Xã,rural,11,yes", "Xã,,11,yes", "cột zone"),
    ],
)
def test_a_broken_file_writes_nothing(tmp_path, old, new, said):
    text = (DATA / "areas-2023.csv").read_text()
    assert old in text
    path = tmp_path / "hong.csv"
    path.write_text(text.replace(old, new))
    line = next(n for n, words in enumerate(path.read_text().splitlines(), 1) if new in words)
    with pytest.raises(CommandError, match=f"hong.csv, dòng {line}, {said}.*Chưa ghi gì"):
        call_command("load_areas", file=path)
    assert not Area.objects.exists()


def test_residents_of_an_unknown_area_write_nothing(tmp_path, shipped):
    path = tmp_path / "r.csv"
    path.write_text("code,year,households,derived,source\n492,2024,1,no,x\n777,2024,1,no,x\n")
    with pytest.raises(CommandError, match="r.csv, dòng 3, cột code: không có địa bàn mã 777"):
        call_command("load_areas", residents=path)
    assert not ResidentHouseholds.objects.filter(year=2024).exists()


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match="Không mở được"):
        call_command("load_areas", file=tmp_path / "khong-co.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("# một\nlevel,\xe0".encode("latin-1", "replace"))
    with pytest.raises(CommandError, match="dòng 2: không phải mã UTF-8"):
        call_command("load_areas", file=path)


def test_a_moved_district_takes_its_wards_along(areas):
    other = make.an_area("city", "49", "Thành phố Khác")
    areas["urban"].parent = other
    areas["urban"].save()
    place(area=areas["urban"])
    areas["ward"].refresh_from_db()
    assert areas["ward"].path == f"{other.pk}/{areas['urban'].pk}/{areas['ward'].pk}/"
    assert not Area.objects.under(areas["city"]).filter(pk=areas["ward"].pk).exists()


@pytest.mark.parametrize(("name", "parent"), [("ward", "city"), ("ward", None), ("urban", "rural"), ("city", "rural")])
def test_levels_stand_in_order(areas, name, parent):
    area = areas[name]
    area.parent = areas[parent] if parent else None
    with pytest.raises(ValidationError) as refused:
        area.full_clean()
    assert "parent" in refused.value.message_dict
