from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allow
from accounts.handing_out import TYPES
from accounts.roles import May
from households.looks import log_list
from reports import document_jobs, letter_queries, periods, queries, sentences, services
from reports.forms.city import AgainForm
from reports.models import Document, Finding

FINDINGS_A_PAGE = 50
CONTENT_TYPES = {
    Document.Format.DOCX: TYPES[".docx"],
    Document.Format.PDF: TYPES[".pdf"],
    Document.Format.PDF_TABLES: TYPES[".pdf"],
    Document.Format.XLSX: TYPES[".xlsx"],
}


@require_GET
@allow(May.SEE_FIGURES)
def report_list(request):
    today = timezone.localdate()
    slots = queries.slots(today=today)
    coming = periods.next_due({slot.plan.year for slot in slots}, today)
    told = {"slots": slots, "coming": coming, "today": today, "may_audit": request.user.may(May.MAKE_REPORTS)}
    return render(request, "reports/list.html", told)


@require_GET
@allow(May.MAKE_REPORTS)
def findings(request):
    """What the nightly audit found; filtered by check. Household codes stand in it: for the programme office alone."""
    checks = [(value, label) for value, label in Finding.Check.choices]
    asked = request.GET.get("loai", "")
    found = Finding.objects.filter(check_code=asked) if asked in Finding.Check.values else Finding.objects.all()
    counts = dict(Finding.objects.order_by().values_list("check_code").annotate(Count("pk")))
    context = {
        "page": Paginator(found, FINDINGS_A_PAGE).get_page(request.GET.get("page")),
        "checks": [(value, label, counts.get(value, 0)) for value, label in checks],
        "asked": asked,
        "query": f"loai={asked}" if asked in Finding.Check.values else "",
        "total": sum(counts.values()),
    }
    log_list(request.user, f"Kiểm tra số liệu {asked}".strip(), len(context["page"]), context["page"].number)
    return render(request, "reports/findings.html", context)


@require_GET
@allow(May.SEE_FIGURES)
def report_detail(request, day):
    slot = _slot(day)
    if slot is None:
        return _no_such_day(request, day)
    report = _version(slot, request.GET.get("ban"))
    return _show(request, slot, report, _again(slot))


@require_POST
@allow(May.MAKE_REPORTS)
def report_make(request, day):
    """Freeze a period that is due, or, with a reason, one that is frozen once more. A worker renders the documents."""
    slot = _slot(day)
    if slot is None:
        return _no_such_day(request, day)
    reason, replaces = "", None
    if slot.newest:
        form = AgainForm(request.POST)
        if not form.is_valid():
            return _show(request, slot, slot.newest, form)
        reason, replaces = form.cleaned_data["reason"], form.cleaned_data["version"]
    try:
        period = slot.period or services.open_period(plan=slot.plan, day=slot.due.day)
        report = services.make(
            period=period, today=timezone.localdate(), by=request.user, reason=reason, replaces=replaces, render=False
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    except services.Busy:
        messages.warning(request, "Báo cáo kỳ này đang được lập. Hãy tải lại trang sau ít phút.")
    else:
        messages.success(request, f"Đã chốt số liệu, bản {report.version}.")
        ask_for_documents(request, report)
    return redirect("report_detail", day=slot.due.day)


@require_GET
@allow(May.SEE_FIGURES)
def report_document(request, day, format):
    slot = _slot(day)
    if slot is None:
        return _no_such_day(request, day)
    report = _version(slot, request.GET.get("ban"))
    if report is None:
        raise Http404
    if format not in CONTENT_TYPES:
        raise Http404
    document = report.documents.select_related("report__period", "report__letter").filter(format=format).first()
    making = document_jobs.is_being_made(report, timezone.now())
    if document is None or (making and not letter_queries.is_current(document)):
        return _being_made(request, report, Document.Format(format).label, making)
    etag = f'"{document.sha256}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = services.download(document=document, by=request.user)
        response = HttpResponse(content, content_type=CONTENT_TYPES[document.format])
        name = letter_queries.file_name(document)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # kept by the browser, asked for each time: rights may have gone
    return response


def ask_for_documents(request, report) -> None:
    """A worker renders them; whoever has too many jobs waiting is told so, and the nightly run makes up for it."""
    try:
        document_jobs.start(report=report, by=request.user)
    except ValidationError as problem:
        messages.warning(request, " ".join(problem.messages))
    else:
        messages.info(request, "Tệp đang được lập ở nền.")


def _being_made(request, report, label, making):
    """409 and not 404: the address is right, and asked again a little later it gives the file."""
    told = {"report": report, "label": label, "making": making}
    answer = render(request, "reports/being_made.html", told, status=409)
    answer["Retry-After"] = "10"
    return answer


def _slot(day: str) -> queries.Slot | None:
    try:
        return queries.slot_of(day=date.fromisoformat(day), today=timezone.localdate())
    except ValueError:
        return None


def _version(slot, asked: str | None):
    """The report asked for by its version, else the newest; 404 for a version that does not exist."""
    if not asked:
        return slot.newest
    found = [report for report in slot.reports if str(report.version) == asked]
    if not found:
        raise Http404
    return found[0]


def _again(slot) -> AgainForm | None:
    return AgainForm(initial={"version": slot.newest.version}) if slot.newest else None


def _show(request, slot, report, form):
    content = letter_queries.content_of(report) if report else None
    context = {
        "slot": slot,
        "report": report,
        "content": content,
        "results": [(objective, sentences.result(objective)) for objective in content.objectives] if content else [],
        "whole": queries.still_whole(report) if report else False,
        "form": form,
        "may_make": request.user.may(May.MAKE_REPORTS),
    }
    return render(request, "reports/detail.html", context)


def _no_such_day(request, day):
    slots = queries.slots(today=timezone.localdate())
    return render(request, "reports/no_such_day.html", {"day": day[:20], "slots": slots}, status=404)
