"""The audit: a figure falsified in the database is found, named, and gone once it agrees again."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Event
from households.models import Result, StatusSpell
from reports import audit_services
from reports.models import Finding, Line
from targets.models import Figure, Indicator, Target
from tests import make

TODAY = date(2023, 12, 1)


def keep():
    return audit_services.keep_findings(today=TODAY, at=timezone.now())


def found(check):
    return [finding.says for finding in Finding.objects.filter(check_code=check)]


@pytest.fixture
def clean(report):
    """The year of the report; what the small plan itself does not make agree is found before anything is falsified."""
    keep()
    return set(Finding.objects.values_list("check_code", "subject"))


def news(clean):
    return {(f.check_code, f.says) for f in Finding.objects.all() if (f.check_code, f.subject) not in clean}


def test_a_second_audit_writes_nothing(clean):
    before = list(Finding.objects.values()), Event.objects.count()
    assert keep()[1] == 0
    assert (list(Finding.objects.values()), Event.objects.count()) == before


def test_a_falsified_line_of_a_frozen_report_is_found_and_settled(clean):
    line = Line.objects.filter(indicator="housing").order_by("order").first()
    Line.objects.filter(pk=line.pk).update(actual=line.actual + 7)
    keep()
    told = news(clean)
    assert ("sealed", "Các dòng số liệu không khớp mã kiểm tra đã ghi khi chốt") in told
    assert ("frozen", f"Chốt {int(line.actual) + 7}, tính lại {int(line.actual)}") in told
    Line.objects.filter(pk=line.pk).update(actual=line.actual)
    keep()
    assert news(clean) == set()
    assert set(Event.objects.filter(action="audit.settled").values_list("before__check", flat=True)) == {
        "sealed",
        "frozen",
    }


def test_two_spells_at_once_are_found(clean, year):
    spell = StatusSpell.objects.filter(valid_to=None).first()
    StatusSpell.objects.create(
        **{name: getattr(spell, name) for name in ("household", "standard", "ward", "category", "persons")},
        **{name: getattr(spell, name) for name in ("has_labour", "special_hardship", "has_merit", "ethnic_minority")},
        valid_from=spell.valid_from,
        valid_to=date(2023, 11, 1),
        opened_as=spell.opened_as,
        closed_as="escaped",
    )
    keep()
    assert sum(check == "overlap" for check, _ in news(clean)) == 1


def test_a_target_that_no_longer_adds_up_is_found(clean):
    target = Target.objects.get(indicator__code="housing", area__code="492")
    Target.objects.filter(pk=target.pk).update(value=target.value + 4)
    keep()
    assert ("target", "Cộng lại 7, được giao 3: thừa 4") in news(clean)
    whole = Target.objects.get(indicator__code="housing", area__level="city")
    Target.objects.filter(pk=whole.pk).update(sum_reason="Quận tự nguyện thêm.")
    keep()
    assert not [check for check, _ in news(clean) if check == "target"]


def test_a_typed_figure_of_the_city_is_laid_beside_its_districts(clean, areas):
    common = {"indicator": Indicator.objects.get(code="officers_trained"), "day": date(2023, 11, 30)}
    for area, count in ((areas["city"], 5), (areas["urban"], 2), (areas["rural"], 2)):
        Figure.objects.create(area=area, count=count, whole=10, evidence="thử", **common)
    keep()
    told = {says for check, says in news(clean) if check == "typed"}
    assert told == {
        "Đã đạt: thành phố 5, các quận, huyện cộng lại 4",
        "Tổng số: thành phố 10, các quận, huyện cộng lại 20",
    }


def test_a_falsified_result_and_spell_are_found(plan, areas, standards):
    household = make.a_household(areas["ward"])
    officer, leader = make.a_user("ward_officer", areas["ward"]), make.a_user("ward_leader", areas["ward"])
    decision = {"state": "decided", "decided_on": date(2023, 11, 1), "decided_by": leader, "decision_number": "1/QĐ"}
    review = make.a_review(household, officer, **decision)
    standard = standards[0]
    result = Result.objects.create(review=review, standard=standard, category="poor", receipt={}, rule_version="1")
    spell = StatusSpell.objects.create(
        household=household,
        standard=standard,
        ward=areas["ward"],
        category="near_poor",
        persons=review.persons,
        has_labour=not review.has_labour,
        special_hardship=review.special_hardship,
        has_merit=False,
        ethnic_minority=False,
        valid_from=review.decided_on,
        opened_as="new",
        opened_by=review,
    )
    keep()
    assert found("spell")
    StatusSpell.objects.filter(pk=spell.pk).update(category="poor", has_labour=review.has_labour)
    keep()
    assert not found("spell")
    assert not found("result")
    Result.objects.filter(pk=result.pk).update(category="near_poor")
    keep()
    assert found("result") == ["Lưu: hộ cận nghèo; tính lại từ phiếu: hộ nghèo"]


def test_the_plans_own_rates_are_the_only_thing_that_disagrees_in_it(db, capsys):
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    call_command("audit_figures")
    told = capsys.readouterr().out
    assert "Điểm không khớp: 6 (Tỷ lệ in khác tỷ lệ tính lại 6); mới 6." in told
    assert "Thành phố Đà Nẵng, hộ nghèo còn sức lao động cuối năm: In kế hoạch 1,39; tính lại 1,40" in told


def test_the_page_is_the_programme_offices(as_user, clean):
    page = as_user("cuc").get("/bao-cao/kiem-tra/").content.decode()
    assert "Kiểm tra số liệu" in page
    assert as_user("leader").get("/bao-cao/kiem-tra/").status_code == 403
    assert "/bao-cao/kiem-tra/" not in as_user("leader").get("/bao-cao/").content.decode()
