"""The dashboards: the city, a district, a ward; as pages, as one screen for a projector, their tables as files."""

from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.roles import May
from areas.models import Area
from households.exports import csv_response
from targets import pages, tilemap, trend_pages
from targets.dashboard_tables import TABLES
from targets.disclosure import scope_of
from targets.frames import KEPT
from targets.indicators import INDICATORS
from targets.measures import SOURCE_LABELS
from targets.views.plan import frame_of, no_plan

MAP = {"width": tilemap.WIDTH, "height": tilemap.HEIGHT, "river": tilemap.RIVER, "words": tilemap.WORDS}
# Those that stand for areas beside each other, by where they come from.
CHOICES = [
    (label, [measure for measure in INDICATORS.values() if measure.source == source and measure.adds != "none"])
    for source, label in SOURCE_LABELS.items()
]


@require_GET
@allow(May.SEE_FIGURES)
def dashboard(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    return draw(request, frame, None)


@require_GET
@allow(May.SEE_FIGURES)
def dashboard_area(request, code):
    """A district, or a ward."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    if not code.isalnum() or len(code) > 20:
        raise Http404
    key = f"dashboard-area-{code}-{frame.day}-{frame.stamp}"
    area = cache.get_or_set(key, lambda: area_below_city(code, frame.day), KEPT)
    if area is None:
        raise Http404
    return draw(request, frame, area)


def area_below_city(code, day):
    below = Area.objects.existing_on(day).exclude(level=Area.Level.CITY)
    return below.select_related("parent").filter(code=code).first()


@require_GET
@allow(May.SEE_FIGURES)
def dashboard_trends(request):
    """Categories over time, deprivations and causes of the city, or of the district or ward of `?dia_ban=`."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    code = request.GET.get("dia_ban", "").strip()[:20]
    area = Area.objects.existing_on(frame.day).filter(code=code).select_related("parent").first() if code else None
    if code and (area is None or area.is_city or not area.has_residents):
        raise Http404
    page = SimpleLazyObject(
        lambda: trend_pages.trends(frame.plan.year, frame.day, area, scope_of(request.user), frame.stamp)
    )
    if request.GET.get("format") == "csv":
        return table_file(
            request.GET.get("bang"), page, f"{code or 'city'}-{frame.day.isoformat()}", trend_pages.TABLES
        )
    context = {
        "frame": frame,
        "area": area,
        "key": f"trends-{code}-{frame.key}-{scope_of(request.user)}",
        "kept": KEPT,
        "page": page,
        "csv_query": address(frame, exact=True, format="csv", **({"dia_ban": code} if code else {})),
    }
    return render(request, "targets/dashboard_trends.html", context)


def draw(request, frame, area):
    """`area`: None is the city. The figures are read only when the page is not kept: a warm page asks for the session, the user and the stamp."""
    given = {key: request.GET.get(key, "").strip()[:60] for key in ("chi_tieu", "trinh-chieu", "bang", "format")}
    name = area.code if area else "city"
    code = given["chi_tieu"] if given["chi_tieu"] in INDICATORS else ""
    projected = given["trinh-chieu"] == "1"
    query = address(frame, code=code, projected=projected)
    asked = SimpleLazyObject(lambda: pages.Asked(code, frame.against, scope_of(request.user), query, frame.stamp))
    page = SimpleLazyObject(lambda: pages.dashboard(frame.plan, frame.day, area, asked))
    if given["format"] == "csv":
        return table_file(given["bang"], page, f"{name}-{frame.day.isoformat()}", TABLES)
    context = {
        "frame": frame,
        "area": area,
        "key": f"{name}-{frame.key}-{code}-{scope_of(request.user)}-{projected:d}",
        "kept": KEPT,
        "page": page,
        "households": households_link(request.user, frame, area),
        "map": MAP,
        "choices": CHOICES,
        "code_error": bool(given["chi_tieu"] and not code),
        "asked_code": code,
        "csv_query": address(frame, code=code, exact=True, format="csv"),
        "projector_query": address(frame, code=code, projected=True),
        "plain_query": address(frame, code=code),
    }
    return render(request, "targets/projector.html" if projected else "targets/dashboard.html", context)


def address(frame, *, code="", projected=False, exact=False, **more) -> str:
    """The query of a page on the same days. `exact`: names the day even where it is the usual one."""
    days = {"ngay": frame.day.isoformat()} if exact or (frame.asked and not frame.error) else {}
    days |= {"so": frame.against.isoformat()} if frame.against else {}
    days |= {"chi_tieu": code} if code else {}
    days |= {"trinh-chieu": "1"} if projected else {}
    return f"?{urlencode(days | more)}" if days | more else ""


def table_file(name, page, what, tables):
    if name not in tables:
        raise Http404
    headings, rows = tables[name](page)
    return csv_response(f"{name}-{what}.csv", headings, rows)


def households_link(user, frame, area):
    """The poor households behind the figures, for those who may see them, in their own area; else nothing."""
    if not user.may(May.SEE_HOUSEHOLDS) or user.area_id is None:
        return ""
    if area is not None and not area.has_residents:
        return ""
    asked = {"status": f"{frame.standard}:poor"} if frame.standard else {}
    if area is not None and area.path.startswith(user.area.path):
        asked["ward"] = area.code
    elif area is not None and not user.area.path.startswith(area.path):
        return ""
    return f"{reverse('household_list')}?{urlencode(asked | {'day': frame.day.isoformat()})}"
