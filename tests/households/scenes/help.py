"""Supports, exit plans, sheets of households."""

from django.utils import timezone

from households.services import import_apply, imports, plans, supports
from tests.households.scenes import TODAY, then
from tests.households.test_exit_plan import decided_review
from tests.households.test_imports import DAY, a_sheet, approved, run, staged
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


def kept(w):
    return {"batch": imports.keep_file(name="ho.csv", data=b"x", day=DAY, by=w.hoa), "by": w.hoa}


def claimed(w):
    batch, now = approved(w.hoa), timezone.now()
    type(batch).objects.filter(pk=batch.pk).update(claimed_at=now)
    return {"batch": batch, "claimed_at": now}


def applied(w):
    batch = approved(w.hoa)
    run(batch)
    return {"batch": batch, "by": w.hoa}


SCENES = {
    "import_apply.apply": lambda w: then(import_apply.apply, **claimed(w)),
    "import_apply.undo": lambda w: then(import_apply.undo, **applied(w)),
    "imports.approve": lambda w: then(imports.approve, batch=a_sheet(w.hoa), leaving_out=0, by=w.hoa),
    "imports.cancel": lambda w: then(imports.cancel, **kept(w)),
    "imports.fail": lambda w: then(imports.fail, batch=kept(w)["batch"], message="Không đọc được", state="uploaded"),
    "imports.keep_file": lambda w: then(imports.keep_file, name="ho.csv", data=b"x", day=DAY, by=w.hoa),
    "imports.read_again": lambda w: then(imports.read_again, **kept(w), columns={"Họ tên": "full_name"}),
    "imports.stage": lambda w: then(imports.stage, **kept(w), households=[staged(2)]),
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
}
