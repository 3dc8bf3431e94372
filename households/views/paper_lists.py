"""Papers that name many households: the list after a review, a dossier's papers. Each leaves a line of who took it."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.context import is_demo
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from areas.vietnamese import day as written
from households import dossier_papers, list_queries, list_sheet, queries
from households.exports import XLSX
from households.forms.papers import ListForm
from households.forms.register import ReasonForm
from households.looks import log_numbers
from households.models import Dossier, Meeting, Standard
from households.paper_queries import body_of
from households.papers import pdf


def book(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def paper(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.EXPORT_HOUSEHOLDS)
def after_review(request):
    """By POST, since whole ID numbers need a reason."""
    today = timezone.localdate()
    wards = queries.wards_to_choose(request.user)
    form = ListForm(
        request.POST or None,
        wards=wards,
        standards=list(Standard.objects.order_by("-valid_from", "issuer")),
        may_reveal=request.user.may(May.REVEAL_IDS),
        today=today,
        initial={"day": today, "since": date(today.year, 1, 1)},
    )
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        full, reason = asked.pop("full", False), asked.pop("reason", "")
        found = list_queries.after_review(request.user, full=full, **asked)
        content = list_sheet.render(found.sheets, body=body_of(asked["ward"]), demo=is_demo())
        _write_down(request.user, asked, found.codes, reason if full else "")
        return book(content, f"danh-sach-sau-ra-soat-{asked['ward'].code}-{asked['day']:%Y%m%d}")
    return render(request, "households/paper_list.html", {"form": form})


@transaction.atomic
def _write_down(user, asked, codes, reason) -> None:
    """One line for the list; with whole numbers also one in each household's own history."""
    told = f"Danh sách sau rà soát, {asked['ward'].name}, {asked['standard'].code}, đến {written(asked['day'])}"
    log_view(user, PersonalDataView.Kind.EXPORT, "", f"{told}: {len(codes)} hộ")
    if reason:
        log_numbers(user, codes, f"{told}. {reason}")


def _dossier(request, pk) -> Dossier:
    rows = Dossier.objects.visible_to(request.user).select_related("round", "ward__parent")
    return get_object_or_404(rows, pk=pk)


def _took(request, what: str, dossier, households: int) -> None:
    told = f"{what}, {dossier.ward.name}, {dossier.round.name}: {households} hộ"
    log_view(request.user, PersonalDataView.Kind.EXPORT, "", told)


@never_cache
@require_http_methods(["GET"])
@allow(May.EXPORT_HOUSEHOLDS)
def posting(request, pk):
    dossier = _dossier(request, pk)
    content = dossier_papers.posting(request.user, dossier)
    file = pdf.public_list(content)
    _took(request, "In niêm yết", dossier, len(content.rows))
    return paper(file, f"niem-yet-{dossier.ward.code}-{dossier.pk}")


def _sheet(request, pk, make, told: str, name: str):
    dossier = _dossier(request, pk)
    sheet = make(request.user, dossier)
    file = list_sheet.render([sheet], body=body_of(dossier.ward), demo=is_demo())
    _took(request, told, dossier, len(sheet.rows))
    return book(file, f"{name}-{dossier.ward.code}-{dossier.pk}")


@never_cache
@require_http_methods(["GET"])
@allow(May.EXPORT_HOUSEHOLDS)
def posting_sheet(request, pk):
    return _sheet(request, pk, dossier_papers.posting_sheet, "Tải niêm yết", "niem-yet")


@never_cache
@require_http_methods(["GET"])
@allow(May.EXPORT_HOUSEHOLDS)
def review_list(request, pk):
    return _sheet(request, pk, dossier_papers.review_list, "Tải danh sách cần rà soát", "can-ra-soat")


@never_cache
@require_http_methods(["GET"])
@allow(May.EXPORT_HOUSEHOLDS)
def minutes(request, pk):
    meetings = Meeting.objects.visible_to(request.user).select_related("dossier__round", "dossier__ward")
    meeting = get_object_or_404(meetings, pk=pk)
    content = dossier_papers.minutes(request.user, meeting)
    file = pdf.minutes(content)
    _took(request, f"In biên bản họp {meeting.group}", meeting.dossier, len(content.rows))
    return paper(file, f"bien-ban-{meeting.pk}")


@never_cache
@require_http_methods(["GET"])
@allow(May.EXPORT_HOUSEHOLDS)
def decision(request, pk):
    """From the step of the decision on: before it is signed, a draft with dotted lines for number and day."""
    dossier = _dossier(request, pk)
    if dossier.step not in dossier_papers.IS_PRINTED:
        raise Http404("Hồ sơ chưa tới bước quyết định.")
    content = dossier_papers.decision(request.user, dossier)
    file = pdf.decision(content)
    _took(request, "In quyết định", dossier, len(content.rows))
    return paper(file, f"quyet-dinh-{dossier.ward.code}-{dossier.pk}")


def why_whole(request) -> ReasonForm | None:
    """Why whole ID numbers are printed, asked of who may see them; None by GET, which prints them masked."""
    if request.method == "GET":
        return None
    if not request.user.may(May.REVEAL_IDS):
        raise PermissionDenied
    return ReasonForm(request.POST)


def refused(request, why: ReasonForm, page: str, key):
    messages.error(request, f"Chưa in: {why.errors['reason'][0]}")
    return redirect(page, key)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.EXPORT_HOUSEHOLDS)
def certificates(request, pk):
    """By POST with whole ID numbers, for who may see them and says why: no office accepts a masked one."""
    dossier, why = _dossier(request, pk), why_whole(request)
    if why and not why.is_valid():
        return refused(request, why, "dossier", dossier.pk)
    found = dossier_papers.certificates(request.user, dossier, full=why is not None)
    if not found:
        raise Http404("Chưa có giấy chứng nhận nào để in.")
    file, told = pdf.certificates(found), "In giấy chứng nhận"
    with transaction.atomic():
        if why:
            told = f"{told}, đủ số định danh"
            log_numbers(request.user, [one.code for one in found], f"{told}. {why.cleaned_data['reason']}")
        _took(request, told, dossier, len(found))
    return paper(file, f"giay-chung-nhan-{dossier.ward.code}-{dossier.pk}")
