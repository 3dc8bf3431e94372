"""Two people at the same moment, in two connections: PostgreSQL only, where rows are locked one by one."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.roles import Role
from households.models import Review, StatusSpell
from households.services import reviews
from tests import make
from tests.households.test_reviews import POOR, TODAY, decide, record

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(areas, cast, standards):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one writer in at a time")
    return make.a_household(areas["ward"])


def at_once(*works):
    """Run each in a thread of its own, all from the same start. Returns 'done' or the refusal of each."""
    outcomes, start = [], threading.Barrier(len(works))

    def run(work):
        try:
            start.wait()
            work()
            outcomes.append("done")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_one_of_two_deciders_is_told_who_was_first(home, cast, areas):
    cast["second"] = make.a_user(Role.WARD_LEADER, areas["ward"])
    review = record(home, cast)
    outcome = at_once(lambda: decide(review, cast), lambda: decide(review, cast, by="second"))
    assert outcome.count("done") == 1
    assert any("quyết định lúc" in told for told in outcome)
    assert StatusSpell.objects.open().count() == 2


def test_one_of_two_officers_is_told_that_the_form_is_there(home, cast, areas):
    cast["mai"] = make.a_user(Role.WARD_OFFICER, areas["ward"])
    round = make.a_round()
    outcome = at_once(
        *(
            lambda name=name: reviews.record_review(
                household=home, round=round, answers=POOR, by=cast[name], today=TODAY
            )
            for name in ("hoa", "mai")
        )
    )
    assert outcome.count("done") == 1
    assert any("đã có phiếu trong đợt" in told for told in outcome)
    assert Review.objects.count() == 1


def test_an_edit_and_a_decision_do_not_cross(home, cast):
    """Whoever comes second works on what the first one left, or is refused."""
    review = record(home, cast)
    outcome = at_once(
        lambda: record(home, cast, version=review.version), lambda: decide(review, cast, version=review.version)
    )
    assert outcome.count("done") == 1
