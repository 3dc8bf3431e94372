"""The ledger of supports, and an agency's own entry into it."""

from datetime import date

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
from areas.vietnamese import number
from households import support_queries
from households.eligibility import told
from households.forms.fields import refuse
from households.forms.supports import CancelForm, CorrectForm, FindForm, LedgerForm, PolicyForm, SupportForm
from households.looks import log_list
from households.models import HouseWork, Policy, Support
from households.services.supports import cancel_support, correct_support, give_support
from households.views.supports import write

PER_PAGE = 25
HELD = ("given_on", "ends_on", "persons", "amount", "outside_reason", "version")


@require_http_methods(["GET"])
@never_cache
@allow(May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT)
def support_list(request):
    """Sums at once, for this year; the rows only when asked. An agency reads its own supports, names masked."""
    user = request.user
    today = timezone.localdate()
    start = {"first": date(today.year, 1, 1), "last": today}
    form = LedgerForm(request.GET or None, initial=start)
    page, sums, loans = None, [], None
    if not form.is_bound or form.is_valid():
        asked = form.cleaned_data if form.is_bound else start
        found = support_queries.ledger(user, **asked)
        sums = support_queries.sums_by_kind(found)
        loans = support_queries.loan_sums(found, asked["last"])
        if form.is_bound:
            page = Paginator(support_queries.for_list(found), PER_PAGE).get_page(request.GET.get("page"))
            kept = set(support_queries.kept_of(user, page))
            for row in page:
                row.may_edit = row.pk in kept
                row.shown_name = row.head_name
                row.shown_member = row.member.full_name if row.member else ""
                if not user.may(May.SEE_HOUSEHOLDS):
                    row.shown_name = support_queries.masked_name(row.head_name)
                    row.shown_member = support_queries.masked_name(row.shown_member)
            log_list(user, form.words, len(page), page.number)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "sums": sums,
        "loans": loans,
        "loans_on": asked["last"] if loans else None,
        "page": page,
        "query": query.urlencode(),
        "opens_households": user.may(May.SEE_HOUSEHOLDS),
        "may_give": user.may(May.GIVE_SUPPORT) and user.agency_id,
        "may_export": _may_export(user),
    }
    return render(request, "households/support_ledger.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.GIVE_SUPPORT)
def support_give(request):
    """Find the household by its code, see no more than whom it is and what it is eligible for, and write it down."""
    if request.user.agency_id is None:
        raise PermissionDenied
    today = timezone.localdate()
    finding = FindForm(request.POST or None, by=request.user)
    doing = request.POST.get("do")
    giving = doing == "give"
    form = None
    choosing = PolicyForm(request.POST if giving or doing == "policy" else None)
    if finding.is_bound and finding.is_valid():
        household = finding.household
        if choosing.is_valid():
            policy = choosing.cleaned_data["policy"]
            named = policy.unit != Policy.Unit.HOUSEHOLD
            data = request.POST if giving else None
            form = SupportForm(data, initial={"policy": policy}, household=household, names_members=named)
        if giving and form and form.is_valid():
            try:
                support = write(give_support, form, household=household, by=request.user, today=today)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, f"Đã ghi hỗ trợ cho hộ {household.code}: {support.policy}.")
                return redirect("support_list")
        log_view(request.user, PersonalDataView.Kind.VIEW, household.code, "Ghi hỗ trợ của đơn vị")
    return render(
        request,
        "households/support_give.html",
        {
            "finding": finding,
            "form": form,
            "choosing": choosing,
            "household": finding.household,
            "verdicts": support_queries.verdicts_in_force(finding.household, today) if finding.household else [],
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS, May.GIVE_SUPPORT)
def support_edit(request, pk):
    """Correct a support, or take it out: the ward what it wrote, an agency its own."""
    user = request.user
    rows = Support.objects.kept_by(user).select_related("household", "policy", "member")
    support = get_object_or_404(rows, pk=pk)
    if house := HouseWork.objects.filter(support=support).first():
        return redirect("house_detail", pk=house.pk)
    doing, today = request.POST.get("do", ""), timezone.localdate()
    held = {name: getattr(support, name) for name in HELD}
    if held["amount"] is not None:
        held["amount"] = number(held["amount"])
    correcting = CorrectForm(request.POST if doing == "correct" else None, initial=held, prefix="correct")
    cancelling = CancelForm(
        request.POST if doing == "cancel" else None, initial={"version": support.version}, prefix="cancel"
    )
    form = {"correct": correcting, "cancel": cancelling}.get(doing)
    if request.method == "POST":
        if form is None:
            return HttpResponseBadRequest()
        if form.is_valid():
            try:
                if doing == "correct":
                    correct_support(support=support, by=user, today=today, **form.cleaned_data)
                else:
                    cancel_support(support=support, by=user, **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, "Đã sửa hỗ trợ." if doing == "correct" else "Đã hủy hỗ trợ.")
                return redirect("support_list")
    log_view(user, PersonalDataView.Kind.VIEW, support.household.code, "Sửa hỗ trợ")
    context = {"support": support, "correcting": correcting, "cancelling": cancelling}
    return render(request, "households/support_edit.html", context)


@require_http_methods(["GET"])
@never_cache
@allow(May.SEE_HOUSEHOLDS, May.GIVE_SUPPORT)
def policy_list(request):
    """The policies with their legal basis, whom each is for and who pays."""
    policies = Policy.objects.order_by("kind", "name")
    rows = [(policy, told(support_queries.rule_of(policy))) for policy in policies]
    return render(request, "households/policy_list.html", {"rows": rows, "may_export": _may_export(request.user)})


def _may_export(user) -> bool:
    """An agency takes out what it sees: its own supports, names masked."""
    return user.may(May.EXPORT_HOUSEHOLDS) or user.may(May.GIVE_SUPPORT)
