"""What stands in a unit's report: sections of two authors, figures with their evidence, the checks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from reports import checks, unit_content, unit_services
from reports.models import DutyRule, FigureFile, PartEdit, UnitFigure
from reports.states import Move
from targets.models import Indicator
from targets.task_services import Given
from tests.reports.test_prose import WORD
from tests.reports.units import DAY, NOON, PDF, a_stage, explain_all, handed_in, move, write
from tests.targets.tasks import moved


@pytest.fixture
def stage(areas, cast, year, plan):
    return a_stage(areas, cast, plan)


def save(part, text, by, version, at=NOON):
    return unit_services.save_part(part=part, text=text, version=version, by=by, at=at)


def test_two_authors_do_not_overwrite_each_other(stage, cast):
    part = stage["health"].parts.first()
    save(part, "Của người thứ nhất.", cast["writer"], 1)
    with pytest.raises(unit_services.Conflict) as conflict:
        save(part, "Của người thứ hai.", cast["chief"], 1)
    assert (conflict.value.part.text, conflict.value.part.edited_by) == ("Của người thứ nhất.", cast["writer"])
    part.refresh_from_db()
    assert (part.text, part.version) == ("Của người thứ nhất.", 2)
    assert save(part, "Của người thứ nhất.", cast["chief"], 1).version == 2, "the same words are no conflict"
    assert save(part, "Gộp.", cast["chief"], 2).version == 3


def test_one_sitting_is_one_edit_and_each_author_has_his_own(stage, cast):
    part = stage["health"].parts.first()
    version = 1
    for minutes, by, text in ((0, "writer", "a"), (1, "writer", "ab"), (2, "chief", "abc"), (30, "chief", "abcd")):
        version = save(part, text, cast[by], version, NOON + timedelta(minutes=minutes)).version
    assert list(PartEdit.objects.order_by("id").values_list("text", flat=True)) == ["ab", "abc", "abcd"]
    assert Event.objects.filter(action="duty.written").count() == 3


def test_pasted_markup_is_cleaned_and_too_much_is_refused(stage, cast):
    part = stage["health"].parts.first()
    assert save(part, WORD, cast["writer"], 1).text.startswith("**Kết quả** năm 2023")
    with pytest.raises(ValidationError, match="không quá"):
        save(part, "a" * 20_001, cast["writer"], 2)


@pytest.mark.parametrize("name", ["writer2", "cuc", "staff", "leader"])
def test_another_unit_writes_nothing(stage, cast, name):
    duty = stage["health"]
    with pytest.raises(PermissionDenied):
        save(duty.parts.first(), "x", cast[name], 1)
    with pytest.raises(PermissionDenied):
        unit_services.type_figure(duty=duty, name="a", unit="b", typed=1, source="c", by=cast[name], at=NOON)


def type_it(duty, by, **more):
    given = {"duty": duty, "by": by, "at": NOON, "source": "Công văn 1"} | more
    return unit_services.type_figure(**given)


def test_a_committees_figures_are_those_of_its_area_as_of_the_day(stage, cast):
    rows = {row.code: row for row in unit_content.figure_rows(stage["committee"], DAY)}
    assert set(rows) == {
        "poor_labour_start", "poor_labour_reduction", "central_poor_reduction", "special_hardship_reduction",
        "poor_labour_end", "near_poor_reduction", "housing", "job_introductions",
    }  # fmt: skip
    assert (rows["poor_labour_reduction"].computed, rows["poor_labour_reduction"].target) == (1, 2)
    assert rows["housing"].url == "/ke-hoach/chi-tieu/housing/?dia_ban=492&ngay=2023-05-31"


def test_a_department_reports_what_it_answers_for_and_what_its_rule_adds(stage, cast):
    agency = stage["health"].agency
    assert unit_content.figure_rows(stage["health"], DAY) == []
    Indicator.objects.filter(code="insurance_near_poor").update(owner=agency)
    DutyRule.objects.create(agency=agency).indicators.set(Indicator.objects.filter(code="house_new"))
    rows = unit_content.figure_rows(stage["health"], DAY)
    assert [(row.code, row.computed, row.unit) for row in rows] == [
        ("insurance_near_poor", 75, "%"),
        ("house_new", 1, "nhà"),
    ]


def test_a_typed_figure_says_where_it_comes_from_and_differs_with_a_reason(stage, cast):
    duty, by = stage["committee"], cast["writer2"]
    with pytest.raises(ValidationError) as refused:
        type_it(duty, by, code="housing", typed=Decimal(3), source="")
    assert "source" in refused.value.message_dict
    type_it(duty, by, code="housing", typed=Decimal(3), files=[PDF])
    with pytest.raises(ValidationError, match="Người khác vừa nhập"):
        type_it(duty, by, code="housing", typed=Decimal(4))
    write(duty, by)
    with pytest.raises(ValidationError, match=r"đơn vị nhập 3, tính từ danh sách được 1.*Cần giải trình"):
        move(duty, Move.SUBMIT, by)
    explain_all(duty, by)
    type_it(duty, by, code="housing", typed=Decimal(2), version=1)
    with pytest.raises(ValidationError, match="đơn vị nhập 2"):
        move(duty, Move.SUBMIT, by)  # the explanation was of another figure
    explain_all(duty, by)
    move(duty, Move.SUBMIT, by)
    kept = UnitFigure.objects.get(duty=duty, code="housing")
    assert (kept.typed, kept.computed, kept.target) == (2, 1, 2)


def test_what_was_handed_in_stays_as_it_was(stage, cast, year):
    duty = stage["committee"]
    handed_in(duty, cast["writer2"])
    year["stays"].spells.all().delete()
    rows = {row.code: row.value for row in unit_content.figure_rows(duty, DAY)}
    assert rows["poor_labour_reduction"] == 1


def test_evidence_is_checked_by_content_and_stays_between_unit_and_office(stage, cast):
    duty, by = stage["health"], cast["writer"]
    with pytest.raises(ValidationError) as refused:
        type_it(duty, by, name="Học bổng", unit="suất", typed=Decimal(5), files=[Given("a.pdf", b"MZ")])
    assert "files" in refused.value.message_dict
    assert not UnitFigure.objects.exists()
    type_it(duty, by, name="Học bổng", unit="suất", typed=Decimal(5), files=[PDF])
    file = FigureFile.objects.get()
    assert unit_services.download(file=file, by=cast["chief"]) == PDF.content
    for name in ("writer2", "leader", "cuc"):
        with pytest.raises(PermissionDenied):
            unit_services.download(file=file, by=cast[name])
    handed_in(duty, by)
    assert unit_services.download(file=file, by=cast["cuc"]) == PDF.content


def given(**more):
    values = {"key": "housing", "name": "Nhà", "unit": "nhà", "typed": None, "computed": Decimal(3), "previous": None}
    return checks.Given(**values | more)


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (given(), []),
        (given(computed=None), [("missing", True)]),
        (given(computed=None, asked=False), []),
        (given(typed=Decimal("2.5")), [("range", True)]),
        (given(typed=Decimal(-1)), [("range", True)]),
        (given(key="near_poor_reduction", unit="hộ", computed=Decimal(-4)), []),
        (given(unit="%", computed=Decimal("100.01")), [("range", True)]),
        (given(unit="%", computed=Decimal(100)), []),
        (given(denominator=Decimal(2)), [("range", True)]),
        (given(previous=Decimal(4), rises=True), [("below", False)]),
        (given(previous=Decimal(4)), []),
        (given(typed=Decimal(4)), [("differs", False)]),
        (given(typed=Decimal(3)), []),
    ],
)
def test_the_checks(figure, says):
    assert [(one.key.partition(":")[0], one.is_error) for one in checks.of_figures([figure])] == says


def test_tasks_stand_as_they_did_on_the_periods_day(stage, cast):
    """Whatever was done since: a report of 31 May that is written in June does not tell of June."""
    for day, what, percent in ((-1, "update", 40), (3, "update", 70), (5, "finish", 100)):
        moved(stage["task"], what, cast["writer"], percent=percent, at=NOON + timedelta(days=day))
    told = {day: unit_content.task_rows(stage["health"], DAY + timedelta(days=day))[0] for day in (-2, 0, 4, 6)}
    assert [row.percent for row in told.values()] == [0, 40, 70, 100]
    labels = [row.label for row in told.values()]
    assert labels == ["Chưa bắt đầu", "Đang làm", "Đang làm", "Xong, chờ xác nhận"]
