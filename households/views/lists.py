"""Pages of the targeted lists, and lists handed out as files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.roles import May
from households import export_rows, exports, queries, targeted_queries
from households.forms.lists import PlaceForm
from households.looks import log_export, log_list
from households.targeted import BY_KEY
from households.views.register import search_form

PER_PAGE = 25
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
        places = targeted_queries.places(**asked)
        context |= {
            "page": page,
            "places": places if len(form.wards) > 1 else [],
            "unknown": targeted_queries.unknown(**asked),
            "chosen": form.code,
            "may_export": request.user.may(May.EXPORT_HOUSEHOLDS),
        }
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(request, "households/targeted_list.html", context | {"query": kept.urlencode()})


@require_GET
@never_cache
@allow(May.EXPORT_HOUSEHOLDS)
def targeted_export(request, key, format):
    about, form, today = _about(key), _form(request), timezone.localdate()
    back = f"{reverse('targeted_list', args=[key])}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(back)
    rows = targeted_queries.listed(request.user, about, today, form.chosen())
    sheet = export_rows.of_members if about.of_members else export_rows.of_households
    name = f"{about.key}-{form.code or 'tat-ca'}-{today:%Y%m%d}"
    return _send(request, format, name, f"Xuất {_words(about, form)}", rows, sheet(rows, today), back)


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
    return _send(request, format, name, told, rows, export_rows.of_households(rows, filters["day"]), back)


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


def _send(request, format, name, told, rows, sheet, back):
    """The file, with its line in the log written first: a transfer that breaks off has shown people all the same."""
    if format not in FORMATS:
        raise Http404
    count = rows.count()
    if format == "xlsx" and count >= exports.MOST_ROWS:
        messages.error(request, "Danh sách dài hơn một trang tính: hãy lọc bớt, hoặc tải tệp CSV.")
        return redirect(back)
    log_export(request.user, f"{told} ({format.upper()})", count)
    return FORMATS[format](f"{name}.{format}", *sheet)
