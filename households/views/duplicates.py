"""The queue of households that may be entered twice: searching, looking, answering."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allow
from accounts.roles import May
from areas.vietnamese import number
from households.duplicate_queries import side_by_side, waiting
from households.looks import log_list
from households.models import DuplicatePair
from households.services import duplicates as services

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


@require_POST
@never_cache
@allow(May.EDIT_HOUSEHOLDS)
def duplicate_answer(request, pk):
    rows = DuplicatePair.objects.visible_to(request.user).select_related("first", "second", "ward")
    pair = get_object_or_404(rows, pk=pk)
    answer, now = request.POST.get("answer", ""), timezone.now()
    try:
        if answer == "different":
            services.answer_different(pair=pair, by=request.user, now=now)
            messages.success(request, f"Đã ghi: {pair.first.code} và {pair.second.code} là hai hộ khác nhau.")
        elif answer.isdecimal():
            today = timezone.localdate()
            change = services.answer_same(pair=pair, keep=int(answer), by=request.user, today=today, now=now)
            messages.success(request, f"Đã nhập hộ {change.household.code} vào hộ {change.other.code}.")
            return redirect("household_change", change.pk)
        else:
            return HttpResponseBadRequest()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("duplicate_list")
