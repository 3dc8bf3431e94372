"""The queue of households that may be entered twice: searching, looking, answering."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allow
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import number
from households.duplicate_queries import side_by_side, waiting
from households.forms.register import wards_by_district
from households.looks import log_list
from households.models import DuplicatePair
from households.queries import wards_to_choose
from households.services import duplicates as services
from households.services.ward_requests import ask_about_pair

PER_PAGE = 10


@require_GET
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def duplicate_list(request):
    page = Paginator(waiting(request.user), PER_PAGE).get_page(request.GET.get("page"))
    pairs = [{"pair": pair, "lines": side_by_side(pair)} for pair in page]
    log_list(request.user, "Cặp hộ có thể trùng", len(pairs), page.number)
    return render(
        request,
        "households/duplicate_list.html",
        {"page": page, "pairs": pairs, "may_export": request.user.may(May.EXPORT_HOUSEHOLDS)},
    )


@require_POST
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def duplicate_find(request):
    if request.user.area is None:
        raise PermissionDenied
    new = services.find_duplicates(ward=request.user.area, by=request.user, today=timezone.localdate())
    messages.success(request, f"Tìm thấy {number(new)} cặp mới." if new else "Không có cặp mới.")
    return redirect("duplicate_list")


def _answer(request, pk, page: str, about_one):
    """'Different' is written alike by a ward and by an office; what a household's key as the answer does, each says."""
    rows = DuplicatePair.objects.visible_to(request.user).select_related("first", "second", "ward")
    pair = get_object_or_404(rows, pk=pk)
    answer, now = request.POST.get("answer", ""), timezone.now()
    try:
        if answer == "different":
            services.answer_different(pair=pair, by=request.user, now=now)
            messages.success(request, f"Đã ghi: {pair.first.code} và {pair.second.code} là hai hộ khác nhau.")
        elif answer.isdecimal() and len(answer) < 20:
            return about_one(request, pair, int(answer), now)
        else:
            return HttpResponseBadRequest()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page)


def _merge(request, pair, keep: int, now):
    today = timezone.localdate()
    change = services.answer_same(pair=pair, keep=keep, by=request.user, today=today, now=now)
    messages.success(request, f"Đã nhập hộ {change.household.code} vào hộ {change.other.code}.")
    return redirect("household_change", change.pk)


def _ask(request, pair, moved_from: int, now):
    reason = request.POST.get("reason", "")
    asked = ask_about_pair(pair=pair, moved_from=moved_from, reason=reason, by=request.user, now=now)
    messages.success(request, f"Đã gửi {str(asked).lower()} tới {asked.household.ward}.")
    return redirect("duplicate_across")


@require_POST
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def duplicate_answer(request, pk):
    return _answer(request, pk, "duplicate_list", _merge)


@require_http_methods(["GET", "POST"])
@never_cache
@allow(May.MATCH_HOUSEHOLDS)
def duplicate_across(request):
    """Pairs of two wards, for an office that sees both: a ward is chosen and searched, answers are given by pair."""
    wards = wards_to_choose(request.user)
    if request.method == "POST":
        ward = next((one for one in wards if one.code == request.POST.get("ward", "")), None)
        if ward is None:
            messages.error(request, "Chọn phường, xã để tìm.")
        else:
            area = Area.objects.get(pk=ward.pk)
            new = services.find_across(ward=area, by=request.user, today=timezone.localdate())
            messages.success(
                request, f"{area}: tìm thấy {number(new)} cặp mới." if new else f"{area}: không có cặp mới."
            )
        return redirect("duplicate_across")
    page = Paginator(waiting(request.user), PER_PAGE).get_page(request.GET.get("page"))
    pairs = [{"pair": pair, "lines": side_by_side(pair)} for pair in page]
    log_list(request.user, "Cặp hộ có thể trùng giữa các phường, xã", len(pairs), page.number)
    told = {"page": page, "pairs": pairs, "districts": list(wards_by_district(wards))}
    return render(request, "households/duplicate_across.html", told)


@require_POST
@never_cache
@allow(May.MATCH_HOUSEHOLDS)
def duplicate_across_answer(request, pk):
    return _answer(request, pk, "duplicate_across", _ask)
