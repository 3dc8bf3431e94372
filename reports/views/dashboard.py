"""The dashboard of the programme's work: tasks, reports and money of all agencies, or of one."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.models import Agency
from accounts.pulse import pulse_of
from accounts.roles import May
from households.exports import csv_response
from reports import dashboard
from targets.frames import KEPT, frame_of
from targets.task_states import SHOWN_LABELS


@require_GET
@allow(May.SEE_FIGURES)
def dashboard_work(request):
    """`?co_quan=`: one agency's. Whoever sees figures sees all of this, so a drawn page is kept for all of them."""
    frame = frame_of(request.GET, timezone.localdate(), pulse_of(request).stamp)
    if frame.plan is None:
        return render(request, "targets/no_plan.html")
    code = request.GET.get("co_quan", "").strip()[:60]
    agency = Agency.objects.filter(code=code).first() if code else None
    if code and agency is None:
        raise Http404
    known = frame.day if frame.query else frame.today  # of a year that is over, what was done since is shown too
    page = SimpleLazyObject(lambda: dashboard.work(frame.plan, frame.day, request.user, known=known, agency=agency))
    if request.GET.get("format") == "csv":
        return table_file(request.GET.get("bang", ""), page, frame)
    exact = {"ngay": frame.day.isoformat()} | ({"co_quan": code} if code else {})
    context = {
        "frame": frame,
        "agency": agency,
        "key": f"work-{code}-{frame.key}-{known}",
        "kept": KEPT,
        "page": page,
        "lead": SimpleLazyObject(lambda: dashboard.lead_of(page)),
        "states": SHOWN_LABELS.values(),
        "csv_query": f"?{urlencode(exact | {'format': 'csv'})}",
    }
    return render(request, "reports/dashboard_work.html", context)


def table_file(name, page, frame):
    if name not in dashboard.TABLES:
        raise Http404
    headings, rows = dashboard.TABLES[name](page)
    return csv_response(f"{name}-{frame.day.isoformat()}.csv", headings, rows)
