"""Pages of the movement ledger and of the aggregate forms; counts only, never a person."""

from datetime import date
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import allow
from accounts.context import is_demo
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as written
from households import aggregate_queries, aggregate_sheet, detail_lists
from households.aggregates import FORMS
from households.forms.ledger import WhichForm
from households.ledger import GROUP_LABELS, Count, Group, Ledger
from households.ledger_queries import ledger_of
from households.models import Standard
from households.spells import CLOSED_LABELS, OPENED_LABELS

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def movement_ledger(request):
    form, asked = which(request)
    sections = list(_sections(request.user, **asked)) if asked else []
    return render(request, "households/ledger.html", _frame(request, form) | {"sections": sections, **asked})


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def aggregate_form(request, number):
    if number not in FORMS:
        raise Http404
    form, asked = which(request)
    lines = aggregate_queries.lines(request.user, **asked) if asked else []
    rows = [(line, [(title, _drawn(cells)) for title, cells in FORMS[number].rows(line.facts)]) for line in lines]
    context = _frame(request, form) | {"shown": FORMS[number], "rows": rows, **asked}
    return render(request, "households/aggregate_form.html", context)


@require_GET
@never_cache
@allow(May.EXPORT_HOUSEHOLDS)
def aggregate_book(request):
    """Every form in one workbook, a sheet each; 14 and 15 name persons, so it is written down who took it."""
    form, asked = which(request)
    if not asked:
        return render(request, "households/ledger.html", _frame(request, form) | {"sections": []}, status=400)
    lines = aggregate_queries.lines(request.user, **asked)
    people = detail_lists.both(request.user, **asked)
    asked_for = {"first": asked["first"], "last": asked["last"], "demo": is_demo(), "lists": people.sheets}
    book = aggregate_sheet.render(FORMS.values(), lines, standard=asked["standard"].name, **asked_for)
    told = f"Biểu tổng hợp, danh sách biểu 14, 15, {asked['standard'].code}, đến {written(asked['last'])}"
    log_view(request.user, PersonalDataView.Kind.EXPORT, "", f"{told}: {people.households} hộ")
    name = f"bieu-tong-hop-{asked['last']:%Y%m%d}.xlsx"
    return HttpResponse(book, content_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _frame(request, form) -> dict:
    may_export = request.user.may(May.EXPORT_HOUSEHOLDS)
    return {"form": form, "forms": FORMS.values(), "query": request.GET.urlencode(), "may_export": may_export}


def _drawn(cells) -> list[tuple]:
    """Each cell with its number of decimals."""
    return [(cell, 2 if isinstance(cell, Decimal) else 0) for cell in cells]


def which(request) -> tuple[WhichForm, dict]:
    """The form and what it asks; a page opened plainly asks for the year so far, under the newest city standard."""
    today = timezone.localdate()
    standards = list(Standard.objects.order_by("-valid_from", "issuer"))
    usual = {"standard": next((s.code for s in standards if s.issuer == Standard.Issuer.CITY), "")}
    ends = next((s.valid_to for s in standards if s.code == usual["standard"]), None)
    day = min(today, ends) if ends else today
    usual |= {"first": f"{date(day.year, 1, 1):%d/%m/%Y}", "last": f"{day:%d/%m/%Y}"}
    form = WhichForm(usual | request.GET.dict(), standards=standards)
    return form, (form.cleaned_data if form.is_valid() else {})


def _sections(user, standard, first, last):
    """A table a group: reasons down, areas across is too wide, so areas down and reasons across."""
    found = ledger_of(user, standard, first, last)
    top = user.area
    below = list(Area.objects.filter(parent=top, pk__in={area for area, _ in found}).order_by("order", "code"))
    for group in Group:
        ledgers = [(area, found.get((area.pk, group), Ledger())) for area in (top, *below)]
        own = ledgers[0][1]
        came = [(why, label) for why, label in OPENED_LABELS.items() if why in own.came]
        left = [(why, label) for why, label in CLOSED_LABELS.items() if why in own.left]
        yield {
            "key": group.value,
            "title": GROUP_LABELS[group],
            "came": [label for _, label in came],
            "left": [label for _, label in left],
            "rows": [
                {
                    "area": area,
                    "is_top": area == top,
                    "opening": ledger.opening,
                    "came": [ledger.came.get(why, Count()) for why, _ in came],
                    "left": [ledger.left.get(why, Count()) for why, _ in left],
                    "closing": ledger.closing,
                    "balances": ledger.balances,
                }
                for area, ledger in ledgers
            ],
        }
