from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.roles import May


@require_GET
@allow(May.SEE_HOUSEHOLDS)
def household_list(request):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_HOUSEHOLDS)
def household_new(request):
    return HttpResponse()


@require_GET
@allow(May.SEE_HOUSEHOLDS)
def household_detail(request, code):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.EDIT_HOUSEHOLDS)
def household_edit(request, code):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.REVEAL_IDS)
def household_reveal(request, code, member):
    return HttpResponse()
