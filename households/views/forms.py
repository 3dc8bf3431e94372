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
from households.exports import XLSX, xlsx_response
from households.forms.ledger import LedgerForm, WhichForm
from households.ledger import GROUP_LABELS, Count, Group, Ledger, lines_of
from households.ledger_queries import ledger_of
from households.models import Standard
from households.spells import CLOSED_LABELS, OPENED_LABELS
from households.views import file_jobs


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def movement_ledger(request):
    form, asked = which(request, LedgerForm, areas=_areas(request.user))
    sections = list(_sections(request.user, **asked)) if asked and asked["area"] else []
    return render(request, "households/ledger.html", _frame(request, form) | {"sections": sections, **asked})


@require_GET
@never_cache
@allow(May.EXPORT_HOUSEHOLDS)
def ledger_sheet(request):
    """The ledger as one table: a line for the households and one for the persons of each group and area."""
    form, asked = which(request, LedgerForm, areas=_areas(request.user))
    if not asked or asked["area"] is None:
        return render(request, "households/ledger.html", _frame(request, form) | {"sections": []}, status=400)
    headings = ["Chuẩn nghèo", "Từ ngày", "Đến ngày", "Nhóm", "Địa bàn", "Đơn vị tính", "Đầu kỳ"]
    headings += [f"Tăng: {label}" for label in OPENED_LABELS.values()]
    headings += [f"Giảm: {label}" for label in CLOSED_LABELS.values()] + ["Cuối kỳ"]
    name = f"so-bien-dong-{asked['area'].code}-{asked['last']:%Y%m%d}.xlsx"
    return xlsx_response(name, headings, _sheet_rows(request.user, **asked))


def _sheet_rows(user, standard, first, last, area):
    found = ledger_of(user, standard, first, last)
    name = standard.name if standard.confirmed else f"{standard.name} (chưa xác nhận)"
    for group in Group:
        for one in (area, *_below(found, area)):
            ledger = found.get((one.pk, group), Ledger())
            counts = [ledger.opening, *(ledger.came.get(why, Count()) for why in OPENED_LABELS)]
            counts += [*(ledger.left.get(why, Count()) for why in CLOSED_LABELS), ledger.closing]
            head = [name, first, last, GROUP_LABELS[group], one.full_name]
            yield [*head, "Hộ", *(count.households for count in counts)]
            yield [*head, "Nhân khẩu", *(count.persons for count in counts)]


def _areas(user) -> list[Area]:
    """Of which areas the user may ask the ledger: the own one first, then districts below it."""
    if user.area is None:
        return []
    below = Area.objects.under(user.area).filter(level=Area.Level.DISTRICT).exclude(pk=user.area_id)
    return [user.area, *below.order_by("order", "code")]


def _below(found, area) -> list[Area]:
    return list(Area.objects.filter(parent=area, pk__in={pk for pk, _ in found}).order_by("order", "code"))


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
    """Every form in one workbook, a sheet each; 14 and 15 name persons, so it is written down who took it.

    Of the whole city it takes 10 to 30 seconds, so a worker makes it.
    """
    form, asked = which(request)
    if not asked:
        return render(request, "households/ledger.html", _frame(request, form) | {"sections": []}, status=400)
    name = f"bieu-tong-hop-{asked['last']:%Y%m%d}.xlsx"
    if not file_jobs.is_worker(request):
        return file_jobs.hand_over(request, name)
    lines = aggregate_queries.lines(request.user, **asked)
    people = detail_lists.both(request.user, **asked)
    asked_for = {"first": asked["first"], "last": asked["last"], "demo": is_demo(), "lists": people.sheets}
    forms = file_jobs.told(request, FORMS.values(), len(FORMS), 1)
    book = aggregate_sheet.render(forms, lines, standard=asked["standard"].name, **asked_for)
    told = f"Biểu tổng hợp, danh sách biểu 14, 15, {asked['standard'].code}, đến {written(asked['last'])}"
    log_view(request.user, PersonalDataView.Kind.EXPORT, "", f"{told}: {people.households} hộ")
    return HttpResponse(book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _frame(request, form) -> dict:
    may_export = request.user.may(May.EXPORT_HOUSEHOLDS)
    return {"form": form, "forms": FORMS.values(), "query": request.GET.urlencode(), "may_export": may_export}


def _drawn(cells) -> list[tuple]:
    """Each cell with its number of decimals."""
    return [(cell, 2 if isinstance(cell, Decimal) else 0) for cell in cells]


def which(request, form_class=WhichForm, **options) -> tuple[WhichForm, dict]:
    """The form and what it asks; a page opened plainly asks for the year so far, under the newest city standard."""
    today = timezone.localdate()
    standards = list(Standard.objects.order_by("-valid_from", "issuer"))
    usual = {"standard": next((s.code for s in standards if s.issuer == Standard.Issuer.CITY), "")}
    ends = next((s.valid_to for s in standards if s.code == usual["standard"]), None)
    day = min(today, ends) if ends else today
    usual |= {"first": f"{date(day.year, 1, 1):%d/%m/%Y}", "last": f"{day:%d/%m/%Y}"}
    form = form_class(usual | request.GET.dict(), standards=standards, **options)
    return form, (form.cleaned_data if form.is_valid() else {})


def _sections(user, standard, first, last, area):
    """A table a group: areas down, reasons across."""
    found = ledger_of(user, standard, first, last)
    below = _below(found, area)
    for group in Group:
        ledgers = [(one, found.get((one.pk, group), Ledger())) for one in (area, *below)]
        came, left = lines_of(group, ledgers[0][1])
        yield {
            "key": group.value,
            "title": GROUP_LABELS[group],
            "came": [OPENED_LABELS[why] for why in came],
            "left": [CLOSED_LABELS[why] for why in left],
            "rows": [
                {
                    "area": one,
                    "is_top": one == area,
                    "opening": ledger.opening,
                    "came": [(OPENED_LABELS[why], ledger.came.get(why, Count())) for why in came],
                    "left": [(CLOSED_LABELS[why], ledger.left.get(why, Count())) for why in left],
                    "closing": ledger.closing,
                    "balances": ledger.balances,
                }
                for one, ledger in ledgers
            ],
        }
