from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import Event, Installation
from reports import services
from reports.content import checksum, objectives_of
from reports.letter_queries import content_of
from reports.models import Document, Line, Period, Report
from reports.queries import still_whole
from targets.indicators import INDICATORS
from targets.models import Figure, Indicator
from tests import make
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db


def line(report, area, indicator):
    return report.lines.get(area__code=area, indicator=indicator)


def test_lines_are_the_figures_of_that_day_beside_the_plan(report):
    assert (report.version, report.as_of, report.reason) == (1, DAY, "")
    assert report.lines.count() == 3 * len(INDICATORS)  # the city and two districts
    cut = line(report, "48", "poor_labour_reduction")
    assert (cut.target, cut.actual, cut.reached) == (3, 1, Decimal("33.33"))
    assert (cut.published_rate, cut.denominator, cut.computed_rate) == (Decimal("0.15"), 2000, Decimal("0.05"))
    assert line(report, "48", "central_poor_reduction").actual == 1
    assert line(report, "497", "poor_labour_reduction").actual == 0
    assert line(report, "48", "job_introductions").actual == 1, "the job of 1 June belongs to the next report"
    assert (
        line(report, "48", "insurance_near_poor").actual,
        line(report, "48", "insurance_near_poor").denominator,
    ) == (3, 4)
    assert line(report, "48", "officers_trained").actual is None, "nobody typed it: unknown, not zero"
    assert report.unconfirmed == "Chuẩn thành phố 2022-2025"
    assert not report.residents_derived
    assert Period.objects.get().state == Period.State.FROZEN


def test_amounts_in_dong_are_frozen_to_the_last_one(period, year, areas):
    owed = Indicator.objects.get(code="loans_outstanding")
    Figure.objects.create(indicator=owed, area=areas["city"], day=DAY, count=4_567_890_123_457, evidence="Sổ")
    report = services.make(period=period, today=date(2023, 6, 1))
    assert line(report, "48", "loans_outstanding").actual == 4_567_890_123_457
    assert still_whole(report)


def test_counts_that_were_kept_as_decimals_give_the_same_sum_and_the_same_bytes(report):
    """Reports frozen before amounts were: their counts had two decimals in the table."""

    def older(row):
        return None if row.actual is None else Decimal(f"{row.actual}.00")

    lines = list(report.lines.select_related("area"))
    content = content_of(report)
    units = [
        replace(unit, figures={code: replace(each, actual=older(each)) for code, each in unit.figures.items()})
        for unit in content.units
    ]
    content = replace(
        content, units=units, objectives=objectives_of(units[0], [one.text for one in content.objectives])
    )
    for row in lines:
        row.actual = older(row)
    plan, agencies = report.period.plan, report.agencies.all()
    assert checksum(plan_number=plan.number, as_of=DAY, lines=lines, agencies=agencies) == report.checksum
    for document in report.documents.all():
        assert services.RENDERERS[document.format](content) == bytes(document.content), document.format


def test_a_frozen_period_is_frozen_once(report, period):
    again = services.make(period=period, today=date(2023, 6, 1))
    assert again == report
    assert (Report.objects.count(), Document.objects.count()) == (1, 4)
    assert Event.objects.filter(action="report.frozen").count() == 1


def test_a_later_correction_changes_nothing_until_the_report_is_made_again(report, period, year, cast):
    before = {doc.format: bytes(doc.content) for doc in report.documents.all()}
    spell = year["next"].spells.get()
    spell.valid_to, spell.closed_as = date(2023, 5, 30), "escaped"
    spell.save()
    services.make(period=period, today=date(2023, 6, 2))
    assert line(report, "48", "poor_labour_reduction").actual == 1
    second = services.make(
        period=period, today=date(2023, 6, 2), by=cast["cuc"], reason=" Bổ sung  quyết định ", replaces=1
    )
    assert (second.version, second.reason, second.frozen_by) == (2, "Bổ sung quyết định", cast["cuc"])
    assert line(second, "48", "poor_labour_reduction").actual == 2
    assert second.checksum != report.checksum
    first = Report.objects.get(version=1)
    assert first.checksum == report.checksum
    assert {doc.format: bytes(doc.content) for doc in first.documents.all()} == before
    assert Event.objects.get(action="report.frozen", subject_id=str(second.pk)).after["reason"] == "Bổ sung quyết định"


def test_asked_twice_for_one_correction_there_is_one(report, period):
    services.make(period=period, today=DAY, reason="Sửa số", replaces=1)
    with pytest.raises(ValidationError, match="Đã có bản 2"):
        services.make(period=period, today=DAY, reason="Sửa số", replaces=1)
    assert Report.objects.count() == 2


def test_the_future_cannot_be_frozen(year, period):
    with pytest.raises(ValidationError, match="chưa đến ngày"):
        services.make(period=period, today=date(2023, 5, 30))
    assert not Report.objects.exists()
    assert Period.objects.get().claimed_at is None


def test_a_report_about_nothing_is_not_made(period, standards):
    with pytest.raises(services.NothingToCount):
        services.make(period=period, today=DAY)
    assert not Report.objects.exists()


def test_the_same_figures_give_the_same_checksum_and_another_figure_another(report, period):
    assert still_whole(Report.objects.get())
    again = services.make(period=period, today=DAY, reason="Lập lại để đối chiếu")
    assert again.checksum == report.checksum
    Line.objects.filter(report=report, area__code="492", indicator="housing").update(actual=99)
    assert not still_whole(report)


def test_figures_that_were_tampered_with_are_not_rendered(year, period):
    report = services.freeze(period=period, today=DAY)
    Line.objects.filter(report=report, indicator="housing").update(actual=99)
    with pytest.raises(ValidationError, match="không khớp"):
        services.generate(report=report)
    assert not Document.objects.exists()


def test_demonstration_and_derived_residents_are_frozen_with_the_figures(year, period, areas):
    Installation.objects.create(pk=1, demo=True)
    areas["urban"].residents.update(derived=True)
    report = services.freeze(period=period, today=DAY)
    assert report.demo
    assert report.residents_derived


def test_freezing_that_breaks_leaves_nothing(year, period, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(Line.objects, "bulk_create", broken)
    events = Event.objects.count()
    with pytest.raises(RuntimeError):
        services.make(period=period, today=DAY)
    assert not Report.objects.exists()
    assert Event.objects.count() == events
    found = Period.objects.get()
    assert (found.state, found.claimed_at) == (Period.State.OPEN, None)


def test_the_database_refuses_a_second_report(report):
    with pytest.raises(IntegrityError):
        Report.objects.create(period=report.period, version=1, as_of=DAY, checksum="x")


def test_the_database_wants_a_reason_for_a_correction(report):
    with pytest.raises(IntegrityError):
        Report.objects.create(period=report.period, version=2, as_of=DAY, checksum="x")


def test_a_unit_without_targets_has_no_line(areas, year, period):
    make.an_area("district", "498", "Huyện Hoàng Sa", areas["city"], order=8)
    report = services.freeze(period=period, today=DAY)
    assert set(report.lines.values_list("area__code", flat=True)) == {"48", "492", "497"}
