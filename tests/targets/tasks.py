"""Builders for tests of tasks: a plan in force with one task of the department and one of a district's committee."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Agency
from accounts.roles import Role
from targets.models import Assignment, Clause, Plan
from targets.task_services import Given, move_task
from tests import make

NOW = datetime(2023, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PDF = Given("bien-ban.pdf", b"%PDF-1.4 thu")


def a_plan(**more):
    values = {"number": "66/KH-UBND", "year": 2023, "title": "Kế hoạch thử", "issued_on": date(2023, 3, 17)} | more
    return Plan.objects.create(**values)


def a_task(plan, agency, ref="IV.1.a", role="own", **more):
    """The task and, once, the heading it stands under."""
    order = plan.clauses.count() + 1
    head = ref.rpartition(".")[0] if ref.count(".") > 1 else ref
    heading, _ = Clause.objects.get_or_create(
        plan=plan, ref=head, kind="agency", defaults={"text": agency.name, "order": order}
    )
    clause, _ = Clause.objects.get_or_create(
        plan=plan,
        ref=ref,
        kind="task",
        defaults={"text": f"Việc {ref} về nhà ở", "order": order + 1, "parent": heading},
    )
    return Assignment.objects.create(clause=clause, agency=agency, role=role, **more)


def a_stage(areas, cast):
    """Two agencies with their people: `staff` of the Department, `district` of Hải Châu's committee, `cuc` and `mai`
    of the programme office, `other` of another department."""
    plan = a_plan()
    committee = make.an_agency(
        "ubnd-hai-chau",
        name="UBND quận Hải Châu",
        short_name="UBND Hải Châu",
        kind=Agency.Kind.DISTRICT,
        area=areas["urban"],
    )
    health = make.an_agency("so-y-te", name="Sở Y tế", short_name="Sở Y tế")
    cast["other"] = make.a_user(Role.DEPARTMENT_STAFF, agency=health, username="other")
    cast["mai"] = make.a_user(Role.PROGRAMME_OFFICE, areas["city"], cast["cuc"].agency, username="mai")
    return {
        "plan": plan,
        "own": a_task(plan, cast["staff"].agency, "IV.1.a", "lead"),
        "district": a_task(plan, committee, "IV.14.a"),
        "health": a_task(plan, health, "IV.2.a"),
        "committee": committee,
        "health_agency": health,
    }


def moved(task, move, by, **more):
    task.refresh_from_db()
    values = {"text": "Đã làm.", "at": NOW, "version": task.version} | more
    update = move_task(assignment=task, move=move, by=by, **values)
    task.refresh_from_db()
    return update
