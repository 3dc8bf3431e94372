"""Form B recorded, sent back and decided: what is written and what is refused."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.roles import Role
from households.form_b import B1_MOST, Answers
from households.models import Member, Result, Review, ReviewDraft, StatusSpell
from households.sealed import unseal
from households.services import reviews
from households.standards import DEPRIVATION_KEYS
from tests import make

TODAY = date(2023, 12, 20)
POOR = Answers(
    surveyed_on=date(2023, 10, 3),
    b1_score=165,
    income_per_person=1_800_000,
    deprived=frozenset(DEPRIVATION_KEYS[:3]),
    has_labour=True,
    special_hardship=False,
    has_merit=False,
    ethnic_minority=False,
    note="  Đã xem  sổ hộ khẩu ",
)
NEAR = replace(POOR, deprived=frozenset(DEPRIVATION_KEYS[:2]))
NOT = replace(POOR, b1_score=176, income_per_person=2_500_001)


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], members=3)


def record(home, cast, answers=POOR, by="hoa", today=TODAY, **more):
    return reviews.record_review(
        household=home,
        round=more.pop("round", None) or make.a_round(),
        answers=answers,
        by=cast[by],
        today=today,
        **more,
    )


def decide(review, cast, day=date(2023, 12, 10), by="lan", number="398/QĐ-UBND", today=TODAY, **more):
    return reviews.decide(review=review, number=number, day=day, by=cast[by], today=today, **more)


def errors(raised):
    error = raised.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def everything():
    """All that a service might leave behind."""
    tables = (Review, Result, StatusSpell, ReviewDraft, Event)
    return [sorted(map(str, table.objects.values_list())) for table in tables]


# ---- recorded


def test_a_review_is_written_with_a_result_for_each_standard_in_force(home, cast):
    review = record(home, cast)
    assert (review.state, review.ward, review.zone, review.persons) == ("entered", home.ward, "urban", 3)
    assert review.note == "Đã xem sổ hộ khẩu"
    assert {(r.standard.code, r.category) for r in review.results.all()} == {
        ("central-2022", "poor"),
        ("city-2022", "poor"),
    }
    central = review.results.get(standard__code="central-2022")
    assert central.receipt["why"].startswith("Điểm B1 165, không vượt mức 175")
    assert central.rule_version == central.receipt["rule_version"]
    assert not StatusSpell.objects.exists()
    event = Event.objects.get(action="review.entered")
    assert (event.by, event.area, unseal(event.after)["b1_score"]) == (cast["hoa"], home.ward, 165)
    assert unseal(event.after)["surveyed_on"] == "2023-10-03"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"surveyed_on": date(2023, 8, 31)}, "surveyed_on", "trước ngày bắt đầu đợt (01/09/2023)"),
        ({"surveyed_on": date(2023, 12, 15)}, "surveyed_on", "sau ngày kết thúc đợt (14/12/2023)"),
        ({"surveyed_on": date(2023, 12, 21)}, "surveyed_on", "không được sau hôm nay (20/12/2023)"),
        ({"b1_score": -1}, "b1_score", "từ 0 đến 500"),
        ({"b1_score": B1_MOST + 1}, "b1_score", "từ 0 đến 500"),
        ({"income_per_person": -1}, "income_per_person", "từ 0 đến 100.000.000"),
        ({"income_per_person": 100_000_001}, "income_per_person", "từ 0 đến 100.000.000"),
        ({"deprived": frozenset({"roof"})}, "deprived", "Không có chỉ số: roof"),
    ],
)
def test_impossible_answers_are_refused_at_the_field(home, cast, change, field, says):
    before = everything()
    with pytest.raises(ValidationError) as raised:
        record(home, cast, replace(POOR, **change))
    assert says in errors(raised)[field][0]
    assert everything() == before


@pytest.mark.parametrize("day", [date(2023, 9, 1), date(2023, 12, 14)])
def test_the_first_and_the_last_day_of_a_round_belong_to_it(home, cast, day):
    assert record(home, cast, replace(POOR, surveyed_on=day)).surveyed_on == day


def test_a_household_of_nobody_is_not_reviewed(home, cast):
    Member.objects.update(left_on=date(2023, 1, 1))
    with pytest.raises(ValidationError) as raised:
        record(home, cast)
    assert "chưa có thành viên" in errors(raised)["persons"][0]


def test_a_closed_household_is_not_reviewed(home, cast):
    home.closed_on = date(2023, 9, 20)
    home.save()
    with pytest.raises(ValidationError, match="đã đóng hồ sơ từ ngày 20/09/2023"):
        record(home, cast)


def test_a_day_that_no_standard_covers_is_refused(home, cast):
    round = make.a_round(2021, starts_on=date(2021, 9, 1), ends_on=date(2021, 12, 14))
    with pytest.raises(ValidationError) as raised:
        record(home, cast, replace(POOR, surveyed_on=date(2021, 10, 1)), round=round)
    assert errors(raised) == {"surveyed_on": ["Chưa có chuẩn nghèo nào áp dụng cho ngày này."]}


@pytest.mark.parametrize("who", ["binh", "lan", "district", "cuc", "nobody"])
def test_only_an_officer_of_the_ward_enters_reviews(home, cast, who):
    with pytest.raises(PermissionDenied):
        record(home, cast, by=who)


# ---- edited and sent back


def test_an_edit_computes_again_and_logs_what_changed(home, cast):
    review = record(home, cast)
    edited = record(home, cast, NEAR, version=review.version)
    assert edited.pk == review.pk
    assert {r.category for r in edited.results.all()} == {"near_poor"}
    assert edited.version == 2
    event = Event.objects.get(action="review.edited")
    assert unseal(event.before) == {"nutrition": True, "state": "entered"}
    assert unseal(event.after) == {"nutrition": False, "state": "entered", "changed": ["nutrition"]}


def test_a_second_review_in_the_round_is_refused_and_names_the_first(home, cast):
    record(home, cast)
    with pytest.raises(ValidationError, match="đã có phiếu trong đợt, Người hoa nhập lúc"):
        record(home, cast, NEAR)


def test_two_officers_do_not_overwrite_each_other(home, cast, areas):
    review = record(home, cast)
    cast["mai"] = make.a_user(Role.WARD_OFFICER, areas["ward"])
    record(home, cast, NEAR, by="mai", version=review.version)
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        record(home, cast, NOT, version=review.version)
    review.refresh_from_db()
    assert (review.entered_by, review.b1_score, review.nutrition) == (cast["mai"], 165, False)


def test_a_returned_review_waits_again_once_it_is_mended(home, cast):
    review = record(home, cast)
    returned = reviews.return_review(review=review, note=" Xem lại  chỉ số 3 ", by=cast["lan"])
    assert (returned.state, returned.return_note) == ("returned", "Xem lại chỉ số 3")
    assert unseal(Event.objects.get(action="review.returned").after)["return_note"] == "Xem lại chỉ số 3"
    with pytest.raises(ValidationError, match="chờ người nhập sửa"):
        decide(returned, cast)
    mended = record(home, cast, NEAR, version=returned.version)
    assert mended.state == "entered"
    assert decide(mended, cast).state == "decided"


def test_a_review_is_sent_back_with_a_reason_only(home, cast):
    with pytest.raises(ValidationError) as raised:
        reviews.return_review(review=record(home, cast), note="  ", by=cast["lan"])
    assert "note" in errors(raised)


def test_a_decided_review_is_neither_edited_nor_returned(home, cast):
    review = decide(record(home, cast), cast)
    with pytest.raises(ValidationError, match="đã được quyết định"):
        record(home, cast, NEAR, version=review.version)
    with pytest.raises(ValidationError, match="đã được Người lan quyết định lúc"):
        reviews.return_review(review=review, note="muộn", by=cast["lan"])


# ---- drafts


def test_a_draft_is_ones_own_and_goes_when_the_review_is_saved(home, cast, areas):
    cast["mai"] = make.a_user(Role.WARD_OFFICER, areas["ward"])
    for name, b1 in (("hoa", "1"), ("mai", "2"), ("hoa", "16")):
        reviews.save_draft(household=home, round=make.a_round(), typed={"b1_score": b1}, by=cast[name])
    assert {(d.by, d.typed["b1_score"]) for d in ReviewDraft.objects.all()} == {(cast["hoa"], "16"), (cast["mai"], "2")}
    record(home, cast)
    assert [d.by for d in ReviewDraft.objects.all()] == [cast["mai"]]
    reviews.discard_draft(household=home, round=make.a_round(), by=cast["mai"])
    assert not ReviewDraft.objects.exists()


def test_another_wards_officer_keeps_no_draft_here(home, cast):
    with pytest.raises(PermissionDenied):
        reviews.save_draft(household=home, round=make.a_round(), typed={}, by=cast["binh"])
