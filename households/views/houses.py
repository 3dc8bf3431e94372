"""Houses from the approval to the hand-over, and the balances of a loan: by the ward, or by the agency that gives."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import support_queries
from households.forms.fields import refuse
from households.forms.supports import BalanceForm, CancelForm, FindForm, HouseForm, HouseListForm
from households.looks import log_list
from households.models import Household, HouseWork, Policy, Support
from households.services import houses as services
from households.support_stages import SOURCES, STAGES

PER_PAGE = 25


def _may_write(user) -> bool:
    return bool(user.may(May.EDIT_HOUSEHOLDS) or (user.may(May.GIVE_SUPPORT) and user.agency_id))


@require_http_methods(["GET"])
@never_cache
@allow(May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT)
def house_list(request):
    """How many stand at each stage and who paid, at once; the houses only when asked."""
    user = request.user
    form = HouseListForm(request.GET or None)
    sums = support_queries.house_sums(support_queries.house_works(user))
    page = None
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data["stage"]
        page = Paginator(support_queries.house_works(user, stage=asked), PER_PAGE).get_page(request.GET.get("page"))
        for row in page:
            row.shown_name = row.head_name
            if not user.may(May.SEE_HOUSEHOLDS):
                row.shown_name = support_queries.masked_name(row.head_name)
        log_list(user, f"Nhà ở được hỗ trợ, bước: {STAGES.get(asked, 'tất cả')}", len(page), page.number)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "houses": sums["houses"],
        "stages": [(name, label, sums[name]) for name, label in STAGES.items()],
        "sources": [(label, sums[f"sum_{name}"] or 0) for name, label in SOURCES.items()],
        "money": sum(sums[f"sum_{name}"] or 0 for name in SOURCES),
        "page": page,
        "query": query.urlencode(),
        "may_write": _may_write(user),
        "may_export": user.may(May.EXPORT_HOUSEHOLDS) or user.may(May.GIVE_SUPPORT),
    }
    return render(request, "households/house_list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS, May.GIVE_SUPPORT)
def house_new(request):
    """Find the household by its code and its head's name, see whom it is and whether it is eligible, and write it down."""
    user = request.user
    if not _may_write(user):
        raise PermissionDenied
    today = timezone.localdate()
    finding = FindForm(request.POST or None, by=request.user, initial={"code": request.GET.get("ho", "")})
    writing = request.POST.get("do") == "approve"
    form, household, verdicts = HouseForm(request.POST if writing else None), None, []
    if finding.is_bound and finding.is_valid():
        household = finding.household
        if user.may(May.EDIT_HOUSEHOLDS) and not Household.objects.visible_to(user).filter(pk=household.pk).exists():
            household = None
            finding.add_error("code", FindForm.NOT_FOUND)
    if household:
        if writing and form.is_valid():
            given = {"policy": form.cleaned_data["policy"], "outside_reason": form.cleaned_data["outside_reason"]}
            try:
                work = services.approve_house(
                    household=household, days=form.days, money=form.money, by=user, today=today, **given
                )
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, f"Đã ghi nhà của hộ {household.code}: {work.policy}.")
                return redirect("house_detail", pk=work.pk)
        log_view(user, PersonalDataView.Kind.VIEW, household.code, "Ghi nhà ở được hỗ trợ")
        verdicts = [
            (policy, verdict)
            for policy, verdict in support_queries.verdicts_in_force(household, today)
            if policy.is_house
        ]
    context = {"finding": finding, "form": form, "household": household, "verdicts": verdicts}
    return render(request, "households/house_new.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT)
def house_detail(request, pk):
    """One house: its stages and its money; who keeps it carries it on, corrects it or takes it out."""
    user = request.user
    work = get_object_or_404(support_queries.house_works(user), pk=pk)
    kept = HouseWork.objects.kept_by(user).filter(pk=pk).exists()
    doing, today = request.POST.get("do", ""), timezone.localdate()
    if request.method == "POST" and not kept:
        raise PermissionDenied
    changing = HouseForm(request.POST if doing == "change" else None, work=work)
    cancelling = CancelForm(
        request.POST if doing == "cancel" else None, initial={"version": work.version}, prefix="cancel"
    )
    form = {"change": changing, "cancel": cancelling}.get(doing)
    if request.method == "POST":
        if form is None:
            return HttpResponseBadRequest()
        if form.is_valid():
            try:
                if doing == "change":
                    version = form.cleaned_data["version"] or 0
                    services.change_house(
                        work=work, days=form.days, money=form.money, version=version, by=user, today=today
                    )
                else:
                    services.cancel_house(work=work, by=user, **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, "Đã ghi." if doing == "change" else "Đã hủy nhà ghi nhầm.")
                return redirect("house_detail", pk=pk) if doing == "change" else redirect("house_list")
    log_view(user, PersonalDataView.Kind.VIEW, work.household.code, "Nhà ở được hỗ trợ")
    context = {
        "work": work,
        "name": work.head_name if user.may(May.SEE_HOUSEHOLDS) else support_queries.masked_name(work.head_name),
        "stages": [(label, getattr(work, name)) for name, label in STAGES.items()],
        "sources": [(label, getattr(work, name)) for name, label in SOURCES.items() if getattr(work, name)],
        "changing": changing if kept else None,
        "cancelling": cancelling if kept else None,
        "opens_households": user.may(May.SEE_HOUSEHOLDS) and work.household.ward_id == work.ward_id,
    }
    return render(request, "households/house_detail.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT)
def loan_detail(request, pk):
    """A loan with its balances by day; its bank writes the next one."""
    user = request.user
    rows = support_queries.for_list(support_queries.supports_of(user)).filter(policy__kind=Policy.Kind.LOAN)
    loan = get_object_or_404(rows, pk=pk)
    kept = Support.objects.kept_by(user).filter(pk=pk).exists()
    if request.method == "POST" and not kept:
        raise PermissionDenied
    today = timezone.localdate()
    form = BalanceForm(request.POST or None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"overdue": form.cleaned_data["overdue"] or 0}
        try:
            services.write_balance(support=loan, by=user, today=today, **given)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã ghi dư nợ.")
            return redirect("loan_detail", pk=pk)
    log_view(user, PersonalDataView.Kind.VIEW, loan.household.code, "Dư nợ của khoản vay")
    context = {
        "loan": loan,
        "name": loan.head_name if user.may(May.SEE_HOUSEHOLDS) else support_queries.masked_name(loan.head_name),
        "balances": loan.balances.select_related("entered_by"),
        "form": form if kept else None,
    }
    return render(request, "households/loan_detail.html", context)
