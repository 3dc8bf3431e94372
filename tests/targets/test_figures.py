"""Figures that somebody types: what the form says at the field, what the service refuses, what is written."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event
from targets.figure_services import enter_figure
from targets.forms import FigureForm
from targets.models import Figure, Indicator, Plan

TODAY = date(2023, 9, 30)


@pytest.fixture
def plan(areas):
    for code, unit, source in (("officers_trained", "percent", "typed"), ("housing", "house", "supports")):
        Indicator.objects.create(code=code, name=code, definition="x", unit=unit, source=source)
    return Plan.objects.create(number="66/KH-UBND", year=2023, title="x", issued_on=date(2023, 3, 17))


def typed(areas, **more):
    return {
        "indicator": Indicator.objects.get(code="officers_trained").pk,
        "area": areas["city"].pk,
        "day": "30/09/2023",
        "count": "612",
        "whole": "1.140",
        "evidence": "Báo cáo 12/BC-SLĐTBXH",
    } | {name: str(value) for name, value in more.items()}


def form_of(plan, data, user):
    return FigureForm(data, plan=plan, today=TODAY, user=user)


def test_numbers_and_days_as_offices_write_them(plan, areas, cast):
    form = form_of(plan, typed(areas, count="1.000", whole="1.140"), cast["cuc"])
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["count"], form.cleaned_data["whole"]) == (1000, 1140)
    assert form.cleaned_data["day"] == TODAY


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"day": "31/09/2023"}, "day", "Không có ngày này"),
        ({"day": ""}, "day", "Ghi ngày."),
        ({"day": "01/10/2023"}, "day", "Chưa đến ngày này. Ghi ngày không sau 30/09/2023."),
        ({"day": "31/12/2022"}, "day", "của năm 2023"),
        ({"count": "1.141"}, "count", "không được lớn hơn tổng số (1.140)"),
        ({"count": "-1"}, "count", "không được âm"),
        ({"count": "sáu trăm"}, "count", "Ghi một số nguyên"),
        ({"count": "6,5"}, "count", "Ghi một số nguyên"),
        ({"count": "9" * 30}, "count", "Số này lớn quá"),
        ({"count": ""}, "count", "Ghi số thực hiện."),
        ({"whole": "0", "count": "0"}, "whole", "Tổng số phải lớn hơn 0."),
        ({"evidence": "   "}, "evidence", "Ghi nguồn hoặc minh chứng."),
        ({"indicator": "", "whole": ""}, "indicator", "Chọn chỉ tiêu."),
        ({"whole": ""}, "whole", "Ghi tổng số."),
        ({"area": ""}, "area", "Chọn địa bàn."),
    ],
)
def test_each_mistake_is_named_at_its_field_and_only_there(plan, areas, cast, wrong, field, message):
    form = form_of(plan, typed(areas, **wrong), cast["cuc"])
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert message in form.errors[field][0]


def test_wards_are_not_offered(plan, areas, cast):
    assert set(form_of(plan, typed(areas, area=areas["ward"].pk), cast["cuc"]).errors) == {"area"}


def given(areas, cast, plan, **more):
    return {
        "plan": plan,
        "indicator": Indicator.objects.get(code="officers_trained"),
        "area": areas["city"],
        "day": TODAY,
        "count": 612,
        "whole": 1140,
        "evidence": " Báo cáo 12 ",
        "today": TODAY,
        "by": cast["cuc"],
    } | more


def test_a_figure_is_written_with_its_line_in_the_log(plan, areas, cast):
    figure = enter_figure(**given(areas, cast, plan))
    assert Figure.objects.get() == figure
    assert (figure.entered_by, figure.evidence) == (cast["cuc"], "Báo cáo 12")
    line = Event.objects.get(action="figure.entered")
    assert (line.by, line.area, line.after["count"]) == (cast["cuc"], areas["city"], 612)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": date(2023, 10, 1)}, "day"),
        ({"day": date(2022, 12, 31)}, "day"),
        ({"count": 1141}, "count"),
        ({"count": -1}, "count"),
        ({"whole": 0, "count": 0}, "whole"),
        ({"evidence": "  "}, "evidence"),
    ],
)
def test_the_service_refuses_what_the_form_would(plan, areas, cast, wrong, field):
    with pytest.raises(ValidationError) as refused:
        enter_figure(**given(areas, cast, plan, **wrong))
    assert list(refused.value.message_dict) == [field]
    assert not Figure.objects.exists()
    assert not Event.objects.exists()


def test_broken_in_its_middle_it_leaves_nothing_behind(plan, areas, cast, monkeypatch):
    monkeypatch.setattr("targets.figure_services.log", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        enter_figure(**given(areas, cast, plan))
    assert not Figure.objects.exists()
