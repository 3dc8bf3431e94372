"""A draft beside the plan that it was copied from, and the list of the years' plans."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from targets.document import anchor_of
from targets.models import Clause, Plan
from targets.wording import Piece, compare

KEPT, CHANGED, NEW = "kept", "changed", "new"
LABELS = {KEPT: "Giữ nguyên", CHANGED: "Có sửa", NEW: "Mới"}


@dataclass(frozen=True)
class DraftLine:
    """A clause of a draft; `before` and `after` are its words beside last year's where they differ."""

    clause: Clause
    state: str
    before: list[Piece]
    after: list[Piece]
    dated: bool  # still names last year

    @property
    def label(self) -> str:
        return LABELS[self.state]

    @property
    def anchor(self) -> str:
        return anchor_of(self.clause)


@dataclass(frozen=True)
class Draft:
    lines: list[DraftLine]
    dropped: list[Clause]  # of last year's plan, no longer in the draft

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def tally(self) -> str:
        told = [(KEPT, "giữ nguyên"), (CHANGED, "có sửa"), (NEW, "mới")]
        words = [f"{self.count(state)} mục {word}" for state, word in told]
        return ", ".join([*words, f"{len(self.dropped)} mục bỏ"])


def draft_of(plan: Plan) -> Draft:
    """Two queries: the draft's clauses with their origins, and what of last year's is gone."""
    lines = [_line(clause, plan) for clause in plan.clauses.select_related("copied_from").order_by("order")]
    dropped: Iterable[Clause] = []
    if plan.copied_from_id:
        kept = plan.clauses.exclude(copied_from=None).values("copied_from")
        dropped = plan.copied_from.clauses.filter(repealed_on=None).exclude(pk__in=kept)
    return Draft(lines, list(dropped))


def _line(clause: Clause, plan: Plan) -> DraftLine:
    origin = clause.copied_from
    dated = str(plan.year - 1) in clause.text
    if origin is None:
        return DraftLine(clause, NEW, [], [Piece("same", clause.text)], dated)
    if origin.text == clause.text:
        return DraftLine(clause, KEPT, [], [Piece("same", clause.text)], dated)
    return DraftLine(clause, CHANGED, *compare(origin.text, clause.text), dated)


def plans_by_year(*, drafts: bool):
    """Every year's plan with its numbers of tasks, targets and amendments; drafts only for those who write them."""
    task = Q(clauses__kind=Clause.Kind.TASK, clauses__repealed_on=None)
    plans = Plan.objects.annotate(
        tasks=Count("clauses", filter=task, distinct=True),
        targets_set=Count("targets", distinct=True),
        amended=Count("clauses__amendments", distinct=True),
        comments_given=Count("comments", distinct=True),
    ).order_by("-year")
    return plans if drafts else plans.issued()
