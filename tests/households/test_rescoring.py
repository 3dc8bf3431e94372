"""The rule in Python and in the database agree; rescoring lists everybody, writes the undecided, leaves the decided."""

import random
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import Event
from households import score_file, sql_rule
from households.classify import classify
from households.models import Review, Round, ScoreAnswer, ScoreTable
from households.scoring import Answer, score
from households.sealed import unseal
from households.services import rescoring
from households.services.scores import load_score_table
from households.standards import DEPRIVATION_KEYS, Findings
from tests import make
from tests.households.test_reviews import decide, record

ROUNDS = 200
HOUSEHOLDS = 100
TABLE = Path(__file__).parents[1] / "data" / "score_table.csv"


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


def two_tables(standard):
    """By zone the test table and, newest first, a corrected version of it that has the points of one answer otherwise."""
    text = TABLE.read_text(encoding="utf-8")
    for version, told in (("1", text), ("2", text.replace("Mức B,,,60,", "Mức B,,,95,"))):
        load_score_table(file=score_file.read(told), standard=standard, version=version, valid_from=date(1999, 1, 1))
    return {zone: list(ScoreTable.objects.filter(zone=zone).newest_first()) for zone in ("urban", "rural")}


def random_answers(dice):
    """Mostly what a table asks; sometimes one missing, one twice, or one that the table has not."""
    odd = [["a", "b"], ["z"], []]
    for code in dice.choice(odd) if dice.random() < 0.1 else [dice.choice("abc")]:
        yield Answer("thu_mot", code)
    for code in ("x", "y"):
        if dice.random() < 0.2:
            yield Answer("thu_nhieu", code)
    if dice.random() < 0.95:
        yield Answer(
            "thu_so", number=dice.choice([Decimal(text) for text in ("0", "7.99", "8", "10", "19.99", "20", "99")])
        )


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
    tables = two_tables(standards[0])
    reviews, answers_of = [], []
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
            said = None
            if dice.random() < 0.4:
                said = tuple(random_answers(dice))
                answers["score_table"] = tables[answers["zone"]][-1]
            answers_of.append(said)
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
    ScoreAnswer.objects.bulk_create(
        (
            ScoreAnswer(review=review, item=one.item, option=one.option, number=one.number)
            for review, said in zip(reviews, answers_of, strict=True)
            for one in said or ()
        ),
        batch_size=2000,
    )
    by_pk = {review.pk: said for review, said in zip(reviews, answers_of, strict=True)}
    items = {zone: some[0].rules() for zone, some in tables.items()}
    for rule in rules:
        asked = Review.objects.annotate(
            lacked=sql_rule.lacks(), counted=sql_rule.b1(ScoreTable.objects.newest_first())
        ).annotate(ruled=sql_rule.category(rule, b1="counted"))
        seen, unfit = set(), 0
        rows = asked.values_list(
            "pk", "zone", "b1_score", "income_per_person", *DEPRIVATION_KEYS, "lacked", "counted", "ruled"
        )
        for pk, zone, b1, income, *boxes, lacked, counted, ruled in rows.iterator():
            ticked = frozenset(key for key, box in zip(DEPRIVATION_KEYS, boxes, strict=True) if box)
            assert lacked == len(ticked)
            if by_pk[pk] is not None:
                scored = score(items[zone], by_pk[pk])
                assert counted == (None if scored.wrong else scored.total), by_pk[pk]
                if scored.wrong:
                    unfit += 1
                    continue
                b1 = scored.total
            assert counted == b1
            assert ruled == classify(Findings(zone, b1, income, ticked), rule).category
            seen.add(ruled)
        assert seen == {"poor", "near_poor", "not_poor"}
        assert 500 < unfit < 7000
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
