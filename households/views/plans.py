"""Exit plans: who waits for one, opening one, and the plan's own page with all that may be written into it."""

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
from households import plan_queries
from households.forms.fields import refuse, version_of
from households.forms.plans import FORMS
from households.looks import log_list
from households.models import ExitPlan, Household
from households.services import plans as services

PER_PAGE = 25
VISITS = 50  # newest visits on the page


@require_http_methods(["GET"])
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def exit_plan_waiting(request):
    """Nobody is named until one of them is chosen."""
    today = timezone.localdate()
    what = request.GET.get("viec", "")
    what = what if what in plan_queries.WAITING else ""
    counts = plan_queries.waiting(request.user, today)
    page = None
    if what:
        found = plan_queries.waiting_listed(request.user, today, what)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        log_list(request.user, f"Kế hoạch thoát nghèo: {plan_queries.WAITING[what]}", len(page), page.number)
    tabs = [(key, label, counts[key]) for key, label in plan_queries.WAITING.items()]
    context = {"tabs": tabs, "what": what, "label": plan_queries.WAITING.get(what), "page": page}
    context["may_export"] = request.user.may(May.EXPORT_HOUSEHOLDS)
    return render(request, "households/plan_waiting.html", context)


@require_http_methods(["POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def exit_plan_new(request, code):
    """Open this year's plan and go to it."""
    household = get_object_or_404(Household.objects.visible_to(request.user), code=code)
    today = timezone.localdate()
    try:
        plan = services.open_plan(household=household, year=today.year, by=request.user, today=today)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("household_detail", code=code)
    messages.success(request, f"Đã lập kế hoạch thoát nghèo năm {plan.year}.")
    return redirect("exit_plan_detail", pk=plan.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def exit_plan_detail(request, pk):
    rows = ExitPlan.objects.visible_to(request.user).select_related(
        "household__ward", "helper_agency", "outcome_review"
    )
    plan = get_object_or_404(rows, pk=pk)
    may_edit = request.user.may(May.EDIT_HOUSEHOLDS)
    today = timezone.localdate()
    doing = request.POST.get("do", "")
    forms = {}
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    if may_edit and plan.state == ExitPlan.State.OPEN or doing:
        forms = {
            name: form(request.POST if doing == name else None, plan=plan, today=today) for name, form in FORMS.items()
        }
    if request.method == "POST":
        if doing not in forms:
            return HttpResponseBadRequest()
        if forms[doing].is_valid():
            try:
                _write(doing, forms[doing].cleaned_data, plan, version_of(request), request.user, today)
            except ValidationError as error:
                refuse(forms[doing], error)
            else:
                messages.success(request, "Đã ghi vào kế hoạch.")
                return redirect("exit_plan_detail", pk=pk)
    log_view(request.user, PersonalDataView.Kind.VIEW, plan.household.code, f"Kế hoạch thoát nghèo năm {plan.year}")
    context = {
        "plan": plan,
        "head": plan_queries.head_name(plan.household),
        "actions": plan_queries.actions_of(plan, today),
        "visits": plan.visits.all()[:VISITS],
        "forms": forms,
        "may_edit": may_edit,
    }
    return render(request, "households/plan_detail.html", context)


def _write(doing, values, plan, version, by, today) -> None:
    """Hand what was typed to the service that it is for."""
    match doing:
        case "dialogue":
            services.hold_dialogue(
                plan=plan,
                on=values["dialogue_on"],
                with_whom=values["dialogue_with"],
                minutes=values["dialogue_minutes"],
                version=version,
                by=by,
                today=today,
            )
        case "helper":
            agency, person = values["helper_agency"], values["helper_person"]
            services.assign_helper(plan=plan, agency=agency, person=person, version=version, by=by)
        case "action":
            services.add_action(plan=plan, by=by, **values)
        case "end" if values["how"] == "done":
            on, note = values["done_on"], values["note"]
            services.finish_action(action=values["action"], on=on, note=note, by=by, today=today)
        case "end":
            services.drop_action(action=values["action"], reason=values["note"], by=by)
        case "visit":
            services.add_visit(plan=plan, by=by, today=today, **values)
        case "close":
            outcome, review = values["outcome"], values["outcome_review"]
            services.close_plan(plan=plan, outcome=outcome, review=review, version=version, by=by)
