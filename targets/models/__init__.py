"""The plan, who owes what of it, and the figures it sets, a file a subject."""

from targets.models.activities import Activity, ActivityFile, Attendance, FollowUp, ModelHousehold, Officer
from targets.models.figures import Figure, FigureFile, Indicator, PastShare
from targets.models.money import BudgetLine, BudgetSource, Disbursement
from targets.models.plan import Amendment, Clause, Plan, PlanComment, Target
from targets.models.reminders import Reminder, ReminderStep
from targets.models.tasks import Assignment, Evidence, InputRequest, Subtask, TaskComment, TaskUpdate

__all__ = [
    "Activity",
    "ActivityFile",
    "Amendment",
    "Assignment",
    "Attendance",
    "BudgetLine",
    "BudgetSource",
    "Clause",
    "Disbursement",
    "Evidence",
    "Figure",
    "FigureFile",
    "FollowUp",
    "Indicator",
    "InputRequest",
    "ModelHousehold",
    "Officer",
    "PastShare",
    "Plan",
    "PlanComment",
    "Reminder",
    "ReminderStep",
    "Subtask",
    "Target",
    "TaskComment",
    "TaskUpdate",
]
