"""Writes the houses and the balances of loans, with the log lines that their services would have written."""

from datetime import datetime, time

from django.utils import timezone

from accounts.models import Event
from households.history import balance_facts, house_facts
from households.models import HouseWork, LoanBalance
from households.sealed import seal
from households.support_stages import SOURCES, STAGES

BATCH = 2000


def write_parts(homes, households, supports, ground, cast) -> tuple[list[HouseWork], list[LoanBalance]]:
    given = iter(supports)
    works, balances = [], []
    for home, household in zip(homes, households, strict=True):
        theirs = [next(given) for _ in home.gifts]
        for gift, support in zip(home.gifts, theirs, strict=True):
            balances += [
                LoanBalance(support=support, day=day, outstanding=left, overdue=late, entered_by=cast.bank)
                for day, left, late in gift.balances
            ]
        for work in home.works:
            works.append(
                HouseWork(
                    household=household,
                    policy=ground.policies[work.kind],
                    ward=household.ward,
                    agency=ground.committees.get(household.ward.parent_id),
                    entered_by=cast.officers[home.ward.code],
                    support=None if work.gift is None else theirs[work.gift],
                    **dict(zip(STAGES, work.days, strict=False)),
                    **dict(work.sources),
                )
            )
    works = HouseWork.objects.bulk_create(works, BATCH)
    balances = LoanBalance.objects.bulk_create(balances, BATCH)
    lines = [
        _line(work.approved_on, work.entered_by, "house.approved", work, house_facts(work, STAGES, SOURCES))
        for work in works
    ]
    lines += [
        _line(balance.day, cast.bank, "loan.balance", balance.support, balance_facts(balance)) for balance in balances
    ]
    Event.objects.bulk_create(lines, BATCH)
    return works, balances


def _line(day, by, action, subject, facts) -> Event:
    return Event(
        at=timezone.make_aware(datetime.combine(day, time(10))),
        by=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        label=str(subject)[:200],
        area=subject.ward,
        before={},
        after=seal(facts),
    )
