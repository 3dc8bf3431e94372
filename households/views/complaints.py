"""Complaints: the list, a new one, one with what may be done to it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import allow
from accounts.log import log_view
from accounts.models import PersonalDataView
from accounts.roles import May
from areas.models import Area
from households import complaint_queries, export_rows
from households.forms.complaints import AnswerForm, AssignForm, ComplaintForm, FindingForm
from households.forms.fields import refuse, version_of
from households.looks import log_list
from households.models import Complaint, Recheck
from households.services import complaints as services
from households.services import rechecks
from households.views.lists import send

PER_PAGE = 25


# name in the address: (name for the query, what may be chosen)
FILTERS = {
    "tinh-trang": ("state", dict(Complaint.State.choices)),
    "han": ("when", complaint_queries.WHEN),
    "loai": ("category", dict(Complaint.Category.choices)),
    "cua": ("whose", complaint_queries.WHOSE),
}
LABELS = {"tinh-trang": "Tình trạng", "han": "Hạn trả lời", "loai": "Loại đơn", "cua": "Người xử lý"}


def _asked(request) -> dict[str, str]:
    """What the address asks for, by its own names; what is not known is not asked."""
    return {name: request.GET[name] for name, (_, known) in FILTERS.items() if request.GET.get(name, "") in known}


def _found(request, asked):
    return complaint_queries.listed(
        request.user, timezone.localdate(), **{FILTERS[name][0]: value for name, value in asked.items()}
    )


def _words(asked) -> str:
    return "Đơn: " + ", ".join(FILTERS[name][1][value].lower() for name, value in asked.items())


@never_cache
@require_http_methods(["GET"])
@allow(May.HANDLE_COMPLAINTS)
def complaint_list(request):
    today, asked, page = timezone.localdate(), _asked(request), None
    if asked:
        page = Paginator(_found(request, asked), PER_PAGE).get_page(request.GET.get("page"))
        log_list(request.user, _words(asked), len(page), page.number)
        for row in page:
            row.is_late = row.late_on(today)
    boxes = [(name, LABELS[name], known.items(), asked.get(name, "")) for name, (_, known) in FILTERS.items()]
    told = {"page": page, "boxes": boxes, "query": urlencode(asked)}
    told["may_export"] = request.user.may(May.EXPORT_HOUSEHOLDS)
    return render(request, "households/complaint_list.html", told)


@never_cache
@require_http_methods(["GET"])
@allow(May.HANDLE_COMPLAINTS)
def complaint_export(request, format):
    if not request.user.may(May.EXPORT_HOUSEHOLDS):
        raise PermissionDenied
    today, asked = timezone.localdate(), _asked(request)
    back = f"{reverse('complaint_list')}?{urlencode(asked)}"
    if not asked:
        return redirect(back)
    rows = _found(request, asked)
    sheet = export_rows.of_complaints(rows, today)
    return send(request, format, f"don-thu-{today:%Y%m%d}", f"Xuất {_words(asked)}", rows.count(), sheet, back)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.HANDLE_COMPLAINTS)
def complaint_new(request):
    today = timezone.localdate()
    start = {"received_on": today, "household": request.GET.get("ho", "")}
    form = ComplaintForm(request.POST or None, initial=start, user=request.user)
    if request.method == "POST" and form.is_valid():
        household, area = form.cleaned_data["household"], request.user.area
        ward = household.ward if household else area
        if ward is None or ward.level != Area.Level.WARD:
            form.add_error("household", "Ghi mã hộ để biết đơn thuộc phường, xã nào.")
        else:
            try:
                row = services.register_complaint(ward=ward, by=request.user, today=today, **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
            else:
                messages.success(request, f"Đã nhận đơn số {row.pk}.")
                return redirect("complaint_detail", pk=row.pk)
    return render(request, "households/complaint_form.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.HANDLE_COMPLAINTS)
def complaint_detail(request, pk):
    rows = Complaint.objects.visible_to(request.user).select_related("ward", "household", "owner", "answered_by")
    row = get_object_or_404(rows, pk=pk)
    doing = request.POST.get("do", "")
    forms = {
        "finding": FindingForm(request.POST if doing == "finding" else None),
        "answer": AnswerForm(request.POST if doing == "answer" else None),
        "assign": AssignForm(
            request.POST if doing == "assign" else None,
            people=complaint_queries.handlers(row.ward),
            initial={"owner": row.owner_id},
        ),
    }
    if request.method == "POST":
        try:
            done = _act(request, row, doing, forms)
        except ValidationError as error:
            if doing in forms:
                refuse(forms[doing], error)
            else:
                messages.error(request, " ".join(error.messages))
        else:
            if done is None:
                return HttpResponseBadRequest()
            if done:
                return redirect("complaint_detail", pk=pk)
    code = row.household.code if row.household else ""
    log_view(request.user, PersonalDataView.Kind.VIEW, code, f"Đơn số {row.pk}")
    recheck = (
        Recheck.objects.filter(complaint=row).select_related("dossier__round", "dossier__ward", "closed_by").first()
    )
    told = {"complaint": row, "forms": forms, "recheck": recheck, "today": timezone.localdate()}
    told["posted"] = complaint_queries.posted_dossier(row) if row.household_id and row.under_way else None
    told["may_recheck"] = request.user.may(May.ENTER_REVIEWS)
    return render(request, "households/complaint_detail.html", told)


def _act(request, row, doing, forms) -> bool | None:
    """Whether the asked step was done; None when nothing known was asked."""
    if doing in forms and not forms[doing].is_valid():
        return False
    today = timezone.localdate()
    common = {"complaint": row, "by": request.user, "version": version_of(request)}
    match doing:
        case "take":
            services.assign_complaint(owner=request.user, **common)
        case "assign":
            services.assign_complaint(owner=forms["assign"].cleaned_data["owner"], **common)
        case "recheck":
            rechecks.open_recheck(today=today, **common)
            messages.success(request, "Đã mở phúc tra: hồ sơ chuyển sang bước phúc tra, phiếu của hộ sửa được.")
        case "finding":
            rechecks.close_recheck(finding=forms["finding"].cleaned_data["finding"], today=today, **common)
            messages.success(request, "Đã ghi kết quả phúc tra. Trả lời đơn, rồi niêm yết lại.")
        case "withdraw":
            services.withdraw_complaint(today=today, **common)
        case "answer":
            told = forms["answer"].cleaned_data["result"]
            services.answer_complaint(result=told, today=today, **common)
        case _:
            return None
    return True
