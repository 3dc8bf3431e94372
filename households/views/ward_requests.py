"""Questions between wards: the queue of the ward that is asked, its answer, and what became of one's own questions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households.forms.fields import refuse
from households.forms.ward_requests import AnswerForm
from households.looks import log_list
from households.models import WardRequest
from households.services import ward_requests as services
from households.services.register import Refused

PER_PAGE = 25


@require_GET
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def ward_request_list(request):
    rows = WardRequest.objects.visible_to(request.user).filter(state=WardRequest.State.OPEN)
    rows = rows.select_related("household", "member", "asked_from", "ward").order_by("asked_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    log_list(request.user, "Yêu cầu đối chiếu chờ trả lời", len(page), page.number)
    return render(request, "households/ward_request_list.html", {"page": page})


@require_GET
@never_cache
@allow(May.SEE_HOUSEHOLDS)
@allow(May.EDIT_HOUSEHOLDS, May.MATCH_HOUSEHOLDS)
def ward_request_asked(request):
    """What one's own area asked. Of the other ward nothing is told but its name."""
    rows = WardRequest.objects.asked_by(request.user).select_related("asked_of", "asked_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [{"row": row, "told": services.told(row), "place": row.asked_of.name} for row in page]
    log_list(request.user, "Yêu cầu đối chiếu đã gửi", len(shown), page.number)
    answers = request.user.may(May.EDIT_HOUSEHOLDS)
    return render(request, "households/ward_request_asked.html", {"page": page, "rows": shown, "answers": answers})


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def ward_request_detail(request, pk):
    rows = WardRequest.objects.visible_to(request.user).filter(state=WardRequest.State.OPEN)
    row = get_object_or_404(rows.select_related("household__ward", "member", "asked_from", "ward", "asked_by"), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        now, today = timezone.now(), timezone.localdate()
        try:
            done = services.answer(
                request=row, answer=form.cleaned_data["answer"], by=request.user, today=today, now=now
            )
        except ValidationError as error:
            refuse(form, error)
        except Refused as refused:
            form.add_error(None, [problem.message for problem in refused.problems])
        else:
            messages.success(request, f"Đã trả lời: {done.get_state_display().lower()}.")
            change = done.household.changes.filter(by=request.user).first()
            moved = done.state in (WardRequest.State.HOUSEHOLD_MOVED, WardRequest.State.PERSON_MOVED)
            if moved and change:
                return redirect("household_change", change.pk)
            return redirect("ward_request_list")
    log_view(request.user, PersonalDataView.Kind.VIEW, row.household.code, str(row))
    told = {"row": row, "told": services.told(row), "form": form, "held": services.still_held(row)}
    return render(request, "households/ward_request_detail.html", told)
