"""Form A: the yes or no list that tells, before any survey, who is surely not poor. Pure.

The official items and threshold of 2021 were not found; both are data. Without them nobody is screened out.
"""

SURVEY, REFUSED = "survey", "refused"
# Form A screens who asks to be listed (Form 01; Decision 24/2021 art. 4.1, Circular 07/2021 annex II). Who asks to be
# recognised as having escaped (Form 04, art. 5) is on a list already: Form B alone can tell, so it goes to the survey.
SCREENED_FORM = "01"


def surely_not_poor(form: str, yes_count: int, threshold: int | None) -> bool:
    """Whether the household's yes answers reach the threshold; never without a threshold or by Form 04."""
    return form == SCREENED_FORM and threshold is not None and yes_count >= threshold


def outcome(form: str, yes_count: int, threshold: int | None, *, overridden: bool) -> str:
    """SURVEY or REFUSED: who is surely not poor is refused, unless the officer overrode it with a reason."""
    return REFUSED if surely_not_poor(form, yes_count, threshold) and not overridden else SURVEY
