"""Looks at lists of people: one line for each list that showed somebody, with what was asked."""

import re

from accounts.log import log_view
from accounts.models import PersonalDataView

MOST = 300  # characters of a reason


def without_number(text: str) -> str:
    """What was typed, without a whole ID number: of 12 digits and more, however they are set apart, four remain."""
    return re.sub(r"\d(?:[\W_]*\d){7,}(?=(?:[\W_]*\d){4})", "••••", text)


def log_list(by, asked: str, shown: int, page: int = 1) -> None:
    """One line, whatever the number of rows; none when no row was shown."""
    if shown:
        told = f": {shown} dòng" + (f", trang {page}" if page > 1 else "")
        log_view(by, PersonalDataView.Kind.LIST, "", without_number(asked)[: MOST - len(told)] + told)


def log_numbers(by, codes, why: str) -> None:
    """A line in each household's own list of looks: whole numbers of its members were handed out, and why."""
    PersonalDataView.objects.bulk_create(
        PersonalDataView(by=by, kind=PersonalDataView.Kind.REVEAL, household_code=code, reason=why[:MOST])
        for code in sorted(set(codes))
    )


def log_export(by, asked: str, rows: int) -> None:
    """One line for a file that was handed out, with what was asked; an empty file is one too."""
    told = f": {rows} dòng"
    log_view(by, PersonalDataView.Kind.EXPORT, "", without_number(asked)[: MOST - len(told)] + told)
