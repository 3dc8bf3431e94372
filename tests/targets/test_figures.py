"""Figures that somebody types: what the form says at the field, what the service refuses, what is written."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from targets.figure_services import close_figures, enter_figure, open_figures
from targets.forms import FigureForm
from targets.models import Figure, Indicator, Plan
from targets.typed import apart
from tests import make

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


# Who may type what; beside what is counted; closed periods

PROOF = ("bien-ban.exe", b"%PDF-1.7 x")


@pytest.fixture
def housing(plan, areas, cast, standards):
    """Houses are counted from the register: two in the urban district. The agency 'so-thu' answers for them."""
    for _ in range(2):
        make.a_support(make.a_household(areas["ward"]), "house_new", date(2023, 3, 1))
    Indicator.objects.filter(code="housing").update(owner=cast["staff"].agency, tolerance=5)
    return Indicator.objects.get(code="housing")


def houses(areas, cast, plan, housing, **more):
    return given(areas, cast, plan, indicator=housing, area=areas["urban"], count=2, whole=None) | more


def test_an_agency_types_what_it_answers_for_and_nothing_else(plan, areas, cast, housing):
    figure = enter_figure(**houses(areas, cast, plan, housing, by=cast["staff"]))
    assert (figure.agency, figure.computed, figure.whole) == (cast["staff"].agency, 2, None)
    with pytest.raises(PermissionDenied):
        enter_figure(**given(areas, cast, plan, by=cast["staff"]))  # nobody's indicator
    for name in ("hoa", "district", "leader", "admin", "client", "nobody"):
        with pytest.raises(PermissionDenied):
            enter_figure(**houses(areas, cast, plan, housing, by=cast[name]))
    assert Figure.objects.count() == 1


def test_a_districts_committee_types_inside_its_district_for_its_group(plan, areas, cast, housing):
    committee = make.an_agency("ubnd-thu", kind="district", area=areas["urban"])
    group = make.an_agency("nhom-thu", kind="group")
    group.members.add(committee)
    Indicator.objects.filter(pk=housing.pk).update(owner=group)
    assert enter_figure(**houses(areas, cast, plan, housing, by=cast["district"])).agency == committee
    for elsewhere in ("rural", "city"):
        with pytest.raises(PermissionDenied):
            enter_figure(**houses(areas, cast, plan, housing, area=areas[elsewhere], by=cast["district"]))
    form = form_of(plan, {}, cast["district"])
    assert list(form.fields["area"].queryset) == [areas["urban"]]
    assert list(form.fields["indicator"].queryset) == [housing]


def test_a_difference_beyond_the_tolerance_asks_for_its_reason_and_is_listed(plan, areas, cast, housing):
    with pytest.raises(ValidationError) as refused:
        enter_figure(**houses(areas, cast, plan, housing, count=3))
    assert refused.value.message_dict == {"reason": ["Cổng tính được 2 đến ngày này. Khác quá 5 %: ghi lý do."]}
    assert not Figure.objects.exists()
    listed = enter_figure(**houses(areas, cast, plan, housing, count=3, reason="Một nhà chưa ghi sổ."))
    enter_figure(**houses(areas, cast, plan, housing))
    assert list(Figure.objects.apart()) == [listed]
    Indicator.objects.filter(pk=housing.pk).update(tolerance=50)
    assert not Figure.objects.apart().exists()  # 3 of 2 is half more: allowed now
    assert enter_figure(**houses(areas, cast, plan, Indicator.objects.get(pk=housing.pk), count=3)).reason == ""


@pytest.mark.parametrize(
    ("typed_", "counted", "tolerance", "far"),
    [
        ((105, None), (100, None), 5, False),
        ((106, None), (100, None), 5, True),
        ((94, None), (100, None), 5, True),
        ((1, None), (0, None), 50, True),
        ((0, None), (0, None), 0, False),
        ((-10, None), (-10, None), 0, False),
        ((612, 1140), (306, 570), 0, False),  # shares are compared as shares
        ((600, 1140), (306, 570), 1, True),
    ],
)
def test_how_far_is_too_far(typed_, counted, tolerance, far):
    assert apart(typed_, counted, tolerance) is far


def test_a_closed_period_takes_nothing_until_it_is_opened_with_a_reason(plan, areas, cast, housing):
    assert close_figures(plan=plan, day=TODAY, by=None)
    assert not close_figures(plan=plan, day=date(2023, 5, 31), by=None)
    for day in (TODAY, date(2023, 1, 1)):
        with pytest.raises(ValidationError, match="Số liệu đến 30/09/2023 đã chốt"):
            enter_figure(**houses(areas, cast, plan, housing, day=day))
    later = houses(areas, cast, plan, housing, day=date(2023, 10, 1), today=date(2023, 10, 1))
    enter_figure(**later)
    with pytest.raises(PermissionDenied):
        open_figures(plan=plan, to=None, reason="Sửa", by=cast["staff"])
    for to, reason, field in ((TODAY, "Sửa", "to"), (None, " ", "reason")):
        with pytest.raises(ValidationError) as refused:
            open_figures(plan=plan, to=to, reason=reason, by=cast["cuc"])
        assert list(refused.value.message_dict) == [field]
    open_figures(plan=plan, to=date(2023, 5, 31), reason="Sửa số tháng 9", by=cast["cuc"])
    assert enter_figure(**houses(areas, cast, plan, housing)).day == TODAY
    plan.state = "closed"
    plan.save()
    with pytest.raises(ValidationError, match="Kế hoạch đã kết thúc"):
        enter_figure(**later)


def test_a_proof_is_known_by_its_content_and_given_back_to_its_agency_only(plan, areas, cast, housing, as_user):
    with pytest.raises(ValidationError) as refused:
        enter_figure(**houses(areas, cast, plan, housing, file=("x.pdf", b"MZ...")))
    assert list(refused.value.message_dict) == ["file"]
    figure = enter_figure(**houses(areas, cast, plan, housing, by=cast["staff"], file=PROOF))
    assert (figure.file.name, figure.file.kind) == ("bien-ban.pdf", "pdf")
    address = f"/tep/so-lieu/{figure.pk}/"
    assert as_user("staff").get(address).content == PROOF[1]
    assert Event.objects.filter(action="figure.file").count() == 1
    assert as_user("district").get(address).status_code == 404
    assert as_user("leader").get(address).status_code == 403


def test_the_page_puts_the_missing_reason_at_its_field_and_lists_what_differs(plan, areas, cast, housing, as_user):
    browser = as_user("staff")
    data = typed(areas, indicator=housing.pk, area=areas["urban"].pk, count="5", whole="", day="30/09/2023")
    answer = browser.post("/ke-hoach/so-lieu/", data)
    assert answer.status_code == 422
    assert "Cổng tính được 2 đến ngày này" in answer.context["form"].errors["reason"][0]
    assert 'value="5"' in answer.content.decode()
    answer = browser.post("/ke-hoach/so-lieu/", data | {"reason": "Ba nhà chưa ghi sổ."})
    assert answer.status_code == 302
    assert "Ba nhà chưa ghi sổ." in browser.get("/ke-hoach/so-lieu/chenh-lech/?ngay=2023-09-30").content.decode()
