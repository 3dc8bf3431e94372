"""One line for each request, and the request's name on every line that is written while it lasts.

The address is written without its query, which may name a person, and who asked as a number.
"""

import logging
import re
import time
from uuid import uuid4

from django.conf import settings

from danang_poverty import metrics
from danang_poverty.request_name import request_id

log = logging.getLogger("portal.request")
NAME = re.compile(r"[A-Za-z0-9-]{8,64}")
SILENT = ("/healthz", "/readyz", "/metrics", settings.STATIC_URL)


def log_requests(get_response):
    """Outermost: it also sees what the others refuse. The proxy's X-Request-ID is kept, anything odd is replaced."""

    def middleware(request):
        given = request.headers.get("X-Request-ID", "")
        name = given if NAME.fullmatch(given) else uuid4().hex
        token, began = request_id.set(name), time.perf_counter()
        try:
            answer = get_response(request)
            answer["X-Request-ID"] = name
            if not request.path.startswith(SILENT):
                _tell(request, answer, time.perf_counter() - began)
            return answer
        finally:
            request_id.reset(token)

    return middleware


def _tell(request, answer, seconds: float) -> None:
    match = getattr(request, "resolver_match", None)
    view = (match and match.view_name) or "unknown"
    user = getattr(request, "_cached_user", None)  # asking for request.user would cost a query
    metrics.count(request.method, view, answer.status_code, seconds)
    told = {"method": request.method, "path": request.path, "view": view, "status": answer.status_code}
    told |= {"ms": round(1000 * seconds), "user": user.pk if user else None}
    log.info("%s %s %s", request.method, request.path, answer.status_code, extra=told)
