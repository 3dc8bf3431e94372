"""The plan, who owes what of it, and the figures it sets, a file a subject."""

from targets.models.money import BudgetLine, BudgetSource, Disbursement
from targets.models.plan import Amendment, Clause, Figure, Indicator, Plan, PlanComment, Target
from targets.models.reminders import Reminder, ReminderStep
from targets.models.tasks import Assignment, Evidence, InputRequest, Subtask, TaskComment, TaskUpdate

__all__ = [
    "Amendment",
    "Assignment",
    "BudgetLine",
    "BudgetSource",
    "Clause",
    "Disbursement",
    "Evidence",
    "Figure",
    "Indicator",
    "InputRequest",
    "Plan",
    "PlanComment",
    "Reminder",
    "ReminderStep",
    "Subtask",
    "Target",
    "TaskComment",
    "TaskUpdate",
]
