"""The rule in Python and in the database agree; rescoring lists everybody, writes the undecided, leaves the decided."""

import random
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import Event
from households import sql_rule
from households.classify import classify
from households.models import Review, Round
from households.sealed import unseal
from households.services import rescoring
from households.standards import DEPRIVATION_KEYS, Findings
from tests import make
from tests.households.test_reviews import decide, record

ROUNDS = 200
HOUSEHOLDS = 100


@pytest.fixture
def home(areas, cast, standards):
    return make.a_household(areas["ward"], members=3)


def run(**options):
    out = StringIO()
    call_command("rescore", stdout=out, **options)
    return out.getvalue()


def lower_the_line(standard):
    """165 points were at most 175 and poor; now they are above the line."""
    standard.line_urban = 160
    standard.save()


def test_the_rule_and_its_sql_form_agree_on_20000_households(areas, cast, standards):
    dice = random.Random(66)
    first = date(2000, 1, 1)
    days = [first + timedelta(days=place) for place in range(ROUNDS)]
    rounds = Round.objects.bulk_create(
        Round(year=2000, kind="regular", name="thử", starts_on=day, ends_on=day) for day in days
    )
    homes = [make.a_household(areas["ward"], members=1) for _ in range(HOUSEHOLDS)]
    rules = [standard.rule() for standard in standards]
    near = {
        "b1_score": (139, 140, 141, 174, 175, 176),
        "income_per_person": (2_000_000, 2_000_001, 2_500_000, 2_500_001),
    }
    reviews = []
    for round in rounds:
        for home in homes:
            odds = dice.random()
            at_edge = dice.random() < 0.5
            answers = {
                "b1_score": dice.choice(near["b1_score"]) if at_edge else dice.randrange(300),
                "income_per_person": dice.choice(near["income_per_person"]) if at_edge else dice.randrange(5_000_000),
                "zone": dice.choice(["urban", "rural"]),
            } | {key: dice.random() < odds / 2 for key in DEPRIVATION_KEYS}
            flags = dict.fromkeys(("has_labour", "special_hardship", "has_merit", "ethnic_minority"), False)
            reviews.append(
                Review(
                    household=home,
                    round=round,
                    ward=home.ward,
                    surveyed_on=first,
                    persons=1,
                    entered_by=cast["hoa"],
                    **answers,
                    **flags,
                )
            )
    Review.objects.bulk_create(reviews, batch_size=500)
    for rule in rules:
        asked = Review.objects.annotate(lacked=sql_rule.lacks()).annotate(ruled=sql_rule.category(rule))
        seen = set()
        rows = asked.values_list("zone", "b1_score", "income_per_person", *DEPRIVATION_KEYS, "lacked", "ruled")
        for zone, b1, income, *boxes, lacked, ruled in rows.iterator():
            ticked = frozenset(key for key, box in zip(DEPRIVATION_KEYS, boxes, strict=True) if box)
            assert lacked == len(ticked)
            assert ruled == classify(Findings(zone, b1, income, ticked), rule).category
            seen.add(ruled)
        assert seen == {"poor", "near_poor", "not_poor"}
    assert Review.objects.count() == 20_000


def test_a_dry_run_tells_why_and_writes_nothing(home, cast, standards):
    review = record(home, cast)
    assert run(standard="central-2022").startswith("0 would change")
    lower_the_line(standards[0])
    told = run(standard="central-2022", dry_run=True)
    assert f"{home.code}\t" in told
    assert "Hộ nghèo → Không nghèo\tundecided\tĐiểm B1 165, cao hơn mức 160" in told
    assert home.members.first().full_name not in told
    assert review.results.get(standard=standards[0]).category == "poor"


def test_apply_sets_the_undecided_right(home, cast, standards):
    review = record(home, cast)
    lower_the_line(standards[0])
    told = run(standard="central-2022", apply=True, by="cuc")
    assert told.endswith("1 would change: 1 undecided, 0 decided; 1 written\n")
    result = review.results.get(standard=standards[0])
    assert result.category == "not_poor"
    assert "160" in result.receipt["why"]
    review.refresh_from_db()
    assert review.version == 2
    line = Event.objects.get(action="review.rescored")
    assert line.by == cast["cuc"]
    assert unseal(line.before)["spells"] == {"central-2022": "poor"}
    assert run(standard="central-2022").startswith("0 would change")


def test_a_decided_review_is_only_listed(home, cast, standards):
    review = decide(record(home, cast), cast)
    lower_the_line(standards[0])
    assert "decided, kept" in run(standard="central-2022", apply=True, by="cuc")
    assert review.results.get(standard=standards[0]).category == "poor"
    assert not rescoring.rescore(review=review, standard=standards[0], by=cast["cuc"])


def test_who_may_and_what_is_asked(home, cast, standards):
    review = record(home, cast)
    for wrong in ({"standard": "none"}, {"standard": "central-2022", "apply": True}):
        with pytest.raises(CommandError):
            run(**wrong)
    with pytest.raises(CommandError):
        run(standard="central-2022", apply=True, by="lan")
    with pytest.raises(PermissionDenied):
        rescoring.rescore(review=review, standard=standards[0], by=cast["lan"])
