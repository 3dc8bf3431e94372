"""What may be done with a review in which state. Pure: pages ask it which buttons to draw, services whether to go on."""

ENTERED, RETURNED, DECIDED = "entered", "returned", "decided"

STEPS = {
    # step: (allowed in these states, leads to)
    "edit": ({ENTERED, RETURNED}, ENTERED),
    "return": ({ENTERED}, RETURNED),
    "decide": ({ENTERED}, DECIDED),
}


def allowed(step: str, state: str) -> bool:
    return state in STEPS[step][0]


def after(step: str) -> str:
    return STEPS[step][1]
