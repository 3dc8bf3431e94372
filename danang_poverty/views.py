from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.defaults import page_not_found
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import problems
from accounts.access import Allowed
from accounts.roles import May


@login_not_required
@require_GET
def healthz(request):
    """For the container's health check: the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


class ApiReference(SpectacularSwaggerSplitView):
    """The split view keeps its script in a file of its own, so the strict CSP holds."""

    permission_classes = [Allowed]
    may = May.USE_API
    template_name = "api_reference.html"


class ApiSchema(SpectacularAPIView):
    permission_classes = [Allowed]
    may = May.USE_API


def not_found(request, exception):
    """An address that does not exist: a page for people, a problem document in English for programs."""
    if not request.path_info.startswith("/api/"):
        return page_not_found(request, exception)
    detail = f"Nothing is at {request.path_info}. The reference is at {reverse('api_reference')}."
    return JsonResponse(problems.body(404, "not_found", detail), status=404, content_type=problems.CONTENT_TYPE)
