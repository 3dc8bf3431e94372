import hmac
import logging
from functools import cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.defaults import bad_request, page_not_found
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import problems, scopes
from accounts.access import Allowed, allow
from accounts.roles import May
from danang_poverty import metrics
from danang_poverty.api_examples import EXAMPLES
from danang_poverty.request_name import request_id

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_GET
def healthz(request):
    """The process answers. Whether its database does is asked at /readyz: a restart would not mend that."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_GET
def readyz(request):
    """Whether requests may be sent here: the database answers and is at this version.

    A queue that is away is told and no more: pages work without it, and what is asked meanwhile is done later.
    """
    found = {"database": _database(), "queue": _queue()}
    ready = found["database"] == "ok"
    return JsonResponse(found | {"ready": ready}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok" if _is_migrated() else "not migrated"
    except DatabaseError as error:
        log.warning("database away: %s", type(error).__name__)
        return "away"


_migrated = False


def _is_migrated() -> bool:
    """Looked up until it is so: a running process does not lose migrations."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def _queue() -> str:
    if not settings.REDIS_URL:
        return "ok"  # files
    try:
        return "ok" if _redis().ping() else "away"
    except redis.RedisError:
        return "away"


@login_not_required
@never_cache
@require_GET
def metrics_page(request):
    """For Prometheus, with the bearer token METRICS_TOKEN; without one set there is no such page."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_GET
@allow(May.USE_API)
def api_start(request):
    """The way in for who has never asked the API; its examples are run by a test."""
    labels = [(scope.value, scopes.LABELS[scope]) for scope in scopes.Scope]
    context = {
        "examples": EXAMPLES,
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "scopes": labels,
        "rate": settings.API_RATE,
    }
    return render(request, "api_start.html", context)


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
    """A fault of the portal itself: what it was stands in the server's log, under the name that the answer tells."""
    name = request_id.get()
    if not _is_machine(request):
        return render(None, "500.html", {"request_id": name}, status=500)
    return _problem(500, "error", f"Something broke on our side; it stands in the portal's log as {name}.")


def unreadable(request, exception):
    if not _is_machine(request):
        return bad_request(request, exception)
    return _problem(400, "invalid", "The request cannot be read.")


def _is_machine(request) -> bool:
    return request.path_info.startswith("/api/")


def _problem(status: int, kind: str, detail: str):
    return JsonResponse(problems.body(status, kind, detail), status=status, content_type=problems.CONTENT_TYPE)
