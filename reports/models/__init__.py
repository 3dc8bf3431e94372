"""Periods, the city's frozen reports, the letters that carry them, the documents people download; what units owe."""

from reports.models.city import AgencyLine, Document, Finding, Line, Period, Report
from reports.models.letters import Letter, Section, Sending, SignedCopy, TypedText
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
    "AgencyLine",
    "Document",
    "Duty",
    "DutyMove",
    "DutyReminder",
    "DutyRule",
    "Explanation",
    "FigureFile",
    "Finding",
    "Letter",
    "Line",
    "PartEdit",
    "PartNote",
    "Period",
    "Report",
    "Section",
    "Sending",
    "SignedCopy",
    "TypedText",
    "UnitFigure",
    "UnitPart",
]
