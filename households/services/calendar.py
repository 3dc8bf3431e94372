"""Deadlines of the steps and the holidays that they pass over: loaded once, kept by the office in the admin."""

from datetime import date

from django.db import transaction

from accounts.log import log
from accounts.models import User
from households.models import Holiday, Round, StepDeadline
from households.steps import Step
from households.working_days import after


@transaction.atomic
def load_calendar(*, deadlines: list[dict], holidays: list[dict], by: User | None = None) -> int:
    """Add the rows that are missing; what the office changed stays. Returns how many were added."""
    kept = set(StepDeadline.objects.values_list("kind", "step"))
    rows = [StepDeadline(**row) for row in deadlines if (row["kind"], row["step"]) not in kept]
    days = set(Holiday.objects.values_list("day", flat=True))
    off = [Holiday(**row) for row in holidays if date.fromisoformat(row["day"]) not in days]
    StepDeadline.objects.bulk_create(rows)
    Holiday.objects.bulk_create(off)
    added = len(rows) + len(off)
    if rows:
        told = {"deadlines": [str(row) for row in rows], "holidays": len(off)}
        log(by, "calendar.loaded", StepDeadline.objects.get(kind=rows[0].kind, step=rows[0].step), after=told)
    return added


def due_on(round: Round, step: Step, opened_on: date) -> date:
    """The last day for a step that begins on a day: its own deadline, never later than the round's.

    An annual round ends as a whole (14 December); a regular one's decision is due some days after it began.
    """
    rules = {rule.step: rule for rule in StepDeadline.objects.filter(kind=round.kind)}
    holidays = set(Holiday.objects.values_list("day", flat=True))

    def end(rule: StepDeadline, day: date) -> date:
        start = round.starts_on if rule.from_start else day
        return after(start, rule.days, working=rule.working, holidays=holidays)

    decision = rules.get(Step.DECISION)
    last = end(decision, opened_on) if decision and decision.from_start else round.ends_on
    rule = rules.get(step)
    return min(end(rule, opened_on), last) if rule and opened_on <= last else last


def sent_by(to_on: date) -> date:
    """By when what hung on the board until a day is sent on: the working day after it."""
    return after(to_on, 1, working=True, holidays=set(Holiday.objects.values_list("day", flat=True)))
