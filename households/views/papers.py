"""Papers as files. Each that names people leaves a line of who took it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from households.models import Household
from households.paper_queries import certificates_of, request_for
from households.papers import pdf
from households.papers.content import Request


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _household(request, code) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.user).select_related("ward"), code=code)


@never_cache
@require_http_methods(["GET"])
@allow(May.SEE_HOUSEHOLDS)
def certificate(request, code):
    household = _household(request, code)
    found = certificates_of(request.user, timezone.localdate(), [household.pk])
    if not found:
        raise Http404("Hộ không thuộc diện hộ nghèo, hộ cận nghèo.")
    log_view(request.user, PersonalDataView.Kind.EXPORT, household.code, "In giấy chứng nhận")
    return _file(pdf.certificates(found), f"giay-chung-nhan-{household.code}")


@never_cache
@require_http_methods(["GET"])
@allow(May.SEE_HOUSEHOLDS)
def filled(request, code, form):
    household = _household(request, code)
    log_view(request.user, PersonalDataView.Kind.EXPORT, household.code, f"In mẫu {form}")
    return _file(pdf.request(request_for(request.user, household, form)), f"mau-{form}-{household.code}")


@never_cache
@require_http_methods(["GET"])
@allow(May.SEE_HOUSEHOLDS)
def empty(request, form):
    return _file(pdf.request(Request(form)), f"mau-{form}")
