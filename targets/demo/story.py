"""The year of each household: visits, decisions and what follows from them. Pure; equal seeds give equal cities."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from households.rounds import RoundDates
from targets.demo import fates
from targets.demo.answers import NEAR_POOR, NOT_POOR, POOR, Standards, Wish, first, later
from targets.demo.calendar import Calendar, Moment
from targets.demo.fates import Slot, leave_work, slots_of
from targets.demo.further import help_further
from targets.demo.gifts import give
from targets.demo.homes import Home, Visit, Ward, replay
from targets.demo.people import IdNumbers, a_family
from targets.demo.shape import Aims, shapes

TOUR_WARDS = (
    "20272",
    "20263",
)  # An Hải Bắc, where the demonstration's officer works, and Thọ Quang in the same district
CO_TU_WARDS = {"20293": 0.3, "20317": 0.25}  # Hòa Bắc and Hòa Phú have Cơ Tu villages
# At which step the dossier of the annual round stands, in two districts; the other wards decided without one.
OPEN_WARDS = {
    "20266": "list",
    "20269": "survey",
    "20275": "meeting",
    "20278": "posting",
    "20281": "district",
    "20284": "recheck",
    "20285": "decision",
    "20287": "certificates",
    "20290": "done",
}
MERIT = 0.03
RETURN_NOTES = (
    "Thu nhập ghi trong phiếu chưa khớp với việc làm của các thành viên; đề nghị xác minh lại.",
    "Chưa có ý kiến của tổ dân phố về sức lao động của hộ.",
    "Thiếu giải thích cho chỉ số chất lượng nhà ở.",
)


@dataclass(frozen=True)
class District:
    code: str
    wards: list[Ward]
    aims: Aims


def city(districts: list[District], rules: Standards, year: int, households: int, seed: int) -> list[Home]:
    """All households of the demonstration. shape.TooFew when the plan's openings need more of them."""
    sizes = shapes({district.code: district.aims for district in districts}, households)
    rng = Random(seed)
    ids = IdNumbers(rng)
    calendar = Calendar(rng, year, [ward.code for district in districts for ward in district.wards])
    homes = []
    for district in districts:
        slots = slots_of(rng, sizes[district.code], district.wards, calendar.decides_late)
        for ward in TOUR_WARDS:
            leave_work(slots, ward)
        teller = Teller(rng, ids, calendar, rules)
        # The order of files in a ward's cupboard says nothing of what became of a household.
        rng.shuffle(slots)
        theirs = [teller.tell(slot) for slot in slots]
        give(rng, theirs, district.aims, sizes[district.code].pace, rules, year)
        help_further(Random(f"{seed} {district.code}"), theirs, rules, year)
        homes += theirs
    leave_open(homes, calendar.annual)
    twins(homes)
    return homes


def leave_open(homes: list[Home], annual: RoundDates) -> None:
    """Wards whose dossier of the annual round is not decided: forms that change no status wait there, or are missing."""
    for place, home in enumerate(homes):
        stage = OPEN_WARDS.get(home.ward.code)
        if stage is None or not home.visits or home.visits[-1].round != annual:
            continue
        visit, last = home.visits[-1], len(home.visits) - 1
        listed = any(spell.valid_to is None for spell in home.spells)
        if (
            visit.state != "decided"
            or not listed
            or any(last in (spell.opened_by, spell.closed_by) for spell in home.spells)
        ):
            continue
        if stage == "list" or (stage == "survey" and place % 3 == 0):
            home.visits.pop()
        else:
            home.visits[-1] = replace(visit, state="entered", decided_on=None, number="")


def twins(homes: list[Home]) -> None:
    """Two files of the tour's ward that look like one household: same head, same house, a number known only once."""
    seen = {}
    for home in homes:
        if home.ward.code != TOUR_WARDS[0]:
            continue
        head = home.family[0]
        other = seen.setdefault((head.sex, head.birth_year, head.ethnicity), home)
        if other is not home:
            first = other.family[0]
            home.family[0] = replace(
                head, name=first.name, birth_month=first.birth_month, birth_day=first.birth_day, citizen_id=""
            )
            home.group, home.address = other.group, other.address
            home.phone = other.phone = "0900000000"
            return


class Teller:
    """Turns a slot into a household with a past."""

    def __init__(self, rng: Random, ids: IdNumbers, calendar: Calendar, rules: Standards):
        self.rng, self.ids, self.calendar, self.rules = rng, ids, calendar, rules
        self._numbers: dict[str, int] = {}
        self._decisions: dict[tuple, int] = {}

    def tell(self, slot: Slot) -> Home:
        rng, ward = self.rng, slot.ward
        minority = rng.random() < CO_TU_WARDS.get(ward.code, 0)
        merit = rng.random() < MERIT
        family = a_family(rng, self.ids, self.calendar.year, labour=slot.kind != fates.NO_LABOUR, minority=minority)
        home = Home(self._code(ward), ward, *self._place(ward), date(2022, 1, 1), family, [])
        moments = self._moments(slot)
        home.registered_on = min(moment.round.starts_on for moment, _, _ in moments)
        answers, not_before = None, None
        for moment, wish, changed in moments:
            surveyed_on = self.calendar.survey(rng, moment, not_before)
            if surveyed_on is None:
                continue  # decided in the autumn already: no second visit before the annual list
            if answers is None:
                labour = slot.kind != fates.NO_LABOUR
                answers = first(
                    rng, ward.zone, family, surveyed_on, wish, self.rules,
                    labour=labour, hardship=slot.hardship, merit=merit, minority=minority,
                )  # fmt: skip
            else:
                answers = later(rng, ward.zone, family, surveyed_on, wish, self.rules, answers, **changed)
            home.visits.append(Visit(moment.round, answers, "decided", moment.decided_on, self._decision(ward, moment)))
            not_before = moment.decided_on
        if slot.pending in ("entered", "returned"):
            home.visits[-1] = self._undecided(home.visits[-1], slot)
        home.spells = replay(home, self.rules, self.calendar.before)
        return home

    def _moments(self, slot: Slot) -> list[tuple[Moment, Wish, dict]]:
        """Decisions in order: when, with which result, and which facts change with it."""
        calendar, rng, ward = self.calendar, self.rng, slot.ward.code
        before = self._wish_before(slot)
        moments = [(calendar.listed(ward), before, {})] if before else []
        if slot.kind == fates.RELAPSED:
            moments = [(calendar.early_listing(rng), Wish(POOR), {}), (calendar.listed(ward), Wish(NOT_POOR), {})]
        now = before
        if slot.fate:
            moment = calendar.in_interval(rng, slot.interval, ward)
            now, changed = self._after(slot, before)
            moments.append((moment, now, changed))
        yearly = calendar.yearly(ward)
        # Who is on the list by then is visited by the annual round, unless that is how the status changed.
        by_then = moments[-1][1] if moments[-1][0].decided_on < yearly.decided_on else before
        visited = slot.pending == "unreviewed" or any(moment.round == yearly.round for moment, _, _ in moments)
        if not visited and by_then and by_then.city != NOT_POOR:
            moments.append((yearly, by_then, {}))
            moments.sort(key=lambda each: each[0].decided_on)
        return moments

    @staticmethod
    def _wish_before(slot: Slot) -> Wish | None:
        if slot.kind in (fates.POOR, fates.NO_LABOUR):
            return Wish(POOR, POOR if slot.central else NOT_POOR)
        if slot.kind == fates.NEAR:
            return Wish(NEAR_POOR, NEAR_POOR if slot.central else NOT_POOR)
        return None

    @staticmethod
    def _after(slot: Slot, before: Wish | None) -> tuple[Wish, dict]:
        if slot.fate == fates.ENTER:
            found = {fates.NEW: POOR, fates.RELAPSED: POOR, fates.NEAR_NEW: NEAR_POOR, fates.NOT_POOR: NOT_POOR}
            return Wish(found[slot.kind]), {}
        return {
            fates.ESCAPE: (Wish(NOT_POOR), {"special_hardship": False}),
            fates.TO_NEAR: (Wish(NEAR_POOR), {"special_hardship": False}),
            fates.TO_POOR: (Wish(POOR), {}),
            fates.LABOUR_LOST: (before, {"has_labour": False}),
            fates.LABOUR_GAINED: (before, {"has_labour": True}),
            fates.CENTRAL_ONLY: (Wish(POOR), {}),
            fates.HARDSHIP_LIFTED: (before, {"special_hardship": False}),
        }[slot.fate]

    def _undecided(self, visit: Visit, slot: Slot) -> Visit:
        """Half of what waits would leave the list if it were decided: the figures move when somebody does."""
        rng, answers = self.rng, visit.answers
        if rng.random() < 0.5:
            answers = replace(
                answers, b1_score=answers.b1_score + 120, income_per_person=answers.income_per_person + 1_600_000
            )
        note = rng.choice(RETURN_NOTES) if slot.pending == "returned" else ""
        return Visit(visit.round, answers, slot.pending, return_note=note)

    def _code(self, ward: Ward) -> str:
        self._numbers[ward.code] = self._numbers.get(ward.code, 0) + 1
        return f"{ward.code}-{self._numbers[ward.code]:05d}"

    def _place(self, ward: Ward) -> tuple[str, str]:
        """Group and address; the name of the street says that nobody lives there."""
        rng = self.rng
        if ward.zone == "rural":
            return f"Thôn {rng.randint(1, 9)}", f"Xóm Minh Họa {rng.randint(1, 12)}"
        alley = f"K{rng.randint(2, 180)}/{rng.randint(1, 60)}" if rng.random() < 0.6 else str(rng.randint(1, 400))
        return f"Tổ {rng.randint(1, 36)}", f"{alley} đường Minh Họa {rng.randint(1, 12)}"

    def _decision(self, ward: Ward, moment: Moment) -> str:
        """One number for what a ward decides on a day."""
        key = (ward.code, moment.decided_on)
        if key not in self._decisions:
            self._decisions[key] = (
                sum(1 for code, day in self._decisions if code == ward.code and day.year == key[1].year) + 1
            )
        return f"{self._decisions[key] + 100:03d}/QĐ-UBND"
