"""A household's exit plan, from opening to its outcome; and who still waits."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from households import plan_queries
from households.models import ExitPlan, PlanAction
from households.services import plans
from tests import make

TODAY = date(2023, 6, 1)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"])


@pytest.fixture
def plan(home, cast):
    return plans.open_plan(household=home, year=2023, by=cast["hoa"], today=TODAY)


def action(plan, cast, **more):
    values = {"need": "Việc làm", "cause": "no_capital", "text": "Vay vốn", "due_on": TODAY, "other_reason": "Vay họ"}
    values |= more
    return plans.add_action(plan=plan, by=cast["hoa"], **values)


def dialogue(plan, cast, **more):
    values = {"on": TODAY, "with_whom": "Chủ hộ", "minutes": "Cần vốn", "version": plan.version} | more
    return plans.hold_dialogue(plan=plan, by=cast["hoa"], today=TODAY, **values)


def test_one_plan_a_year(home, plan, cast):
    with pytest.raises(ValidationError, match="đã có kế hoạch"):
        plans.open_plan(household=home, year=2023, by=cast["hoa"], today=TODAY)


@pytest.mark.parametrize("who", ["lan", "binh", "district", "staff", "cuc", "nobody"])
def test_only_the_wards_officer_keeps_plans(home, cast, who):
    with pytest.raises(PermissionDenied):
        plans.open_plan(household=home, year=2023, by=cast[who], today=TODAY)


def test_a_plan_from_dialogue_to_visit(plan, cast):
    plan = dialogue(plan, cast)
    plan = plans.assign_helper(plan=plan, person="Nguyễn Văn Mẫu", version=plan.version, by=cast["hoa"])
    first, second = action(plan, cast), action(plan, cast)
    plans.finish_action(action=first, on=TODAY, by=cast["hoa"], today=TODAY)
    plans.drop_action(action=second, reason="Hộ không cần", by=cast["hoa"])
    plans.add_visit(plan=plan, day=TODAY, who="Cán bộ", by=cast["hoa"], today=TODAY)
    assert sorted(PlanAction.objects.values_list("state", flat=True)) == ["done", "dropped"]
    assert Event.objects.filter(action__startswith="exit_plan.").count() == 8
    with pytest.raises(ValidationError, match="đã kết thúc"):
        plans.finish_action(action=first, on=TODAY, by=cast["hoa"], today=TODAY)


def test_an_old_page_overwrites_nothing(plan, cast):
    dialogue(plan, cast)
    with pytest.raises(ValidationError, match="người khác sửa"):
        dialogue(plan, cast, version=1, minutes="Khác")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"cause": "luck"}, "cause"), ({"text": " "}, "text"), ({"due_on": date(2023, 5, 31)}, "due_on")],
)
def test_a_bad_action_is_told_at_the_field(plan, cast, change, field):
    with pytest.raises(ValidationError) as raised:
        action(plan, cast, **change)
    assert field in raised.value.message_dict


def decided_review(home, cast):
    review = make.a_review(home, cast["hoa"])
    review.state, review.decided_by, review.decided_on = "decided", cast["lan"], date(2023, 11, 1)
    review.decision_number = "1/QĐ-UBND"
    review.save()
    return review


def test_a_plan_closes_with_a_decided_review(home, plan, cast):
    review = decided_review(home, cast)
    closed = plans.close_plan(plan=plan, outcome="escaped", review=review, version=1, by=cast["hoa"])
    assert (closed.state, closed.outcome_review) == (ExitPlan.State.CLOSED, review)


def test_a_review_that_waits_closes_nothing(home, plan, cast):
    review = make.a_review(home, cast["hoa"])
    with pytest.raises(ValidationError, match="đã quyết định"):
        plans.close_plan(plan=plan, outcome="escaped", review=review, version=1, by=cast["hoa"])


def test_who_waits(home, standards, cast, areas, django_assert_num_queries):
    make.a_spell(home, standards[1])
    make.a_household(areas["ward"])  # not poor: never asked
    assert plan_queries.waiting(cast["hoa"], TODAY) == {
        "no_dialogue": 1,
        "no_plan": 1,
        "no_helper": 1,
        "late": 0,
        "no_outcome": 0,
    }
    assert not any(plan_queries.waiting(cast["binh"], TODAY).values())
    plan = plans.open_plan(household=home, year=2023, by=cast["hoa"], today=TODAY)
    action(plan, cast)
    plans.assign_helper(plan=dialogue(plan, cast), person="Mẫu", version=2, by=cast["hoa"])
    assert not any(plan_queries.waiting(cast["hoa"], TODAY).values())  # due today is not late
    assert plan_queries.waiting(cast["hoa"], date(2023, 6, 2))["late"] == 1
    review = make.a_review(home, cast["hoa"], surveyed_on=TODAY)
    assert not plan_queries.waiting(cast["hoa"], TODAY)["no_outcome"]
    type(review).objects.update(state="decided", decided_on=TODAY, decision_number="1", decided_by=cast["lan"])
    assert plan_queries.waiting(cast["hoa"], TODAY)["no_outcome"] == 1
    with django_assert_num_queries(5):
        plan_queries.waiting(cast["hoa"], TODAY)
