"""Pages of what happens in a household's life: a page for each kind, what came of it, and taking it back."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import queries
from households.changes import LABELS
from households.forms.changes import PAGES
from households.forms.fields import refuse
from households.forms.members import MemberForm
from households.models import Household, HouseholdChange
from households.services import changes as services
from households.services.register import Refused, Stale
from households.views.asking import ask


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def household_change_new(request, code, kind):
    household = get_object_or_404(Household.objects.visible_to(request.user).select_related("ward"), code=code)
    if kind not in PAGES or household.closed_on:
        raise Http404
    what, form_class, service, consequence = PAGES[kind]
    today = timezone.localdate()
    form = form_class(request.POST or None, household=household, user=request.user, today=today, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            given = {name: value for name, value in form.given().items() if name != "version"}
            write = partial(service, household=household, by=request.user, **given)
            change = services.as_seen(household=household, version=form.cleaned_data["version"], write=write)
        except Stale as newer:
            told = "; ".join(f"{one.by}: {one.what}" for one in queries.tell(newer.events))
            form.add_error(None, f"Chưa ghi: hộ vừa được sửa ({told}). Phần bạn gõ còn nguyên; xem lại rồi ghi.")
            form.data = form.data.copy()
            form.data["version"] = newer.version
        except ValidationError as error:
            refuse(form, error)
        except Refused as refused:
            if isinstance(form, MemberForm):
                ask(request, refused.problems, [form], group=household.group, address=household.address)
            for problem in refused.problems:
                if isinstance(form, MemberForm):
                    form.ask_at(problem.ward)
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
                if problem.touched:
                    log_view(request.user, PersonalDataView.Kind.VIEW, problem.touched, "Số định danh trùng")
        else:
            messages.success(request, f"Đã ghi: {LABELS[what]}, hộ {household.code}.")
            for text in getattr(form, "odd", []):
                messages.warning(request, text)
            return redirect("household_change", change.pk)
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code)
    context = {"form": form, "household": household, "what": LABELS[what], "consequence": consequence}
    return render(request, "households/form_change.html", context)


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
def household_change(request, change):
    change = _change(request, change)
    log_view(request.user, PersonalDataView.Kind.VIEW, change.household.code)
    mine = Household.objects.visible_to(request.user)
    context = {
        "change": change,
        "may_undo": services.may_undo(change, request.user, timezone.now()),
        "homes": list(mine.filter(pk__in=[change.household_id, change.other_id])),
    }
    return render(request, "households/detail_change.html", context)


@require_POST
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def household_change_undo(request, change):
    change = _change(request, change)
    try:
        services.undo(change=change, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("household_change", change.pk)
    messages.success(request, f"Đã hoàn tác: {change.get_kind_display()}.")
    return redirect("household_detail", change.household.code)


def _change(request, pk) -> HouseholdChange:
    rows = HouseholdChange.objects.visible_to(request.user).select_related("household", "other", "by")
    return get_object_or_404(rows, pk=pk)
