"""The dashboards, the living plan and its appendix."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.log import stamp
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as write_day
from areas.vietnamese import parse_day
from households.models import Standard
from targets import document, pages, tilemap
from targets.appendix import as_csv
from targets.asof import opening_day
from targets.models import Plan

KEPT = 60  # seconds that a drawn page is kept; a write moves the stamp and ends it sooner


@dataclass(frozen=True)
class Frame:
    """The plan and the day a page is about, and why it is that day."""

    plan: Plan | None
    day: date
    today: date
    opening: date
    asked: str  # what stood in the address, kept in the field
    error: str
    stamp: int

    @property
    def standard(self) -> str:
        """Code of the city's own standard, for links to lists of households; empty: none is in force."""
        found = Standard.objects.in_force(self.opening).filter(issuer=Standard.Issuer.CITY)
        return found.values_list("code", flat=True).first() or ""

    @property
    def why(self) -> str:
        """Said beside the day when nobody asked for another."""
        if self.day != self.opening or self.day == self.today:
            return ""
        return "ngày cuối có số liệu"

    @property
    def key(self) -> str:
        return f"{self.day.isoformat()}-{self.stamp}"

    @property
    def query(self) -> str:
        """Carries the chosen day to the next page; nothing when nobody chose one."""
        return f"?ngay={self.day.isoformat()}" if self.asked and not self.error else ""


def frame_of(request) -> Frame:
    """The plan of the day and the day in the address, else the plan's opening day. A day of another year's plan
    asks for that plan."""
    today, newest = timezone.localdate(), stamp()
    asked = request.GET.get("ngay", "").strip()[:40]
    year = year_of(asked)
    plan, opening = cache.get_or_set(f"plan-frame-{today}-{newest}-{year}", lambda: plan_of(today, year, newest), KEPT)
    day, error = (opening, "") if not asked or plan is None else read_day(asked, plan.year, today, opening)
    return Frame(plan, day, today, opening, asked, error, newest)


def year_of(asked):
    try:
        return parse_day(asked).year
    except ValueError:
        return None


def plan_of(today, year, newest):
    named = Plan.objects.issued().filter(year=year).first() if year else None
    plan = named or Plan.objects.for_day(today)
    opening = opening_day(plan, today, newest) if plan else today
    return plan, opening


def read_day(asked, year, today, opening):
    try:
        day = parse_day(asked)
    except ValueError:
        return opening, "Không đọc được ngày này. Viết như 30/11/2023."
    if day.year != year:
        return opening, f"Kế hoạch này của năm {year}: chọn ngày từ 01/01/{year} đến 31/12/{year}."
    if day > today:
        return opening, f"Chưa đến ngày này. Chọn ngày không sau {write_day(today)}."
    return day, ""


def no_plan(request):
    return render(request, "targets/no_plan.html")


@require_GET
@allow(May.SEE_FIGURES)
def dashboard(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    city = SimpleLazyObject(lambda: Area.objects.existing_on(frame.day).get(level=Area.Level.CITY))
    return draw_dashboard(request, frame, city, name="city", template="targets/dashboard.html")


@require_GET
@allow(May.SEE_FIGURES)
def dashboard_area(request, code):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    district = Area.objects.existing_on(frame.day).districts().filter(code=code).first()
    if district is None:
        raise Http404
    return draw_dashboard(request, frame, district, name=district.code, template="targets/dashboard_area.html")


def draw_dashboard(request, frame, area, *, name, template):
    """The figures are read only when the page is not kept: a warm page asks for the session, the user and the stamp."""
    context = {
        "frame": frame,
        "area": area,
        "key": f"{name}-{frame.key}",
        "kept": KEPT,
        "page": SimpleLazyObject(lambda: pages.dashboard(frame.plan, frame.day, area)),
        "households": households_link(request.user, frame, None if name == "city" else area),
        "map": {"width": tilemap.WIDTH, "height": tilemap.HEIGHT, "river": tilemap.RIVER, "words": tilemap.WORDS},
    }
    return render(request, template, context)


def households_link(user, frame, district):
    """The poor households behind the figures, for those who may see them, in their own area; else nothing."""
    if not user.may(May.SEE_HOUSEHOLDS) or user.area_id is None:
        return ""
    if district is not None and not district.has_residents:
        return ""
    standard = frame.standard
    asked = {"status": f"{standard}:poor"} if standard else {}
    if district is not None and district.path.startswith(user.area.path):
        asked["ward"] = district.code
    elif district is not None and not user.area.path.startswith(district.path):
        return ""
    return f"{reverse('household_list')}?{urlencode(asked | {'day': frame.day.isoformat()})}"


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
        "page": SimpleLazyObject(lambda: document.living_plan(frame.plan, frame.day)),
    }
    return render(request, "targets/plan.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def plan_appendix(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    with_actuals = request.GET.get("xem") != "ke-hoach"
    if request.GET.get("format") == "csv":
        return send_csv(document.appendix(frame.plan, frame.day).lines, with_actuals, frame)
    day = {"ngay": frame.day.isoformat()}
    view = {} if with_actuals else {"xem": "ke-hoach"}
    context = {
        "frame": frame,
        "key": f"{frame.key}-{with_actuals}",
        "kept": KEPT,
        "page": SimpleLazyObject(lambda: document.appendix(frame.plan, frame.day)),
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
