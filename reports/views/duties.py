"""The board of what units owe, the reminder that the office sends, and the request for an ad hoc report."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from areas.vietnamese import parse_day
from households.exports import csv_response, xlsx_response
from reports import compiled, duty_board, duty_reminding, duty_services
from reports.forms.units import AdHocForm
from reports.models import Duty, Period
from reports.states import STANDING_LABELS, Standing
from targets.asof import opening_day
from targets.models import Plan


def _year(request) -> Plan | None:
    """The plan of the year that is asked for, else the one that pages are about; drafts are never shown."""
    asked = request.GET.get("nam", "")
    if not asked:
        return Plan.objects.for_day(timezone.localdate())
    found = Plan.objects.issued().filter(year=asked).first() if asked.isdecimal() and len(asked) == 4 else None
    if found is None:
        raise Http404
    return found


def _day(request, plan: Plan) -> tuple[date, date, str]:
    """The day to judge by, the day up to which moves count, and what is wrong with the day that was asked for.

    Not asked, a year that is over is judged by its last day, and what was done since is shown.
    """
    today = timezone.localdate()
    usual, asked = opening_day(plan, today), request.GET.get("ngay", "").strip()[:20]
    if not asked:
        return usual, today, ""
    try:
        day = parse_day(asked)
    except ValueError:
        return usual, today, f"Không có ngày “{asked}”. Ghi dạng dd/mm/yyyy."
    if day > today:
        return usual, today, f"Ngày {day:%d/%m/%Y} chưa đến."
    if day < date(plan.year, 1, 1):
        return usual, today, f"Kế hoạch này bắt đầu từ năm {plan.year}: trước đó chưa có báo cáo nào."
    return day, day, ""


@never_cache
@require_GET
@allow(May.SEE_FIGURES)
def board(request):
    plan = _year(request)
    if plan is None:
        return render(request, "reports/duty_board.html", {"plan": None})
    day, known, error = _day(request, plan)
    only = request.GET.get("xem", "")
    only = only if only in set(Standing) else ""
    context = {
        "plan": plan,
        "day": day,
        "day_error": error,
        "board": duty_board.board(plan.year, day, request.user, known=known, only=only),
        "only": only,
        "only_label": STANDING_LABELS.get(only, ""),
        "years": list(Plan.objects.issued().order_by("-year").values_list("year", flat=True)),
        "may_make": request.user.may(May.MAKE_REPORTS),
        "is_now": known == timezone.localdate(),
    }
    return render(request, "reports/duty_board.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def export(request):
    plan = _year(request)
    if plan is None:
        raise Http404
    day, known, _ = _day(request, plan)
    rows = duty_board.export_rows(plan.year, day, request.user, known)
    name = f"tien-do-bao-cao-{plan.year}-{day.isoformat()}"
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", duty_board.EXPORT_HEADINGS, rows)
    return csv_response(f"{name}.csv", duty_board.EXPORT_HEADINGS, rows)


@never_cache
@require_GET
@allow(May.SEE_FIGURES)
def gathered(request, pk):
    """What the accepted reports of a period say, unit by unit."""
    period = _period(pk)
    return render(request, "reports/duty_compiled.html", {"period": period, "found": compiled.compiled(period)})


@require_GET
@allow(May.SEE_FIGURES)
def gathered_export(request, pk):
    period = _period(pk)
    rows = compiled.export_rows(period)
    name = f"tong-hop-{'dot-xuat' if period.is_ad_hoc else 'dinh-ky'}-{period.day.isoformat()}"
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", compiled.EXPORT_HEADINGS, rows)
    return csv_response(f"{name}.csv", compiled.EXPORT_HEADINGS, rows)


def _period(pk: int) -> Period:
    return get_object_or_404(Period.objects.select_related("plan").exclude(plan__state=Plan.State.DRAFT), pk=pk)


@require_POST
@allow(May.MAKE_REPORTS)
def remind(request, pk):
    """Reminds every unit of a period that is late, or one of them (`don_vi`)."""
    period = get_object_or_404(Period.objects.select_related("plan"), pk=pk)
    today = timezone.localdate()
    duties = Duty.objects.visible_to(request.user).filter(period=period)
    duties = duties.standing_at(Standing.LATE, opening_day(period.plan, today))
    one = request.POST.get("don_vi", "")
    if one:
        duties = duties.filter(pk=one if one.isdecimal() and len(one) < 18 else 0)
    told = duty_reminding.nudge_duties(duties=list(duties), by=request.user, today=today)
    if told:
        messages.success(request, f"Đã nhắc {told} đơn vị.")
    else:
        messages.info(request, "Không có đơn vị nào để nhắc: chưa ai quá hạn, hoặc hôm nay đã nhắc rồi.")
    return redirect("unit_report", pk=one) if one and told else redirect("duty_board")


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.MAKE_REPORTS)
def ask(request):
    plan, today = Plan.objects.in_force().order_by("-year").first(), timezone.localdate()
    if plan is None:
        return render(request, "reports/duty_ask.html", {"plan": None})
    owing = duty_services.owing(plan, opening_day(plan, today)).order_by("order", "name")
    form = AdHocForm(request.POST if request.method == "POST" else None, plan=plan, owing=owing)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {
                name: list(value) if hasattr(value, "model") else value for name, value in form.cleaned_data.items()
            }
            try:
                period = duty_services.ask_ad_hoc(plan=plan, by=request.user, today=today, **given)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, f"Đã yêu cầu {period.duties.count()} đơn vị báo cáo.")
                return redirect("duty_board")
    return render(request, "reports/duty_ask.html", {"plan": plan, "form": form}, status=status)
