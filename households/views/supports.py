from django.contrib import messages
from django.core.exceptions import ValidationError
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
from households.forms.supports import SupportForm
from households.models import Household
from households.services.supports import record_support, support_members


def write(service, form, **values):
    """One support, or one for each member chosen; the last one written."""
    values |= form.cleaned_data
    members = values.pop("members", None)
    return support_members(write=service, members=members, **values)[-1] if members else service(**values)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.EDIT_HOUSEHOLDS)
def support_new(request, code):
    visible = Household.objects.visible_to(request.user).for_list()
    household = get_object_or_404(visible, code=code)
    form = SupportForm(request.POST or None, household=household)
    if request.method == "POST" and form.is_valid():
        try:
            support = write(record_support, form, household=household, by=request.user, today=timezone.localdate())
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã ghi hỗ trợ: {support.policy}.")
            return redirect("household_detail", code=household.code)
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code)
    given = household.supports.select_related("policy", "member")[:10]
    members = household.members.filter(left_on__isnull=True).count()
    verdicts = support_queries.verdicts_in_force(household, timezone.localdate())
    return render(
        request,
        "households/support_form.html",
        {"form": form, "household": household, "given": given, "members": members, "verdicts": verdicts},
    )
