"""Households and what is known of them, a file a subject."""

from households.models.changes import HouseholdChange
from households.models.complaints import Complaint
from households.models.imports import ImportBatch, ImportRow
from households.models.people import Household, Member
from households.models.plans import ExitPlan, PlanAction, PlanVisit
from households.models.reviews import Result, Review, ReviewDraft, Round
from households.models.standards import Standard
from households.models.status import Policy, StatusSpell, Support

__all__ = [
    "Complaint",
    "ExitPlan",
    "PlanAction",
    "PlanVisit",
    "Household",
    "HouseholdChange",
    "ImportBatch",
    "ImportRow",
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
