"""Households and what is known of them, a file a subject."""

from households.models.people import Household, Member
from households.models.reviews import Result, Review, ReviewDraft, Round
from households.models.standards import Standard
from households.models.status import Policy, StatusSpell, Support

__all__ = [
    "Household",
    "Member",
    "Policy",
    "Result",
    "Review",
    "ReviewDraft",
    "Round",
    "Standard",
    "StatusSpell",
    "Support",
]
