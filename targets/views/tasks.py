"""Tasks seen together: list, board, calendar, matrix, one agency, files."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.models import Agency
from accounts.roles import May
from households.exports import csv_response, xlsx_response
from targets import task_pages
from targets.models import Assignment
from targets.task_people import agency_of
from targets.task_queries import ORDERS, SOON, Filter, read_day
from targets.task_states import SHOWN_LABELS
from targets.views.plan import KEPT, frame_of, no_plan


def frame_of_tasks(request):
    """What every page of tasks carries: the plan, the filter, one's own agency, whether one may act on many."""
    frame = frame_of(request)
    asked = Filter.read(request.GET)
    own = agency_of(request.user) if request.user.may(May.UPDATE_TASKS) else None
    return frame, {
        "frame": frame,
        "asked": asked,
        "own": own,
        "kept": KEPT,
        "root": reverse("plan_tasks"),
        "may_assign": request.user.may(May.ASSIGN_TASKS),
        "options": {
            "roles": Assignment.Role.choices,
            "states": SHOWN_LABELS.items(),
            "soon": SOON.items(),
            "orders": ORDERS.items(),
            "day": read_day(asked.han),
        },
    }


@require_GET
@allow(May.SEE_FIGURES)
def plan_tasks(request):
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    number = request.GET.get("page", "")
    number = int(number) if number.isdecimal() and len(number) < 5 else 1
    asked = context["asked"]
    context |= {
        "key": f"{frame.key}-{asked.query}-{number}-{context['may_assign']}",
        "page": SimpleLazyObject(lambda: task_pages.list_page(frame.plan, asked, frame.day, request.user, number)),
    }
    return render(request, "targets/tasks.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def task_board(request):
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    asked = context["asked"]
    context["key"] = f"{frame.key}-{asked.query}"
    context["board"] = SimpleLazyObject(lambda: task_pages.board(frame.plan, asked, frame.day, request.user))
    return render(request, "targets/task_board.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def task_calendar(request):
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    asked = context["asked"]
    context["key"] = f"{frame.key}-{asked.query}"
    context["calendar"] = SimpleLazyObject(lambda: task_pages.calendar(frame.plan, asked, frame.day, request.user))
    return render(request, "targets/task_calendar.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def task_matrix(request):
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    context["key"] = frame.key
    context["matrix"] = SimpleLazyObject(lambda: task_pages.matrix(frame.plan, frame.day, request.user))
    return render(request, "targets/task_matrix.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def task_agency(request, code):
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    agency = Agency.objects.filter(code=code, assignments__clause__plan=frame.plan).distinct().first()
    if agency is None:
        raise Http404
    page = task_pages.agency_page(frame.plan, agency, frame.day, request.user)
    return render(request, "targets/task_agency.html", context | {"page": page})


@require_GET
@allow(May.SEE_FIGURES)
def task_export(request):
    """What the list shows, without its pages, as CSV or, asked for, XLSX."""
    frame, context = frame_of_tasks(request)
    if frame.plan is None:
        return no_plan(request)
    rows = task_pages.export_rows(frame.plan, context["asked"], frame.day, request.user)
    name = f"nhiem-vu-{frame.plan.year}-{frame.day.isoformat()}"
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", task_pages.EXPORT_HEADINGS, rows)
    return csv_response(f"{name}.csv", task_pages.EXPORT_HEADINGS, rows)
