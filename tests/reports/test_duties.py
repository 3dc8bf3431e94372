"""Duties opened, asked for, moved; and what the city's report reads of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Agency, Event, Notice, OutgoingMail, Webhook
from accounts.webhook_rules import REPORT_ACCEPTED
from reports import duty_services, services, unit_queries
from reports.models import Duty, DutyRule, Period, UnitPart
from reports.states import Move, Standing, State, Verdict
from targets.models import Indicator
from tests import make
from tests.reports.units import DAY, NOON, a_stage, explain_all, handed_in, move, write


@pytest.fixture
def stage(areas, cast, year, plan):
    return a_stage(areas, cast, plan)


def test_every_unit_of_the_plan_owes_one_and_a_second_night_adds_nothing(stage, cast):
    assert {duty.agency.code for duty in Duty.objects.all()} == {"so-y-te", "ubnd-hai-chau"}
    assert set(Duty.objects.values_list("due_on", flat=True)) == {DAY}
    services.daily(today=date(2023, 5, 2))
    services.daily(today=date(2023, 5, 2))
    assert (Duty.objects.count(), UnitPart.objects.count()) == (2, 10)


def test_a_unit_that_joins_owes_it_while_the_period_runs_and_not_afterwards(stage, plan):
    from tests.targets.tasks import a_task

    a_task(plan, make.an_agency("so-moi", name="Sở mới", short_name="Sở mới"), "IV.3.a")
    duty_services.open_duties(period=stage["period"], today=DAY + timedelta(days=1))
    assert Duty.objects.count() == 2
    duty_services.open_duties(period=stage["period"], today=DAY)
    assert Duty.objects.count() == 3


def test_due_dates_and_sign_off_are_data(stage, plan):
    DutyRule.objects.create(days_before=5)
    DutyRule.objects.create(agency=Agency.objects.get(code="so-y-te"), days_before=10, needs_sign_off=True)
    period = services.open_period(plan=plan, day=date(2023, 11, 30))
    duty_services.open_duties(period=period, today=date(2023, 11, 1))
    found = {duty.agency.code: (duty.due_on, duty.needs_sign_off) for duty in period.duties.select_related("agency")}
    assert found == {"so-y-te": (date(2023, 11, 20), True), "ubnd-hai-chau": (date(2023, 11, 25), False)}


@pytest.mark.django_db
def test_one_rule_for_everybody_and_within_the_open_time():
    DutyRule.objects.create()
    for wrong in (DutyRule(days_before=3), DutyRule(agency=make.an_agency(), days_before=31)):
        with pytest.raises(ValidationError):
            wrong.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_from_opening_to_acceptance(stage, cast):
    duty = stage["health"]
    handed_in(duty, cast["writer"])
    assert (duty.state, duty.first_submitted_at, duty.submitted_by) == (State.SUBMITTED, NOON, cast["writer"])
    assert duty.frozen["tasks"][0]["ref"] == "IV.2.a"
    assert Notice.objects.filter(user=cast["cuc"]).get().text == f"Sở Y tế đã nộp báo cáo {duty.period}."
    hook = Webhook.objects.create(name="Kho", url="https://receiver.example/", events=[REPORT_ACCEPTED], salt="x")
    move(duty, Move.ACCEPT, cast["cuc"])
    assert hook.deliveries.get().payload == {"duty": duty.pk, "agency": "so-y-te", "period": "2023-05-31"}
    assert (duty.state, duty.accepted_by) == (State.ACCEPTED, cast["cuc"])
    assert set(duty.parts.values_list("verdict", flat=True)) == {Verdict.ACCEPTED}
    assert [one.move for one in duty.moves.all()] == ["accept", "submit"]
    assert len(unit_queries.accepted_parts(stage["period"])) == 4, "no proposals were written"


def test_an_accepted_report_is_locked_until_it_is_opened_again_with_a_reason(stage, cast):
    duty = stage["health"]
    handed_in(duty, cast["writer"])
    move(duty, Move.ACCEPT, cast["cuc"])
    with pytest.raises(ValidationError, match="không sửa được"):
        write(duty, cast["writer"], dict.fromkeys(duty_services.Part, "khác"))
    with pytest.raises(ValidationError) as refused:
        move(duty, Move.REOPEN, cast["cuc"])
    assert "note" in refused.value.message_dict
    move(duty, Move.REOPEN, cast["cuc"], note="Sai số liệu.")
    write(duty, cast["writer"], dict.fromkeys(duty_services.Part, "khác"))
    assert unit_queries.accepted_parts(stage["period"]) == []


def test_what_is_missing_keeps_it_back_and_a_warning_waits_for_a_word(stage, cast):
    duty = stage["health"]
    with pytest.raises(ValidationError) as refused:
        move(duty, Move.SUBMIT, cast["writer"])
    assert [one for one in refused.value.messages if "chưa viết" in one] == [
        "I. Tình hình: chưa viết.",
        "II. Kết quả: chưa viết.",
        "III. Tồn tại, nguyên nhân: chưa viết.",
        "IV. Phương hướng: chưa viết.",
    ]
    write(duty, cast["writer"])
    with pytest.raises(ValidationError, match=r"IV\.2\.a.*Cần giải trình"):
        move(duty, Move.SUBMIT, cast["writer"])
    assert Duty.objects.get(pk=duty.pk).state == State.OPEN
    explain_all(duty, cast["writer"])
    move(duty, Move.SUBMIT, cast["writer"])


def test_a_head_signs_and_is_a_second_person(stage, cast):
    duty = stage["health"]
    Duty.objects.filter(pk=duty.pk).update(needs_sign_off=True)
    duty.refresh_from_db()
    handed_in(duty, cast["writer"])
    assert (duty.state, duty.first_submitted_at) == (State.SIGNING, None)
    assert not duty.is_writable
    with pytest.raises(ValidationError, match="người khác của đơn vị"):
        move(duty, Move.SIGN, cast["writer"])
    with pytest.raises(PermissionDenied):
        move(duty, Move.SIGN, cast["writer2"])
    move(duty, Move.SIGN, cast["chief"])
    assert (duty.state, duty.signed_by, duty.first_submitted_at) == (State.SUBMITTED, cast["chief"], NOON)


def test_returned_with_a_remark_on_the_place(stage, cast):
    from reports import unit_services

    duty = stage["health"]
    handed_in(duty, cast["writer"])
    results = duty.parts.get(part="results")
    note = {"by": cast["cuc"], "at": NOON}
    with pytest.raises(ValidationError) as refused:
        unit_services.remark(part=results, quote="không có", text="Sửa", **note)
    assert "quote" in refused.value.message_dict
    duty_services.accept_parts(duty=duty, parts=["situation"], by=cast["cuc"], version=duty.version)
    unit_services.remark(part=results, quote="một việc", text="Nêu rõ việc gì.", **note)
    with pytest.raises(ValidationError, match="Còn ý kiến chưa gửi"):
        move(duty, Move.ACCEPT, cast["cuc"])
    move(duty, Move.RETURN, cast["cuc"])
    assert duty.state == State.RETURNED
    verdicts = dict(duty.parts.values_list("part", "verdict"))
    assert (verdicts["situation"], verdicts["results"], verdicts["directions"]) == ("accepted", "returned", "")
    assert [one.text for one in unit_queries.accepted_parts(stage["period"])] == ["Đã triển khai kế hoạch."]
    with pytest.raises(ValidationError, match="đã được duyệt"):
        write(duty, cast["writer"], {duty_services.Part.SITUATION: "khác"})
    write(duty, cast["writer"], {duty_services.Part.RESULTS: "Ba việc."})
    move(duty, Move.SUBMIT, cast["writer"], NOON + timedelta(days=3))
    assert unit_queries.received_on(duty) == DAY, "what counts is when it first came in"
    assert results.notes.get().answered_at == NOON + timedelta(days=3)
    assert OutgoingMail.objects.filter(to="writer@example.vn").count() == 1


def test_extended_with_a_reason_and_later_only(stage, cast):
    duty = stage["health"]
    for given, field in (({"note": "x", "due_on": DAY}, "due_on"), ({"due_on": DAY + timedelta(days=5)}, "note")):
        with pytest.raises(ValidationError) as refused:
            move(duty, Move.EXTEND, cast["cuc"], **given)
        assert field in refused.value.message_dict
    move(duty, Move.EXTEND, cast["cuc"], note="Bão.", due_on=DAY + timedelta(days=5))
    assert (duty.due_on, duty.first_due_on, duty.state) == (DAY + timedelta(days=5), DAY, State.OPEN)
    assert unit_queries.late_units(stage["period"], DAY + timedelta(days=5)) == [stage["committee"]]


@pytest.mark.parametrize("name", ["district", "staff", "leader", "hoa", "nobody"])
def test_others_move_nothing(stage, cast, name):
    duty = stage["health"]
    for what in (Move.SUBMIT, Move.EXTEND, Move.ACCEPT):
        with pytest.raises(PermissionDenied):
            move(duty, what, cast[name], note="x")


def test_who_handed_it_in_does_not_accept_it(stage, cast, areas):
    duty = stage["health"]
    cast["cuc"].agency = duty.agency
    cast["cuc"].save()
    handed_in(duty, cast["cuc"])
    with pytest.raises(ValidationError, match="người khác phải duyệt"):
        move(duty, Move.ACCEPT, cast["cuc"])


def test_two_at_once_meet_the_version(stage, cast):
    duty = stage["health"]
    handed_in(duty, cast["writer"])
    seen = duty.version
    move(duty, Move.ACCEPT, cast["cuc"])
    with pytest.raises(ValidationError, match="vừa được người khác"):
        duty_services.move_duty(duty=duty, move=Move.RETURN, by=cast["cuc"], at=NOON, version=seen, note="x")


def asked(stage, cast, plan, **more):
    given = {"name": "Kỳ họp giữa năm", "basis": "", "day": DAY, "due_on": DAY, "clauses": [], "indicators": []}
    given |= {"agencies": [stage["committee"].agency]} | more
    return duty_services.ask_ad_hoc(plan=plan, by=cast["cuc"], today=date(2023, 5, 20), **given)


def test_an_ad_hoc_report_of_chosen_units_may_share_a_day_with_a_regular_one(stage, cast, plan):
    period = asked(stage, cast, plan, indicators=list(Indicator.objects.filter(code="housing")))
    assert [duty.agency.code for duty in period.duties.all()] == ["ubnd-hai-chau"]
    assert list(Period.objects.regular()) == [stage["period"]]
    assert Notice.objects.filter(user=cast["writer2"]).count() == 1
    assert services.open_period(plan=plan, day=DAY) == stage["period"]
    assert [report.period for report in services.daily(today=date(2023, 6, 1))] == [stage["period"]]
    assert Event.objects.filter(action="duty.asked").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"day": date(2022, 12, 31)}, "day"),
        ({"due_on": date(2023, 5, 19)}, "due_on"),
        ({"due_on": date(2023, 5, 30)}, "due_on"),
        ({"agencies": []}, "agencies"),
    ],
)
def test_what_an_ad_hoc_request_may_not_say(stage, cast, plan, wrong, field):
    with pytest.raises(ValidationError) as refused:
        asked(stage, cast, plan, **wrong)
    assert set(refused.value.message_dict) == {field}
    assert Duty.objects.count() == 2


def test_expected_received_and_in_time_are_counted(stage, cast):
    handed_in(stage["health"], cast["writer"], NOON + timedelta(days=1))
    found = unit_queries.tally_of(stage["period"], DAY + timedelta(days=1))
    assert (found.expected, found.received, found.on_time, found.received_rate) == (2, 1, 0, 50)
    assert (found.by_standing[Standing.LATE], found.by_standing[Standing.SUBMITTED]) == (1, 1)
    before = unit_queries.tally_of(stage["period"], DAY)
    assert (before.received, before.by_standing[Standing.DUE]) == (0, 2), "a day that is past is shown as it was"
    assert unit_queries.came_late(stage["period"]) == [stage["health"]]
    assert unit_queries.missing_units(stage["period"]) == [stage["committee"]]
