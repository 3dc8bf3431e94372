"""A decision written by the database follows the rule of spells.py in every situation, and its log reads as `log` writes."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from accounts.log import log, log_found, log_many
from accounts.models import Event
from areas.set_based import insert_from, update_from
from households import spells
from households.models import Household, Review, StatusSpell
from households.services import statuses
from households.spells import Status
from households.standards import Category
from tests import make

DAY = date(2023, 12, 1)
FACTS = [
    {},
    {"persons": 5},
    {"has_labour": False},
    {"special_hardship": True},
    {"has_merit": True},
    {"ethnic_minority": True},
]
OTHERS = ["persons", "has_labour", "special_hardship", "has_merit", "ethnic_minority"]


def test_the_table_is_the_rule_and_the_past_counts_only_for_who_holds_nothing():
    for situation, outcome in spells.OUTCOMES.items():
        if situation.held:
            assert outcome == spells.OUTCOMES[situation._replace(was_poor_before=not situation.was_poor_before)]
        else:
            assert outcome == spells.OUTCOMES[situation._replace(same_ward=True, same_facts=True)]


def test_the_database_changes_spells_as_the_rule_says_in_every_situation(areas, cast, standards):
    """Held or not, decided, the ward, each fact and the past: all 216 of them in one decision."""
    city, other = standards[1], standards[0]
    expected = {}
    for held, decided, ward, changed, before in product(
        (None, *spells.LISTED), Category, ("ward", "next_ward"), FACTS, (False, True)
    ):
        household = make.a_household(areas["ward"], members=1)
        review = make.a_review(household, cast["hoa"])
        review.results.create(standard=city, category=decided, receipt={}, rule_version="1")
        now = statuses_of(review, decided)
        was = held and replace(now, category=held, ward=areas[ward].pk, **changed)
        if before and decided in spells.LISTED:
            a_spell(household, city, replace(now, category=decided), date(2019, 1, 1), date(2020, 1, 1))
        if was:
            a_spell(household, city, was, date(2022, 1, 1))
        else:  # what another standard says is of no weight
            a_spell(household, other, replace(now, category=Category.POOR), date(2022, 1, 1))
        expected[household.pk] = (was, now, spells.change(was, now, was_poor_before=before), review.pk)
    statuses.apply(Review.objects.filter(state="entered"), DAY)
    for pk, (was, now, change, review) in expected.items():
        under = StatusSpell.objects.filter(household=pk, standard=city)
        closed, opened = under.filter(valid_to=DAY), under.filter(valid_from=DAY)
        told = [(one.status(), one.closed_as, one.closed_by_id) for one in closed]
        assert told == ([(was, change.close, review)] if change.close else [])
        told = [(one.status(), one.opened_as, one.opened_by_id, one.valid_to) for one in opened]
        assert told == ([(now, change.open, review, None)] if change.open else [])
        assert under.open().count() == (1 if change.open or (was and not change.close) else 0)
    assert StatusSpell.objects.open().filter(standard=other).count() == 72


def statuses_of(review, decided):
    return Status(decided, review.ward_id, *(getattr(review, name) for name in OTHERS))


def a_spell(household, standard, status, valid_from, valid_to=None):
    facts = {name: getattr(status, name) for name in OTHERS}
    spell = make.a_spell(household, standard, status.category, valid_from, valid_to, **facts)
    StatusSpell.objects.filter(pk=spell.pk).update(ward=status.ward)


def test_lines_written_by_the_database_read_as_those_of_log(areas, cast):
    households = [make.a_household(areas["ward"]) for _ in range(3)]
    before, after = {"state": "entered"}, {"number": "1/QĐ “thử”", "cycle": 1}
    rows = Household.objects.filter(pk__in=[one.pk for one in households])
    given = {"area": areas["ward"], "before": before, "after": after}
    log_found(cast["lan"], "household.edited", rows, label="code", **given)
    by_database = columns_of_events()
    for household in households:
        log(cast["lan"], "household.edited", household, **given)
    assert columns_of_events() == by_database
    log_many(cast["lan"], "household.edited", ((one, before, after) for one in households), area=areas["ward"])
    assert columns_of_events() == by_database


def columns_of_events():
    """What the lines say; the table is empty afterwards."""
    columns = ["by", "action", "subject_type", "subject_id", "label", "area", "before", "after"]
    found = list(Event.objects.order_by("pk").values_list(*columns))
    assert all(Event.objects.values_list("at", flat=True))
    Event.objects.all().delete()
    return found


@pytest.mark.django_db
def test_of_nothing_nothing_is_written():
    assert insert_from(Event, ["label"], Household.objects.none().values_list("code")) == 0
    assert update_from(Household, ["code"], Household.objects.filter(pk__in=[]).values_list("pk", "code")) == 0
