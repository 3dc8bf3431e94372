"""The catalogue of indicators and each one's page."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.models import Agency
from accounts.roles import May
from areas.models import Area
from targets import indicator_pages
from targets.disclosure import cached_counts, cached_months, scope_of
from targets.indicators import INDICATORS
from targets.measures import SOURCE_LABELS
from targets.models import Indicator
from targets.series import cached_series
from targets.views.plan import KEPT, frame_of, no_plan


@require_GET
@allow(May.SEE_FIGURES)
def indicator_list(request):
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    owners = Agency.objects.filter(pk__in=Indicator.objects.values("owner"))
    owner, source = (request.GET.get(name, "").strip()[:40] for name in ("co_quan", "nguon"))
    context = {
        "frame": frame,
        "key": f"{frame.plan.pk}-{frame.key}-{owner}-{source}",
        "kept": KEPT,
        "owner": owner,
        "source": source,
        "owners": owners,
        "sources": SOURCE_LABELS.items(),
        "groups": SimpleLazyObject(
            lambda: indicator_pages.catalogue(
                frame.plan,
                cached_counts(frame.plan.year, frame.day, frame.stamp),
                frame.day,
                owner=owner,
                source=source,
            )
        ),
    }
    return render(request, "targets/indicators.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def indicator(request, code):
    """One indicator in the city, or in the district of `?dia_ban=`."""
    frame = frame_of(request)
    if frame.plan is None:
        return no_plan(request)
    if code not in INDICATORS:
        raise Http404
    typable = Indicator.objects.typable_by(request.user).filter(pk=OuterRef("pk"))
    row = get_object_or_404(Indicator.objects.select_related("owner").annotate(may_type=Exists(typable)), code=code)
    months = cached_months(frame.plan.year, frame.day, frame.stamp)
    there = months[frame.day].places.there
    asked = request.GET.get("dia_ban", "").strip()[:20]
    level = Area.Level.DISTRICT if asked else Area.Level.CITY
    area = next((one for one in there if one.level == level and asked in ("", one.code)), None)
    if area is None:
        raise Http404
    series = cached_series(frame.plan.year, frame.day, frame.stamp)
    context = {
        "frame": frame,
        "area": area,
        "page": indicator_pages.indicator_page(frame.plan, row, area, months, series, scope_of(request.user)),
        "may_type": row.may_type,
    }
    return render(request, "targets/indicator.html", context)
