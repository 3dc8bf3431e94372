"""Complaints: who may, what is refused, what is late."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households import complaint_queries
from households.models import Complaint, Dossier, Holiday, Listed
from households.services import complaints
from tests import make

TODAY = date(2023, 10, 16)


@pytest.fixture
def home(areas):
    return make.a_household(areas["ward"], head="Trần Văn Mẫu")


def register(cast, home, **more):
    values = {
        "ward": home.ward,
        "household": home,
        "category": "result",
        "from_name": "Lê Thị Thử",
        "text": "Đề nghị xem lại điểm.",
        "received_on": TODAY,
        "by": cast["hoa"],
        "today": TODAY,
    }
    return complaints.register_complaint(**values | more)


def test_every_field_is_private_or_open():
    assert {field.name for field in Complaint._meta.concrete_fields} == Complaint.PRIVATE | Complaint.OPEN
    assert not Complaint.PRIVATE & Complaint.OPEN


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2023, 10, 16), date(2023, 10, 25)),
        (date(2023, 10, 20), date(2023, 10, 31)),
        (date(2023, 10, 21), date(2023, 10, 31)),
    ],
)
def test_seven_weekdays_are_proposed(db, received, due):
    assert complaints.proposed_due(received) == due


def test_a_holiday_puts_the_day_off(db):
    Holiday.objects.create(day=date(2023, 10, 24), name="Ngày nghỉ thử")
    assert complaints.proposed_due(date(2023, 10, 16)) == date(2023, 10, 26)


def test_from_receipt_to_a_written_answer(cast, home):
    row = register(cast, home)
    row = complaints.assign_complaint(complaint=row, owner=cast["lan"], by=cast["hoa"], version=1)
    dossier = Dossier.objects.create(round=make.a_round(), ward=home.ward, opened_by=cast["hoa"])
    assert complaint_queries.open_for(dossier) == 0  # about a household that the dossier does not review
    Listed.objects.create(dossier=dossier, household=home, why="on_list")
    assert complaint_queries.open_for(dossier) == 1
    row = complaints.answer_complaint(complaint=row, result="Giữ kết quả.", by=cast["lan"], today=TODAY, version=2)
    assert (row.state, row.answered_by, row.version) == ("answered", cast["lan"], 3)
    with pytest.raises(ValidationError, match="xử lý xong"):
        complaints.withdraw_complaint(complaint=row, by=cast["hoa"], today=TODAY, version=3)


def test_refusals(cast, home):
    with pytest.raises(PermissionDenied):
        register(cast, home, by=cast["binh"])
    with pytest.raises(ValidationError, match="sau hôm nay"):
        register(cast, home, received_on=date(2023, 10, 17))
    row = register(cast, home)
    with pytest.raises(ValidationError, match="không xử lý"):
        complaints.assign_complaint(complaint=row, owner=cast["binh"], by=cast["hoa"], version=1)
    with pytest.raises(ValidationError, match="người khác"):
        complaints.withdraw_complaint(complaint=row, by=cast["hoa"], today=TODAY, version=9)
    with pytest.raises(ValidationError, match="nội dung"):
        complaints.answer_complaint(complaint=row, result=" ", by=cast["hoa"], today=TODAY, version=1)
    with pytest.raises(PermissionDenied):
        complaints.withdraw_complaint(complaint=row, by=cast["binh"], today=TODAY, version=1)


@pytest.mark.parametrize(("day", "late", "soon"), [(21, 0, 0), (22, 0, 1), (25, 0, 1), (26, 1, 0)])
def test_late_and_soon(cast, home, day, late, soon):
    register(cast, home)
    today = date(2023, 10, day)
    assert complaint_queries.listed(cast["hoa"], today, when="late").count() == late
    assert complaint_queries.listed(cast["hoa"], today, when="soon").count() == soon
    assert complaint_queries.due(cast["hoa"], today).count() == late + soon
    assert not complaint_queries.due(cast["binh"], today)
