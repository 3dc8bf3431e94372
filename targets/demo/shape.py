"""How many households of each kind a district gets, and how fast they move through the year. Pure.

Openings are the plan's own figures. The pace is made up: some districts ahead, Sơn Trà and Liên Chiểu behind.
"""

from dataclasses import dataclass

INTERVALS = 3  # to 31 May; from June to 30 November; December


@dataclass(frozen=True)
class Pace:
    """Share of the year's target reached by 31/5, 30/11 and 31/12; insured: share of members of near-poor households."""

    poor: tuple[float, float, float]
    near_poor: tuple[float, float, float]
    houses: tuple[float, float, float]
    jobs: tuple[float, float, float]
    insured: tuple[float, float, float]
    trained: tuple[float, float, float]
    central: float = 1.0  # share of the year's own target that the 'of which' columns reach, beside `poor`
    hardship: float = 1.0


USUAL = Pace(
    (0.42, 0.94, 1.01), (0.43, 0.95, 1.02), (0.30, 0.90, 1.0), (0.44, 0.95, 1.03), (0.91, 0.95, 0.97), (0.6, 0.9, 0.96)
)
INTO_SPLIT = (0.35, 0.45, 0.20)  # in which interval households come onto the lists
PACES = {  # by the district's code
    "492": Pace((0.46, 0.97, 1.04), (0.47, 0.98, 1.06), (0.40, 0.97, 1.03), (0.49, 1.02, 1.13), (0.94, 0.97, 0.98), (0.8, 1.0, 1.0)),
    "491": Pace((0.43, 0.94, 1.02), (0.44, 0.95, 1.03), (0.33, 0.93, 1.00), (0.45, 0.97, 1.07), (0.92, 0.96, 0.97), (0.7, 0.95, 1.0), 1.05),
    "493": Pace((0.30, 0.74, 0.86), (0.36, 0.82, 0.93), (0.22, 0.70, 0.84), (0.33, 0.78, 0.87), (0.88, 0.93, 0.96), (0.5, 0.8, 0.9), 1.0, 0.8),
    "494": Pace((0.42, 0.93, 1.01), (0.44, 0.96, 1.05), (0.37, 0.93, 1.10), (0.44, 0.94, 1.05), (0.93, 0.96, 0.98), (0.7, 0.95, 1.0)),
    "490": Pace((0.28, 0.72, 0.85), (0.35, 0.80, 0.91), (0.20, 0.72, 0.88), (0.32, 0.80, 0.90), (0.87, 0.92, 0.95), (0.4, 0.7, 0.85), 0.9, 0.85),
    "495": Pace((0.39, 0.86, 0.97), (0.43, 0.95, 1.04), (0.30, 0.87, 0.97), (0.43, 0.96, 1.08), (0.92, 0.95, 0.97), (0.6, 0.9, 0.95)),
    "497": Pace((0.48, 1.00, 1.08), (0.47, 1.00, 1.09), (0.42, 0.98, 1.10), (0.47, 1.03, 1.13), (0.92, 0.97, 0.98), (0.8, 1.0, 1.0), 0.97, 1.05),
}  # fmt: skip


class TooFew(Exception):
    """Fewer households than the plan's openings need."""

    def __init__(self, minimum: int):
        super().__init__(f"at least {minimum} households are needed")
        self.minimum = minimum


def pace_of(district: str) -> Pace:
    return PACES.get(district, USUAL)


@dataclass(frozen=True)
class Aims:
    """The appendix's figures of a district."""

    poor_labour_start: int
    poor_labour_reduction: int
    central_poor_reduction: int
    special_hardship_reduction: int
    near_poor_reduction: int
    housing: int
    job_introductions: int


@dataclass(frozen=True)
class Flow:
    """Moves of one interval, in households."""

    new: int  # onto the poor list, never there before
    relapsed: int
    from_near: int  # near-poor that became poor
    labour_gained: int
    to_near: int  # poor that became near-poor
    labour_lost: int
    leaving: int  # poor with labour that leave the list or become near-poor: to_near and escapes together
    leaving_central: int  # of which poor by the central standard
    leaving_hardship: int  # of which in especially difficult circumstances
    central_only: int  # rise above the central line, stay poor by the city's
    hardship_lifted: int  # stay poor, no longer in especially difficult circumstances
    near_new: int
    near_escaped: int


@dataclass(frozen=True)
class Shape:
    """A district's households on 1 January, its newcomers and its moves."""

    poor: int  # with labour capacity
    central: int  # of which, by the central standard
    hardship: int  # of which, in especially difficult circumstances
    both: int  # in both subsets
    poor_no_labour: int
    near_poor: int
    not_poor: int  # asked for a review and were found not poor
    flows: tuple[Flow, Flow, Flow]
    pace: Pace

    @property
    def newcomers(self) -> int:
        return sum(flow.new + flow.relapsed + flow.near_new for flow in self.flows)

    @property
    def households(self) -> int:
        return self.poor + self.poor_no_labour + self.near_poor + self.not_poor + self.newcomers


def least(aims: Aims, pace: Pace) -> Shape:
    """The smallest district that has the plan's openings and enough households to move."""
    start = aims.poor_labour_start
    central = subset(aims.central_poor_reduction, start)
    hardship = subset(aims.special_hardship_reduction, start)
    both = min(central, hardship) // 4
    flows = _flows(aims, pace)
    leaving_near = sum(flow.near_escaped + flow.from_near for flow in flows)
    near_poor = max(aims.near_poor_reduction * 5 // 4, leaving_near + 3)
    no_labour = max(start // 100, sum(flow.labour_gained for flow in flows) + 3)
    return Shape(start, central, hardship, both, no_labour, near_poor, 0, flows, pace)


def subset(planned_reduction: int, start: int) -> int:
    """Opening of an 'of which' column: the plan prints only its reduction. Plausible: 1,6 times as many, at most half."""
    return max(planned_reduction, min(planned_reduction * 8 // 5, start // 2))


def grow(shape: Shape, more: int) -> Shape:
    """The same openings with `more` households: near-poor, poor without labour, and asked-but-not-poor."""
    near, no_labour = more * 5 // 10, more * 3 // 10
    return Shape(
        shape.poor, shape.central, shape.hardship, shape.both, shape.poor_no_labour + no_labour, shape.near_poor + near,
        shape.not_poor + more - near - no_labour, shape.flows, shape.pace,
    )  # fmt: skip


def steps(total: int, shares: tuple[float, ...]) -> list[int]:
    """What each interval adds, when `shares` of the total are reached at their ends. Never negative."""
    reached = [round(total * share) for share in shares]
    return [max(0, now - before) for before, now in zip([0, *reached], reached, strict=False)]


def _flows(aims: Aims, pace: Pace) -> tuple[Flow, Flow, Flow]:
    split = (INTO_SPLIT[0], INTO_SPLIT[0] + INTO_SPLIT[1], 1.0)

    def small(share: float) -> list[int]:
        return steps(round(aims.poor_labour_start * share), split)

    new, relapsed, from_near, gained = small(0.02), small(0.006), small(0.005), small(0.0015)
    to_near, lost, near_new = small(0.02), small(0.004), small(0.01)
    net = steps(aims.poor_labour_reduction, pace.poor)
    net_near = steps(aims.near_poor_reduction, pace.near_poor)
    central = steps(aims.central_poor_reduction, tuple(share * pace.central for share in pace.poor))
    hardship = steps(aims.special_hardship_reduction, tuple(share * pace.hardship for share in pace.poor))
    flows = []
    for i in range(INTERVALS):
        into = new[i] + relapsed[i] + from_near[i] + gained[i]
        leaving = max(to_near[i], net[i] + into - lost[i])
        central_only, lifted = central[i] * 6 // 100, hardship[i] // 10
        leaving_central = min(central[i] - central_only, leaving)
        leaving_hardship = min(hardship[i] - lifted, leaving - leaving_central)
        flows.append(
            Flow(
                new[i], relapsed[i], from_near[i], gained[i], to_near[i], lost[i], leaving, leaving_central,
                leaving_hardship, central_only, lifted, near_new[i], max(0, net_near[i] + to_near[i] + near_new[i] - from_near[i]),
            )
        )  # fmt: skip
    return tuple(flows)


def shapes(aims: dict[str, Aims], households: int) -> dict[str, Shape]:
    """A shape for each district, so that the whole city has exactly `households`. TooFew below the minimum."""
    smallest = {code: least(aim, pace_of(code)) for code, aim in aims.items()}
    minimum = sum(shape.households for shape in smallest.values())
    if households < minimum:
        raise TooFew(minimum)
    weights = {code: shape.poor for code, shape in smallest.items()}
    extra = share_out(households - minimum, weights)
    return {code: grow(shape, extra[code]) for code, shape in smallest.items()}


def share_out(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Whole parts in proportion to the weights that add up to the total; the largest remainders are rounded up."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
