"""Builders for tests of money: a line of the Department, another of a district's committee."""

from datetime import date

from targets.models import BudgetLine, BudgetSource
from targets.money_services import disburse

TODAY = date(2023, 6, 15)
SOURCES = {"central": "Ngân sách Trung ương", "city": "Ngân sách thành phố", "fund": "Quỹ Vì người nghèo"}


def a_source(code="city"):
    """As migrated, or anew where a test before this one emptied the tables."""
    name = SOURCES[code]
    return BudgetSource.objects.get_or_create(code=code, defaults={"name": name, "short_name": name})[0]


def a_line(agency, title="Sửa nhà", allotted=100_000_000, source="city", **more):
    values = {"year": 2023, "allotted_on": date(2023, 1, 5), "basis": "Quyết định thử"} | more
    return BudgetLine.objects.create(agency=agency, title=title, allotted=allotted, source=a_source(source), **values)


def spent(line, amount, by, **more):
    values = {"day": date(2023, 5, 20), "what": f"Đợt {amount}", "today": TODAY} | more
    return disburse(line=line, amount=amount, by=by, **values)
