"""What the targets page, the sheet and the matrix cost at the size of a city: 94 areas, every indicator, 2.000 tasks."""

import itertools
from datetime import date

import pytest
from django.core.cache import cache

from accounts.log import log
from targets.indicators import APPENDIX, INDICATORS
from targets.models import Assignment, Clause, Indicator, Plan, Target
from tests import make

PAGES = ["/ke-hoach/phu-luc/", "/ke-hoach/2023/giao-chi-tieu/48/", "/ke-hoach/nhiem-vu/ma-tran/"]


@pytest.fixture
def big(areas, standards):
    """94 areas, a target of every appendix figure in each, 40 clauses that 50 agencies owe."""
    plan = Plan.objects.create(number="66/KH-UBND", year=2023, title="x", issued_on=date(2023, 3, 17))
    districts = [areas["urban"], areas["rural"]] + [
        make.an_area("district", f"6{n:02}", f"Quận {n}", areas["city"], order=10 + n) for n in range(6)
    ]
    wards = [
        make.an_area("ward", f"3{n:04}", f"Phường {n}", district, "urban")
        for n, district in zip(range(82), itertools.cycle(districts))
    ]
    rows = {
        code: Indicator.objects.create(code=code, name=code, definition="x", unit=m.unit, source=m.source)
        for code, m in INDICATORS.items()
    }
    Target.objects.bulk_create(
        Target(plan=plan, indicator=rows[code], area=area, value=5)
        for area in [areas["city"], *districts, *wards]
        for code in APPENDIX
    )
    make.a_spell(make.a_household(areas["ward"]), standards[1])
    agencies = [make.an_agency(f"co-quan-{n}", name=f"Cơ quan {n}", short_name=f"CQ {n}") for n in range(50)]
    head = Clause.objects.create(plan=plan, ref="IV.1", kind="agency", text="Cơ quan", order=1)
    clauses = Clause.objects.bulk_create(
        Clause(plan=plan, ref=f"IV.1.{n}", kind="task", text="Việc.", parent=head, order=2 + n) for n in range(40)
    )
    Assignment.objects.bulk_create(
        Assignment(clause=clause, agency=agency, role="own") for clause in clauses for agency in agencies
    )
    return plan


@pytest.mark.parametrize("page", PAGES)
def test_drawn_anew_after_a_write_it_asks_at_most_ten_times(big, as_user, django_assert_max_num_queries, page):
    assert Assignment.objects.count() == 2000
    browser = as_user("cuc")
    cache.clear()
    assert browser.get(page).status_code == 200
    log(None, "plan.loaded", big)  # what was drawn is stale now
    with django_assert_max_num_queries(10):
        assert browser.get(page).status_code == 200
