from datetime import date

import pytest

from reports import services
from reports.models import Period
from tests.reports import build

DAY = date(2023, 5, 31)


@pytest.fixture
def plan(areas):
    return build.a_plan(areas)


@pytest.fixture
def year(plan, areas, standards):
    """The plan's year with its households, by name."""
    return build.a_year(areas, standards)


@pytest.fixture
def period(plan):
    return services.open_period(plan=plan, day=DAY)


@pytest.fixture
def report(year, period):
    """Frozen and rendered on the morning of 31 May."""
    return services.make(period=Period.objects.get(), today=DAY)
