"""A ward's dossier from the list to the certificates; what each step wants; who may."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from households import dossier_queries
from households.models import DossierStep, Listed, Meeting, Posting, Review, StatusSpell
from households.services import calendar, decisions, dossiers, reviews
from households.spells import Closed, Opened
from households.steps import Move, Step
from tests.make import a_household, a_review, a_round, a_user, the_standards

DAY = date(2023, 10, 2)
POSTED, DECIDED = date(2023, 10, 10), date(2023, 10, 20)
DEADLINES = [
    {"kind": kind, "step": step, "days": days, "working": step != "decision", "from_start": step == "decision", "legal_basis": "thử"}
    for kind, step, days in (("annual", "posting", 3), ("annual", "district", 5), ("regular", "decision", 15))
]  # fmt: skip


def on_lists(areas):
    """Two households of the ward on the city's list, in two groups; one of another ward."""
    central, city = the_standards()
    calendar.load_calendar(deadlines=DEADLINES, holidays=[{"day": "2023-10-12", "name": "thử"}])
    found = []
    for place, ward in enumerate(("ward", "ward", "next_ward")):
        household = a_household(areas[ward])
        household.group = f"Tổ {place + 1}"
        household.save()
        StatusSpell.objects.create(
            household=household, standard=city, ward=areas[ward], category="near_poor", persons=2, has_labour=True,
            special_hardship=False, has_merit=False, ethnic_minority=False, valid_from=date(2022, 1, 1), opened_as="listed",
        )  # fmt: skip
        found.append(household)
    return found


@pytest.fixture
def listed(areas, cast):
    return on_lists(areas)


def opened(cast, areas, kind="annual"):
    round = a_round() if kind == "annual" else a_round(kind="regular", starts_on=date(2023, 9, 15))
    return dossiers.open_dossier(round=round, ward=areas["ward"], by=cast["hoa"], today=DAY)


def go(dossier, by, move=Move.FINISH, today=DAY, **more):
    return dossiers.move(dossier=dossier, move=move, by=by, today=today, **more)


def surveyed(dossier, by):
    for row in Listed.objects.filter(dossier=dossier, included=True):
        review = a_review(row.household, by, round=dossier.round, surveyed_on=DAY)
        central, city = review.results.model.standard.field.related_model.objects.order_by("issuer")
        review.results.create(standard=central, category="not_poor", receipt={}, rule_version="1")
        review.results.create(standard=city, category="poor", receipt={}, rule_version="1")


def met(dossier, by, agreed=6, groups=None):
    for group in groups or dossier_queries.groups(dossier):
        dossiers.record_meeting(
            dossier=dossier, group=group, held_on=DAY, place="Nhà văn hóa", chair="Tổ trưởng", secretary="Thư ký",
            present=10, agreed=agreed, note="", by=by, today=DAY,
        )  # fmt: skip


def at_decision(cast, areas):
    dossier = go(opened(cast, areas), cast["hoa"])
    surveyed(dossier, cast["hoa"])
    dossier = go(dossier, cast["hoa"])
    met(dossier, cast["hoa"])
    dossier = go(dossier, cast["hoa"])
    post(dossier, cast["hoa"])
    dossier = go(dossier, cast["hoa"], today=POSTED + timedelta(days=7))
    return go(dossier, cast["district"], today=POSTED + timedelta(days=8), document="12/LĐTBXH")


def post(dossier, by, to_on=date(2023, 10, 13)):
    dossiers.record_posting(
        dossier=dossier, from_on=POSTED, to_on=to_on, places="Trụ sở UBND", by=by, today=date(2023, 10, 14)
    )


def decide(dossier, by, **more):
    values = {"number": "398/QĐ-UBND", "day": DECIDED, "today": date(2023, 10, 21)} | more
    return decisions.decide_dossier(dossier=dossier, by=by, **values)


# Opening, the list


def test_the_list_proposes_everybody_on_a_current_list_of_the_ward(areas, cast, listed):
    dossier = opened(cast, areas)
    assert set(dossier.listed.values_list("household", flat=True)) == {listed[0].pk, listed[1].pk}
    assert dossier.steps.get().due_on == date(2023, 12, 14)


def test_a_round_has_one_dossier_a_ward_and_not_before_it_begins(areas, cast, listed):
    opened(cast, areas)
    with pytest.raises(ValidationError, match="đã mở"):
        opened(cast, areas)
    with pytest.raises(ValidationError, match="Đợt bắt đầu"):
        dossiers.open_dossier(round=a_round(2024), ward=areas["ward"], by=cast["hoa"], today=DAY)


@pytest.mark.parametrize("who", ["lan", "binh", "district", "staff", "cuc"])
def test_only_the_wards_officer_opens_it(areas, cast, listed, who):
    with pytest.raises(PermissionDenied):
        dossiers.open_dossier(round=a_round(), ward=areas["ward"], by=cast[who], today=DAY)


def test_who_is_left_out_has_a_reason_and_may_come_back(areas, cast, listed):
    dossier = opened(cast, areas)
    row = dossier.listed.first()
    with pytest.raises(ValidationError) as refused:
        dossiers.leave_out(dossier=dossier, listed=[row.pk], reason=" ", by=cast["hoa"])
    assert "reason" in refused.value.message_dict
    assert dossiers.leave_out(dossier=dossier, listed=[row.pk], reason="Đã chuyển đi", by=cast["hoa"]) == 1
    assert dossier_queries.progress(dossier) == {"to_review": 1, "left_out": 1, "surveyed": 0, "returned": 0, "left": 1}
    assert dossiers.put_back(dossier=dossier, listed=[row.pk], by=cast["hoa"]) == 1
    assert dossier_queries.progress(dossier)["to_review"] == 2


def test_a_household_that_asked_is_added_once_and_only_from_the_ward(areas, cast, listed):
    dossier = opened(cast, areas)
    newcomer = a_household(areas["ward"])
    assert dossiers.add_to_list(dossier=dossier, household=newcomer, by=cast["hoa"]).why == "request"
    for household in (newcomer, listed[2]):
        with pytest.raises(ValidationError) as refused:
            dossiers.add_to_list(dossier=dossier, household=household, by=cast["hoa"])
        assert "code" in refused.value.message_dict


def test_two_people_at_once_the_second_is_told(areas, cast, listed):
    dossier = opened(cast, areas)
    go(dossier, cast["hoa"], version=dossier.version)
    with pytest.raises(ValidationError, match="người khác cập nhật"):
        go(dossier, cast["hoa"], version=dossier.version)


# Survey, meeting, posting


def test_the_survey_ends_when_every_household_has_its_form(areas, cast, listed):
    dossier = go(opened(cast, areas), cast["hoa"])
    with pytest.raises(ValidationError, match="Còn 2 hộ"):
        go(dossier, cast["hoa"])
    surveyed(dossier, cast["hoa"])
    Review.objects.filter(household=listed[0]).update(state="returned")
    with pytest.raises(ValidationError, match="Còn 1 hộ"):
        go(dossier, cast["hoa"])
    Review.objects.update(state="entered")
    assert go(dossier, cast["hoa"]).step == Step.MEETING


@pytest.fixture
def at_meeting(areas, cast, listed):
    dossier = go(opened(cast, areas), cast["hoa"])
    surveyed(dossier, cast["hoa"])
    return go(dossier, cast["hoa"])


def test_every_group_meets_and_half_agree(cast, at_meeting):
    met(at_meeting, cast["hoa"], groups=["Tổ 1"])
    with pytest.raises(ValidationError, match="Tổ 2"):
        go(at_meeting, cast["hoa"])
    met(at_meeting, cast["hoa"], agreed=5, groups=["Tổ 2"])
    with pytest.raises(ValidationError, match="chuyển sang niêm yết"):
        go(at_meeting, cast["hoa"], Move.REPEAT)
    assert go(at_meeting, cast["hoa"]).step == Step.POSTING


def test_below_half_the_survey_and_the_meeting_are_held_again(cast, at_meeting):
    met(at_meeting, cast["hoa"], agreed=4)
    with pytest.raises(ValidationError, match="khảo sát và họp lại"):
        go(at_meeting, cast["hoa"])
    again = go(at_meeting, cast["hoa"], Move.REPEAT)
    assert (again.step, again.cycle) == (Step.SURVEY, 2)
    again = go(again, cast["hoa"])
    assert dossier_queries.without_meeting(again) == ["Tổ 1", "Tổ 2"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("group", "Tổ 99"), ("held_on", date(2023, 8, 31)), ("held_on", date(2023, 10, 3)), ("present", 0), ("agreed", 11), ("place", " ")],
)  # fmt: skip
def test_wrong_minutes_are_refused_at_their_field(cast, at_meeting, field, value):
    given = {
        "group": "Tổ 1", "held_on": DAY, "place": "Nhà văn hóa", "chair": "A", "secretary": "B", "present": 10,
        "agreed": 6, "note": "",
    }  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        dossiers.record_meeting(dossier=at_meeting, by=cast["hoa"], today=DAY, **(given | {field: value}))
    assert field in refused.value.message_dict
    assert not Meeting.objects.exists()


def test_a_form_is_closed_once_the_residents_have_met(cast, at_meeting, listed):
    review = Review.objects.get(household=listed[0])
    with pytest.raises(ValidationError, match="Họp dân"):
        reviews._refuse_outside_survey(review.household, review.round)
    go(at_meeting, cast["hoa"], Move.RETURN, note="Phiếu nhầm")
    reviews._refuse_outside_survey(review.household, review.round)


@pytest.fixture
def at_posting(cast, at_meeting):
    met(at_meeting, cast["hoa"])
    return go(at_meeting, cast["hoa"])


def test_a_posting_lasts_its_working_days_and_is_over_before_it_is_sent(cast, at_posting):
    with pytest.raises(ValidationError) as refused:  # Tuesday to Thursday, with a holiday on the Thursday
        post(at_posting, cast["hoa"], to_on=date(2023, 10, 12))
    assert "13/10/2023" in refused.value.message_dict["to_on"][0]
    assert not Posting.objects.exists()
    with pytest.raises(ValidationError, match="Chưa ghi ngày"):
        go(at_posting, cast["hoa"])
    post(at_posting, cast["hoa"])
    with pytest.raises(ValidationError, match="đến hết ngày 13/10/2023"):
        go(at_posting, cast["hoa"], today=date(2023, 10, 13))
    assert go(at_posting, cast["hoa"], today=date(2023, 10, 14)).step == Step.DISTRICT


# The district, the decision


def test_the_whole_way_makes_spells_certificates_and_one_line_a_step(areas, cast, listed):
    dossier = at_decision(cast, areas)
    assert dossier.step == Step.DECISION
    decided = decide(dossier, cast["lan"])
    assert (decided.step, decided.decision_number) == (Step.CERTIFICATES, "398/QĐ-UBND")
    assert set(Review.objects.values_list("state", "decided_on", "decision_number")) == {
        ("decided", DECIDED, "398/QĐ-UBND")
    }
    closed = StatusSpell.objects.filter(household__in=listed[:2], valid_to=DECIDED)
    assert {(spell.closed_as, spell.closed_by.household_id == spell.household_id) for spell in closed} == {
        (Closed.TO_POOR, True)
    }
    opened_now = StatusSpell.objects.filter(valid_from=DECIDED, valid_to=None)
    assert {(spell.category, spell.opened_as) for spell in opened_now} == {("poor", Opened.FROM_NEAR_POOR)}
    assert opened_now.count() == 2
    assert Event.objects.filter(action="review.decided").count() == 2
    done = go(decided, cast["hoa"], today=date(2023, 10, 22))
    assert done.step == Step.DONE
    assert not DossierStep.objects.filter(dossier=done, done_on=None).exists()
    assert Event.objects.filter(action="dossier.moved").count() == 7


def test_only_the_district_gives_its_opinion_and_may_send_back(areas, cast, listed, at_posting):
    post(at_posting, cast["hoa"])
    waiting = go(at_posting, cast["hoa"], today=date(2023, 10, 14))
    for who in ("hoa", "lan", "cuc"):
        with pytest.raises(PermissionDenied):
            go(waiting, cast[who])
    stranger = a_user("district_officer", areas["rural"])
    with pytest.raises(PermissionDenied):
        go(waiting, stranger)
    back = go(waiting, cast["district"], Move.RETURN, note="Thiếu biên bản Tổ 2")
    assert back.step == Step.POSTING
    assert back.steps.filter(outcome="return").get().note == "Thiếu biên bản Tổ 2"


@pytest.mark.parametrize("who", ["hoa", "district", "cuc", "binh"])
def test_only_the_wards_leader_decides(areas, cast, listed, who):
    dossier = at_decision(cast, areas)
    with pytest.raises(PermissionDenied):
        decide(dossier, cast[who])


def test_who_entered_one_form_of_the_list_does_not_decide_it(areas, cast, listed):
    dossier = at_decision(cast, areas)
    Review.objects.filter(household=listed[1]).update(entered_by=cast["lan"])
    with pytest.raises(ValidationError, match="không được quyết định"):
        decide(dossier, cast["lan"])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"number": " "}, "number"),
        ({"day": date(2023, 10, 22)}, "day"),
        ({"day": date(2023, 10, 1)}, "day"),
        ({"day": date(2023, 10, 13)}, "day"),  # the last day of the posting
    ],
)
def test_a_wrong_decision_is_refused_at_its_field(areas, cast, listed, more, field):
    dossier = at_decision(cast, areas)
    with pytest.raises(ValidationError) as refused:
        decide(dossier, cast["lan"], **more)
    assert field in refused.value.message_dict


def test_a_form_sent_back_meanwhile_is_not_passed_over(areas, cast, listed):
    dossier = at_decision(cast, areas)
    Review.objects.filter(household=listed[1]).update(state="returned")
    with pytest.raises(ValidationError, match="Còn 1 hộ"):
        decide(dossier, cast["lan"])
    assert not Review.objects.filter(state="decided").exists()


def test_only_the_groups_that_disagreed_meet_again(cast, at_meeting):
    met(at_meeting, cast["hoa"], groups=["Tổ 1"])
    met(at_meeting, cast["hoa"], agreed=4, groups=["Tổ 2"])
    again = go(go(at_meeting, cast["hoa"], Move.REPEAT), cast["hoa"])
    assert dossier_queries.without_meeting(again) == ["Tổ 2"]


def test_households_that_changed_since_are_named(areas, cast, listed):
    dossier = at_decision(cast, areas)
    StatusSpell.objects.filter(household=listed[1]).update(valid_from=DECIDED)
    with pytest.raises(ValidationError) as refused:
        decide(dossier, cast["lan"])
    assert listed[1].code in refused.value.message_dict["day"][0]
    assert listed[0].code not in refused.value.message_dict["day"][0]


def test_a_review_of_a_dossier_is_decided_with_it(areas, cast, listed):
    at_decision(cast, areas)
    review = Review.objects.get(household=listed[0])
    with pytest.raises(ValidationError, match="cùng cả hồ sơ"):
        reviews.decide(review=review, number="1/QĐ", day=DECIDED, by=cast["lan"], today=date(2023, 10, 21))


def test_a_decision_takes_as_many_queries_for_many_households_as_for_two(
    areas, cast, listed, django_assert_max_num_queries
):
    dossier = at_decision_of(cast, areas, 12)
    with django_assert_max_num_queries(32):
        decide(dossier, cast["lan"])


def at_decision_of(cast, areas, households):
    for _ in range(households):
        household = a_household(areas["ward"])
        household.group = "Tổ 1"
        household.save()
        StatusSpell.objects.create(
            household=household, standard_id=StatusSpell.objects.first().standard_id, ward=areas["ward"],
            category="poor", persons=2, has_labour=True, special_hardship=False, has_merit=False,
            ethnic_minority=False, valid_from=date(2022, 1, 1), opened_as="listed",
        )  # fmt: skip
    return at_decision(cast, areas)
