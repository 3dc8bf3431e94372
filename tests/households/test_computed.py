"""Indicators 2, 4, 5, 6 and 8 from the members' data, at every edge: yes, no, or not known, and who it is."""

from datetime import date
from decimal import Decimal

import pytest

from households.computed import Computed, Somebody, compute, differing

DAY = date(2023, 10, 3)


def aged(years, key=1, short=0, **more):
    """Somebody who turns `years` on the survey's day, or `short` days later."""
    return Somebody(key, f"Người {key}", DAY.year - years, DAY.month, DAY.day + short, **more)


def told(key, *people, area=None):
    return compute(people, living_area=area, day=DAY)[key]


@pytest.mark.parametrize(
    ("years", "short", "insured", "lacks"),
    [
        (6, 0, False, True),
        (6, 1, False, False),  # a day before six
        (6, 0, True, False),
        (6, 0, None, None),
        (6, 1, None, False),
        (90, 0, False, True),
    ],
)
def test_insurance_is_asked_from_six(years, short, insured, lacks):
    assert told("health_insurance", aged(years, short=short, has_insurance=insured)).lacks is lacks


@pytest.mark.parametrize(
    ("years", "short", "schooling", "education", "lacks"),
    [
        (16, 1, "none", "none", False),  # still a child
        (16, 0, "none", "none", True),
        (16, 0, "none", "primary", True),
        (16, 0, "none", "lower_secondary", False),
        (18, 1, "none", "lower_secondary", False),
        (18, 0, "none", "lower_secondary", True),
        (18, 0, "vocational", "lower_secondary", False),
        (18, 0, "none", "upper_secondary", False),
        (18, 0, "none", "elementary", False),
        (18, 0, "none", "trained_on_job", False),
        (16, 0, "none", "trained_on_job", False),
        (30, 0, "none", "lower_secondary", True),
        (31, 1, "none", "lower_secondary", True),  # the last day of thirty
        (31, 0, "none", "lower_secondary", False),
        (25, 0, "", "upper_secondary", False),
        (25, 0, "higher", "", False),
        (25, 0, "", "none", None),
        (25, 0, "none", "", None),
        (25, 0, "", "", None),
        (40, 0, "", "", False),
    ],
)
def test_adults_are_asked_from_sixteen_to_thirty(years, short, schooling, education, lacks):
    one = aged(years, short=short, schooling=schooling, education=education)
    assert told("adult_education", one).lacks is lacks


@pytest.mark.parametrize(
    ("years", "short", "schooling", "lacks"),
    [
        (3, 1, "none", False),
        (3, 0, "none", True),
        (3, 0, "preschool", False),
        (6, 1, "preschool", False),
        (6, 0, "preschool", True),
        (6, 1, "primary", False),  # first class in the year of turning six: ahead is not lacking
        (6, 0, "primary", False),
        (12, 1, "primary", False),
        (12, 0, "primary", True),
        (12, 1, "lower_secondary", False),
        (12, 0, "lower_secondary", False),
        (16, 1, "lower_secondary", False),
        (16, 1, "upper_secondary", False),
        (16, 1, "none", True),
        (16, 0, "none", False),
        (10, 0, "", None),
    ],
)
def test_children_go_to_the_school_of_their_age(years, short, schooling, lacks):
    assert told("child_schooling", aged(years, short=short, schooling=schooling)).lacks is lacks


@pytest.mark.parametrize(
    ("one", "depends"),
    [
        (aged(16, short=1), True),
        (aged(16, has_allowance=False), False),
        (aged(60, has_allowance=True), True),
        (aged(60, short=1, has_allowance=True, is_disabled=False), False),
        (aged(60, has_allowance=False), False),
        (aged(60), None),
        (aged(40, has_allowance=True, is_disabled=True), True),
        (aged(40, has_allowance=False, is_disabled=True), False),
        (aged(40, has_allowance=True), None),
        (aged(40), None),
        (aged(40, is_disabled=False), False),
    ],
)
def test_who_depends(one, depends):
    assert told("dependents", one).lacks is depends


WORKER = {"is_disabled": False}


@pytest.mark.parametrize(
    ("children", "workers", "unknown", "lacks"),
    [
        (1, 1, 0, False),
        (2, 1, 0, True),
        (2, 2, 0, False),
        (1, 1, 1, None),
        (2, 1, 2, None),
        (3, 1, 1, True),
        (1, 3, 1, False),
    ],
)
def test_dependants_are_more_than_half(children, workers, unknown, lacks):
    people = [aged(5, key) for key in range(children)]
    people += [aged(40, 10 + key, **WORKER) for key in range(workers)]
    people += [aged(40, 20 + key) for key in range(unknown)]
    assert told("dependents", *people).lacks is lacks


@pytest.mark.parametrize(
    ("area", "persons", "lacks"),
    [("16", 2, False), ("15.99", 2, True), ("16.01", 2, False), ("0", 1, True), (None, 2, None), ("16", 0, None)],
)
def test_exactly_eight_metres_are_enough(area, persons, lacks):
    people = [aged(40, key) for key in range(persons)]
    assert told("housing_area", *people, area=area and Decimal(area)).lacks is lacks


def test_a_birth_year_alone_gives_two_ages():
    child = Somebody(1, "Bé", 2017, has_insurance=False)  # five or six
    assert list(child.ages(DAY)) == [5, 6]
    assert told("health_insurance", child).lacks is None
    assert told("health_insurance", Somebody(1, "Bé", 2016, has_insurance=False)).lacks is True
    assert list(Somebody(1, "Bé", 2017, 10).ages(DAY)) == [5, 6]
    assert list(Somebody(1, "Bé", 2017, 11).ages(DAY)) == [5]
    assert list(Somebody(1, "Bé", 2023, 12, 1).ages(DAY)) == [0]


def test_one_who_lacks_outweighs_one_unknown_and_is_named():
    sick, asked = aged(40, 1, has_insurance=False), aged(40, 2)
    said = told("health_insurance", sick, asked)
    assert said.lacks is True
    assert said.members == (1,)
    assert said.sentence == "Theo thông tin thành viên: có, vì Người 1 (40 tuổi) không có thẻ."


def test_of_nobody_nothing_is_known():
    assert {said.lacks for said in compute([], living_area=Decimal(50), day=DAY).values()} == {None}


def test_only_what_is_clearly_otherwise_differs():
    said = {"a": Computed(True, ""), "b": Computed(False, ""), "c": Computed(None, ""), "d": Computed(True, "")}
    assert differing(said, ["b", "d", "c"]).keys() == {"a", "b"}
