"""The rules of tasks as tables at their edges, and what must hold for any task."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts.roles import May
from reports import periods
from targets import evidence_files, task_dates, task_states
from targets.evidence_files import Forbidden
from targets.task_dates import Rhythm
from targets.task_states import MOVES, OPEN, Move, State

ISSUED = date(2023, 3, 17)
MAY, NOVEMBER = date(2023, 5, 31), date(2023, 11, 30)


def test_the_report_days_are_those_of_the_reports():
    assert list(task_dates.REPORT_DAYS) == list(periods.DAYS.values())


@pytest.mark.parametrize(
    ("rhythm", "due_on", "reported_to", "due"),
    [
        ("", None, None, MAY),
        ("", None, MAY, NOVEMBER),
        ("", None, NOVEMBER, None),
        ("monthly", None, None, date(2023, 3, 31)),  # the plan was issued on 17 March: January owes nothing
        ("monthly", None, date(2023, 3, 31), date(2023, 4, 30)),
        ("monthly", None, date(2023, 12, 31), None),
        ("once", date(2023, 8, 30), None, date(2023, 8, 30)),
    ],
)
def test_what_is_owed_next(rhythm, due_on, reported_to, due):
    given = {"rhythm": rhythm, "due_on": due_on, "reported_to": reported_to}
    assert task_dates.next_due(year=2023, start=ISSUED, **given) == due


@pytest.mark.parametrize(
    ("rhythm", "due_on", "field"),
    [
        ("", None, None),
        ("monthly", None, None),
        ("once", date(2023, 1, 1), None),
        ("once", date(2023, 12, 31), None),
        ("once", date(2022, 12, 31), "due_on"),
        ("once", date(2024, 1, 1), "due_on"),
        ("once", None, "due_on"),
        ("monthly", date(2023, 5, 1), "due_on"),
        ("weekly", None, "rhythm"),
    ],
)
def test_a_schedule_is_refused_at_its_field(rhythm, due_on, field):
    assert list(task_dates.schedule_faults(rhythm=rhythm, due_on=due_on, year=2023)) == ([field] if field else [])


@pytest.mark.parametrize(
    ("state", "offset", "key", "label"),
    [
        (State.IN_PROGRESS, -1, "in_progress", "Đang làm"),
        (State.IN_PROGRESS, 0, "in_progress", "Đang làm"),
        (State.IN_PROGRESS, 1, "late", "Quá hạn 1 ngày"),
        (State.NOT_STARTED, 1259, "late", "Quá hạn 1.259 ngày"),
        (State.DONE, 9, "done", "Xong, chờ xác nhận"),
        (State.VERIFIED, 9, "verified", "Đã xác nhận"),
        (State.NOT_APPLICABLE, 9, "not_applicable", "Không áp dụng"),
    ],
)
def test_only_an_open_task_past_its_day_is_late(state, offset, key, label):
    shown = task_states.shown(state, MAY, MAY + timedelta(days=offset))
    assert (shown.key, shown.label) == (key, label)


STEPS = (-14, -7, -1, 0, 3, 7)


@pytest.mark.parametrize(
    ("offset", "step"),
    [(-15, None), (-14, -14), (-8, -14), (-7, -7), (-1, -1), (0, 0), (2, 0), (3, 3), (6, 3), (7, 7), (90, 7)],
)
def test_the_newest_step_reached(offset, step):
    assert task_dates.step_reached(STEPS, MAY, MAY + timedelta(days=offset)) == step


TABLE = {
    Move.UPDATE: ({"not_started", "in_progress"}, "in_progress", May.UPDATE_TASKS),
    Move.FINISH: ({"not_started", "in_progress"}, "done", May.UPDATE_TASKS),
    Move.TAKE_BACK: ({"done"}, "in_progress", May.UPDATE_TASKS),
    Move.VERIFY: ({"done"}, "verified", May.VERIFY_TASKS),
    Move.RETURN: ({"done"}, "in_progress", May.VERIFY_TASKS),
    Move.EXCUSE: ({"not_started", "in_progress"}, "not_applicable", May.ASSIGN_TASKS),
    Move.REOPEN: ({"verified", "not_applicable"}, "in_progress", May.ASSIGN_TASKS),
}


@pytest.mark.parametrize("move", Move)
def test_the_table_of_moves(move):
    leaves, to, right = TABLE[move]
    assert (MOVES[move].to, MOVES[move].right) == (to, right)
    assert {state.value for state in State if task_states.allowed(state, move)} == leaves


def test_every_state_can_be_left_and_nothing_reaches_the_beginning():
    assert all(task_states.moves_from(state) for state in State)
    assert State.NOT_STARTED not in {found.to for found in MOVES.values()}


GOOD = {
    "state": "in_progress",
    "move": "update",
    "note": "Đã làm.",
    "percent": 50,
    "proof_asked": True,
    "files": 0,
    "counted": "",
    "amount": None,
}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, None),
        ({"percent": 0}, None),
        ({"percent": 100}, None),
        ({"percent": None}, None),
        ({"percent": 101}, "percent"),
        ({"percent": -1}, "percent"),
        ({"note": "  "}, "text"),
        ({"move": "finish"}, "files"),
        ({"move": "finish", "files": 1}, None),
        ({"move": "finish", "proof_asked": False}, None),
        ({"move": "verify"}, "__all__"),
        ({"move": "dance"}, "__all__"),
        ({"state": "done", "move": "verify", "note": ""}, None),
        ({"state": "done", "move": "return", "note": ""}, "text"),
        ({"counted": "lớp"}, "amount"),
        ({"counted": "lớp", "amount": -1}, "amount"),
        ({"amount": 3}, "counted"),
        ({"counted": "lớp", "amount": 0}, None),
    ],
)
def test_a_move_is_refused_at_its_field(wrong, field):
    assert list(task_states.faults(**GOOD | wrong)) == ([field] if field else [])


def packed(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (packed("word/document.xml"), "docx"),
        (packed("xl/workbook.xml"), "xlsx"),
    ],
)
def test_a_file_is_told_by_its_content(content, kind):
    assert evidence_files.kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "rỗng"),
        (b"MZ\x90\x00", "không được nhận"),
        (b"<html><script>", "không được nhận"),
        (b"GIF89a", "không được nhận"),
        (packed("anything.txt"), "không được nhận"),
        (packed("word/document.xml", "word/vbaProject.bin"), "macro"),
        (b"PK\x03\x04 broken", "bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kiểu cũ"),
        (b"%PDF-" + b"x" * (10 * 1024 * 1024), "lớn hơn 10 MB"),
    ],
)
def test_any_other_file_is_refused_with_the_reason(content, why):
    with pytest.raises(Forbidden, match=why):
        evidence_files.kind_of(content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Biên bản 12.PDF", "Biên bản 12.pdf"),
        ("C:\\tai lieu\\anh.exe", "anh.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"b\r\nX: y', "a b X y.pdf"),
        ("", "minh-chung.pdf"),
    ],
)
def test_a_name_is_made_harmless(name, kept):
    assert evidence_files.safe_name(name, "pdf") == kept


@given(
    rhythm=some.sampled_from(list(Rhythm)),
    due_on=some.dates(date(2023, 1, 1), date(2023, 12, 31)),
    answered=some.integers(0, 14),
)
@settings(max_examples=80, deadline=None)
def test_answering_slot_by_slot_ends(rhythm, due_on, answered):
    """Each answer moves the due date on, never back, until nothing is owed."""
    day = due_on if rhythm == Rhythm.ONCE else None
    seen, reported_to = [], None
    for _ in range(answered):
        due = task_dates.next_due(rhythm=rhythm, due_on=day, year=2023, start=ISSUED, reported_to=reported_to)
        if due is None or rhythm == Rhythm.ONCE:
            break
        assert due >= ISSUED
        assert not seen or due > seen[-1]
        seen.append(due)
        reported_to = due
    assert len(seen) <= 10
    assert {State.NOT_STARTED, State.IN_PROGRESS} == OPEN
