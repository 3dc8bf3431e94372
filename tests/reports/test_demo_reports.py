"""The demonstration's reports: only into a demonstration, once, and each says that it is one."""

import pytest
from django.core.management import call_command

from accounts.models import Installation
from accounts.roles import Role
from reports import demo
from reports.models import Duty, UnitPart
from tests import make
from tests.targets.tasks import a_task

pytestmark = pytest.mark.django_db


def test_nothing_is_written_beside_real_data(year):
    call_command("load_demo_reports", verbosity=0)
    assert not Duty.objects.exists()


def test_a_season_of_each_kind_once(year, plan, areas, cast):
    Installation.objects.update_or_create(id=1, defaults={"demo": True})
    cast["cuc"].username = "chuongtrinh"
    cast["cuc"].save()
    for number, code in enumerate([*demo.SIGNED, "so-xay-dung", "a", "b", "c", "d", "e", "f"]):
        agency = make.an_agency(code, name=f"Sở {code}", short_name=f"Sở {code}", order=number)
        make.a_user(Role.DEPARTMENT_STAFF, agency=agency)
        a_task(plan, agency, f"IV.{number + 1}.a")
    demo.load_reports()
    states = set(Duty.objects.values_list("state", flat=True))
    assert states == {"open", "signing", "submitted", "returned", "accepted"}
    assert all(row.text.startswith(demo.SAYS_SO) for row in UnitPart.objects.exclude(text=""))
    before = Duty.objects.count()
    assert demo.load_reports() == 0
    assert Duty.objects.count() == before
