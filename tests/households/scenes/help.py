"""Supports, houses and loans, exit plans."""

from django.utils import timezone

from households.services import finding, houses, plans, supports
from tests import make
from tests.households.scenes import TODAY, then
from tests.households.test_exit_plan import decided_review
from tests.households.test_houses_and_loans import DAYS, approve, balance, cards, change
from tests.households.test_houses_and_loans import a_policy as a_policy_of
from tests.households.test_support_ledger import a_policy


def plan(w):
    opened = plans.open_plan(household=w.home, year=2023, by=w.hoa, today=TODAY)
    return {"plan": opened, "by": w.hoa}


def an_action(w):
    more = {"need": "Việc làm", "cause": "no_capital", "text": "Vay vốn", "due_on": TODAY, "other_reason": "Vay họ"}
    return {"action": plans.add_action(**plan(w), **more), "by": w.hoa}


def closed(w):
    opened = plan(w)
    review = decided_review(w.without_spells(), w.cast)
    return then(plans.close_plan, **opened, outcome="escaped", review=review, version=1)


def given(w):
    return {"household": w.home, "policy": a_policy(), "given_on": TODAY, "persons": 1, "today": TODAY}


def a_support(w):
    return {"support": supports.record_support(**given(w), by=w.hoa), "reason": "Đếm lại", "version": 1, "by": w.hoa}


def a_house(w, days=DAYS):
    return approve(w.home, a_policy_of("house_new"), w.staff, days)


def of_members(w):
    child, other = w.home.members.exclude(relation="head")
    return then(cards, w.home, w.cast, a_policy_of("insurance", unit="person"), [child, other])


def a_balance(w):
    return then(balance, make.a_support(w.home, "loan", amount=50, agency=w.staff.agency), w.staff)


SCENES = {
    "finding.find_household": lambda w: then(
        finding.find_household, code="20236-99999", head="Đoán", by=w.staff, at=timezone.now()
    ),
    "houses.approve_house": lambda w: then(approve, w.home, a_policy_of("house_new"), w.staff, DAYS),
    "houses.cancel_house": lambda w: then(
        houses.cancel_house, work=a_house(w), reason="Nhầm hộ", version=1, by=w.staff
    ),
    "houses.change_house": lambda w: then(change, a_house(w, {"approved_on": DAYS["approved_on"]}), w.staff, DAYS),
    "houses.change_house taken back": lambda w: then(change, a_house(w), w.staff, {"approved_on": DAYS["approved_on"]}),
    "houses.write_balance": a_balance,
    "plans.add_action": lambda w: then(
        plans.add_action,
        **plan(w),
        need="Việc làm",
        cause="no_capital",
        text="Vay vốn",
        due_on=TODAY,
        other_reason="Vay họ",
    ),
    "plans.add_visit": lambda w: then(plans.add_visit, **plan(w), day=TODAY, who="Cán bộ", today=TODAY),
    "plans.assign_helper": lambda w: then(plans.assign_helper, **plan(w), person="Người giúp thử", version=1),
    "plans.close_plan": closed,
    "plans.drop_action": lambda w: then(plans.drop_action, **an_action(w), reason="Hộ không cần"),
    "plans.finish_action": lambda w: then(plans.finish_action, **an_action(w), on=TODAY, today=TODAY),
    "plans.hold_dialogue": lambda w: then(
        plans.hold_dialogue, **plan(w), on=TODAY, with_whom="Chủ hộ", minutes="Cần vốn", version=1, today=TODAY
    ),
    "plans.open_plan": lambda w: then(plans.open_plan, household=w.home, year=2023, by=w.hoa, today=TODAY),
    "supports.cancel_support": lambda w: then(supports.cancel_support, **a_support(w)),
    "supports.correct_support": lambda w: then(
        supports.correct_support, **a_support(w), given_on=TODAY, persons=2, today=TODAY
    ),
    "supports.give_support": lambda w: then(supports.give_support, **given(w), by=w.staff),
    "supports.record_support": lambda w: then(supports.record_support, **given(w), by=w.hoa),
    "supports.support_members": of_members,
}
