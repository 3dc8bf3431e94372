"""The homes of department staff and of the programme office: tasks and reports that wait for them."""

from django.shortcuts import render
from django.utils import timezone

from accounts.notices import notices_of
from accounts.roles import May
from areas.vietnamese import WEEKDAYS
from areas.vietnamese import day as write_day
from reports import unit_queries
from targets.asof import opening_day
from targets.models import Plan
from targets.task_today import office_work, own_work

NOTICES = 5


def tasks_today(request):
    """The page, or None where there is no plan or nothing of it for this person: then the dashboard is the home."""
    today = timezone.localdate()
    plan = Plan.objects.for_day(today)
    if plan is None:
        return None
    day = opening_day(plan, today)
    own = own_work(plan, day, request.user)
    context = {
        "plan": plan,
        "day": day,
        "past": day != today,
        "weekday": f"{WEEKDAYS[today.weekday()]}, {write_day(today)}",
        "own": own,
        "notices": notices_of(request.user).filter(read_at=None)[:NOTICES],
    }
    context["reports"] = unit_queries.own_duties(request.user, day)
    if request.user.may(May.VERIFY_TASKS):
        context["report_work"] = unit_queries.office_work(plan, day)
        context["office"] = office_work(plan, day, request.user)
        return render(request, "home_office.html", context)
    return render(request, "home_department.html", context) if own and own.total or context["reports"] else None
