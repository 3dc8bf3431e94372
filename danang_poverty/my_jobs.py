"""'Việc của tôi': what workers do for me, and the sheets that I brought. Here, since it looks at two floors."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import jobs
from accounts.models import Job
from accounts.roles import May
from households import import_progress, import_queries
from households.models import ImportBatch

PER_PAGE = 25
IMPORTS = 5
READING = (ImportBatch.State.UPLOADED, ImportBatch.State.APPROVED)


@never_cache
@require_GET
def my_jobs(request):
    """One's own, newest first; an administrator may ask for all, and for those given up."""
    user = request.user
    everybody = user.may(May.MANAGE_ACCOUNTS)
    shown = request.GET.get("xem", "") if everybody else ""
    found = Job.objects.visible_to(user).select_related("by").defer("args")
    tabs = {"": found.filter(by=user), "tat-ca": found, "hong": found.filter(state=Job.State.FAILED)}
    shown = shown if shown in tabs else ""
    page = Paginator(tabs[shown], PER_PAGE).get_page(request.GET.get("page"))
    for job in page:
        job.seen = jobs.seen(job)
    imports = _imports(user) if not shown else []
    context = {
        "page": page,
        "imports": imports,
        "everybody": everybody,
        "shown": shown,
        "query": f"xem={shown}" if shown else "",
        "live": any(job.is_live for job in page) or any(batch.done for batch in imports),
    }
    return render(request, "accounts/my_jobs.html", context)


def _imports(user) -> list[ImportBatch]:
    """The newest sheets that the user brought, with how far a worker is."""
    if not user.may(May.IMPORT_HOUSEHOLDS):
        return []
    batches = list(import_queries.listed(user).filter(by=user)[:IMPORTS])
    for batch in batches:
        batch.done = import_progress.seen(batch.pk) if batch.state in READING else None
    return batches
