"""Papers as files. Each that names people leaves a line of who took it."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households import request_queries
from households.looks import log_numbers
from households.models import Complaint, Household, ReviewRequest
from households.paper_queries import answer_to, certificates_of, refusal_to, request_for
from households.papers import pdf
from households.papers.content import Request
from households.views.paper_lists import paper, refused, why_whole


def _household(request, code) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.user).select_related("ward"), code=code)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.SEE_HOUSEHOLDS)
def certificate(request, code):
    """By POST with whole ID numbers, for who may see them and says why: no office accepts a masked one."""
    household, why = _household(request, code), why_whole(request)
    if why and not why.is_valid():
        return refused(request, why, "household_detail", household.code)
    found = certificates_of(request.user, timezone.localdate(), [household.pk], full=why is not None)
    if not found:
        raise Http404("Hộ không thuộc diện hộ nghèo, hộ cận nghèo.")
    file, told = pdf.certificates(found), "In giấy chứng nhận"
    with transaction.atomic():
        if why:
            told = f"{told}, đủ số định danh"
            log_numbers(request.user, [household.code], f"{told}. {why.cleaned_data['reason']}")
        log_view(request.user, PersonalDataView.Kind.EXPORT, household.code, told)
    return paper(file, f"giay-chung-nhan-{household.code}")


@never_cache
@require_http_methods(["GET"])
@allow(May.SEE_HOUSEHOLDS)
def filled(request, code, form):
    household = _household(request, code)
    log_view(request.user, PersonalDataView.Kind.EXPORT, household.code, f"In mẫu {form}")
    return paper(pdf.request(request_for(request.user, household, form)), f"mau-{form}-{household.code}")


@never_cache
@require_http_methods(["GET"])
@allow(May.SEE_HOUSEHOLDS)
def empty(request, form):
    return paper(pdf.request(Request(form)), f"mau-{form}")


@never_cache
@require_http_methods(["GET"])
@allow(May.HANDLE_COMPLAINTS)
def answer(request, pk):
    """The letter is there only once the complaint is answered."""
    answered = Complaint.objects.visible_to(request.user).filter(state=Complaint.State.ANSWERED)
    row = get_object_or_404(answered.select_related("ward", "household"), pk=pk)
    code = row.household.code if row.household else ""
    log_view(request.user, PersonalDataView.Kind.EXPORT, code, f"In trả lời đơn số {row.pk}")
    return paper(pdf.answer(answer_to(row)), f"tra-loi-don-{row.pk}")


@never_cache
@require_http_methods(["GET"])
@allow(May.ENTER_REVIEWS)
def refusal(request, pk):
    """The letter is there only when the request was refused, or its review was decided against it."""
    rows = ReviewRequest.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("ward", "household"), pk=pk)
    reasons = request_queries.refusal(row)
    if not reasons:
        raise Http404("Đề nghị không bị từ chối.")
    log_view(request.user, PersonalDataView.Kind.EXPORT, row.household.code, f"In trả lời đề nghị số {row.pk}")
    return paper(pdf.answer(refusal_to(row, reasons, timezone.localdate())), f"tra-loi-de-nghi-{row.pk}")
