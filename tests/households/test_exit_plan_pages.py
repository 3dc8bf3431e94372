"""The pages of exit plans, by role."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PersonalDataView
from households.models import ExitPlan, PlanAction, PlanVisit
from households.services import plans
from tests import make
from tests.households.test_exit_plan import decided_review
from tests.households.test_support_ledger import a_policy

TODAY = date(2023, 6, 1)
WAITING = "exit_plan_waiting"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def home(areas, cast, standards):
    home = make.a_household(areas["ward"], head="Trần Văn Mẫu")
    make.a_spell(home, standards[1])
    return home


@pytest.fixture
def plan(home, cast):
    return plans.open_plan(household=home, year=2023, by=cast["hoa"], today=TODAY)


@pytest.fixture
def page(plan):
    return reverse("exit_plan_detail", args=[plan.pk])


def typed(doing, version=1, **values):
    return {"do": doing, "version": version} | {f"{doing}-{name}": value for name, value in values.items()}


def test_a_plan_is_opened_from_the_household(as_user, home):
    browser, at_home = as_user("hoa"), reverse("household_detail", args=[home.code])
    opening = reverse("exit_plan_new", args=[home.code])
    assert opening in browser.get(at_home).content.decode()
    answer = browser.post(opening)
    plan = ExitPlan.objects.get()
    assert (plan.year, answer["Location"]) == (2023, reverse("exit_plan_detail", args=[plan.pk]))
    shown = browser.get(at_home).content.decode()
    assert "Kế hoạch năm 2023" in shown
    assert opening not in shown
    assert browser.post(opening)["Location"] == at_home
    assert ExitPlan.objects.count() == 1


def named():
    """A policy and a person who answers for it: nothing more is asked."""
    return {"policy": a_policy().pk, "responsible": "Cán bộ phường"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, {"policy", "agency"}),
        ({"responsible": "Cán bộ phường"}, {"policy"}),
        ({"policy": True}, {"agency"}),
        ({"policy": True, "responsible": " "}, {"agency"}),
        ({"other_reason": " "}, {"policy", "agency"}),
    ],
)
def test_an_action_names_its_policy_and_who_answers_or_says_why_not(as_user, page, given, missing):
    given = given | ({"policy": a_policy().pk} if "policy" in given else {})
    step = typed("action", need="Giữ lại", cause="other", text="B", due_on="01/07/2023", **given)
    answer = as_user("hoa").post(page, step)
    assert set(answer.context["forms"]["action"].errors) == missing
    assert "Giữ lại" in answer.text
    assert not PlanAction.objects.exists()
    assert as_user("hoa").post(page, step | {"action-other_reason": "Hộ tự lo"}).status_code == 302
    assert PlanAction.objects.get().note == "Việc khác: Hộ tự lo"


def test_a_whole_plan_in_the_browser(as_user, plan, page, cast, home):
    browser = as_user("hoa")
    steps = [
        typed(
            "dialogue",
            1,
            dialogue_on="01/06/2023",
            dialogue_with="Chủ hộ và tổ trưởng",
            dialogue_minutes="Cần việc làm",
        ),
        typed("helper", 2, helper_person="Lê Văn Giúp"),
        typed("action", 3, need="Vốn", cause="no_capital", text="Vay vốn", due_on="01/06/2023", **named()),
        typed(
            "action",
            3,
            need="Nghề",
            cause="no_labour_skill",
            text="Học nghề may",
            due_on="01/07/2023",
            other_reason="Trả lương",
        ),
        typed("visit", 3, day="01/06/2023", who="Cán bộ phường", note="Hộ có gà"),
    ]
    for step in steps:
        assert browser.post(page, step).status_code == 302, step
    first, second = PlanAction.objects.order_by("due_on")
    assert browser.post(page, typed("end", 3, action=first.pk, how="done", done_on="01/06/2023")).status_code == 302
    assert browser.post(page, typed("end", 3, action=second.pk, how="dropped", note="Hộ không cần")).status_code == 302
    shown = browser.get(page).content.decode()
    for words in (
        "Chủ hộ và tổ trưởng",
        "Lê Văn Giúp",
        "Vay vốn",
        "Hộ không cần",
        "Hộ có gà",
        "Trần Văn Mẫu",
        "Việc khác: Trả lương; Hộ không cần",
    ):
        assert words in shown
    review = decided_review(home, cast)
    assert browser.post(page, typed("close", 3, outcome="escaped", outcome_review=review.pk)).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.outcome_review) == ("closed", review)
    closed = browser.get(page)
    assert not closed.context["forms"]
    assert "đã kết thúc" in browser.post(page, typed("visit", 4, day="01/06/2023", who="Ai đó")).content.decode()


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (typed("dialogue", dialogue_on="02/06/2023", dialogue_with="A", dialogue_minutes="Giữ lại"), "sau hôm nay"),
        (typed("dialogue", dialogue_on="01/06/2023", dialogue_with="", dialogue_minutes="Giữ lại"), "Ghi người tham"),
        (typed("dialogue", 9, dialogue_on="01/06/2023", dialogue_with="A", dialogue_minutes="Giữ lại"), "người khác"),
        (typed("helper"), "Chọn đơn vị hoặc ghi tên"),
        (typed("action", need="Giữ lại", cause="", text="B", due_on="01/07/2023"), "Chọn nguyên nhân"),
        (
            typed("action", need="Giữ lại", cause="other", text="B", due_on="31/05/2023", other_reason="Trả lương"),
            "Hạn phải từ ngày",
        ),
        (typed("action", need="Giữ lại", cause="other", text="B", due_on="01/07/2023", agency="0"), "Chọn một đơn vị"),
        (typed("end", action="0", how="done"), "Việc này đã kết thúc"),
        (typed("visit", day="02/06/2023", who="Giữ lại"), "sau hôm nay"),
        (typed("close", outcome="escaped"), "Chọn phiếu rà soát"),
    ],
)
def test_a_bad_step_is_told_and_nothing_is_lost(as_user, page, step, says):
    told = as_user("hoa").post(page, step).content.decode()
    assert says in told
    if "Giữ lại" in step.values():
        assert "Giữ lại" in told
    assert not PlanAction.objects.exists()
    assert not PlanVisit.objects.exists()


def test_a_dropped_action_needs_a_reason_and_a_done_one_a_day(as_user, plan, page, cast):
    values = {"need": "Vốn", "cause": "other", "text": "Vay", "due_on": TODAY, "other_reason": "Vay họ"}
    action = plans.add_action(plan=plan, by=cast["hoa"], **values)
    browser = as_user("hoa")
    assert "Ghi lý do" in browser.post(page, typed("end", action=action.pk, how="dropped")).content.decode()
    assert "Ghi ngày xong" in browser.post(page, typed("end", action=action.pk, how="done")).content.decode()


@pytest.mark.parametrize("step", [{"do": "burn", "version": 1}, {}])
def test_what_the_page_does_not_offer_is_a_bad_request(as_user, page, step):
    assert as_user("hoa").post(page, step).status_code == 400


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [("lan", 200, 403), ("district", 200, 403), ("cuc", 200, 403), ("binh", 404, 404), ("staff", 403, 403)],
)
def test_who_reads_and_who_writes(as_user, home, page, who, seen, written):
    browser = as_user(who)
    answer = browser.get(page)
    assert answer.status_code == seen
    if seen == 200:
        assert 'name="do"' not in answer.content.decode()
    step = typed("visit", day="01/06/2023", who="Ai đó")
    assert browser.post(page, step).status_code == written
    opened = browser.post(reverse("exit_plan_new", args=[home.code])).status_code
    assert opened == (404 if who == "binh" else 403)
    assert not PlanVisit.objects.exists()


def test_late_is_marked_the_day_after(as_user, plan, page, cast, monkeypatch):
    plans.add_action(plan=plan, by=cast["hoa"], need="Vốn", cause="other", text="Vay", due_on=TODAY, other_reason="x")
    browser = as_user("hoa")
    assert "Quá hạn" not in browser.get(page).content.decode()
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2023, 6, 2))
    assert "Quá hạn" in browser.get(page).content.decode()


def test_a_look_at_a_plan_is_written_down(as_user, home, page):
    as_user("district").get(page)
    assert PersonalDataView.objects.get().household_code == home.code


def test_the_list_of_who_waits(as_user, home):
    browser, page = as_user("hoa"), reverse(WAITING)
    before = browser.get(page).content.decode()
    assert "Chưa có kế hoạch (1)" in before
    assert "Trần Văn Mẫu" not in before
    assert not PersonalDataView.objects.exists()
    assert "Trần Văn Mẫu" in browser.get(page, {"viec": "no_plan"}).content.decode()
    assert PersonalDataView.objects.get().reason == "Kế hoạch thoát nghèo: Chưa có kế hoạch: 1 dòng"
    assert "Trần Văn Mẫu" not in browser.get(page, {"viec": "late"}).content.decode()
    assert "Trần Văn Mẫu" not in browser.get(page, {"viec": "all"}).content.decode()
    assert "Trần Văn Mẫu" not in as_user("binh").get(page, {"viec": "no_plan"}).content.decode()
    assert as_user("staff").get(page).status_code == 403


def test_the_list_is_paged_without_a_query_a_row(as_user, areas, standards, django_assert_max_num_queries):
    for _ in range(27):
        make.a_spell(make.a_household(areas["ward"]), standards[1])
    browser, page = as_user("hoa"), reverse(WAITING)
    with django_assert_max_num_queries(16):
        told = browser.get(page, {"viec": "no_plan"})
    assert len(told.context["page"]) == 25
    assert len(browser.get(page, {"viec": "no_plan", "page": 2}).context["page"]) == 2
