from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.roles import May


@require_GET
@allow(May.SEE_FIGURES)
def dashboard(request):
    return HttpResponse()


@require_GET
@allow(May.SEE_FIGURES)
def dashboard_area(request, code):
    return HttpResponse()


@require_GET
@allow(May.SEE_FIGURES)
def plan(request):
    return HttpResponse()


@require_GET
@allow(May.SEE_FIGURES)
def plan_appendix(request):
    return HttpResponse()


@require_GET
@allow(May.SEE_FIGURES)
def plan_tasks(request):
    return HttpResponse()


@require_http_methods(["GET", "POST"])
@allow(May.SEE_FIGURES)
def plan_figures(request):
    return HttpResponse()
