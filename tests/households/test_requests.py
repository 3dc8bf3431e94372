"""Requests by Form 01 and Form 04: Form A at its edge, the services and what they leave behind, the pages by role."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Event, PersonalDataView
from households import screening
from households.models import Listed, ReviewRequest, ScreeningItem, ScreeningRule
from households.services import dossiers, requests
from households.steps import Step
from tests import make

DAY = date(2023, 10, 2)


@pytest.mark.parametrize(
    ("form", "yes", "threshold", "overridden", "outcome"),
    [
        ("01", 2, 3, False, "survey"),
        ("01", 3, 3, False, "refused"),
        ("01", 4, 3, False, "refused"),
        ("01", 3, 3, True, "survey"),
        ("01", 9, None, False, "survey"),
        ("04", 9, 3, False, "survey"),
    ],
)
def test_form_a_at_its_edge(form, yes, threshold, overridden, outcome):
    assert screening.outcome(form, yes, threshold, overridden=overridden) == outcome


@pytest.fixture
def home(areas, cast):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu")


@pytest.fixture
def form_a(db):
    for place in range(1, 4):
        ScreeningItem.objects.create(code=f"A{place}", text=f"Mục thử {place}", order=place)
    ScreeningItem.objects.create(code="A9", text="Mục đã bỏ", active=False)
    return ScreeningRule.objects.create(threshold=2, legal_basis="thử")


def received(home, by, form="01", **more):
    given = {"received_on": DAY, "channel": "post", "today": DAY} | more
    return requests.receive_request(household=home, form=form, by=by, **given)


def screened(row, by, yes=(), **more):
    return requests.screen_request(request=row, yes=yes, by=by, **({"today": DAY, "version": row.version} | more))


def opened(areas, cast):
    return dossiers.open_dossier(round=make.a_round(), ward=areas["ward"], by=cast["hoa"], today=DAY)


def test_a_request_is_received_and_logged_sealed(home, cast):
    row = received(home, cast["hoa"], note=" Đông con. ")
    assert (row.ward, row.outcome, row.note, row.version) == (home.ward, "", "Đông con.", 1)
    line = Event.objects.get(action="request.received")
    assert line.by == cast["hoa"]
    assert list(line.after) == ["sealed"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"form": "02"}, "form"),
        ({"channel": "fax"}, "channel"),
        ({"received_on": date(2023, 10, 3)}, "received_on"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(home, cast, more, field):
    with pytest.raises(ValidationError) as refused:
        received(home, cast["hoa"], **more)
    assert set(refused.value.error_dict) == {field}


def test_one_form_waits_once(home, cast):
    row = received(home, cast["hoa"])
    with pytest.raises(ValidationError):
        received(home, cast["hoa"])
    received(home, cast["hoa"], form="04")
    screened(row, cast["hoa"])
    received(home, cast["hoa"])


def test_a_closed_household_asks_nothing(home, cast):
    home.closed_on, home.closed_as = DAY, "moved"
    home.save()
    with pytest.raises(ValidationError):
        received(home, cast["hoa"])


@pytest.mark.parametrize("who", ["binh", "lan", "district", "cuc", "leader"])
def test_only_the_wards_officer_receives_and_screens(home, cast, who):
    with pytest.raises(PermissionDenied):
        received(home, cast[who])
    row = received(home, cast["hoa"])
    with pytest.raises(PermissionDenied):
        screened(row, cast[who])


def test_below_the_threshold_the_household_goes_on_the_open_list(home, cast, areas, form_a):
    dossier = opened(areas, cast)
    row, is_listed = screened(received(home, cast["hoa"]), cast["hoa"], ["A1"])
    assert (row.outcome, row.yes_count, row.threshold, is_listed) == ("survey", 1, 2, True)
    assert row.answers == {"A1": True, "A2": False, "A3": False}
    assert Listed.objects.get(dossier=dossier, household=home).why == "request"
    assert {"request.screened", "dossier.listed"} <= set(Event.objects.values_list("action", flat=True))


def test_a_household_on_the_list_already_stays_there_once(home, cast, areas):
    dossier = opened(areas, cast)
    dossiers.add_to_list(dossier=dossier, household=home, by=cast["hoa"])
    assert screened(received(home, cast["hoa"]), cast["hoa"])[1]
    assert Listed.objects.filter(household=home).count() == 1


def test_without_a_list_being_made_nothing_is_listed(home, cast, areas):
    dossier = opened(areas, cast)
    dossier.step = Step.SURVEY
    dossier.save()
    row, is_listed = screened(received(home, cast["hoa"]), cast["hoa"])
    assert (row.outcome, is_listed, Listed.objects.exists()) == ("survey", False, False)
    assert row.threshold is None, "no Form A was asked"


@pytest.mark.parametrize(
    ("yes", "reasons", "field"),
    [
        (["A1", "A2"], {}, "refusal_reason"),
        (["A1", "A2"], {"refusal_reason": " "}, "refusal_reason"),
        (["A1", "A2"], {"refusal_reason": "x", "override_reason": "y"}, "refusal_reason"),
        (["A1"], {"refusal_reason": "x"}, "refusal_reason"),
        (["A1"], {"override_reason": "x"}, "override_reason"),
        (["A9"], {}, "yes"),
    ],
)
def test_reasons_stand_where_they_belong(home, cast, form_a, yes, reasons, field):
    row = received(home, cast["hoa"])
    with pytest.raises(ValidationError) as refused:
        screened(row, cast["hoa"], yes, **reasons)
    assert set(refused.value.error_dict) == {field}
    row.refresh_from_db()
    assert row.outcome == ""


def test_refused_in_writing_or_overridden(home, cast, areas, form_a):
    opened(areas, cast)
    row, is_listed = screened(received(home, cast["hoa"]), cast["hoa"], ["A1", "A2"], refusal_reason="Có ô tô.")
    assert (row.outcome, row.refusal_reason, is_listed) == ("refused", "Có ô tô.", False)
    assert not Listed.objects.exists()
    row, is_listed = screened(received(home, cast["hoa"]), cast["hoa"], ["A1", "A2"], override_reason="Xe đã bán.")
    assert (row.outcome, row.override_reason, is_listed) == ("survey", "Xe đã bán.", True)


def test_a_request_is_screened_once_and_not_from_an_old_page(home, cast):
    row = received(home, cast["hoa"])
    with pytest.raises(ValidationError):
        screened(row, cast["hoa"], version=9)
    done, _ = screened(row, cast["hoa"])
    with pytest.raises(ValidationError):
        screened(done, cast["hoa"])


def test_the_pages_from_the_household_to_the_refusal(as_user, home, form_a):
    browser, new = as_user("hoa"), reverse("request_new", args=[home.code])
    assert new in browser.get(reverse("household_detail", args=[home.code])).content.decode()
    typed = {"form": "01", "received_on": "02/10/2023", "channel": "portal", "note": "Đông con."}
    said = browser.post(new, typed | {"received_on": "32/10/2023"}).content.decode()
    assert "Không có ngày này" in said
    assert "Đông con." in said
    assert browser.post(new, typed).status_code == 302
    row = ReviewRequest.objects.get()
    page = reverse("request_detail", args=[row.pk])
    shown = browser.get(page).content.decode()
    assert "Mục thử 3" in shown
    assert "Mục đã bỏ" not in shown
    assert "chưa xác nhận" in shown
    said = browser.post(page, {"version": 1, "yes": ["A1", "A3"]}).content.decode()
    assert "chắc chắn không nghèo" in said
    assert said.count("checked") == 2, "what was ticked stays ticked"
    for version in ("", "x", "9" * 5000):
        said = browser.post(page, {"yes": ["A1"], "version": version}).content.decode()
        assert "vừa" in said, "a form without its version is out of date"
    assert browser.post(page, {"version": 1, "yes": ["A1", "A3"], "refusal_reason": "Có ô tô."}).status_code == 302
    assert "Lý do từ chối: Có ô tô." in browser.get(page).content.decode()


def test_without_official_items_the_page_says_so(as_user, cast, home):
    page = reverse("request_detail", args=[received(home, cast["hoa"]).pk])
    assert "Chưa có Phiếu A chính thức: quản trị nạp các mục" in as_user("hoa").get(page).content.decode()
    answer = as_user("hoa").post(page, {"version": 1}, follow=True).content.decode()
    assert "Chưa có hồ sơ ở bước lập danh sách" in answer


def test_others_do_not_see_it(as_user, cast, home):
    page = reverse("request_detail", args=[received(home, cast["hoa"]).pk])
    assert as_user("binh").get(page).status_code == 404
    assert as_user("binh").get(reverse("request_new", args=[home.code])).status_code == 404
    assert as_user("leader").get(page).status_code == 403
    assert home.code not in as_user("binh").get(reverse("request_list") + "?form=01").content.decode()


def test_the_list_names_nobody_before_a_filter(as_user, cast, home):
    received(home, cast["hoa"])
    browser, page = as_user("hoa"), reverse("request_list")
    before = PersonalDataView.objects.count()
    assert home.code not in browser.get(page).content.decode()
    assert PersonalDataView.objects.count() == before
    assert home.code in browser.get(page + "?state=waiting").content.decode()
    assert PersonalDataView.objects.count() == before + 1
    assert home.code in browser.get(f"{page}?code={home.code}").content.decode()
    assert "Không có giấy" in browser.get(page + "?state=refused").content.decode()


def test_the_list_is_found_from_the_reviews(as_user, cast):
    make.a_round()
    assert reverse("request_list") in as_user("hoa").get(reverse("review_list")).content.decode()
    assert reverse("request_list") not in as_user("leader").get(reverse("review_list")).content.decode()


def test_the_threshold_is_one_row(as_user, form_a):
    with pytest.raises(ValidationError):
        ScreeningRule(threshold=3, legal_basis="x").full_clean()
    assert as_user("admin").get(reverse("admin:households_screeningrule_add")).status_code == 403
