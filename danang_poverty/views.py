from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.defaults import bad_request, page_not_found, server_error
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
    if not _is_machine(request):
        return page_not_found(request, exception)
    detail = f"Nothing is at {request.path_info}. The reference is at {reverse('api_reference')}."
    return _problem(404, "not_found", detail)


def broken(request):
    """A fault of the portal itself; what it was stands in the server's log, not in the answer."""
    if not _is_machine(request):
        return server_error(request)
    return _problem(500, "error", "Something broke on our side; it was written down. Try again later.")


def unreadable(request, exception):
    if not _is_machine(request):
        return bad_request(request, exception)
    return _problem(400, "invalid", "The request cannot be read.")


def _is_machine(request) -> bool:
    return request.path_info.startswith("/api/")


def _problem(status: int, kind: str, detail: str):
    return JsonResponse(problems.body(status, kind, detail), status=status, content_type=problems.CONTENT_TYPE)
