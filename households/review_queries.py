"""What the review pages read: households left to survey, reviews by state, and how many of each."""

from functools import reduce
from heapq import merge
from itertools import islice
from operator import or_

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.log import stamp
from households.computed import Somebody
from households.models import Household, Listed, Result, Review, ReviewDraft, Round, StatusSpell
from households.scoring import answer_words, score

TODO = "todo"
LABELS = {TODO: "Chưa khảo sát", **dict(Review.State.choices)}
# Nobody pages through more; counting further would read the whole city to say "many".
COUNT_MOST = 1000


def rounds_begun(today):
    """Rounds that have begun, newest first."""
    return Round.objects.filter(starts_on__lte=today)


def left_to_survey(user, round):
    """Households to be surveyed in the round that have no review in it.

    Whom a dossier lists, because they asked or were added (Decision 24/2021 art. 5); in an annual round also everybody
    on a current list (art. 4) but whom the dossier leaves out with a reason.
    """
    return _not_reviewed(user, round).filter(reduce(or_, _asked(round)))


def _asked(round) -> list[Q]:
    """The two groups, of which no household is in both."""
    in_dossier = Listed.objects.filter(household=OuterRef("pk"), dossier__round=round)
    asked = [Q(Exists(in_dossier.filter(included=True)))]
    if round.kind == Round.Kind.ANNUAL:
        on_list = StatusSpell.objects.open().filter(household=OuterRef("pk"))
        asked.append(Q(Exists(on_list)) & ~Q(Exists(in_dossier)))
    return asked


def _not_reviewed(user, round):
    reviewed = Review.objects.filter(household=OuterRef("pk"), round=round)
    households = Household.objects.visible_to(user).filter(~Exists(reviewed), closed_on__isnull=True)
    return _of_one_ward(households, user).order_by("code")


def _groups(user, round) -> list:
    return [_not_reviewed(user, round).filter(one) for one in _asked(round)]


class InTurn:
    """Keys of lists that share no row, in the order of the code. Asked as one with OR, the database would look through
    every open spell of the city before it shows 25 rows."""

    def __init__(self, lists):
        self.lists = lists

    def __getitem__(self, part: slice) -> list:
        begun = [rows.values_list("code", "pk")[: part.stop] for rows in self.lists]
        return [key for _, key in islice(merge(*begun), part.start or 0, part.stop)]


def reviews_in(user, round, state):
    """Reviews of a round in a state: who waits is served in order, what is decided is shown newest first."""
    reviews = Review.objects.visible_to(user).filter(round=round, state=state)
    return _of_one_ward(reviews, user).order_by("-pk" if state == Review.State.DECIDED else "pk")


def _of_one_ward(rows, user):
    """To somebody of a ward the ward is named as well: with it the database walks the index in the list's order."""
    return rows.filter(ward=user.area_id) if user.area_id and user.area.level == "ward" else rows


class Rows:
    """A list's rows. A slice asks twice: for its keys in order, then for what the page shows of those rows only.

    Asked at once, the database would join every row of the list before it knows which 25 are wanted.
    """

    def __init__(self, keys, shown):
        self.keys, self.shown = keys, shown

    def __getitem__(self, part: slice) -> list:
        keys = list(self.keys[part])
        found = self.shown.in_bulk(keys)
        return [found[key] for key in keys if key in found]


def rows(user, round, state) -> Rows:
    """What the list shows in a state."""
    if state == TODO:
        return Rows(InTurn(_groups(user, round)), Household.objects.with_head().select_related("ward"))
    results = Result.objects.select_related("standard").defer("receipt")
    keys = reviews_in(user, round, state).values_list("pk", flat=True)
    return Rows(keys, Review.objects.for_list().prefetch_related(Prefetch("results", results)))


def counts(user, round) -> dict[str, int]:
    """How many there are in each state, counted no further than COUNT_MOST + 1. Remembered until the next write."""
    key = f"review-counts:{user.area_id}:{user.role}:{round.pk}:{stamp()}"
    return cache.get_or_set(key, lambda: {state: _counted(user, round, state) for state in LABELS}, 60)


def _counted(user, round, state) -> int:
    found = _groups(user, round) if state == TODO else [reviews_in(user, round, state)]
    return min(COUNT_MOST + 1, sum(rows.order_by().values("pk")[: COUNT_MOST + 1].count() for rows in found))


def drafts_of(user, round):
    """Forms that this person began in the round and did not send, newest first."""
    visible = Household.objects.visible_to(user)
    drafts = ReviewDraft.objects.filter(by=user, round=round, household__in=visible)
    return drafts.select_related("household").order_by("-saved_at")


def draft_for(user, household, round=None):
    """What this person typed for the household: in the round, or in whichever was typed last."""
    drafts = ReviewDraft.objects.filter(by=user, household=household).select_related("round").order_by("-saved_at")
    return (drafts.filter(round=round) if round else drafts).first()


def last_decided(household, before=None):
    """The household's newest decided review, or the one before a given review."""
    decided = Review.objects.filter(household=household, state=Review.State.DECIDED).select_related("round")
    if before:
        decided = decided.exclude(pk=before.pk).filter(surveyed_on__lte=before.surveyed_on)
    return decided.order_by("-surveyed_on", "-pk").first()


KNOWN = ("birth_year", "birth_month", "birth_day", "schooling", "education", "has_insurance", "has_allowance")


def people_of(household) -> list[Somebody]:
    """The household's members as the rules on form B look at them; one query."""
    also = ("is_disabled", "is_malnourished")
    return [
        Somebody(one.pk, one.full_name, **{name: getattr(one, name) for name in (*KNOWN, *also)})
        for one in household.members.filter(left_on__isnull=True)
    ]


def triggers_of(review) -> dict[str, list[str]]:
    """Names of the members who trigger an indicator, by indicator."""
    found: dict[str, list[str]] = {}
    for one in review.triggers.select_related("member"):
        found.setdefault(one.indicator, []).append(one.member.full_name)
    return found


def b1_lines(review, last) -> list[dict]:
    """What each item of the table added to B1, beside last year's answer to it; empty when the total was typed."""
    if review.score_table is None:
        return []
    before = {}
    if last and last.score_table:
        before = answer_words(last.score_table.rules(), [answer.rule() for answer in last.score_answers.all()])
    found = score(review.score_table.rules(), [answer.rule() for answer in review.score_answers.all()])
    return [{"line": line, "before": before.get(line.item, "")} for line in found.lines]
