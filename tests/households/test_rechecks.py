"""A complaint about a posted result: its household is re-checked, posted again, answered, and only then decided."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households import complaint_queries, dossier_queries
from households.models import Complaint, Dossier, Listed, Recheck, Review
from households.services import complaints, dossiers, rechecks, reviews
from households.steps import Move, Step
from tests.households.test_dossiers import (  # noqa: F401
    DAY,
    POSTED,
    at_decision,
    at_meeting,
    at_posting,
    decide,
    go,
    listed,
    opened,
    post,
    surveyed,
)
from tests.households.test_requests import received, screened
from tests.make import a_household, a_review, a_round

ON_BOARD = POSTED + timedelta(days=1)


def complained(cast, household, received_on=ON_BOARD, ward=None):
    return complaints.register_complaint(
        ward=ward or household.ward, household=household, category="result", from_name="Người gửi thử", text="Xem lại.",
        by=cast["hoa"], received_on=received_on, today=received_on,
    )  # fmt: skip


def recheck(row, by, today=ON_BOARD, **more):
    return rechecks.open_recheck(complaint=row, by=by, today=today, **({"version": row.version} | more))


def found(row, by, finding="Giữ nguyên kết quả.", **more):
    row.refresh_from_db()
    return rechecks.close_recheck(
        complaint=row, finding=finding, by=by, **({"today": ON_BOARD, "version": row.version} | more)
    )


def answer(row, by):
    row.refresh_from_db()
    return complaints.answer_complaint(complaint=row, result="Giữ.", by=by, today=ON_BOARD, version=row.version)


def test_from_a_complaint_to_the_board_again(cast, at_posting, listed):  # noqa: F811
    post(at_posting, cast["hoa"])
    with pytest.raises(ValidationError, match="từ đơn của hộ"):
        go(at_posting, cast["hoa"], Move.RECHECK)
    row = complained(cast, listed[0])
    one = recheck(row, cast["hoa"])
    row.refresh_from_db()
    dossier = Dossier.objects.get(pk=at_posting.pk)
    assert (dossier.step, dossier.cycle, row.state) == (Step.RECHECK, 2, "rechecking")
    assert (one.household, one.due_on) == (listed[0], dossier.round.ends_on)
    assert listed[0].code in dossier.steps.get(outcome="recheck").note

    # only its household's form is open again
    round = dossier.round
    reviews._refuse_outside_survey(listed[0], round)
    with pytest.raises(ValidationError, match="không được phúc tra"):
        reviews._refuse_outside_survey(listed[1], round)

    # a second household joins; the answer waits for the finding, the board for all findings
    other = complained(cast, listed[1])
    recheck(other, cast["hoa"])
    with pytest.raises(ValidationError, match="rồi mới trả lời"):
        answer(row, cast["lan"])
    found(row, cast["hoa"])
    with pytest.raises(ValidationError, match=f"Còn 1 hộ chưa ghi kết quả phúc tra: {listed[1].code}"):
        go(dossier, cast["hoa"])
    found(other, cast["hoa"])
    again = go(dossier, cast["hoa"])
    assert (again.step, again.cycle) == (Step.POSTING, 2)
    assert dossier_queries.without_meeting(again) == []
    with pytest.raises(ValidationError, match="Chưa ghi ngày"):
        go(again, cast["hoa"])

    # posted again, but not sent on before both are answered
    post(again, cast["hoa"])
    later = POSTED + timedelta(days=7)
    with pytest.raises(ValidationError, match="2 đơn"):
        go(again, cast["hoa"], today=later)
    answer(row, cast["lan"])
    answer(other, cast["lan"])
    assert go(again, cast["hoa"], today=later).step == Step.DISTRICT


def test_what_cannot_be_rechecked(areas, cast, at_posting, listed):  # noqa: F811
    with pytest.raises(ValidationError, match="chưa gắn với hộ"):
        recheck(complained(cast, None, ward=areas["ward"]), cast["hoa"])
    with pytest.raises(ValidationError, match="hồ sơ nào đang niêm yết"):
        recheck(complained(cast, a_household(areas["ward"])), cast["hoa"])
    row = complained(cast, listed[0])
    for who in ("lan", "binh", "district"):  # the leader decides and does not enter
        with pytest.raises(PermissionDenied):
            recheck(row, cast[who])
    with pytest.raises(ValidationError, match="không có phúc tra"):
        found(row, cast["hoa"])
    recheck(row, cast["hoa"])
    row.refresh_from_db()
    with pytest.raises(ValidationError, match="đã mở phúc tra"):
        recheck(row, cast["hoa"])
    for who in ("lan", "binh"):
        with pytest.raises(PermissionDenied):
            found(row, cast[who])
    with pytest.raises(ValidationError) as refused:
        found(row, cast["hoa"], finding="  ")
    assert "finding" in refused.value.message_dict
    assert not Recheck.objects.filter(closed_on__isnull=False).exists()


def test_a_withdrawn_complaint_ends_its_recheck(cast, at_posting, listed):  # noqa: F811
    row = complained(cast, listed[0])
    recheck(row, cast["hoa"])
    row.refresh_from_db()
    complaints.withdraw_complaint(complaint=row, by=cast["hoa"], today=ON_BOARD, version=row.version)
    assert complaint_queries.unchecked(at_posting) == []
    assert Recheck.objects.get().finding == "Người gửi đã rút đơn."


def test_nothing_is_decided_over_a_complaint_that_came_in_time(areas, cast, listed):  # noqa: F811
    dossier = at_decision(cast, areas)
    row = complained(cast, listed[0], received_on=date(2023, 10, 13))  # the last day on the board, written down late
    with pytest.raises(ValidationError, match="niêm yết chưa trả lời"):
        decide(dossier, cast["lan"])
    assert not Review.objects.filter(state="decided").exists()
    answer(row, cast["lan"])
    complained(cast, listed[0], received_on=date(2023, 10, 14))  # too late: it does not hold the list up
    assert decide(dossier, cast["lan"]).step == Step.CERTIFICATES


def test_a_regular_rounds_list_is_who_asked_and_a_request_joins_the_next_open_list(areas, cast, listed):  # noqa: F811
    asked = a_household(areas["ward"])
    assert screened(received(asked, cast["hoa"]), cast["hoa"])[1] is False  # no list is open
    regular = opened(cast, areas, kind="regular")
    assert set(regular.listed.values_list("household", "why")) == {(asked.pk, Listed.Why.REQUEST)}
    # under way in one dossier, it does not join another
    annual = opened(cast, areas)
    assert set(annual.listed.values_list("household", flat=True)) == {listed[0].pk, listed[1].pk}
    # screened while the list was closed, it joins when the list is opened again
    go(regular, cast["hoa"])
    annual = go(annual, cast["hoa"])
    late = a_household(areas["ward"])
    assert screened(received(late, cast["hoa"], form="04"), cast["hoa"])[1] is False
    go(annual, cast["hoa"], Move.RETURN, note="Có thêm hộ đề nghị")
    assert annual.listed.get(household=late).why == Listed.Why.REQUEST
    # surveyed since, it has had what it asked for
    Listed.objects.filter(household=late).delete()
    surveyed_after = a_round(kind="regular", starts_on=date(2023, 8, 15), ends_on=date(2023, 9, 14))
    a_review(late, cast["hoa"], round=surveyed_after, surveyed_on=DAY)
    assert not dossier_queries.to_join(annual).filter(pk=late.pk).exists()


def test_deadlines_pass_over_the_holidays_and_a_step_is_late_after_them(areas, cast, at_posting):  # noqa: F811
    """Posting of three working days from Monday 2/10 ends on the 5th; a holiday on the 12th moves a later one."""
    step = at_posting.steps.get(done_on=None)
    assert step.due_on == date(2023, 10, 5)
    assert (step.late_on(date(2023, 10, 5)), step.late_on(date(2023, 10, 6))) == (False, True)
    again = go(at_posting, cast["hoa"], Move.RETURN, note="Nhầm", today=date(2023, 10, 10))
    again = go(again, cast["hoa"], today=date(2023, 10, 10))
    assert again.steps.get(done_on=None).due_on == date(2023, 10, 16)  # 11, 13, 16: over a holiday and a weekend
    assert dossiers.due_on(a_round(kind="regular", starts_on=date(2023, 9, 15)), Step.MEETING, DAY) == date(2023, 10, 2)
    assert Complaint.objects.count() == 0


def test_a_posting_hangs_after_its_recheck_and_is_due_the_working_day_after_it(cast, at_posting, listed):  # noqa: F811
    post(at_posting, cast["hoa"])  # to Friday the 13th
    assert at_posting.steps.get(done_on=None).due_on == date(2023, 10, 16)
    row = complained(cast, listed[0])
    recheck(row, cast["hoa"])
    found(row, cast["hoa"])
    again = go(at_posting, cast["hoa"], today=ON_BOARD)
    with pytest.raises(ValidationError, match="phúc tra xong"):
        dossiers.record_posting(
            dossier=again, from_on=POSTED, to_on=date(2023, 10, 20), places="Trụ sở", by=cast["hoa"], today=ON_BOARD
        )
