"""Periods, the city's frozen reports and the documents people download; what units owe for a period."""

from reports.models.city import Document, Finding, Line, Period, Report
from reports.models.units import (
    Duty,
    DutyMove,
    DutyReminder,
    DutyRule,
    Explanation,
    FigureFile,
    PartEdit,
    PartNote,
    UnitFigure,
    UnitPart,
)

__all__ = [
    "Document",
    "Duty",
    "DutyMove",
    "DutyReminder",
    "DutyRule",
    "Explanation",
    "FigureFile",
    "Finding",
    "Line",
    "PartEdit",
    "PartNote",
    "Period",
    "Report",
    "UnitFigure",
    "UnitPart",
]
