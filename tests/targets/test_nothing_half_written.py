"""Each service of tasks and money that writes, broken at its last write: tests/power_cut.py. Plans have their own such test."""

from datetime import date
from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from targets import money_services, task_reminding, task_services, task_talk
from targets.models import Evidence
from tests import make
from tests.power_cut import inventory, play
from tests.targets import money
from tests.targets.tasks import NOW, PDF, a_stage, moved
from tests.targets.test_task_talk import TODAY, asked, said

FILES = sorted(Path(settings.BASE_DIR, "targets").glob("task_*.py"))
FILES.append(Path(settings.BASE_DIR, "targets/money_services.py"))
PARTS = {"task_reminding.remind"}  # each unit is whole by itself and does not keep the others from their turn
MAY = date(2023, 5, 31)


class World:
    def __init__(self):
        areas = make.a_city()
        self.cast = make.a_cast(areas)
        self.stage = a_stage(areas, self.cast)
        self.own, self.staff, self.cuc = self.stage["own"], self.cast["staff"], self.cast["cuc"]
        User.objects.filter(username="staff").update(email="don-vi@example.vn")


def downloaded(w):
    moved(w.own, "update", w.staff, files=[PDF])
    return then(task_services.download, evidence=Evidence.objects.get(), by=w.staff)


def verified(w):
    tasks = {"staff": w.own, "other": w.stage["health"]}
    for name, task in tasks.items():
        moved(task, "finish", w.cast[name])
    return then(task_services.verify_tasks, assignments=list(tasks.values()), by=w.cuc, at=NOW)


def scheduled(w):
    more = {"rhythm": "once", "due_on": date(2023, 8, 30), "proof_asked": True}
    tasks = [w.own, w.stage["district"]]
    return then(task_services.schedule_tasks, assignments=tasks, by=w.cuc, **more)


def a_subtask(w):
    return then(task_talk.add_subtask, assignment=w.own, text="Lấy số", due_on=None, by=w.staff)


def a_line(w):
    return money.a_line(w.staff.agency)


def line_values(w):
    given = {"year": 2023, "agency": w.staff.agency, "source": money.a_source(), "title": "Xây nhà", "basis": "QĐ"}
    return given | {"allotted": 5_000, "allotted_on": date(2023, 1, 5)}


def supports_drawn(w):
    home = make.a_household(w.cast["hoa"].area)
    keys = [make.a_support(home, kind, amount=50, agency=w.staff.agency).pk for kind in ("gift", "loan")]
    return then(money_services.disburse_supports, line=a_line(w), keys=keys, by=w.staff, today=money.TODAY)


def corrected(w):
    row = money.spent(a_line(w), 5, w.staff)
    more = {"amount": 6, "day": row.day, "what": "Lại", "document": "", "reason": "x", "today": money.TODAY}
    return then(money_services.correct_disbursement, disbursement=row, by=w.staff, at=NOW, **more)


SCENES = {
    "money_services.allot": lambda w: then(money_services.allot, by=w.cuc, **line_values(w)),
    "money_services.allow_overspending": lambda w: then(
        money_services.allow_overspending, line=a_line(w), amount=5, reason="x", version=1, by=w.cuc
    ),
    "money_services.cancel_disbursement": lambda w: then(
        money_services.cancel_disbursement,
        disbursement=money.spent(a_line(w), 5, w.staff),
        reason="x",
        by=w.staff,
        at=NOW,
    ),
    "money_services.cancel_line": lambda w: then(
        money_services.cancel_line, line=a_line(w), reason="x", version=1, by=w.cuc
    ),
    "money_services.change_line": lambda w: then(
        money_services.change_line, line=a_line(w), version=1, by=w.cuc, **line_values(w)
    ),
    "money_services.correct_disbursement": corrected,
    "money_services.disburse": lambda w: then(money.spent, a_line(w), 5, w.staff),
    "money_services.disburse_supports": supports_drawn,
    "task_reminding.nudge_tasks": lambda w: then(
        task_reminding.nudge_tasks, assignments=[w.own, w.stage["district"]], by=w.cuc, today=MAY
    ),
    "task_services.download": downloaded,
    "task_services.move_task": lambda w: then(moved, w.own, "finish", w.staff, files=[PDF]),
    "task_services.schedule_tasks": scheduled,
    "task_services.verify_tasks": verified,
    "task_talk.add_subtask": a_subtask,
    "task_talk.answer_request": lambda w: then(
        task_talk.answer_request, request=asked(w.stage, w.cast), text="x", by=w.cast["other"], at=NOW
    ),
    "task_talk.ask_partner": lambda w: then(asked, w.stage, w.cast),
    "task_talk.comment": lambda w: then(said, w.stage, w.staff, "@cuc"),
    "task_talk.tick_subtask": lambda w: then(task_talk.tick_subtask, subtask=a_subtask(w)(), by=w.staff, today=TODAY),
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, PARTS)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](World()))
