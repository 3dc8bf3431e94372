"""Activities seen together, entered and corrected; the quota of inspections; files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.fields import refuse, version_of
from accounts.roles import May
from areas.vietnamese import number
from households.exports import csv_response, xlsx_response
from targets import activity_pages, activity_queries, activity_services
from targets.activity_kinds import KINDS
from targets.activity_queries import STATES, Filter
from targets.forms.activities import ActivityForm
from targets.models import Activity, Plan
from targets.task_people import agency_of
from targets.views.plan import frame_of, no_plan

PER_PAGE = 30
FILLED = (
    "agency", "form", "title", "day", "ends_on", "area", "place", "clause", "people", "households", "times", "amount",
    "content", "recommendations", "follow_by",
)  # fmt: skip


def page_of(request, rows, per_page):
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


@require_GET
@never_cache
@allow(May.SEE_FIGURES)
def activity_list(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    asked = Filter.read(request.GET)
    known = activity_queries.choices(frame.plan, asked)
    rows = activity_queries.filtered(frame.plan, asked, known, frame.today, request.user)
    context = {
        "frame": frame,
        "asked": asked,
        "choices": known,
        "states": STATES.items(),
        "kinds": KINDS.values(),
        "tallies": [(KINDS[kind], told) for kind, told in activity_queries.tallies(rows).items()],
        "page": page_of(request, activity_queries.for_list(rows), PER_PAGE),
        "may_enter": _may_enter(request.user, frame.plan),
        "may_roster": request.user.may(May.KEEP_ROSTER),
    }
    context["rows"] = activity_queries.told(context["page"])
    return render(request, "targets/activities.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def activity_export(request):
    """What the list shows, without its pages, as CSV or, asked for, XLSX."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    asked = Filter.read(request.GET)
    known = activity_queries.choices(frame.plan, asked)
    rows = activity_queries.filtered(frame.plan, asked, known, frame.today, request.user)
    name = f"hoat-dong-{frame.plan.year}-{frame.today.isoformat()}"
    told = activity_queries.export_rows(rows)
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", activity_queries.HEADINGS, told)
    return csv_response(f"{name}.csv", activity_queries.HEADINGS, told)


@require_GET
@allow(May.SEE_FIGURES)
def activity_inspections(request):
    """How far the quota of III.8 is, and which recommendations are still open."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    held = Activity.objects.visible_to(request.user).within(frame.plan.year, frame.day).filter(kind="inspection")
    rows = activity_queries.for_list(activity_queries.waiting(held)).order_by("follow_by", "day", "pk")
    waiting = page_of(request, rows, PER_PAGE)
    context = {
        "frame": frame,
        "quotas": activity_pages.quotas(frame.plan, frame.day),
        "waiting": waiting,
        "waiting_rows": activity_queries.told(waiting),
        "held": activity_queries.told(activity_queries.for_list(held).order_by("-day", "-pk")[:PER_PAGE]),
        "may_enter": _may_enter(request.user, frame.plan),
        "may_roster": request.user.may(May.KEEP_ROSTER),
    }
    return render(request, "targets/activity_inspections.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_ACTIVITIES)
def activity_new(request, kind):
    frame = frame_of(request)
    if kind not in KINDS:
        raise Http404
    if frame.plan is None:
        return no_plan(request)
    own = agency_of(request.user)
    if own is None:
        raise PermissionDenied
    of_all = request.user.may(May.MANAGE_ACTIVITIES)
    form = ActivityForm(
        request.POST or None,
        request.FILES or None,
        kind=KINDS[kind],
        plan=frame.plan,
        agency=None if of_all else own,
        own=own,
        new=True,
    )
    if request.method == "POST" and form.is_valid():
        values = {"agency": own} | form.cleaned_data
        try:
            row = activity_services.enter_activity(kind=kind, by=request.user, today=frame.today, **values)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã ghi hoạt động.")
            return redirect(
                "activity_tick" if kind == "training" and _has_roster(row, request.user) else "activity", row.pk
            )
    context = {"frame": frame, "kind": KINDS[kind], "form": form, "own": own, "closed": not _in_force(frame.plan)}
    return render(request, "targets/activity_form.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_ACTIVITIES)
def activity_edit(request, pk):
    rows = Activity.objects.owned_by(request.user).select_related("clause__plan", "agency__area")
    row = get_object_or_404(rows, pk=pk)
    start = {name: getattr(row, name) for name in FILLED}
    start |= {name: number(start[name]) for name in ("people", "households", "times") if start[name] is not None}
    options = {"kind": row.about, "plan": row.clause.plan, "agency": row.agency, "new": False}
    form = ActivityForm(request.POST or None, initial=start, **options)
    if request.method == "POST" and form.is_valid():
        given = {"version": version_of(request), "by": request.user, "today": timezone.localdate()}
        try:
            activity_services.edit_activity(activity=row, **given, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã sửa hoạt động.")
            return redirect("activity", row.pk)
    version = request.POST.get("version", row.version)
    context = {"activity": row, "kind": row.about, "form": form, "own": row.agency, "version": version}
    context["closed"] = not _in_force(row.clause.plan)
    return render(request, "targets/activity_form.html", context, status=422 if request.method == "POST" else 200)


def _in_force(plan) -> bool:
    return plan.state == Plan.State.IN_FORCE


def _may_enter(user, plan) -> bool:
    return user.may(May.ENTER_ACTIVITIES) and _in_force(plan)


def _has_roster(row, user) -> bool:
    return row.form == "class" and activity_queries.to_tick(row, user, area=None, q="", rest=False).exists()
