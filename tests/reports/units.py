"""Builders for tests of units' reports: a department and a district's committee that owe one for 31 May 2023."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Agency
from accounts.roles import Role
from reports import duty_services, unit_content, unit_services
from reports.models import Duty
from reports.services import open_period
from reports.states import Move, Part
from targets.task_services import Given
from tests import make
from tests.targets.tasks import a_task

DAY = date(2023, 5, 31)
NOON = datetime(2023, 5, 31, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PDF = Given("bien-ban.pdf", b"%PDF-1.4 thu")
TEXTS = {
    Part.SITUATION: "Đã triển khai kế hoạch.",
    Part.RESULTS: "**Kết quả:**\n- một việc",
    Part.SHORTCOMINGS: "Còn chậm.",
    Part.DIRECTIONS: "Tiếp tục.",
}


def a_stage(areas, cast, plan):
    """`staff` and `chief` of the department that `cuc` does not work for, `district` of the committee; cuc is the office."""
    committee = make.an_agency(
        "ubnd-hai-chau",
        name="UBND quận Hải Châu",
        short_name="Quận Hải Châu",
        kind=Agency.Kind.DISTRICT,
        area=areas["urban"],
        order=2,
    )
    health = make.an_agency("so-y-te", name="Sở Y tế", short_name="Sở Y tế", order=1)
    cast["writer"] = make.a_user(Role.DEPARTMENT_STAFF, agency=health, username="writer", email="writer@example.vn")
    cast["chief"] = make.a_user(Role.DEPARTMENT_STAFF, agency=health, username="chief")
    cast["writer2"] = make.a_user(Role.DISTRICT_OFFICER, areas["urban"], username="writer2")
    task = a_task(plan, health, "IV.2.a")
    a_task(plan, committee, "IV.14.a")
    period = open_period(plan=plan, day=DAY)
    duty_services.open_duties(period=period, today=date(2023, 5, 1))
    return {
        "period": period,
        "task": task,
        "health": Duty.objects.get(agency=health),
        "committee": Duty.objects.get(agency=committee),
    }


def write(duty, by, texts=None, at=NOON):
    for row in duty.parts.all():
        text = (TEXTS if texts is None else texts).get(Part(row.part))
        if text:
            unit_services.save_part(part=row, text=text, version=row.version, by=by, at=at)


def explain_all(duty, by, at=NOON):
    day = unit_content.as_of(duty, at.date())
    figures, tasks = unit_content.figure_rows(duty, day), unit_content.task_rows(duty, day)
    for fault in unit_content.faults_of(duty, figures, tasks, dict(duty.parts.values_list("part", "text"))):
        if not fault.is_error:
            unit_services.explain(duty=duty, key=fault.key, text="Sẽ báo cáo sau.", by=by, at=at)


def move(duty, what, by, at=NOON, **more):
    duty.refresh_from_db()
    done = duty_services.move_duty(duty=duty, move=what, by=by, at=at, version=duty.version, **more)
    duty.refresh_from_db()
    return done


def handed_in(duty, by, at=NOON):
    write(duty, by, at=at)
    explain_all(duty, by, at)
    return move(duty, Move.SUBMIT, by, at)
