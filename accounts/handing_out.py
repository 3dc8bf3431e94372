"""The one place that hands out what people uploaded, always below /tep/ (danang_poverty/file_urls.py).

A file that somebody brought may be anything: it is never opened by a browser, never kept by one or by a proxy, and its
type is of a short list or none. The scope is the view's, by the row's own `visible_to`.
"""

from functools import wraps
from pathlib import PurePath

from django.db import models
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.log import log_view
from accounts.models import PersonalDataView

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
UNKNOWN = "application/octet-stream"
TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}


def hands_out(model: type[models.Model], *, look: str):
    """For a view that returns (name, bytes) of an upload kept in `model`, its scope asked and its taking logged.

    `look`: what the log of looks says of the file, where it may show people; empty where it shows none.
    """

    def decorate(view):
        @wraps(view)
        def answered(request, *args, **kwargs):
            name, content = view(request, *args, **kwargs)
            if look:
                log_view(request.user, PersonalDataView.Kind.EXPORT, "", f"{look}: {name}")
            answer = HttpResponse(content, content_type=TYPES.get(PurePath(name).suffix.lower(), UNKNOWN))
            answer["Content-Disposition"] = content_disposition_header(True, name)
            answer["X-Content-Type-Options"] = "nosniff"
            answer["Content-Security-Policy"] = POLICY
            answer["Cache-Control"] = "private, no-store"
            return answer

        answered.hands_out = model
        return answered

    return decorate
