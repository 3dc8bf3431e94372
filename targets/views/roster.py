"""The roster of officers and cadres whom objective II.5 wants trained: list, entry, sheet in and out."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import allow
from accounts.fields import refuse, version_of
from accounts.log import log
from accounts.roles import May
from households.exports import csv_response, xlsx_response
from households.intake.contents import Unreadable
from households.intake.workbook import open_workbook
from targets import activity_pages, activity_queries, roster, roster_services
from targets.activity_queries import ROSTER_HEADINGS, ROSTER_STATES, in_order
from targets.forms.activities import OfficerForm, RosterSheetForm
from targets.models import Officer
from targets.views.activities import page_of
from targets.views.plan import frame_of

PER_PAGE, MOST_BYTES, MOST_FAULTS = 50, 5 * 1024 * 1024, 30
SAMPLE = [
    ("Nguyễn Văn A", roster.KINDS["officer"], "Cán bộ LĐTBXH", "", "", None),
    ("Trần Thị B", roster.KINDS["group"], "Tổ trưởng", "Tổ 12", "", None),
]


def _asked(request, day: date) -> dict:
    """What the address asks of the roster; what it cannot mean is left aside."""
    get = {name: request.GET.get(name, "").strip()[:60] for name in ("dia_ban", "doi_tuong", "tinh_trang", "q")}
    areas = in_order(roster_services.roster_areas(request.user, day))
    return {
        "areas": areas,
        "get": get,
        "rows": activity_queries.roster(
            request.user,
            day=day,
            area=next((one for one in areas if one.code == get["dia_ban"]), None),
            kind=get["doi_tuong"] if get["doi_tuong"] in Officer.Kind.values else "",
            state=get["tinh_trang"] if get["tinh_trang"] in ROSTER_STATES else "",
            q=get["q"],
        ),
    }


@require_GET
@never_cache
@allow(May.KEEP_ROSTER)
def roster_list(request):
    if request.user.area_id is None:
        raise PermissionDenied
    frame = frame_of(request)
    asked = _asked(request, frame.day)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "frame": frame,
        "page": page_of(request, asked["rows"], PER_PAGE),
        "areas": asked["areas"],
        "get": asked["get"],
        "kinds": Officer.Kind.choices,
        "states": ROSTER_STATES.items(),
        "told": activity_pages.trained_in(request.user.area, frame.day),
        "query": kept.urlencode(),
    }
    return render(request, "targets/roster.html", context)


@require_GET
@never_cache
@allow(May.KEEP_ROSTER)
def roster_export(request):
    """What the list shows, without its pages; or, asked for, an empty sheet to fill in."""
    if request.user.area_id is None:
        raise PermissionDenied
    if request.GET.get("mau") == "1":
        return xlsx_response("mau-danh-sach-can-bo.xlsx", list(roster.HEADINGS), SAMPLE)
    frame = frame_of(request)
    rows = _asked(request, frame.day)["rows"]
    log(request.user, "officer.exported", request.user.area, area=request.user.area, after={"rows": rows.count()})
    name, told = f"danh-sach-can-bo-{frame.day.isoformat()}", activity_queries.roster_rows(rows)
    if request.GET.get("format") == "xlsx":
        return xlsx_response(f"{name}.xlsx", ROSTER_HEADINGS, told)
    return csv_response(f"{name}.csv", ROSTER_HEADINGS, told)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.KEEP_ROSTER)
def officer_new(request):
    today = timezone.localdate()
    form = OfficerForm(request.POST or None, by=request.user, today=today, new=True)
    if request.method == "POST" and form.is_valid():
        try:
            roster_services.add_officer(by=request.user, today=today, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã thêm vào danh sách.")
            return redirect("officer_new" if request.POST.get("do") == "more" else "roster_list")
    return render(request, "targets/officer_form.html", {"form": form}, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.KEEP_ROSTER)
def officer_edit(request, pk):
    row = get_object_or_404(Officer.objects.visible_to(request.user), pk=pk)
    today, doing = timezone.localdate(), request.POST.get("do", "")
    names = ("area", "kind", "full_name", "post", "group", "valid_from", "left_on")
    start = {name: getattr(row, name) for name in names}
    form = OfficerForm(
        request.POST if doing == "edit" else None, initial=start, by=request.user, today=today, new=False
    )
    if request.method == "POST":
        if doing not in ("edit", "drop"):
            return HttpResponseBadRequest()
        try:
            if doing == "drop":
                roster_services.drop_officer(officer=row, by=request.user)
                messages.success(request, "Đã bỏ khỏi danh sách.")
                return redirect("roster_list")
            if form.is_valid():
                given = {"version": version_of(request), "by": request.user, "today": today}
                roster_services.edit_officer(officer=row, **given, **form.cleaned_data)
                messages.success(request, "Đã sửa danh sách.")
                return redirect("roster_list")
        except ValidationError as error:
            if doing == "edit":
                refuse(form, error)
            else:
                messages.error(request, " ".join(error.messages))
    trainings = row.attendances.select_related("activity").order_by("-activity__day")[:20]
    context = {
        "form": form,
        "officer": row,
        "version": request.POST.get("version", row.version),
        "trainings": trainings,
    }
    return render(request, "targets/officer_form.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(May.KEEP_ROSTER)
def roster_import(request):
    """A sheet is taken whole or refused whole, with the row and column of every fault."""
    today = timezone.localdate()
    year = frame_of(request).day.year
    start = {"start": date(year, 1, 1)}
    form = RosterSheetForm(request.POST or None, request.FILES or None, initial=start, by=request.user, today=today)
    faults = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            rows = _read(given["sheet"])
            done = roster_services.import_officers(
                rows=rows, area=given["area"], start=given["start"], by=request.user, today=today
            )
        except Unreadable as error:
            form.add_error("sheet", error.message)
        except roster.Faults as error:
            faults = error.lines
            form.add_error("sheet", f"Tệp có {len(faults)} chỗ sai: chưa ghi dòng nào.")
        else:
            known = f" {done['known']} người đã có, giữ nguyên." if done["known"] else ""
            messages.success(request, f"Đã thêm {done['added']} người vào danh sách.{known}")
            return redirect(reverse("roster_list"))
    context = {"form": form, "faults": faults[:MOST_FAULTS], "more": max(0, len(faults) - MOST_FAULTS)}
    context["headings"], context["needed"] = roster.HEADINGS, roster.NEEDED
    return render(request, "targets/roster_import.html", context, status=422 if request.method == "POST" else 200)


def _read(file) -> list[roster.Row]:
    """The first sheet with anything in it."""
    if file.size > MOST_BYTES:
        raise Unreadable("Tệp lớn hơn 5 MB. Hãy chép riêng danh sách sang tệp mới.")
    book = open_workbook(file.read(), file.name)
    sheet = next(sheet for sheet in book.sheets if sheet.height)
    return roster.read(book.rows(sheet.name))
