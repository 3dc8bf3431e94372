"""The living plan and its appendix."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.pulse import pulse_of
from accounts.roles import May
from targets import document, frames
from targets.appendix import as_csv
from targets.disclosure import scope_of
from targets.frames import KEPT, Frame
from targets.models import Plan


def frame_of(request) -> Frame:
    """Every page of the plan reads its day this way."""
    return frames.frame_of(request.GET, timezone.localdate(), pulse_of(request).stamp)


def no_plan(request):
    return render(request, "targets/no_plan.html")


@require_GET
@allow(May.SEE_FIGURES)
def plan(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    may_edit = frame.plan.state == Plan.State.IN_FORCE and request.user.may(May.EDIT_PLAN)
    context = {
        "frame": frame,
        "key": f"{frame.plan.pk}-{frame.key}-{may_edit}",
        "kept": KEPT,
        "may_edit": may_edit,
        "page": SimpleLazyObject(lambda: document.living_plan(frame.plan, frame.day, frame.stamp)),
    }
    return render(request, "targets/plan.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def plan_appendix(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    with_actuals = request.GET.get("xem") != "ke-hoach"
    page = SimpleLazyObject(lambda: document.appendix(frame.plan, frame.day, request.user))
    if request.GET.get("format") == "csv":
        return send_csv(page.lines, with_actuals, frame)
    day = {"ngay": frame.day.isoformat()}
    view = {} if with_actuals else {"xem": "ke-hoach"}
    context = {
        "frame": frame,
        "key": f"{frame.key}-{with_actuals}-{scope_of(request.user)}",
        "kept": KEPT,
        "page": page,
        "with_actuals": with_actuals,
        "csv_query": urlencode(day | view | {"format": "csv"}),
        "plain_query": urlencode(day | {"xem": "ke-hoach"}),
        "actual_query": urlencode(day),
    }
    return render(request, "targets/appendix.html", context)


def send_csv(lines, with_actuals, frame):
    name = f"phu-luc-{frame.plan.year}-{frame.day.isoformat()}.csv"
    answer = HttpResponse("\ufeff" + as_csv(lines, with_actuals=with_actuals), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
