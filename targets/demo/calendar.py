"""When things happen in the demonstration's year: survey days, decision days, the rounds they belong to. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from households.rounds import RoundDates, rounds_of

LAST_MONTH_OF_INTERVAL = (5, 11, 12)
SURVEY_TO_DECISION = timedelta(days=10)


@dataclass(frozen=True)
class Moment:
    """A decision day and the round it belongs to."""

    round: RoundDates
    decided_on: date


class Calendar:
    """The year's rounds, and for each ward the day that its annual lists are decided, in the year before and in the year."""

    def __init__(self, rng: Random, year: int, ward_codes: list[str]):
        self.year = year
        self.before, *self._months_before = rounds_of(year - 1)
        self.annual, *self.months = rounds_of(year)
        shuffled = sorted(ward_codes)
        rng.shuffle(shuffled)
        self._listed = {code: date(year - 1, 12, rng.randint(5, 14)) for code in sorted(ward_codes)}
        # Half of the wards decide in November, the others in the last two weeks: the law's last day is 14 December.
        self._annual = {
            code: date(year, 11, rng.randint(14, 29)) if place % 2 else date(year, 12, rng.randint(1, 14))
            for place, code in enumerate(shuffled)
        }

    def listed(self, ward: str) -> Moment:
        return Moment(self.before, self._listed[ward])

    def yearly(self, ward: str) -> Moment:
        return Moment(self.annual, self._annual[ward])

    def decides_late(self, ward: str) -> bool:
        return self._annual[ward].month == 12

    def regular(self, rng: Random, month: int) -> Moment:
        return Moment(self.months[month - 1], date(self.year, month, rng.randint(22, 28)))

    def early_listing(self, rng: Random) -> Moment:
        """In spring of the year before: for households that left the list and come back."""
        month = rng.randint(3, 5)
        return Moment(self._months_before[month - 1], date(self.year - 1, month, rng.randint(22, 28)))

    def in_interval(self, rng: Random, interval: int, ward: str) -> Moment:
        """A day on which a household of the ward may change its status; the annual decision where it falls in the interval."""
        if interval == 0:
            return self.regular(rng, rng.choices((1, 2, 3, 4, 5), (1, 2, 3, 3, 3))[0])
        if interval == 1 and rng.random() < 0.5:
            return self.regular(rng, rng.randint(6, 9))
        if (interval == 2) == self.decides_late(ward):
            return self.yearly(ward)
        return self.regular(rng, rng.randint(10, 11) if interval == 1 else 12)

    def survey(self, rng: Random, moment: Moment, not_before: date | None = None) -> date | None:
        """A day within the round, some days before the decision. None when there is no room after `not_before`."""
        first, last = moment.round.starts_on, moment.decided_on - SURVEY_TO_DECISION
        if moment.round.kind == "regular":
            last = moment.decided_on - timedelta(days=5)
        if not_before and not_before >= first:
            first = not_before + timedelta(days=1)
        return first + timedelta(days=rng.randint(0, (last - first).days)) if first <= last else None
