"""Files that take long: asked for on a page, made by a worker that asks the same view again, and so the same rights.

A view calls `hand_over` instead of making the file, unless `request.run` says that it is the worker who asks.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve

from accounts import jobs

KIND = "households.tasks.make_file"
VIEWS = {"aggregate_book", "household_export", "list_export", "targeted_export"}
GONE = "Nội dung yêu cầu không còn như lúc giao việc. Mở lại trang cũ rồi tải lần nữa."
STEP = 500  # rows between two words about progress


def is_worker(request) -> bool:
    return getattr(request, "run", None) is not None


def hand_over(request, name: str) -> HttpResponse:
    """Let a worker make the file `name` that this address asks for, and show how far it is."""
    query = request.GET.urlencode()
    key = hashlib.sha256(f"{request.path}?{query}".encode()).hexdigest()
    args = {"path": request.path, "query": query}
    try:
        job = jobs.start(kind=KIND, title=f"Lập tệp {name}", by=request.user, key=key, args=args)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("my_jobs")
    return redirect("job_detail", pk=job.pk)


def told(request, rows: Iterable, total: int, step: int = STEP) -> Iterator:
    """The rows, telling the page of a job how many of them were written."""
    if not is_worker(request):
        yield from rows
        return
    for done, row in enumerate(rows):
        if done % step == 0:
            request.run.tell(done, total)
        yield row


def make_file(run) -> jobs.File:
    """What a worker does: the view's own answer to the one who asked. PermissionDenied who may not any more."""
    match = resolve(run.args["path"])
    if match.view_name not in VIEWS:
        raise ValidationError(GONE)
    request = HttpRequest()
    request.method, request.path, request.run = "GET", run.args["path"], run
    request.user, request.GET = run.by, QueryDict(run.args["query"])
    request.resolver_match = match
    try:
        answer = match.func(request, *match.args, **match.kwargs)
    except Http404:
        raise ValidationError(GONE) from None
    if answer.status_code != 200:
        raise ValidationError(GONE)
    name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])[1]
    made = jobs.File(name, answer["Content-Type"], answer.getvalue())
    # Its file and not the answer: that would tell Django that a request is over, and the database closed under the job.
    if file := getattr(answer, "file_to_stream", None):
        file.close()
    return made
