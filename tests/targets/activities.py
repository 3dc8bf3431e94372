"""Builders for tests of activities: a plan with the clauses they serve, an activity of a kind, a roster."""

from datetime import date

from accounts.models import Agency
from areas.vietnamese import fold
from targets.activity_kinds import search_text
from targets.models import Activity, Attendance, Clause, Officer, Plan
from tests import make

DAY = date(2023, 6, 15)
SOLUTIONS = ("III.1", "III.3", "III.5", "III.7", "III.8")


def a_plan(**more) -> Plan:
    values = {"number": "66/KH-UBND", "year": 2023, "title": "Kế hoạch thử", "issued_on": date(2023, 3, 17)} | more
    plan = Plan.objects.create(**values)
    for order, ref in enumerate(SOLUTIONS, 1):
        Clause.objects.create(plan=plan, ref=ref, kind="solution", text=f"Giải pháp {ref}", order=order)
    return plan


def a_committee(area) -> Agency:
    more = {"name": f"UBND {area.name}", "short_name": f"UBND {area.name}", "kind": Agency.Kind.DISTRICT, "area": area}
    return make.an_agency(f"ubnd-{area.code}", **more)


def an_activity(plan, agency, area, kind="training", day=DAY, **more) -> Activity:
    ref = {"inspection": "III.8", "dialogue": "III.3", "model": "III.5", "training": "III.7"}.get(kind, "III.1")
    values = {"form": "class" if kind == "training" else "", "title": "Thử", "content": "Đã làm."} | more
    clause = values.pop("clause", None) or plan.clauses.get(ref=ref)
    values["search"] = search_text(values["title"], "", values["content"])
    return Activity.objects.create(clause=clause, agency=agency, area=area, kind=kind, day=day, **values)


def an_officer(area, name="Cán bộ Thử", **more) -> Officer:
    values = {
        "kind": "officer",
        "post": "Cán bộ",
        "valid_from": date(2023, 1, 1),
        "key": fold(f"{name}|{area.pk}"),
    } | more
    return Officer.objects.create(area=area, full_name=name, **values)


def was_there(activity, *officers) -> None:
    for officer in officers:
        Attendance.objects.create(activity=activity, officer=officer)
