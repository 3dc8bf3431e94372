"""Plan 66 in the database against the plan's own text, clause by clause; and what the loader refuses."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agency, Event
from areas.models import Area
from areas.vietnamese import number, parse_number
from targets.indicators import APPENDIX, INDICATORS, WITH_RATE
from targets.loading import BrokenPlan, parse_plan
from targets.models import Amendment, Assignment, Clause, Indicator, Plan, Target

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "targets" / "data" / "plan-66.json"
TEXT = (HERE / "ke-hoach-66.txt").read_text(encoding="utf-8")


def flat(text):
    return " ".join(text.split())


@pytest.fixture
def ground(db):
    call_command("load_areas", verbosity=0)
    call_command("load_agencies", verbosity=0)


@pytest.fixture
def plan(ground):
    call_command("load_plan")
    return Plan.objects.get()


def section(begins, ends):
    return TEXT[TEXT.index(begins) : TEXT.index(ends)]


def numbered(text):
    """'1. …' paragraphs of a section: number → words."""
    return {int(no): flat(words) for no, words in re.findall(r"^(\d+)\. (.+)$", text, re.M)}


def test_what_stands_around_the_clauses_is_the_plans(plan):
    assert (plan.number, plan.year, plan.issued_on) == ("66/KH-UBND", 2023, date(2023, 3, 17))
    for words in (plan.general_goal, plan.funding, plan.reporting):
        assert flat(words) in flat(TEXT)
    assert len(plan.recipients) == 8
    for name in plan.recipients:
        assert f"- {name}" in TEXT
    assert "Ngô Thị Kim Yến" in plan.signed_by
    assert flat(plan.title.removeprefix("Kế hoạch ")).upper() in flat(TEXT)


@pytest.mark.parametrize(
    ("kind", "begins", "ends", "prefix"),
    [
        ("objective", "II. MỤC TIÊU CỤ THỂ", "(Phụ lục kèm theo)", "II"),
        ("solution", "III. NỘI DUNG", "IV. TỔ CHỨC", "III"),
        ("agency", "IV. TỔ CHỨC", "V. KINH PHÍ", "IV"),
    ],
)
def test_objectives_solutions_and_headings_word_by_word(plan, kind, begins, ends, prefix):
    told = {f"{prefix}.{no}": words for no, words in numbered(section(begins, ends)).items()}
    kept = dict(plan.clauses.filter(kind=kind).values_list("ref", "text"))
    assert kept == told


def test_the_43_tasks_word_by_word(plan):
    told, heading = {}, None
    for line in section("IV. TỔ CHỨC", "V. KINH PHÍ").splitlines()[1:]:
        if found := re.match(r"(\d+)\. ", line):
            heading = f"IV.{found[1]}"
        elif found := re.match(r"([a-zđ])\) (.+)", line):
            told[f"{heading}.{found[1]}"] = flat(found[2])
        elif line.strip():
            told[heading] = flat(line)
    tasks = plan.clauses.filter(kind="task").select_related("parent")
    assert {task.ref: task.text for task in tasks} == told
    assert len(told) == 43
    assert {ref for ref in told if ref.count(".") == 1} == {"IV.8", "IV.9", "IV.13", "IV.16"}
    for task in tasks:
        assert task.parent.kind == "agency"
        assert task.ref.startswith(task.parent.ref)


def test_clauses_stand_in_the_plans_order(plan):
    places = [flat(TEXT).index(flat(clause.text)) for clause in plan.clauses.filter(kind="task").order_by("order")]
    assert places == sorted(places)


WORDING = [
    ("lead_with_coordination", r"^Chủ trì, phối hợp\b"),
    ("lead", r"^Chủ trì\b"),
    ("coordinate", r"^Phối hợp\b"),
]


def test_roles_follow_the_wording(plan):
    for clause in plan.clauses.filter(kind="task").prefetch_related("assignments"):
        expected = next((role for role, words in WORDING if re.match(words, clause.text)), "own")
        assert {assignment.role for assignment in clause.assignments.all()} == {expected}, clause.ref


def test_every_task_is_owed_by_its_agency_or_by_each_member_of_its_group(plan):
    for task in plan.clauses.filter(kind="task").select_related("parent"):
        owed = {(a.agency, a.via_group) for a in task.assignments.select_related("agency", "via_group")}
        named = Agency.objects.get(name=task.parent.text)
        if named.kind == Agency.Kind.GROUP:
            assert owed == {(member, named) for member in named.members.all()}, task.ref
        else:
            assert owed == {(named, None)}, task.ref
    groups = {a.clause.parent.ref for a in Assignment.objects.exclude(via_group=None).select_related("clause__parent")}
    assert groups == {"IV.11", "IV.14", "IV.15", "IV.16"}
    assert Assignment.objects.filter(clause__ref="IV.14.a").count() == 7


def test_the_eight_amendments_old_beside_new(plan):
    refs = list(Amendment.objects.values_list("clause__ref", flat=True))
    assert refs == ["III.8", "IV.2.a", "IV.2.d", "IV.4.b", "IV.4.d", "IV.9", "IV.11.c", "IV.11.d"]
    table = flat(TEXT[TEXT.index("BẢNG TỔNG HỢP") :])
    for amendment in Amendment.objects.select_related("clause"):
        assert amendment.clause.kind in ("solution", "task")
        assert amendment.basis in table
        if amendment.change == "amended":
            assert amendment.before in table
            assert amendment.before not in flat(TEXT[: TEXT.index("PHỤ LỤC")])
            assert amendment.after in table
            assert amendment.after in amendment.clause.text
        else:
            assert (amendment.before, amendment.after) == ("", "")


# The appendix: twelve printed columns, four of them rates

COLUMNS = [name for code in APPENDIX for name in ((code, f"{code}_rate") if code in WITH_RATE else (code,))]


def printed_rows():
    """Unit → its twelve numbers exactly as printed."""
    lines = [line.strip() for line in TEXT[TEXT.index("PHỤ LỤC\n") :].splitlines() if line.strip()]
    rows = {}
    for unit in [
        "Toàn thành phố",
        *[f"Quận {n}" for n in ("Hải Châu", "Thanh Khê", "Sơn Trà", "Ngũ Hành Sơn", "Liên Chiểu", "Cẩm Lệ")],
        "Huyện Hòa Vang",
    ]:
        start = lines.index(unit) + 1
        rows[unit] = dict(zip(COLUMNS, lines[start : start + 12], strict=True))
    return rows


def test_the_appendix_to_the_last_digit(plan):
    rows = printed_rows()
    targets = Target.objects.filter(in_appendix=True).select_related("area", "indicator")
    assert targets.count() == 8 * 8
    for target in targets:
        unit = "Toàn thành phố" if target.area.is_city else target.area.full_name
        printed = rows[unit][target.indicator.code]
        assert number(target.value) == number(parse_number(printed)), (unit, target.indicator.code)
        rate = rows[unit].get(f"{target.indicator.code}_rate")
        if rate is None:
            assert target.published_rate is None
        else:
            assert number(target.published_rate, 2) == rate  # '0,30' stays '0,30'


@pytest.mark.parametrize(
    ("printed", "means"), [("6.271", 6271), ("1259", 1259), ("1.317", 1317), ("1652", 1652), ("280", 280)]
)
def test_numbers_with_and_without_dots(printed, means):
    assert printed in TEXT
    assert parse_number(printed) == means


def test_every_count_column_adds_up_and_start_less_reduction_is_end(plan):
    def values(**area):
        return dict(Target.objects.filter(in_appendix=True, **area).values_list("indicator__code", "value"))

    districts = [values(area=area) for area in Area.objects.districts().filter(has_residents=True)]
    city = values(area__level="city")
    assert len(districts) == 7
    for code in APPENDIX:
        assert sum(row[code] for row in districts) == city[code], code
    for row in [city, *districts]:
        assert row["poor_labour_start"] - row["poor_labour_reduction"] == row["poor_labour_end"]


def test_objectives_outside_the_appendix_are_targets_of_the_city(plan):
    outside = Target.objects.filter(in_appendix=False).values_list("indicator__code", "value", "area__level")
    assert set(outside) == {
        ("insurance_near_poor", Decimal(100), "city"),
        ("house_new", Decimal(80), "city"),
        ("house_repair", Decimal(200), "city"),
        ("officers_trained", Decimal(100), "city"),
        ("inspected_urban_districts", Decimal(1), "city"),
        ("inspected_rural_districts", Decimal(1), "city"),
        ("inspected_wards", Decimal(14), "city"),
    }
    assert list(Indicator.objects.values_list("code", flat=True)) == list(INDICATORS)


# Loading it again, or wrong


def everything():
    models = (Plan, Clause, Assignment, Amendment, Indicator, Target, Event)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_second_run_writes_nothing(plan):
    before = everything()
    call_command("load_plan")
    assert everything() == before


def test_a_second_run_mends_what_was_changed_and_keep_leaves_it(plan):
    Target.objects.filter(indicator__code="housing", area__level="city").update(value=281)
    Clause.objects.create(plan=plan, ref="III.9", kind="solution", text="thừa", order=99)
    call_command("load_plan", keep=True)
    assert Target.objects.get(indicator__code="housing", area__level="city").value == 281
    call_command("load_plan")
    assert Target.objects.get(indicator__code="housing", area__level="city").value == 280
    assert not Clause.objects.filter(ref="III.9").exists()


def document():
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def change(path, value):
    def changed():
        whole = document()
        inner = whole
        for key in path[:-1]:
            inner = inner[key]
        if value is None:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
        return json.dumps(whole)

    return changed


BROKEN = [
    (lambda: '{"number": \n oops}', "dòng 2: không đọc được dạng JSON"),
    (lambda: "[]", "phải là một mục"),
    (change(["issued_on"], "17/3/2023"), "issued_on: không phải một ngày"),
    (change(["issued_on"], None), "issued_on: để trống"),
    (change(["year"], "2023"), "year: phải là một năm"),
    (change(["funding"], " "), "funding: để trống"),
    (change(["recipients"], ["", "x"]), "recipients"),
    (change(["solutions", 7, "ref"], "III.7"), "III.7: mục này có hai lần"),
    (change(["objectives", 0, "ref"], "III.1"), "objectives 1, ref"),
    (change(["agencies", 1, "tasks"], []), "agencies 2, tasks: phải là một danh sách"),
    (change(["agencies", 1, "tasks", 0, "ref"], "IV.3.a"), "agencies 2, tasks 1, ref"),
    (change(["agencies", 1, "tasks", 0, "role"], "boss"), "agencies 2, tasks 1, role: “boss” không hợp lệ"),
    (change(["amendments", 0, "ref"], "III.88"), "amendments 1, ref: kế hoạch không có mục III.88"),
    (change(["amendments", 0, "after"], ""), "amendments 1, after: để trống"),
    (change(["appendix", 2, "housing"], "ba mươi"), "appendix 3, housing: “ba mươi” không phải một số"),
    (change(["appendix", 2, "housing"], "30,5"), "appendix 3, housing: “30,5” không phải số nguyên"),
    (change(["appendix", 2, "housing"], "31"), "cột housing: các quận, huyện cộng lại 281, Toàn thành phố ghi 280"),
    (change(["appendix", 2, "housing"], "-30"), "không được âm"),
    (change(["appendix", 2, "poor_labour_end"], "382"), "Quận Thanh Khê: 600 − 219 không bằng 382"),
    (change(["appendix", 2, "poor_labour_end_rate"], None), "appendix 3, poor_labour_end_rate: để trống"),
    (change(["appendix", 2, "unit"], "Quận Hải Châu"), "Quận Hải Châu có hai dòng"),
    (change(["city_targets", 0, "indicator"], "housing"), "city_targets 1, indicator"),
    (change(["city_targets", 0, "objective"], "II.9"), "city_targets 1, objective: kế hoạch không có mục II.9"),
]


@pytest.mark.parametrize(("make_text", "fault"), BROKEN)
def test_a_broken_file_is_refused_with_the_place_at_fault(make_text, fault):
    with pytest.raises(BrokenPlan, match=re.escape(fault)):
        parse_plan(make_text(), "ke-hoach.json")


@pytest.mark.parametrize(
    ("make_text", "fault"),
    [
        (change(["agencies", 3, "name"], "Sở Lạ"), "mục IV.4: không có cơ quan “Sở Lạ”"),
        (change(["appendix", 3, "unit"], "Quận Lạ"), "phụ lục, Quận Lạ: không có quận, huyện tên này"),
        (change(["appendix", 2, "housing"], "31"), "cột housing"),
    ],
)
def test_a_broken_file_writes_nothing(ground, tmp_path, make_text, fault):
    file = tmp_path / "ke-hoach.json"
    file.write_text(make_text(), encoding="utf-8")
    before = everything()
    with pytest.raises(CommandError, match=f"{re.escape(fault)}.*Chưa ghi gì"):
        call_command("load_plan", file=file)
    assert everything() == before


def test_broken_in_its_middle_it_leaves_nothing_behind(ground, monkeypatch):
    before = everything()
    monkeypatch.setattr("targets.services._write_targets", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("load_plan")
    assert everything() == before


def test_it_asks_for_what_must_be_loaded_first(db, tmp_path):
    with pytest.raises(CommandError, match="chạy load_areas trước"):
        call_command("load_plan")
    call_command("load_areas", verbosity=0)
    with pytest.raises(CommandError, match="chạy load_agencies trước"):
        call_command("load_plan")
    with pytest.raises(CommandError, match="Không mở được tệp"):
        call_command("load_plan", file=tmp_path / "khong-co.json")
    assert not Plan.objects.exists()


def test_one_plan_a_year(plan, tmp_path):
    file = tmp_path / "khac.json"
    file.write_text(change(["number"], "67/KH-UBND")(), encoding="utf-8")
    with pytest.raises(CommandError, match="năm 2023 đã có Kế hoạch 66/KH-UBND"):
        call_command("load_plan", file=file)
