"""Requests by Form 01 and Form 04: the list, a new one, one with Form A."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import export_rows, request_queries
from households.forms.fields import refuse, version_of
from households.forms.requests import RequestForm, ScreeningForm
from households.looks import log_list
from households.models import Household, ReviewRequest
from households.screening import SCREENED_FORM
from households.services import requests as services
from households.views.lists import send

PER_PAGE = 25


def _asked(request) -> dict[str, str]:
    state, form = request.GET.get("state", ""), request.GET.get("form", "")
    return {
        "state": state if state in request_queries.STATES else "",
        "form": form if form in ReviewRequest.Form.values else "",
        "code": request.GET.get("code", "").strip()[:20],
    }


@never_cache
@require_http_methods(["GET"])
@allow(May.ENTER_REVIEWS)
def request_export(request, format):
    asked = _asked(request)
    back = f"{reverse('request_list')}?{urlencode(asked)}"
    if not request.user.may(May.EXPORT_HOUSEHOLDS):
        raise PermissionDenied
    if not any(asked.values()):
        return redirect(back)
    rows = request_queries.listed(request.user, **asked)
    told = f"Xuất giấy đề nghị {' '.join(filter(None, asked.values()))}"
    name = f"giay-de-nghi-{timezone.localdate():%Y%m%d}"
    return send(request, format, name, told, rows.count(), export_rows.of_requests(rows), back)


@never_cache
@require_http_methods(["GET"])
@allow(May.ENTER_REVIEWS)
def request_list(request):
    asked = _asked(request)
    page = None
    if any(asked.values()):
        found = request_queries.listed(request.user, **asked)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        log_list(request.user, f"Giấy đề nghị {' '.join(filter(None, asked.values()))}", len(page), page.number)
    told = asked | {"may_export": request.user.may(May.EXPORT_HOUSEHOLDS), "page": page, "query": urlencode(asked)}
    choices = {"states": request_queries.STATES.items(), "forms": ReviewRequest.Form.values}
    return render(request, "households/request_list.html", told | choices)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def request_new(request, code):
    household = get_object_or_404(Household.objects.visible_to(request.user).select_related("ward"), code=code)
    today = timezone.localdate()
    form = RequestForm(request.POST or None, initial={"received_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.receive_request(household=household, by=request.user, today=today, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã nhận đề nghị số {row.pk}.")
            return redirect("request_detail", pk=row.pk)
    log_view(request.user, PersonalDataView.Kind.VIEW, household.code, "Nhận giấy đề nghị rà soát")
    return render(request, "households/request_form.html", {"form": form, "household": household})


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def request_detail(request, pk):
    rows = ReviewRequest.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("ward", "household", "screened_by", "entered_by"), pk=pk)
    items, rule = request_queries.form_a()
    asked = items if rule and row.form == SCREENED_FORM else []
    form = ScreeningForm(request.POST if request.method == "POST" else None, items=asked)
    if request.method == "POST" and form.is_valid() and _screened(request, row, form, version_of(request)):
        return redirect("request_detail", pk=pk)
    log_view(request.user, PersonalDataView.Kind.VIEW, row.household.code, str(row))
    dossier = request_queries.open_dossier(row.ward_id)
    told = {
        "row": row,
        "form": form,
        "rule": rule,
        "asked": asked,
        "is_form_a": row.form == SCREENED_FORM,
        "dossier": dossier,
        "is_listed": request_queries.is_listed(dossier, row.household),
        "review": request_queries.decided_review(row),
        "refused": request_queries.refusal(row),
        "answers": [(item, row.answers[item.code]) for item in items if item.code in row.answers],
    }
    return render(request, "households/request_detail.html", told)


def _screened(request, row, form, version) -> bool:
    try:
        done, listed = services.screen_request(
            request=row,
            yes=form.cleaned_data.get("yes", []),
            refusal_reason=form.cleaned_data.get("refusal_reason", ""),
            override_reason=form.cleaned_data.get("override_reason", ""),
            by=request.user,
            today=timezone.localdate(),
            version=version,
        )
    except ValidationError as error:
        refuse(form, error)
        return False
    if done.outcome == ReviewRequest.Outcome.REFUSED:
        messages.success(request, "Đã ghi từ chối. In văn bản trả lời để gửi hộ.")
    elif listed:
        messages.success(request, "Hộ đã có trong danh sách rà soát của hồ sơ đang mở.")
    else:
        messages.warning(request, "Hộ được khảo sát. Hộ tự vào danh sách của hồ sơ mở kế tiếp.")
    return True
