"""Who moves when: each household of a district gets a place to live and, some of them, a fate. Pure."""

from dataclasses import dataclass
from random import Random

from targets.demo.homes import Ward
from targets.demo.shape import Flow, Shape, share_out

# fates
ESCAPE, TO_NEAR, LABOUR_LOST, CENTRAL_ONLY, HARDSHIP_LIFTED = (
    "escape",
    "to_near",
    "labour_lost",
    "central_only",
    "hardship_lifted",
)
TO_POOR, LABOUR_GAINED, ENTER = "to_poor", "labour_gained", "enter"
# what a household is before its fate
POOR, NO_LABOUR, NEAR, NOT_POOR, NEW, RELAPSED, NEAR_NEW = (
    "poor",
    "no_labour",
    "near",
    "not_poor",
    "new",
    "relapsed",
    "near_new",
)
CENTRAL_AMONG_NEAR = 0.25
CENTRAL_AMONG_NO_LABOUR = 0.35
HARDSHIP_AMONG_NO_LABOUR = 0.2


@dataclass
class Slot:
    kind: str
    central: bool = False
    hardship: bool = False
    ward: Ward | None = None
    fate: str = ""
    interval: int = 0
    pending: str = ""  # a review that is left for the ward to work on: entered, returned, or not yet made


def slots_of(rng: Random, shape: Shape, wards: list[Ward], decides_late) -> list[Slot]:
    """The district's households, spread over its wards, each with its fate."""
    slots = _openings(rng, shape)
    for interval, flow in enumerate(shape.flows):
        slots += [Slot(NEW, fate=ENTER, interval=interval) for _ in range(flow.new)]
        slots += [Slot(RELAPSED, fate=ENTER, interval=interval) for _ in range(flow.relapsed)]
        slots += [Slot(NEAR_NEW, fate=ENTER, interval=interval) for _ in range(flow.near_new)]
    _settle(rng, slots, wards)
    order = slots[:]
    rng.shuffle(order)
    for interval, flow in enumerate(shape.flows):
        _decide(order, interval, flow, decides_late)
    return slots


def _openings(rng: Random, shape: Shape) -> list[Slot]:
    slots = [Slot(POOR, central=True, hardship=True) for _ in range(shape.both)]
    slots += [Slot(POOR, central=True) for _ in range(shape.central - shape.both)]
    slots += [Slot(POOR, hardship=True) for _ in range(shape.hardship - shape.both)]
    slots += [Slot(POOR) for _ in range(shape.poor - len(slots))]
    slots += [
        Slot(NO_LABOUR, rng.random() < CENTRAL_AMONG_NO_LABOUR, rng.random() < HARDSHIP_AMONG_NO_LABOUR)
        for _ in range(shape.poor_no_labour)
    ]
    slots += [Slot(NEAR, central=rng.random() < CENTRAL_AMONG_NEAR) for _ in range(shape.near_poor)]
    return slots + [Slot(NOT_POOR, fate=ENTER, interval=rng.randint(0, 1)) for _ in range(shape.not_poor)]


def _settle(rng: Random, slots: list[Slot], wards: list[Ward]) -> None:
    """Wards differ in size; kinds are spread in the same proportions, so that no ward is without poor households."""
    weights = {ward.code: rng.uniform(0.6, 1.6) for ward in wards}
    by_code = {ward.code: ward for ward in wards}
    for kind in dict.fromkeys((slot.kind, slot.central, slot.hardship) for slot in slots):
        alike = [slot for slot in slots if (slot.kind, slot.central, slot.hardship) == kind]
        places = [code for code, count in share_out(len(alike), weights).items() for _ in range(count)]
        rng.shuffle(places)
        for slot, code in zip(alike, places, strict=True):
            slot.ward = by_code[code]


def _decide(slots: list[Slot], interval: int, flow: Flow, decides_late) -> None:
    def take(count: int, fate: str, kind: str, central: bool | None = None, hardship: bool | None = None) -> int:
        """Give the fate to `count` households that have none. December's fall to wards that decide in December."""
        free = [
            slot for slot in slots
            if not slot.fate and slot.kind == kind
            and central in (None, slot.central) and hardship in (None, slot.hardship)
        ]  # fmt: skip
        if interval:
            free.sort(key=lambda slot: decides_late(slot.ward.code) != (interval == 2))
        for slot in free[:count]:
            slot.fate, slot.interval = fate, interval
        return min(count, len(free))

    central, hardship = flow.leaving_central, flow.leaving_hardship
    both = take(min(central, hardship) // 4, ESCAPE, POOR, True, True)
    took = both + take(central - both, ESCAPE, POOR, True, False) + take(hardship - both, ESCAPE, POOR, False, True)
    near = min(flow.to_near, flow.leaving - took)
    take(near, TO_NEAR, POOR, False, False)
    take(flow.leaving - took - near, ESCAPE, POOR, False, False)
    take(flow.labour_lost, LABOUR_LOST, POOR, False, False)
    take(flow.central_only, CENTRAL_ONLY, POOR, True, False)
    take(flow.hardship_lifted, HARDSHIP_LIFTED, POOR, False, True)
    take(flow.from_near, TO_POOR, NEAR, False)
    take(flow.near_escaped, ESCAPE, NEAR)
    take(flow.labour_gained, LABOUR_GAINED, NO_LABOUR, False, False)


def leave_work(slots: list[Slot], ward: str, entered: int = 8, returned: int = 3, unreviewed: int = 6) -> None:
    """In a ward of the tour some reviews wait for a decision, some came back, some households are still to be visited."""
    quiet = [slot for slot in slots if slot.ward.code == ward and slot.kind in (POOR, NEAR) and not slot.fate]
    for slot, pending in zip(
        quiet, ["entered"] * entered + ["returned"] * returned + ["unreviewed"] * unreviewed, strict=False
    ):
        slot.pending = pending
