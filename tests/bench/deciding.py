"""The decision of a ward of 2,000 reviews in one transaction, against the bare SQL that writes the same rows.

Everything is written inside a transaction that is rolled back, so that the benchmark's database stays as it is.
"""

import time
from datetime import date
from statistics import median

from django.db import connection, transaction

from accounts.models import Event, User
from accounts.roles import Role
from areas.models import Area
from households.models import (
    Dossier,
    DossierStep,
    Household,
    Listed,
    Member,
    Result,
    Review,
    Round,
    Standard,
    StatusSpell,
)
from households.services.decisions import decide_dossier
from households.standards import DEPRIVATION_KEYS
from households.steps import Step
from tests.bench.counting import Line

REVIEWS = 2000
REPEATS = 5
SURVEYED, DECIDED = date(2023, 10, 2), date(2023, 12, 1)
LISTED_ON = date(2023, 1, 1)
WANTED = 3.0


class Undone(Exception):
    """Takes everything back."""


def measure() -> list[Line]:
    spent = {"portal": [], "by hand": []}
    for _ in range(REPEATS):
        for name, way in (("portal", _portal), ("by hand", _by_hand)):
            try:
                with transaction.atomic():
                    dossier, leader = _a_dossier()
                    spent[name].append(way(dossier, leader))
                    raise Undone
            except Undone:
                pass
    ratio = median(spent["portal"]) / median(spent["by hand"])
    note = f"{median(spent['portal']) * 1000:,.0f} ms for {REVIEWS:,} reviews; by hand {median(spent['by hand']) * 1000:,.0f} ms"
    return [Line("decision of a ward of 2,000 reviews", ratio, WANTED, at_most=True, note=note)]


def _portal(dossier: Dossier, leader: User) -> float:
    started = time.perf_counter()
    decide_dossier(dossier=dossier, number="1/QĐ-UBND", day=DECIDED, by=leader, today=DECIDED)
    return time.perf_counter() - started


CLOSE = """
UPDATE households_statusspell spell SET valid_to = %(day)s, closed_as = 'to_near_poor', closed_by_id = review.id
  FROM households_review review
 WHERE review.round_id = %(round)s AND review.household_id = spell.household_id AND spell.valid_to IS NULL
"""
OPEN = """
INSERT INTO households_statusspell (household_id, standard_id, ward_id, category, persons, has_labour, special_hardship,
                                    has_merit, ethnic_minority, valid_from, opened_as, closed_as, opened_by_id)
SELECT review.household_id, result.standard_id, review.ward_id, result.category, review.persons, review.has_labour,
       review.special_hardship, review.has_merit, review.ethnic_minority, %(day)s, 'from_poor', '', review.id
  FROM households_review review JOIN households_result result ON result.review_id = review.id
 WHERE review.round_id = %(round)s
"""
DECIDE = """
UPDATE households_review SET state = 'decided', decided_by_id = %(leader)s, decided_on = %(day)s,
       decision_number = '1/QĐ-UBND', version = version + 1
 WHERE round_id = %(round)s
"""
LOG = """
INSERT INTO accounts_event (at, by_id, action, subject_type, subject_id, label, area_id, before, after)
SELECT now(), %(leader)s, 'review.decided', 'households.review', id::text, 'x', ward_id,
       jsonb_build_object('state', 'entered'),
       jsonb_build_object('state', 'decided', 'number', '1/QĐ-UBND', 'day', '2023-12-01', 'dossier', 1)
  FROM households_review WHERE round_id = %(round)s
"""


def _by_hand(dossier: Dossier, leader: User) -> float:
    given = {"day": DECIDED, "round": dossier.round_id, "leader": leader.pk}
    with connection.cursor() as cursor:
        started = time.perf_counter()
        for statement in (CLOSE, OPEN, DECIDE, LOG):
            cursor.execute(statement, given)
        return time.perf_counter() - started


def _a_dossier() -> tuple[Dossier, User]:
    """A ward with 2,000 poor households under both standards, all surveyed as near-poor now."""
    ward = Area.objects.wards().filter(valid_to__gte=DECIDED).order_by("pk").first()
    officer = User.objects.create(username="bench-officer", role=Role.WARD_OFFICER, area=ward)
    leader = User.objects.create(username="bench-leader", role=Role.WARD_LEADER, area=ward)
    round = Round.objects.create(
        year=2099, kind="annual", name="đo", starts_on=date(2099, 9, 1), ends_on=date(2099, 12, 14)
    )
    standards = list(Standard.objects.in_force(SURVEYED))
    households = Household.objects.bulk_create(
        Household(code=f"do-{n}", ward=ward, group="Tổ 1", address="x", registered_on=LISTED_ON) for n in range(REVIEWS)
    )
    Member.objects.bulk_create(
        Member(household=one, full_name="x", relation="head", sex="male", birth_year=1980, joined_on=LISTED_ON)
        for one in households
    )
    facts = {"persons": 3, "has_labour": True, "special_hardship": False, "has_merit": False, "ethnic_minority": False}
    StatusSpell.objects.bulk_create(
        StatusSpell(
            household=one,
            standard=standard,
            ward=ward,
            category="poor",
            valid_from=LISTED_ON,
            opened_as="listed",
            **facts,
        )
        for one in households
        for standard in standards
    )
    boxes = dict.fromkeys(DEPRIVATION_KEYS, False)
    reviews = Review.objects.bulk_create(
        Review(
            household=one, round=round, ward=ward, zone=ward.zone, surveyed_on=SURVEYED, b1_score=100,
            income_per_person=1_000_000, entered_by=officer, **facts, **boxes,
        )
        for one in households
    )  # fmt: skip
    Result.objects.bulk_create(
        Result(review=review, standard=standard, category="near_poor", receipt={}, rule_version="1")
        for review in reviews
        for standard in standards
    )
    Event.objects.bulk_create(
        Event(
            by=officer,
            action="review.entered",
            subject_type="households.review",
            subject_id=str(review.pk),
            label="x",
            area=ward,
        )
        for review in reviews
    )
    dossier = Dossier.objects.create(round=round, ward=ward, step=Step.DECISION, opened_by=officer)
    DossierStep.objects.create(dossier=dossier, step=Step.DECISION, cycle=1, opened_on=SURVEYED)
    Listed.objects.bulk_create(Listed(dossier=dossier, household=one, why="on_list") for one in households)
    return dossier, leader
