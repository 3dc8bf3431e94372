"""Comments with mentions, partners asked for their part, and a unit's own subtasks."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Agency, Event, Notice
from targets.models import Assignment, InputRequest, TaskComment
from targets.task_talk import add_subtask, answer_request, ask_partner, comment, tick_subtask
from tests import make
from tests.targets.tasks import NOW, a_stage

TODAY = date(2023, 6, 15)
OUTSIDERS = ["other", "district", "leader", "admin", "client", "hoa", "nobody"]


@pytest.fixture
def stage(areas, cast):
    return a_stage(areas, cast)


def asked(stage, cast, **more):
    values = {
        "assignment": stage["own"],
        "agency": stage["health_agency"],
        "text": "Gửi số thẻ.",
        "due_on": date(2023, 7, 1),
        "by": cast["staff"],
        "today": TODAY,
        "at": NOW,
    }
    return ask_partner(**values | more)


def said(stage, by, text="Xem giúp."):
    return comment(assignment=stage["own"], text=text, by=by, at=NOW)


def test_who_is_mentioned_is_told_once_and_nobody_else(stage, cast):
    said(stage, cast["staff"], "Nhờ @cuc, @cuc và @staff xem; thư gửi a@mai.vn.")
    notice = Notice.objects.get()
    assert (notice.user, notice.url) == (cast["cuc"], f"/ke-hoach/nhiem-vu/{stage['own'].pk}/#trao-doi")
    line = Event.objects.get()
    assert (line.action, line.after["mentions"]) == ("task.commented", 2)
    assert "Nhờ" not in str(line.after), "what is said stays inside the task"


@pytest.mark.parametrize("name", ["other", "district", "khong-co"])
def test_somebody_of_another_agency_cannot_be_mentioned(stage, cast, name):
    with pytest.raises(ValidationError) as refused:
        said(stage, cast["staff"], f"Nhờ @{name}.")
    assert list(refused.value.message_dict) == ["text"]
    assert not TaskComment.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_say_nothing_ask_nothing_and_cut_nothing(stage, cast, name):
    row = asked(stage, cast, agency=make.an_agency("hoi", name="Hội"))
    subtask = add_subtask(assignment=stage["own"], text="Lấy số", due_on=None, by=cast["staff"])
    for work in (
        lambda: said(stage, cast[name]),
        lambda: asked(stage, cast, by=cast[name]),
        lambda: answer_request(request=row, text="x", by=cast[name], at=NOW),
        lambda: add_subtask(assignment=stage["own"], text="x", due_on=None, by=cast[name]),
        lambda: tick_subtask(subtask=subtask, by=cast[name], today=TODAY),
    ):
        with pytest.raises(PermissionDenied):
            work()


def test_an_asked_partner_comes_inside_and_answers_once(stage, cast):
    inside = Assignment.objects.open_inside_to
    assert stage["own"] not in inside(cast["other"])
    row = asked(stage, cast)
    assert set(inside(cast["other"])) == {stage["own"], stage["health"]}
    said(stage, cast["other"], "Đang làm, @staff.")
    answer_request(request=row, text=" 12 thẻ. ", by=cast["other"], at=NOW)
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("12 thẻ.", cast["other"])
    assert Notice.objects.filter(user=cast["staff"], text__contains="đã trả lời").count() == 1
    with pytest.raises(ValidationError, match="đã trả lời"):
        answer_request(request=row, text="13", by=cast["other"], at=NOW)
    with pytest.raises(PermissionDenied):
        answer_request(request=row, text="13", by=cast["staff"], at=NOW)
    with pytest.raises(PermissionDenied):  # inside, yet not its task to ask others for
        asked(stage, cast, by=cast["other"], agency=stage["committee"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_on": date(2024, 1, 1)}, "due_on"),
        ({"due_on": date(2022, 12, 31)}, "due_on"),
        ({"text": "  "}, "text"),
        ({"agency": "own"}, "agency"),
        ({"agency": "group"}, "agency"),
    ],
)
def test_a_wrong_request_is_refused_at_its_field(stage, cast, wrong, field):
    agencies = {
        "own": stage["own"].agency,
        "group": make.an_agency("nhom", name="Nhóm", kind=Agency.Kind.GROUP),
    }
    given = {name: agencies.get(value, value) if name == "agency" else value for name, value in wrong.items()}
    with pytest.raises(ValidationError) as refused:
        asked(stage, cast, **given)
    assert list(refused.value.message_dict) == [field]
    assert not InputRequest.objects.exists()


def test_a_unit_cuts_its_own_work(stage, cast):
    with pytest.raises(ValidationError) as refused:
        add_subtask(assignment=stage["own"], text="Lấy số", due_on=date(2024, 1, 1), by=cast["staff"])
    assert list(refused.value.message_dict) == ["due_on"]
    row = add_subtask(assignment=stage["own"], text="Lấy số", due_on=date(2023, 7, 1), by=cast["staff"])
    row = tick_subtask(subtask=row, by=cast["staff"], today=TODAY)
    assert (row.done_on, row.done_by) == (TODAY, cast["staff"])
    row = tick_subtask(subtask=row, by=cast["staff"], today=TODAY)
    assert (row.done_on, row.done_by) == (None, None)
