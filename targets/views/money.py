"""Money: what was allotted and spent by source and clause, one line with its spending, and the files of both."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.fields import refuse
from accounts.roles import May
from areas.vietnamese import money as write_money
from households.exports import csv_response, xlsx_response
from targets import money_pages, money_queries, money_services
from targets.forms.money import CorrectForm, LineForm, OverForm, ReasonForm, SpendForm
from targets.models import BudgetLine, Disbursement
from targets.money_pages import ORDERS, understand
from targets.task_people import agency_of
from targets.views.plan import frame_of

SUPPORTS_A_PAGE = 50


def opening_year(request) -> int:
    """The year of the plan that the portal is about today, so that the money stands beside it."""
    frame = frame_of(request)
    return frame.plan.year if frame.plan else frame.today.year


@require_GET
@allow(May.SEE_FIGURES)
def budget(request):
    asked = understand(request.GET, request.user, opening_year(request), timezone.localdate())
    context = {
        "asked": asked,
        "page": money_pages.budget_page(asked, request.GET.get("page", "")),
        "orders": ORDERS.items(),
        "own": agency_of(request.user) if request.user.may(May.RECORD_SPENDING) else None,
        "may_assign": request.user.may(May.ASSIGN_BUDGET),
        "query": asked.filter.query(),
        "by_clause": asked.filter.query(theo=""),
        "by_agency": asked.filter.query(theo="co_quan"),
        "over": asked.filter.query(vuot="1"),
    }
    return render(request, "targets/budget.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def budget_export(request):
    """What the list shows without its pages, or each spending behind it, as CSV or, asked for, XLSX."""
    asked = understand(request.GET, request.user, opening_year(request), timezone.localdate())
    if request.GET.get("bang") == "chi":
        name, headings, rows = "khoan-chi", money_pages.SPENDING_HEADINGS, money_pages.spending_rows(asked)
    else:
        name, headings, rows = "kinh-phi", money_pages.LINE_HEADINGS, money_pages.line_rows(asked)
    name = f"{name}-{asked.year}-{asked.day.isoformat()}"
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", headings, rows)
    return csv_response(f"{name}.csv", headings, rows)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ASSIGN_BUDGET)
def budget_add(request):
    form = LineForm(request.POST or None, year=opening_year(request), initial={"year": opening_year(request)})
    if request.method == "POST" and form.is_valid():
        try:
            line = money_services.allot(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã giao {write_money(line.allotted)}.")
            return redirect("budget_line", pk=line.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/budget_form.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ASSIGN_BUDGET)
def budget_edit(request, pk):
    line = get_object_or_404(BudgetLine.objects.visible_to(request.user).standing(), pk=pk)
    form = LineForm(
        request.POST or None,
        year=line.year,
        line=line,
        initial={name: getattr(line, name) for name in money_services.LINE},
    )
    if request.method == "POST" and form.is_valid():
        try:
            money_services.change_line(
                line=line, version=_key(request, "version"), by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã điều chỉnh dòng kinh phí.")
            return redirect("budget_line", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/budget_form.html", {"form": form, "line": line}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def budget_line(request, pk):
    """The line with its spending; beside it the forms of those who may do something with it."""
    lines = BudgetLine.objects.visible_to(request.user).select_related("source", "agency", "clause", "policy")
    line = get_object_or_404(lines.select_related("over_by", "clause__plan"), pk=pk)
    support = _support(request, line)
    forms = _line_forms(request, line, support)
    doing, status = request.POST.get("do", ""), 200
    if request.method == "POST":
        if doing not in forms:
            return HttpResponseBadRequest() if doing not in FORMS else _forbidden()
        if (
            request.POST.get("ho_tro") and support is None
        ):  # paid by somebody else meanwhile: nothing is written unlinked
            messages.error(request, "Hỗ trợ này đã được chi đủ hoặc không còn. Chưa ghi gì; hãy chọn lại.")
            return redirect("budget_supports", pk=pk)
        if _done(request, line, doing, forms[doing], support):
            return redirect("budget_line", pk=pk)
        status = 422
        line.refresh_from_db()
    money = money_services.money_of(line)
    context = {
        "line": line,
        "page": money_pages.line_page(line, money, request.GET.get("page", ""), request.user),
        "forms": forms,
        "doing": doing,
        "support": support,
        "may_assign": request.user.may(May.ASSIGN_BUDGET) and not line.cancelled_for,
        "may_spend": "spend" in forms,
    }
    return render(request, "targets/budget_line.html", context, status=status)


FORMS = {"spend": SpendForm, "over": OverForm, "cancel": ReasonForm}
RIGHTS = {"over": May.ALLOW_OVERSPENDING, "cancel": May.ASSIGN_BUDGET}


def _forbidden():
    raise PermissionDenied


def _support(request, line):
    """The support that a spending is to be written for, from the list of those not paid; None for any other."""
    key = _key(request, "ho_tro") or _number(request.GET.get("ho_tro", ""))
    return money_queries.unpaid_supports(line, request.user).filter(pk=key).first() if key else None


def _line_forms(request, line, support) -> dict:
    """Those that the reader may send; only the one that was sent is bound."""
    if line.cancelled_for:
        return {}
    allowed = [name for name, right in RIGHTS.items() if request.user.may(right)]
    if BudgetLine.objects.spent_by(request.user).filter(pk=line.pk).exists():
        allowed.insert(0, "spend")
    start = {"over": {"amount": line.over_allowed or None, "reason": line.over_reason}}
    activity = _number(request.GET.get("hoat_dong", ""))  # from the activity's page
    if activity:
        start["spend"] = {"activity": activity}
    if support:
        start["spend"] = {"day": support.given_on, "amount": support.unpaid, "what": support.policy.name}
    doing = request.POST.get("do", "")
    more = {"spend": {"activities": money_services.activities_of(line)}}
    return {
        name: FORMS[name](
            request.POST if doing == name else None, prefix=name, initial=start.get(name), **more.get(name, {})
        )
        for name in allowed
    }


def _done(request, line, doing, form, support) -> bool:
    """Whether it was done; what was refused stands at its field."""
    if not form.is_valid():
        return False
    given = form.cleaned_data | {"line": line, "by": request.user}
    try:
        if doing == "spend":
            row = money_services.disburse(today=timezone.localdate(), support=support, **given)
            messages.success(request, f"Đã ghi khoản chi {write_money(row.amount)}.")
        elif doing == "over":
            money_services.allow_overspending(version=_key(request, "version"), **given)
            messages.success(request, "Đã ghi số được chi vượt.")
        else:
            money_services.cancel_line(version=_key(request, "version"), **given)
            messages.success(request, "Đã hủy dòng kinh phí.")
    except ValidationError as error:
        refuse(form, error)
        return False
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.RECORD_SPENDING)
def budget_supports(request, pk):
    """Supports whose amount no line has paid yet: ticked, each becomes a spending of this line."""
    lines = BudgetLine.objects.spent_by(request.user).standing().select_related("source", "agency", "policy")
    line = get_object_or_404(lines, pk=pk)
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("chon")[:500] if key.isdecimal() and len(key) < 18]
        try:
            count = money_services.disburse_supports(line=line, keys=keys, by=request.user, today=timezone.localdate())
        except ValidationError as error:
            for told in error.messages:
                messages.error(request, told)
            return redirect("budget_supports", pk=pk)
        messages.success(request, f"Đã ghi khoản chi cho {count} hỗ trợ.")
        return redirect("budget_line", pk=pk)
    rows = money_queries.unpaid_supports(line, request.user)
    context = {
        "line": line,
        "money": money_services.money_of(line),
        "page": Paginator(rows, SUPPORTS_A_PAGE).get_page(request.GET.get("page", "")),
        "opens": request.user.may(May.SEE_HOUSEHOLDS),
    }
    return render(request, "targets/budget_supports.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.RECORD_SPENDING)
def disbursement(request, pk):
    """Correct or cancel a spending of one's own agency."""
    rows = Disbursement.objects.spent_by(request.user).standing().select_related("line__agency", "line__source")
    row = get_object_or_404(rows, pk=pk)
    doing = request.POST.get("do", "")
    start = {name: getattr(row, name) for name in ("day", "amount", "what", "document", "activity")}
    sent, held = request.POST if doing == "correct" else None, money_services.activities_of(row.line)
    forms = {
        "correct": CorrectForm(sent, initial=start, prefix="correct", activities=held),
        "cancel": ReasonForm(request.POST if doing == "cancel" else None, prefix="cancel"),
    }
    if request.method == "POST":
        if doing not in forms:
            return HttpResponseBadRequest()
        if _undone(request, row, doing, forms[doing]):
            return redirect("budget_line", pk=row.line_id)
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "line": row.line, "forms": forms, "doing": doing}
    return render(request, "targets/disbursement.html", context, status=status)


def _undone(request, row, doing, form) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data | {"disbursement": row, "by": request.user, "at": timezone.now()}
    try:
        if doing == "correct":
            money_services.correct_disbursement(today=timezone.localdate(), **given)
            messages.success(request, "Đã sửa khoản chi.")
        else:
            money_services.cancel_disbursement(**given)
            messages.success(request, "Đã hủy khoản chi.")
    except ValidationError as error:
        refuse(form, error)
        return False
    return True


def _key(request, name) -> int:
    return _number(request.POST.get(name, ""))


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 18 else 0
