"""Periods, the city's frozen reports, the letters that carry them, and the documents people download."""

from reports.models.city import AgencyLine, Document, Finding, Line, Period, Report
from reports.models.letters import Letter, Section, Sending, SignedCopy, TypedText

__all__ = [
    "AgencyLine",
    "Document",
    "Finding",
    "Letter",
    "Line",
    "Period",
    "Report",
    "Section",
    "Sending",
    "SignedCopy",
    "TypedText",
]
