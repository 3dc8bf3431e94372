"""Who may have a support, at the edges, with the reason in words; and the stages of a house."""

from datetime import date

import pytest

from households.eligibility import Person, Rule, Standing, judge
from households.support_stages import problems, stage

POOR = Standing("city", "poor", frozenset({"has_labour"}))
NEAR = Standing("central", "near_poor")
TODAY = date(2023, 6, 1)


@pytest.mark.parametrize(
    ("rule", "standings", "more", "holds", "says"),
    [
        (Rule(), [], {}, True, "không giới hạn"),
        (Rule(frozenset({"poor"})), [POOR], {}, True, "hộ nghèo chuẩn thành phố"),
        (Rule(frozenset({"poor"})), [NEAR], {}, False, "không ở trong danh sách"),
        (Rule(frozenset({"near_poor"}), frozenset({"city"})), [NEAR], {}, False, "không ở trong danh sách"),
        (Rule(flags=frozenset({"has_labour"})), [POOR], {}, True, "còn sức lao động"),
        (Rule(flags=frozenset({"has_labour", "has_merit"})), [POOR], {}, False, "thiếu điều kiện có người có công"),
        (Rule(frozenset({"poor"}), escaped_months=36), [], {"escaped_months_ago": 35}, True, "mới thoát nghèo, 35"),
        (Rule(frozenset({"poor"}), escaped_months=36), [], {"escaped_months_ago": 36}, False, "không ở trong danh"),
        (Rule(age_from=15), [], {}, False, "chưa chọn người hưởng"),
        (Rule(age_from=15), [], {"person": Person(14, "male")}, False, "phải từ 15 tuổi"),
        (Rule(age_from=15), [], {"person": Person(15, "male")}, True, "15 tuổi"),
        (Rule(age_to=18), [], {"person": Person(18, "male")}, True, "18 tuổi"),
        (Rule(age_to=18), [], {"person": Person(19, "male")}, False, "phải đến 18 tuổi"),
        (Rule(sex="female"), [], {"person": Person(19, "male")}, False, "phải là nữ"),
    ],
)
def test_the_verdict_and_its_reason(rule, standings, more, holds, says):
    verdict = judge(rule, standings, **more)
    assert verdict.holds is holds
    assert says in verdict.words


@pytest.mark.parametrize(
    ("days", "reached", "wrong"),
    [
        ({}, "", {}),
        ({"approved_on": TODAY}, "approved_on", {}),
        ({"approved_on": date(2023, 6, 2)}, "approved_on", {"approved_on"}),
        ({"approved_on": TODAY, "started_on": TODAY}, "started_on", {}),
        ({"approved_on": TODAY, "started_on": date(2023, 5, 31)}, "started_on", {"started_on"}),
        ({"started_on": TODAY}, "started_on", {"started_on"}),
    ],
)
def test_the_stages_of_a_house(days, reached, wrong):
    assert stage(days) == reached
    assert set(problems(days, TODAY)) == set(wrong)
