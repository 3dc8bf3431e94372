"""The city report's letter: reading it, writing it, its documents, its issue and where it went."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.fields import refuse, version_of
from accounts.roles import May
from reports import document_jobs, letter_queries, letter_services
from reports.forms.letters import HeadForm, SectionForm, SentForm, SignedForm
from reports.letter_compare import differences
from reports.models import Letter, Report, Section, Sending, TypedText
from reports.views.city import ask_for_documents
from targets.wording import compare

DRAFT_MOST = 200_000  # bytes of one kept draft: the longest part in letters of three bytes, and the frame around it


@never_cache
@require_GET
@allow(May.SEE_FIGURES)
def letter(request, pk):
    return _page(request, _report(pk))


@require_POST
@allow(May.MAKE_REPORTS)
def letter_open(request, pk):
    """Of a report that was frozen before letters were kept."""
    letter_services.open_letter(report=_report(pk), by=request.user)
    return redirect("letter", pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.MAKE_REPORTS)
def letter_head(request, pk):
    row = _letter(pk)
    form = HeadForm(request.POST or None, instance=row, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in letter_services.HEAD}
        try:
            letter_services.write_head(letter=row, version=form.cleaned_data["version"], by=request.user, **given)
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Đã ghi thể thức văn bản.")
            return redirect("letter", pk=pk)
    return render(request, "reports/letter_head.html", {"report": row.report, "letter": row, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.MAKE_REPORTS)
def letter_section(request, pk, key):
    """One part of the text. What somebody else wrote meanwhile is shown beside one's own, and nothing is lost."""
    section = _section(pk, key)
    if request.method == "GET" and not section.letter.is_open:
        messages.info(request, letter_services.CLOSED)
        return redirect("letter", pk=pk)
    if request.method == "POST" and request.POST.get("do") == "make":
        return _make_again(request, section)
    if request.method == "POST" and request.POST.get("do") == "drop":
        letter_services.drop_typed(section=section, by=request.user)
        return redirect("letter_section", pk=pk, key=key)
    typed = TypedText.objects.filter(section=section, by=request.user).first()
    start = {"text": typed.text if typed else section.text, "version": typed.based_on if typed else section.version}
    form = SectionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            letter_services.write_section(section=section, by=request.user, at=timezone.now(), **given)
        except ValidationError as problem:
            if getattr(problem, "code", "") == "stale":
                return _both(request, section, given["text"])
            refuse(form, problem)
        else:
            messages.success(request, f"Đã ghi phần {section.get_key_display()}.")
            return redirect("letter", pk=pk)
    return _section_page(request, section, form, typed)


def _section_page(request, section, form, typed=None, theirs=None, status=200):
    told = {"report": section.letter.report, "section": section, "form": form, "typed": typed, "theirs": theirs}
    if typed and typed.based_on != section.version:
        told["theirs"] = compare(typed.text, section.text)[1]
    return render(request, "reports/letter_section.html", told, status=status)


def _both(request, section, mine: str):
    """Saved by somebody else in the meantime: one's own words stay in the field, and what is saved stands above it."""
    section.refresh_from_db()
    form = SectionForm({"text": mine, "version": section.version})
    form.is_valid()
    return _section_page(request, section, form, theirs=compare(mine, section.text)[1], status=409)


def _make_again(request, section):
    version = version_of(request)
    try:
        letter_services.make_again(section=section, version=version, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, "Đã thay bằng nội dung lập từ số liệu và báo cáo của đơn vị.")
    return redirect("letter_section", pk=section.letter.report_id, key=section.key)


@require_POST
@allow(May.MAKE_REPORTS)
def letter_typed(request, pk, key):
    """Kept every few seconds while somebody types; answers when."""
    section = _section(pk, key)
    try:
        if len(request.body) > DRAFT_MOST:
            raise ValueError("too long")
        given = json.loads(request.body)
        text, version = given["text"], int(given["version"])
        if not isinstance(text, str) or not 0 < version < 2**31:
            raise ValueError("text and version")
    except (ValueError, KeyError, TypeError) as problem:
        return JsonResponse({"error": str(problem)[:100]}, status=400)
    typed = letter_services.keep_typed(section=section, text=text, based_on=version, by=request.user)
    return JsonResponse({"saved_at": f"{timezone.localtime(typed.saved_at):%H:%M}"})


@require_POST
@allow(May.MAKE_REPORTS)
def letter_render(request, pk):
    ask_for_documents(request, _report(pk))
    return redirect("letter", pk=pk)


@require_POST
@allow(May.MAKE_REPORTS)
def letter_issue(request, pk):
    row = _letter(pk)
    now = timezone.now()
    try:
        letter_services.issue(
            letter=row,
            edition=_key(request.POST.get("edition", "")),
            by=request.user,
            at=now,
            today=timezone.localdate(),
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, "Đã ghi ban hành.")
        ask_for_documents(request, row.report)
    return redirect("letter", pk=pk)


@require_POST
@allow(May.MAKE_REPORTS)
def letter_upload(request, pk):
    row = _letter(pk)
    form = SignedForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            name = form.cleaned_data["file"].name
            letter_services.upload_signed(
                letter=row, name=name, content=form.content(), by=request.user, at=timezone.now()
            )
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Đã tải lên bản ký.")
            return redirect("letter", pk=pk)
    return _page(request, row.report, signing=form)


@require_POST
@allow(May.MAKE_REPORTS)
def letter_sent(request, pk):
    row = _letter(pk)
    if strike := request.POST.get("strike"):
        sending = get_object_or_404(Sending, pk=_key(strike), letter=row)
        letter_services.strike_sent(sending=sending, by=request.user)
        messages.success(request, f"Đã bỏ dòng gửi {sending.to}.")
        return redirect("letter", pk=pk)
    form = SentForm(request.POST, names=letter_queries.recipients_of(row))
    if form.is_valid():
        try:
            letter_services.note_sent(
                letter=row, by=request.user, at=timezone.now(), today=timezone.localdate(), **form.cleaned_data
            )
        except ValidationError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Đã ghi gửi.")
            return redirect("letter", pk=pk)
    return _page(request, row.report, sending=form)


@require_GET
@allow(May.SEE_FIGURES)
def letter_differences(request, pk, version):
    report = _report(pk)
    other = get_object_or_404(_reports(), period=report.period, version=version)
    old, new = sorted((report, other), key=lambda one: one.version)
    found = differences(letter_queries.content_of(old), letter_queries.content_of(new))
    return render(request, "reports/letter_differences.html", {"old": old, "new": new, "found": found})


# What the pages share


def _reports():
    return Report.objects.select_related("period__plan")


def _report(pk) -> Report:
    return get_object_or_404(_reports(), pk=pk)


def _letter(pk) -> Letter:
    return get_object_or_404(Letter.objects.select_related("report__period__plan"), report=pk)


def _section(pk, key) -> Section:
    rows = Section.objects.select_related("letter__report__period__plan", "edited_by")
    return get_object_or_404(rows, letter__report=pk, key=key)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _page(request, report, *, signing=None, sending=None):
    row = Letter.objects.filter(report=report).select_related("issued_by").first()
    versions = list(report.period.reports.order_by("version"))
    newest = versions[-1].version
    may_write = request.user.may(May.MAKE_REPORTS)
    made = letter_queries.documents_of(report, row)
    context = {
        "report": report,
        "letter": row,
        "head": letter_queries.head_of(row) if row else None,
        "parts": letter_queries.sections_of(row) if row else [],
        "made": made,
        "current": all(one.is_current for one in made),
        "making": document_jobs.is_being_made(report, timezone.now()),
        "job": document_jobs.of(report, request.user),
        "versions": versions,
        "newest": newest,
        "may_write": may_write,
        "may_edit": may_write and row is not None and row.is_open and report.version == newest,
        "signed": row.signed_copies.defer("content").select_related("uploaded_by") if row else [],
        "sendings": row.sendings.select_related("noted_by") if row else [],
        "signing": signing or SignedForm(),
        "sending": sending,
    }
    if context["may_edit"]:
        context["moved"] = letter_queries.moved_since(report)
    if row and not row.is_open and may_write and sending is None:
        start = {"sent_on": timezone.localdate(), "how": Sending.How.ELECTRONIC}
        context["sending"] = SentForm(names=letter_queries.recipients_of(row), initial=start)
    return render(request, "reports/letter.html", context, status=422 if signing or sending else 200)
