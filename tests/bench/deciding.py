"""The decision of a ward of 2,000 reviews in one transaction, against the bare SQL that writes the same rows.

Both leave the same rows, which is compared first: spells closed and opened, reviews, a line of the log for each with
the household's code, the dossier, its step and the line about it. Only the portal checks anything. Everything is written inside a transaction that is rolled back, so that the benchmark's database stays as it is.
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
from households.sealed import seal
from households.services.calendar import due_on
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
    left = [_left_by(way) for way in (_portal, _by_hand)]
    assert left[0] == left[1], "the two do not write the same rows"
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


def _left_by(way) -> dict[str, list]:
    """What a way of deciding leaves behind, without the keys and the minute, which differ from turn to turn."""
    try:
        with transaction.atomic():
            dossier, leader = _a_dossier()
            way(dossier, leader)
            raise Undone({name: sorted(map(str, rows)) for name, rows in _written(dossier, leader).items()})
    except Undone as undone:
        return undone.args[0]


def _written(dossier: Dossier, leader: User) -> dict[str, list]:
    spells = (
        "household__code",
        "standard",
        "ward",
        "category",
        "persons",
        "has_labour",
        "special_hardship",
        "has_merit",
    )
    spells += ("ethnic_minority", "valid_from", "valid_to", "opened_as", "closed_as")
    told = [
        (
            line.action,
            line.subject_type,
            line.label,
            line.area_id,
            line.before,
            line.after | {"dossier": "", "sealed": ""},
        )
        for line in Event.objects.filter(by=leader)
    ]
    reviews = Review.objects.filter(round=dossier.round)
    return {
        "spells": StatusSpell.objects.filter(household__in=reviews.values("household")).values_list(
            *spells, "opened_by__household__code", "closed_by__household__code"
        ),
        "reviews": reviews.values_list("state", "decided_by__username", "decided_on", "decision_number", "version"),
        "log": told,
        "dossier": Dossier.objects.filter(pk=dossier.pk).values_list(
            "step", "decision_number", "decided_on", "version"
        ),
        "steps": dossier.steps.values_list("step", "cycle", "opened_on", "due_on", "done_on", "outcome", "document"),
    }


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
SELECT now(), %(leader)s, 'review.decided', 'households.review', review.id::text, household.code, review.ward_id,
       jsonb_build_object('state', 'entered'),
       jsonb_build_object('state', 'decided', 'number', '1/QĐ-UBND', 'day', '2023-12-01', 'dossier', %(dossier)s)
  FROM households_review review JOIN households_household household ON household.id = review.household_id
 WHERE review.round_id = %(round)s
"""
DOSSIER = """
UPDATE households_dossier SET step = 'certificates', decision_number = '1/QĐ-UBND', decided_on = %(day)s,
       decided_by_id = %(leader)s, version = version + 1
 WHERE id = %(dossier)s
"""
STEP_DONE = """
UPDATE households_dossierstep SET done_on = %(day)s, done_by_id = %(leader)s, outcome = 'finish', note = '',
       document = '1/QĐ-UBND'
 WHERE dossier_id = %(dossier)s AND done_on IS NULL
"""
STEP_OPEN = """
INSERT INTO households_dossierstep (dossier_id, step, cycle, opened_on, due_on, outcome, document, note)
VALUES (%(dossier)s, 'certificates', 1, %(day)s, %(due)s, '', '', '')
"""
MOVED = """
INSERT INTO accounts_event (at, by_id, action, subject_type, subject_id, label, area_id, before, after)
VALUES (now(), %(leader)s, 'dossier.moved', 'households.dossier', %(dossier)s::text, %(label)s, %(ward)s,
        jsonb_build_object('step', 'decision'),
        jsonb_build_object('step', 'certificates', 'move', 'finish', 'document', '1/QĐ-UBND', 'cycle', 1,
                           'sealed', %(sealed)s))
"""
STATEMENTS = (CLOSE, OPEN, DECIDE, LOG, DOSSIER, STEP_DONE, STEP_OPEN, MOVED)


def _by_hand(dossier: Dossier, leader: User) -> float:
    given = {"day": DECIDED, "round": dossier.round_id, "leader": leader.pk, "dossier": dossier.pk}
    given |= {"label": str(dossier), "ward": dossier.ward_id, "due": due_on(dossier.round, Step.CERTIFICATES, DECIDED)}
    given |= seal({"note": ""})
    with connection.cursor() as cursor:
        started = time.perf_counter()
        for statement in STATEMENTS:
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
