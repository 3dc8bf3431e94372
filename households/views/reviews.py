from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.roles import May


@require_GET
@allow(May.SEE_HOUSEHOLDS)
def review_list(request):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def review_new(request, code):
    return HttpResponse()


@require_POST
@allow(May.ENTER_REVIEWS)
def review_draft(request, code):
    return HttpResponse()


@require_GET
@allow(May.SEE_HOUSEHOLDS)
def review_detail(request, pk):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.ENTER_REVIEWS)
def review_edit(request, pk):
    return HttpResponse()


@require_POST
@allow(May.DECIDE_REVIEWS)
def review_decide(request, pk):
    return HttpResponse()


@require_POST
@allow(May.DECIDE_REVIEWS)
def review_return(request, pk):
    return HttpResponse()
