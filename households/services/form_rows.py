"""What form B keeps in rows of its own: the answers to a table of points, and who triggers an indicator."""

from dataclasses import dataclass, replace

from households.computed import Somebody
from households.form_b import Answers
from households.models import Household, Review, ReviewTrigger, ScoreAnswer, ScoreTable
from households.review_queries import people_of
from households.scoring import Score, score
from households.standards import DEPRIVATION_KEYS, DEPRIVATION_LABELS, Findings
from households.triggers import AGES, problems


@dataclass(frozen=True)
class Rows:
    """The rows of one form, checked; `wrong` as form_b.problems says it, by field. `table` None: the total was typed."""

    table: ScoreTable | None
    score: Score | None
    people: list[Somebody]
    wrong: dict[str, str]

    def counted(self, answers: Answers) -> Answers:
        """The answers with B1 as the table counts it."""
        return replace(answers, b1_score=self.score.total) if self.score else answers

    def findings(self, answers: Answers, zone: str) -> Findings:
        if self.table is None:
            return answers.findings(zone)
        return answers.findings(zone, self.score.lines, named(self.table))

    def told(self, answers: Answers) -> dict[str, str]:
        """In words, for the log."""
        names = {one.key: one.name for one in self.people}
        lines = self.score.lines if self.score else ()
        return {
            "b1_items": "; ".join(f"{line.text}: {line.answer}" for line in lines),
            "triggers": _triggers_told((key, names.get(member, "")) for key, member in answers.triggers),
        }


def named(table: ScoreTable) -> str:
    """'Bảng điểm 2022.1, khu vực thành thị (chưa kiểm chứng)'."""
    return f"{table.title} ({table.basis})"


def check(household: Household, zone: str, answers: Answers) -> Rows:
    """The rows of a form laid beside the table of the survey's day and the members of the household."""
    table = ScoreTable.objects.on(zone, answers.surveyed_on)
    found = score(table.rules(), answers.scores) if table else None
    wrong = {f"b1__{code}": words for code, words in found.wrong.items()} if found else {}
    if answers.scores and table is None:
        wrong["b1_score"] = "Ngày khảo sát này không có bảng điểm B1. Ghi tổng điểm."
    people = people_of(household)
    wrong |= problems(answers.chosen(), answers.deprived, people, answers.surveyed_on)
    return Rows(table, found, people, wrong)


def write(review: Review, answers: Answers) -> None:
    """Put the rows in place of those that were there."""
    review.score_answers.all().delete()
    ScoreAnswer.objects.bulk_create(
        ScoreAnswer(review=review, item=one.item, option=one.option, number=one.number) for one in answers.scores
    )
    review.triggers.all().delete()
    ReviewTrigger.objects.bulk_create(
        ReviewTrigger(review=review, indicator=indicator, member_id=member)
        for indicator, member in sorted(answers.triggers)
    )


def told_before(review: Review) -> dict[str, str]:
    """As Rows.told, of what the review holds now."""
    answers = [answer.rule() for answer in review.score_answers.all()]
    lines = score(review.score_table.rules(), answers).lines if review.score_table else ()
    chosen = review.triggers.select_related("member")
    return {
        "b1_items": "; ".join(f"{line.text}: {line.answer}" for line in lines),
        "triggers": _triggers_told((one.indicator, one.member.full_name) for one in chosen),
    }


def _triggers_told(chosen) -> str:
    order = list(AGES)
    found: dict[str, list[str]] = {}
    for indicator, name in sorted(chosen, key=lambda one: (order.index(one[0]), one[1])):
        found.setdefault(indicator, []).append(name)
    return "; ".join(f"{DEPRIVATION_LABELS[key]}: {', '.join(names)}" for key, names in found.items())


def findings_of(review: Review, table: ScoreTable | None) -> Findings | None:
    """What a stored review found, B1 counted by a table; None when its answers do not fit the table.

    `table` None: by the total as it stands.
    """
    ticked = frozenset(key for key in DEPRIVATION_KEYS if getattr(review, key))
    if table is None:
        return Findings(review.zone, review.b1_score, review.income_per_person, ticked)
    found = score(table.rules(), [answer.rule() for answer in review.score_answers.all()])
    if found.wrong:
        return None
    return Findings(review.zone, found.total, review.income_per_person, ticked, found.lines, named(table))


def table_for(review: Review) -> ScoreTable | None:
    """The newest table of the review's zone and day; None when its total was typed."""
    return ScoreTable.objects.on(review.zone, review.surveyed_on) if review.score_table_id else None
