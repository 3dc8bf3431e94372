"""Households and what is known of them, a file a subject."""

from households.models.changes import HouseholdChange
from households.models.complaints import Complaint, Recheck
from households.models.dossiers import Dossier, DossierStep, Holiday, Listed, Meeting, Posting, StepDeadline
from households.models.duplicates import DuplicatePair
from households.models.houses import HouseWork, LoanBalance
from households.models.imports import ImportBatch, ImportColumn, ImportRow
from households.models.people import Household, Member
from households.models.plans import ExitPlan, PlanAction, PlanVisit
from households.models.requests import ReviewRequest, ScreeningItem, ScreeningRule
from households.models.reviews import Result, Review, ReviewDraft, Round
from households.models.scores import ReviewTrigger, ScoreAnswer, ScoreItem, ScoreOption
from households.models.standards import ScoreTable, Standard
from households.models.status import Policy, StatusSpell, Support
from households.models.ward_requests import WardRequest

__all__ = [
    "Complaint",
    "Dossier",
    "DossierStep",
    "Holiday",
    "Listed",
    "Meeting",
    "Posting",
    "StepDeadline",
    "DuplicatePair",
    "ExitPlan",
    "PlanAction",
    "PlanVisit",
    "Household",
    "HouseWork",
    "HouseholdChange",
    "ImportBatch",
    "ImportColumn",
    "ImportRow",
    "LoanBalance",
    "Member",
    "Policy",
    "Recheck",
    "Result",
    "Review",
    "ReviewDraft",
    "ReviewRequest",
    "ReviewTrigger",
    "Round",
    "ScoreAnswer",
    "ScoreItem",
    "ScoreOption",
    "ScoreTable",
    "ScreeningItem",
    "ScreeningRule",
    "Standard",
    "StatusSpell",
    "Support",
    "WardRequest",
]
