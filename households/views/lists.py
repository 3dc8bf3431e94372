"""Pages of the targeted lists, and lists handed out as files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.roles import May
from areas import tiles
from households import export_rows, exports, queries, targeted_queries
from households.forms.lists import PlaceForm
from households.forms.register import ReasonForm
from households.looks import log_export, log_list, log_numbers
from households.targeted import BY_KEY
from households.views import file_jobs
from households.views.register import search_form

PER_PAGE = 25
AT_ONCE = 5_000  # rows of a workbook that one waits for; more is a job (CSV flows as it is read)
FORMATS = {"xlsx": exports.xlsx_response, "csv": exports.csv_response}


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def targeted_lists(request):
    """Counts only: no person is named before a list is chosen."""
    today = timezone.localdate()
    tallies = targeted_queries.tallies(request.user, today)
    return render(request, "households/targeted_lists.html", {"tallies": tallies, "today": today})


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def targeted_list(request, key):
    about, form, today = _about(key), _form(request), timezone.localdate()
    context = {"about": about, "form": form, "today": today, "page": None}
    if form.is_valid():
        asked = {"user": request.user, "about": about, "day": today, "wards": form.chosen()}
        page = Paginator(targeted_queries.listed(**asked), PER_PAGE).get_page(request.GET.get("page"))
        log_list(request.user, _words(about, form), len(page), page.number)
        context |= _where(form, asked)
        context |= {
            "page": page,
            "unknown": targeted_queries.unknown(**asked),
            "chosen": form.code,
            "may_export": request.user.may(May.EXPORT_HOUSEHOLDS),
            "why": ReasonForm() if about.of_members and request.user.may(May.REVEAL_IDS) else None,
        }
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(request, "households/targeted_list.html", context | {"query": kept.urlencode()})


def _where(form, asked) -> dict:
    """Of several wards: a tile map and its table. Of one ward: its residential groups as bars."""
    inside = [ward for ward in form.wards if asked["wards"] is None or ward.pk in asked["wards"]]
    if len(inside) < 2:
        groups = targeted_queries.by_group(**asked)
        most = max((place.count for place in groups), default=1)
        shown = targeted_queries.by_ward(**asked) if form.code else {}
        return {
            "groups": [(place, 100 * place.count // most) for place in groups],
            "places": targeted_queries.places(shown, inside, districts=False),
        }
    counts = targeted_queries.by_ward(**asked)
    several = len({ward.district_code for ward in inside}) > 1
    unit = "người" if asked["about"].of_members else "hộ"
    drawn = [
        tiles.Ward(ward.code, ward.name, ward.district_code, ward.district, counts.get(ward.code, 0)) for ward in inside
    ]
    return {
        "map": tiles.draw(drawn, unit),
        "places": targeted_queries.places(counts, inside, districts=several),
        "wards": targeted_queries.places(counts, inside, districts=False) if several else [],
    }


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EXPORT_HOUSEHOLDS)
def targeted_export(request, key, format):
    """Masked by GET. By POST with whole ID numbers, for who may see them and says why."""
    about, form, today = _about(key), _form(request), timezone.localdate()
    back = f"{reverse('targeted_list', args=[key])}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(back)
    rows = targeted_queries.listed(request.user, about, today, form.chosen())
    name = f"{about.key}-{form.code or 'tat-ca'}-{today:%Y%m%d}"
    told = f"Xuất {_words(about, form)}"
    if request.method == "GET":
        sheet = export_rows.of_members if about.of_members else export_rows.of_households
        return send(request, format, name, told, rows.count(), sheet(rows, today), back)
    if not (request.user.may(May.REVEAL_IDS) and about.of_members):
        raise PermissionDenied
    why = ReasonForm(request.POST)
    if not why.is_valid():
        messages.error(request, f"Chưa tải: {why.errors['reason'][0]}")
        return redirect(back)
    if format not in FORMATS:
        raise Http404
    codes = rows.order_by().values_list("household__code", flat=True).distinct()
    with transaction.atomic():
        log_numbers(request.user, codes, f"{told}, đủ số định danh. {why.cleaned_data['reason']}")
        sheet = export_rows.of_members(rows, today, full=True)
        return send(request, format, name, f"{told}, đủ số định danh", rows.count(), sheet, back)


@require_GET
@never_cache
@allow(May.EXPORT_HOUSEHOLDS)
def household_export(request, format):
    """Every household that the list page finds for the same address, not only as far as one can turn pages."""
    form, today = search_form(request), timezone.localdate()
    back = f"{reverse('household_list')}?{request.GET.urlencode()}"
    if not (form.asks and form.is_valid()):
        return redirect(back)
    filters = form.filters(today)
    found = queries.search(request.user, **filters)
    if filters["text"] and not found.exists():
        found = queries.nearly(request.user, **filters)[0] or found
    rows = found.for_list().order_by("head_key", "pk")
    name = f"danh-sach-ho-{today:%Y%m%d}"
    told = f"Xuất danh sách hộ: {form.words}"
    return send(request, format, name, told, rows.count(), export_rows.of_households(rows, filters["day"]), back)


def _about(key):
    try:
        return BY_KEY[key]
    except KeyError:
        raise Http404 from None


def _form(request) -> PlaceForm:
    """Bound always: no filter asks for everywhere."""
    return PlaceForm(request.GET, wards=queries.wards_to_choose(request.user))


def _words(about, form) -> str:
    return f"{about.title}; {form.code}" if form.code else about.title


def send(request, format, name, told, count, sheet, back):
    """The file, with its line in the log written first: a transfer that breaks off has shown people all the same."""
    if format not in FORMATS:
        raise Http404
    if format == "xlsx" and count >= exports.MOST_ROWS:
        messages.error(request, "Danh sách dài hơn một trang tính: hãy lọc bớt, hoặc tải tệp CSV.")
        return redirect(back)
    if format == "xlsx" and count > AT_ONCE and request.method == "GET" and not file_jobs.is_worker(request):
        return file_jobs.hand_over(request, f"{name}.{format}")
    log_export(request.user, f"{told} ({format.upper()})", count)
    headings, rows = sheet
    return FORMATS[format](f"{name}.{format}", headings, file_jobs.told(request, rows, count))
