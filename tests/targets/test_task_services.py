"""Writes about tasks: who may make which move, what is refused, and that a broken write leaves nothing behind."""

import itertools
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Event, Notice
from targets.models import Assignment, Evidence, Plan, TaskUpdate
from targets.task_dates import Rhythm
from targets.task_services import Given, download, schedule_tasks, verify_tasks
from targets.task_states import Move, State
from tests.targets.tasks import NOW, PDF, a_stage, a_task, moved


@pytest.fixture
def stage(areas, cast):
    return a_stage(areas, cast)


def test_from_assigned_to_verified_by_two_people(stage, cast):
    task = stage["own"]
    moved(task, "update", cast["staff"], percent=40, for_day=date(2023, 5, 31), counted="lớp", amount=3)
    assert (task.state, task.percent, task.reported_to) == ("in_progress", 40, date(2023, 5, 31))
    moved(task, "finish", cast["staff"], files=[PDF])
    assert (task.state, task.percent, task.reported_by) == ("done", 100, cast["staff"])
    moved(task, "return", cast["cuc"], text="Thiếu dấu.")
    assert (task.state, task.reported_by) == ("in_progress", None)
    moved(task, "finish", cast["staff"])
    moved(task, "verify", cast["cuc"], text="")
    assert (task.state, task.verified_by, task.verified_at) == ("verified", cast["cuc"], NOW)
    assert [update.move for update in task.updates.order_by("pk")] == ["update", "finish", "return", "finish", "verify"]
    lines = Event.objects.filter(subject_type="targets.assignment").order_by("pk")
    assert [line.action for line in lines] == [f"task.{m}" for m in ("update", "finish", "return", "finish", "verify")]
    assert lines[0].before["percent"] == 0
    assert lines[0].after["percent"] == 40
    evidence = Evidence.objects.get()
    assert (evidence.name, evidence.kind, bytes(evidence.content)) == ("bien-ban.pdf", "pdf", PDF.content)
    told = Notice.objects.filter(user=cast["staff"]).values_list("text", flat=True)
    assert any("bị trả lại: Thiếu dấu." in text for text in told)
    assert Notice.objects.filter(user=cast["cuc"], text__contains="chờ xác nhận").count() == 2


@pytest.mark.parametrize(
    ("who", "task", "may"),
    [
        ("staff", "own", True),
        ("cuc", "own", True),  # of the same department
        ("district", "district", True),
        ("staff", "district", False),
        ("other", "own", False),
        ("district", "own", False),
        ("cuc", "district", False),
        ("leader", "own", False),
        ("admin", "own", False),
        ("hoa", "district", False),
        ("client", "own", False),
        ("nobody", "own", False),
    ],
)
def test_a_unit_updates_its_own_tasks_and_nobody_elses(stage, cast, who, task, may):
    if may:
        moved(stage[task], "update", cast[who])
        return
    with pytest.raises(PermissionDenied):
        moved(stage[task], "update", cast[who])
    assert not TaskUpdate.objects.exists()


@pytest.mark.parametrize("move", ["verify", "return", "excuse"])
@pytest.mark.parametrize("who", ["staff", "other", "district", "leader", "admin"])
def test_only_the_programme_office_verifies_returns_and_excuses(stage, cast, who, move):
    if move != "excuse":
        moved(stage["own"], "finish", cast["staff"])
    with pytest.raises(PermissionDenied):
        moved(stage["own"], move, cast[who])


def test_never_who_reported_it_nor_who_wrote_of_its_progress(stage, cast):
    task = stage["own"]
    moved(task, "update", cast["mai"])
    moved(task, "finish", cast["cuc"])
    for name in ("cuc", "mai"):
        with pytest.raises(ValidationError, match="người khác phải xác nhận"):
            moved(task, "verify", cast[name])
        with pytest.raises(ValidationError, match="người khác phải xác nhận"):
            verify_tasks(assignments=[task], by=cast[name], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=task.pk).update(state="verified", verified_by=cast["cuc"], verified_at=NOW)
    task.refresh_from_db()
    assert task.state == "done"


@pytest.mark.parametrize(
    "broken",
    [
        {"percent": 101},
        {"state": "not_applicable"},
        {"state": "done"},
        {"state": "verified"},
        {"rhythm": "once"},
        {"due_on": date(2023, 5, 1)},
        {"verified_at": NOW},
    ],
)
def test_the_database_refuses_half_a_truth(stage, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=stage["own"].pk).update(**broken)


@pytest.mark.parametrize(
    ("move", "given", "field"),
    [
        ("update", {"text": " "}, "text"),
        ("update", {"percent": 101}, "percent"),
        ("update", {"for_day": date(2023, 11, 30)}, "for_day"),  # May is still owed
        ("update", {"files": [Given("virus.pdf", b"MZ")]}, "files"),
        ("update", {"files": [PDF] * 6}, "files"),
        ("update", {"amount": 4}, "counted"),
        ("finish", {}, "files"),
        ("finish", {"files": [Given("x.pdf", b"MZ")]}, "files"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_written(stage, cast, move, given, field):
    task = stage["own"]
    Assignment.objects.filter(pk=task.pk).update(proof_asked=True)
    with pytest.raises(ValidationError) as refused:
        moved(task, move, cast["staff"], **given)
    assert list(refused.value.message_dict) == [field]
    task.refresh_from_db()
    assert (task.state, task.version) == ("not_started", 1)
    assert not TaskUpdate.objects.exists()
    assert not Evidence.objects.exists()
    assert not Event.objects.exists()


def test_proof_given_before_is_proof(stage, cast):
    task = stage["own"]
    Assignment.objects.filter(pk=task.pk).update(proof_asked=True)
    moved(task, "update", cast["staff"], files=[PDF])
    moved(task, "finish", cast["staff"])
    assert task.state == "done"


def test_who_saw_an_older_version_is_told(stage, cast):
    task = stage["own"]
    moved(task, "finish", cast["staff"])
    with pytest.raises(ValidationError, match="vừa được người khác thay đổi"):
        moved(task, "verify", cast["cuc"], version=1)


@pytest.mark.parametrize("state", [Plan.State.DRAFT, Plan.State.CLOSED])
def test_tasks_of_a_plan_that_is_not_in_force_stand_still(stage, cast, state):
    Plan.objects.update(state=state)
    with pytest.raises(ValidationError, match="chỉ để xem"):
        moved(stage["own"], "update", cast["staff"])
    with pytest.raises(ValidationError, match="chỉ để xem"):
        schedule_tasks(assignments=[stage["own"]], rhythm="monthly", due_on=None, proof_asked=None, by=cast["cuc"])


def test_due_dates_are_set_for_many_or_for_none(stage, cast):
    tasks = [stage["own"], stage["district"]]
    day = date(2023, 8, 30)
    assert schedule_tasks(assignments=tasks, rhythm="once", due_on=day, proof_asked=True, by=cast["cuc"]) == 2
    assert set(Assignment.objects.filter(due_on=day, proof_asked=True)) == set(tasks)
    assert Event.objects.filter(action="task.scheduled").count() == 2
    assert schedule_tasks(assignments=tasks, rhythm="once", due_on=day, proof_asked=None, by=cast["cuc"]) == 0
    with pytest.raises(ValidationError) as refused:
        schedule_tasks(assignments=tasks, rhythm="once", due_on=date(2024, 1, 1), proof_asked=None, by=cast["cuc"])
    assert list(refused.value.message_dict) == ["due_on"]
    assert Assignment.objects.filter(due_on=day).count() == 2
    with pytest.raises(PermissionDenied):
        schedule_tasks(assignments=tasks, rhythm="", due_on=None, proof_asked=None, by=cast["staff"])


def test_many_are_verified_together_or_not_at_all(stage, cast):
    tasks = [stage["own"], stage["health"]]
    moved(tasks[0], "finish", cast["staff"])
    with pytest.raises(ValidationError, match="không chờ xác nhận"):
        verify_tasks(assignments=tasks, by=cast["cuc"], at=NOW)
    moved(tasks[1], "finish", cast["other"])
    with pytest.raises(PermissionDenied):
        verify_tasks(assignments=tasks, by=cast["staff"], at=NOW)
    assert verify_tasks(assignments=tasks, by=cast["cuc"], at=NOW) == 2
    assert Assignment.objects.filter(state="verified", verified_by=cast["cuc"]).count() == 2
    assert TaskUpdate.objects.filter(move="verify").count() == 2


def test_many_cost_no_more_than_few(stage, cast, django_assert_max_num_queries):
    agencies = [stage["own"].agency, stage["health_agency"]]
    tasks = [a_task(stage["plan"], agencies[n % 2], f"IV.3.{n}") for n in range(30)]
    Assignment.objects.filter(pk__in=[task.pk for task in tasks]).update(state="done", reported_by=cast["staff"])
    with django_assert_max_num_queries(14):
        verify_tasks(assignments=tasks, by=cast["cuc"], at=NOW)


def test_evidence_is_handed_out_inside_the_task_only(stage, cast):
    moved(stage["own"], "update", cast["staff"], files=[PDF])
    evidence = Evidence.objects.get()
    for name in ("staff", "cuc", "mai"):
        assert download(evidence=evidence, by=cast[name]) == PDF.content
    assert Event.objects.filter(action="task.evidence").count() == 3
    for name in ("other", "district", "leader", "admin", "client", "hoa", "nobody"):
        with pytest.raises(PermissionDenied):
            download(evidence=evidence, by=cast[name])


def test_the_database_and_the_rule_agree_on_what_is_due(stage):
    """`of_plan` says in SQL what `next_due` says in Python, for every rhythm, answer and state."""
    plan, agency = stage["plan"], stage["own"].agency
    answers = [None, date(2023, 3, 31), date(2023, 5, 31), date(2023, 11, 29), date(2023, 11, 30), date(2023, 12, 31)]
    numbers = itertools.count()
    for rhythm in Rhythm:
        for reported_to in answers:
            for state in (State.NOT_STARTED, State.IN_PROGRESS, State.DONE, State.NOT_APPLICABLE):
                a_task(
                    plan,
                    agency,
                    f"IV.9.{next(numbers)}",
                    rhythm=rhythm,
                    due_on=date(2023, 8, 30) if rhythm == Rhythm.ONCE else None,
                    reported_to=reported_to,
                    state=state,
                    reason="x",
                    reported_by=agency.user_set.first(),
                )
    rows = list(Assignment.objects.of_plan(plan).select_related("clause"))
    assert len(rows) > 70
    assert [row.due for row in rows] == [row.next_due(plan) for row in rows]
    assert len({row.due for row in rows}) > 5
    for day in (date(2023, 5, 31), date(2023, 6, 1), date(2023, 12, 31)):
        late = set(Assignment.objects.of_plan(plan).shown_as("late", day))
        assert late == {row for row in rows if row.due and row.due < day}


def test_a_task_with_history_is_not_lost_when_the_plan_is_loaded_again(stage, cast):
    moved(stage["own"], "update", cast["staff"])
    with pytest.raises(Exception, match="protected"), transaction.atomic():
        stage["own"].delete()
    assert TaskUpdate.objects.count() == 1


def test_moves_that_are_not_in_the_table_need_no_right_to_be_refused(stage, cast):
    with pytest.raises(PermissionDenied):
        moved(stage["own"], "dance", cast["staff"])
    for move in (Move.VERIFY, Move.REOPEN):
        with pytest.raises(ValidationError):
            moved(stage["own"], move, cast["cuc"])
